"""How late the picture is, and how far overlays run ahead of the phones."""

import pytest

from quizserver.domain.stream import AS_IT_COMES, LONGEST_MS, PAGES, Stream, is_sound


def test_phones_go_first_unless_the_host_says_otherwise() -> None:
    assert AS_IT_COMES.lead_ms == 0
    assert Stream(delays={"a": 9_000}).lead_ms == 0


def test_an_aligned_show_waits_for_the_slowest_page() -> None:
    assert Stream(aligned=True, delays={"a": 9_000, "b": 12_500}).lead_ms == 12_500
    assert Stream(aligned=True).lead_ms == 0


@pytest.mark.parametrize(
    ("delays", "sound"),
    [
        ({}, True),
        ({"": 0, "a": LONGEST_MS}, True),
        ({"a": LONGEST_MS + 1}, False),
        ({"a": -1}, False),
        ({f"p{n}": 1 for n in range(PAGES)}, True),
        ({f"p{n}": 1 for n in range(PAGES + 1)}, False),
    ],
)
def test_delays_have_bounds(delays: dict[str, int], sound: bool) -> None:
    assert is_sound(delays) is sound
