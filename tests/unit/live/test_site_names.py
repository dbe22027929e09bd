"""Whose names point here: ours are answered, those of others refused."""

import pytest

from quizserver.live.site_names import is_own, own_names

NAMES = own_names("https://Do.Vui.vn", ["Du.Phong.vn"])


@pytest.mark.parametrize(
    "host",
    ["localhost:8000", "127.0.0.1", "192.168.1.7:8000", "[::1]:8000", "do.vui.vn",
     "DO.VUI.VN", "may-chu.local", "may-chu:8000", "du.phong.vn", "a.localhost"],
)  # fmt: skip
def test_own_names_and_addresses_are_answered(host: str) -> None:
    assert is_own(host, NAMES)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "[::1",
        "a;script-src *",
        "a b",
        "evil.example",
        "do.vui.vn.evil.example",
        "localhost.evil.example",
    ],
)
def test_names_of_others_are_refused(host: str) -> None:
    assert not is_own(host, NAMES)


def test_without_a_public_address_local_names_remain() -> None:
    assert own_names(None) == own_names("") == {"localhost"}
