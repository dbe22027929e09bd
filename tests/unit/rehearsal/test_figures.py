"""What is computed of what the phones saw."""

from quizserver.rehearsal.figures import (
    Cue,
    Spread,
    fan_outs,
    reveal_to_own,
    spread,
)

MS = 1_000_000


def cue(
    kind: str, question: str, first_ms: int, last_ms: int, phones: int = 100
) -> Cue:
    """Return a cue that reached `phones` phones from first to last."""
    return Cue(kind, question, 7, phones, first_ms * MS, last_ms * MS)


def test_a_spread_is_taken_from_the_ordered_times() -> None:
    assert spread([]) == Spread()
    assert spread(float(ms) for ms in range(100, 0, -1)) == Spread(
        100, 51.0, 96.0, 100.0, 100.0
    )


def test_a_fan_out_is_the_median_over_the_cues_of_its_kind() -> None:
    cues = [
        cue("open", "q1", 10, 30),
        cue("locked", "q1", 50, 51),
        cue("open", "q2", 110, 140),
        cue("open", "q3", 210, 310),
    ]
    opened, locked = fan_outs(cues, 100, {"q1": 9 * MS, "q3": 205 * MS})
    assert (opened.cue, opened.cues, opened.phones) == ("open", 3, 100)
    assert (opened.first_to_last_ms, opened.worst_ms) == (30.0, 100.0)
    assert (opened.stamp_to_first_ms, opened.stamp_to_last_ms) == (3.0, 63.0)
    assert (locked.cue, locked.stamp_to_last_ms) == ("locked", None)


def test_a_cue_that_missed_many_phones_is_no_fan_out() -> None:
    assert fan_outs([cue("notice", "", 1, 2, phones=89)], 100, {}) == ()
    assert len(fan_outs([cue("notice", "", 1, 2, phones=90)], 100, {})) == 1


def test_own_ranks_are_counted_from_the_reveals_first_phone() -> None:
    cues = [
        cue("revealed", "q1", 100, 120),
        cue("you", "q1", 130, 400),
        cue("revealed", "q2", 900, 920),
        cue("you", "q9", 930, 940),
    ]
    assert reveal_to_own(cues) == Spread(1, 300.0, 300.0, 300.0, 300.0)
