"""Stamps: monotonic on one boot, UTC across boots."""

from quizserver.domain.board import Board
from quizserver.domain.ids import OptionId
from quizserver.domain.stamps import Stamp


def test_on_one_boot_a_jump_of_the_wall_clock_changes_nothing() -> None:
    """R4 and the reliability promise on clock jumps."""
    early = Stamp(boot="b", mono_ns=5_000_000, utc_ms=1_000)
    late = Stamp(boot="b", mono_ns=12_000_000, utc_ms=3_600_000)
    assert late.ms_since(early) == 7


def test_across_boots_only_utc_is_left() -> None:
    early = Stamp(boot="b", mono_ns=5_000_000, utc_ms=1_000)
    late = Stamp(boot="c", mono_ns=1, utc_ms=4_000)
    assert late.ms_since(early) == 3_000


def test_a_moment_later_is_later_on_every_clock() -> None:
    stamp = Stamp(boot="b", mono_ns=0, utc_ms=0).plus_ms(3)
    assert stamp == Stamp(boot="b", mono_ns=3_000_000, utc_ms=3)


def test_a_board_knows_how_many_answered() -> None:
    counts = ((OptionId("A"), 2), (OptionId("B"), 3))
    assert Board(counts=counts, fastest=()).answered == 5
