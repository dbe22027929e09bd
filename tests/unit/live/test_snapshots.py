"""What is made once for all who come at once is what each would have been made."""

import pytest

from quizserver.domain import commands as c
from quizserver.domain.show import Show
from quizserver.live.cues import Scene
from quizserver.live.roster import Roster
from quizserver.live.snapshots import GOOD_NS, Snapshots
from tests.manual_clock import ManualClock
from tests.shows import AN, BINH, Q1, at, board, carried, new_show, opening, revealing
from tests.unit.live.test_roster import registration

LOBBY = (c.OpenLobby(),)
OPEN = (*LOBBY, *opening(Q1))
REVEALED = (*OPEN, *revealing(Q1, board((AN, 2_000), (BINH, 3_000))))


class Hall:
    """One show as it goes on: its names, its clock, and the snapshots under test."""

    def __init__(self, ms: int) -> None:
        now = at(ms)
        self.clock = ManualClock(mono_ns=now.mono_ns, utc=now.utc_ms)
        self.roster = Roster()
        self.roster.add(registration(AN, "Nguyễn Văn An"))
        self.snapshots = Snapshots(self.clock)

    def scene(self, show: Show) -> Scene:
        """Return the show as it is now."""
        return Scene(show, self.roster, self.clock)


@pytest.mark.parametrize(
    "commands",
    [(), LOBBY, OPEN[:-1], OPEN, (*LOBBY, c.PauseShow(reason="Mất điện")), REVEALED],
)
@pytest.mark.parametrize("ms", [2_000, 4_000, 60_000])
def test_in_every_phase_it_is_the_scenes_own_state(
    commands: tuple[c.Command, ...], ms: int
) -> None:
    hall = Hall(ms)
    scene = hall.scene(carried(new_show(), *commands))
    for _ in range(2):
        assert hall.snapshots.of(scene) == scene.state()


def test_spans_run_on_while_the_rest_is_kept() -> None:
    hall = Hall(5_000)
    show = carried(new_show(), *OPEN)
    first = hall.snapshots.of(hall.scene(show))
    hall.clock.mono_ns += GOOD_NS - 1
    later = hall.snapshots.of(hall.scene(show))
    assert later.question is first.question
    assert later == hall.scene(show).state()
    assert (first.closes_in_ms or 0) - (later.closes_in_ms or 0) in {99, 100}


def test_an_event_and_a_tenth_of_a_second_make_it_anew() -> None:
    hall = Hall(5_000)
    show = carried(new_show(), *REVEALED)
    before = hall.snapshots.of(hall.scene(show))
    hall.roster.add(registration(BINH, "Trần Thị Bình"))
    assert hall.snapshots.of(hall.scene(show)).result is before.result
    hall.clock.mono_ns += GOOD_NS
    after = hall.snapshots.of(hall.scene(show))
    assert after == hall.scene(show).state() != before
    noticed = carried(show, c.PostNotice(text="Mời quý vị xem lại"))
    assert hall.snapshots.of(hall.scene(noticed)).notice == "Mời quý vị xem lại"
