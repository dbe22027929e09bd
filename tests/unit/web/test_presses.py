"""A key that bounces is one press; a key that is pressed again is another."""

from quizserver.web.presses import GUARD_NS, Presses


def test_two_presses_within_the_guard_are_one() -> None:
    presses = Presses()
    first = presses.ref("CCHC1", "advance", 1_000)
    assert presses.ref("CCHC1", "advance", 1_000 + GUARD_NS - 1) == first
    assert presses.ref("CCHC1", "lock", 1_000) != first
    assert presses.ref("CCHC2", "advance", 1_000) != first
    assert presses.ref("CCHC1", "advance", 1_000 + GUARD_NS) != first


def test_what_is_no_command_is_not_kept() -> None:
    presses = Presses()
    assert presses.ref("CCHC1", "x", 0) != presses.ref("CCHC1", "x", 0)
