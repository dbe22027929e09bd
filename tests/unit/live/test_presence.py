"""When a presence is told, and to whom; the crowd takes as long as a test says."""

from quizserver.domain.ids import ShowCode
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.presence import QUIET_NS, RUSH, Presences, spread_ms
from quizserver.wire.phone import Presence
from tests.manual_clock import ManualClock
from tests.unit.live.house import Crowd, Watchers

CODE = ShowCode("CCHC1")
AN = "an"


class Pulse:
    """A show's presences, and those who hear them."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.crowd = Crowd(self.clock.monotonic_ns)
        self.overlays = Watchers()
        self.crowd.come(AN)
        self._presences = Presences(CODE, self.clock, self.crowd, self.overlays)

    async def after(
        self, ms: int, online: int, answered: int | None = None, *, takes_ms: int = 0
    ) -> None:
        """Tell how many are here and have answered, so long after the last time."""
        self.clock.mono_ns += ms * NS_PER_MS
        self.crowd.on_passing = lambda: self._take(takes_ms)
        await self._presences.tell(Presence(online=online, answered=answered))

    def _take(self, ms: int) -> None:
        self.clock.mono_ns += ms * NS_PER_MS

    @property
    def heard(self) -> list[int]:
        """What the phone was told."""
        return [int(str(one["online"])) for one in self.crowd.heard(AN, "presence")]

    @property
    def answers(self) -> list[object]:
        """Of how many answers the phone was told."""
        told = self.crowd.heard(AN, "presence")
        return [one.get("answered") for one in told]

    @property
    def shown(self) -> list[int]:
        """What overlays were told."""
        return [int(str(one["online"])) for one in self.overlays.heard("presence")]


async def test_only_what_changed_is_told() -> None:
    pulse = Pulse()
    await pulse.after(0, 3)
    await pulse.after(1_000, 3)
    await pulse.after(1_000, 2)
    assert pulse.heard == pulse.shown == [3, 2]


async def test_what_did_not_change_is_told_after_ten_seconds() -> None:
    pulse = Pulse()
    await pulse.after(0, 3)
    await pulse.after(QUIET_NS // NS_PER_MS - 1, 3)
    assert pulse.heard == pulse.shown == [3]
    await pulse.after(1, 3)
    assert pulse.heard == pulse.shown == [3, 3]


async def test_phones_hear_what_gave_way_to_a_cue_with_the_next_pulse() -> None:
    pulse = Pulse()
    pulse.crowd.has_cue = True
    await pulse.after(0, 3)
    assert (pulse.heard, pulse.shown) == ([], [3])
    pulse.crowd.has_cue = False
    await pulse.after(1_000, 3)
    assert (pulse.heard, pulse.shown) == ([3], [3])


async def test_telling_phones_takes_a_fifth_of_the_time_at_most() -> None:
    pulse = Pulse()
    await pulse.after(0, 1, takes_ms=300)
    await pulse.after(1_000, 2)
    await pulse.after(199, 3)
    assert (pulse.heard, pulse.shown) == ([1], [1, 2, 3])
    await pulse.after(1, 4)
    assert (pulse.heard, pulse.shown) == ([1, 4], [1, 2, 3, 4])


async def test_a_loop_that_is_full_for_seconds_still_tells_within_ten() -> None:
    pulse = Pulse()
    await pulse.after(0, 1, takes_ms=4_000)
    await pulse.after(4_999, 2)
    assert pulse.heard == [1]
    await pulse.after(1, 2)
    assert pulse.heard == [1, 2]


async def test_phones_hear_no_count_while_everybody_comes() -> None:
    pulse = Pulse()
    await pulse.after(0, RUSH)
    await pulse.after(1_000, 2 * RUSH + 1)
    await pulse.after(1_000, 3 * RUSH + 2)
    assert (pulse.heard, pulse.shown) == ([RUSH], [RUSH, 2 * RUSH + 1, 3 * RUSH + 2])
    await pulse.after(1_000, 3 * RUSH + 3)
    assert pulse.heard == [RUSH, 3 * RUSH + 3]


async def test_phones_hear_no_count_while_everybody_answers() -> None:
    pulse, here = Pulse(), RUSH
    await pulse.after(0, here)
    await pulse.after(1_000, here, 0)  # a question has opened
    await pulse.after(1_000, here, RUSH)
    for second in range(2, 5):
        await pulse.after(1_000, here, second * RUSH + second - 1)
    assert pulse.answers == [None, RUSH]
    await pulse.after(1_000, here, 5 * RUSH)
    assert pulse.answers == [None, RUSH, 5 * RUSH]


async def test_phones_hear_no_count_in_the_second_in_which_a_question_opens() -> None:
    pulse = Pulse()
    await pulse.after(0, 3)
    await pulse.after(1_000, 3, 1)
    assert pulse.answers == [None]
    await pulse.after(1_000, 3, 2)
    assert pulse.answers == [None, 2]
    await pulse.after(1_000, 3)
    await pulse.after(1_000, 3, 1)
    assert pulse.answers == [None, 2, None]
    await pulse.after(1_000, 3, 1)
    assert pulse.answers == [None, 2, None, 1]


async def test_a_rush_without_end_does_not_keep_phones_in_silence() -> None:
    pulse = Pulse()
    for second in range(11):
        await pulse.after(1_000, (second + 1) * (RUSH + 1))
    assert pulse.heard == [10 * (RUSH + 1)]


def test_few_phones_come_back_as_they_like_and_many_at_4000_a_second() -> None:
    assert [spread_ms(phones) for phones in (0, 1_200, 1_204, 10_000)] == [
        None,
        None,
        301,
        2_500,
    ]
