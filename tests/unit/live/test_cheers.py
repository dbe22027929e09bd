"""People cheer between questions: counted, not kept, and nobody's own (R1.11)."""

from quizserver.bus.memory import MemoryBus
from quizserver.domain import commands as c
from quizserver.domain.ids import ParticipantId
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.cheers import MESSAGES, MOST, SECOND_NS, Cheers
from quizserver.live.ports import Note
from quizserver.store.sql_ledger import SqlLedger
from quizserver.wire.phone import Cheer
from tests.shows import carried, new_show
from tests.unit.live.house import CODE, House, Watchers, on_air, open_house
from tests.unit.live.test_sharing import Half

AN, BINH = ParticipantId("an"), ParticipantId("binh")
LOBBY = carried(new_show(), c.OpenLobby())
CHEERING = carried(LOBBY, c.SetCheering(on=True))


class Hall:
    """One process's cheers of one show, in its lobby."""

    def __init__(self, bus: MemoryBus | None = None) -> None:
        self.overlays = Watchers()
        self.cheers = Cheers(bus or MemoryBus(), self.overlays)

    def send(self, who: ParticipantId, ms: int, **counts: int) -> None:
        """Have somebody's message come so long after the beginning."""
        self.cheers.heard(CHEERING.code, who, counts, SECOND_NS + ms * NS_PER_MS)

    def told(self) -> dict[str, int]:
        """Let a second pass; return what overlays are told of it."""
        before = len(self.overlays.payloads)
        self.cheers.pulse(CHEERING)
        told = dict(self.cheers.told(CHEERING.code))
        said = [one["counts"] for one in self.overlays.heard()[before:]]
        assert said == ([told] if told else [])
        return {str(reaction): taps for reaction, taps in told.items()}


def test_a_second_of_everybody_is_summed_by_reaction_and_told_once() -> None:
    hall = Hall()
    hall.send(AN, 0, clap=2, heart=1)
    hall.send(BINH, 1, heart=3)
    assert hall.told() == {"clap": 2, "heart": 4}
    assert hall.told() == {}
    hall.send(BINH, 2_000, star=1, heart=1)
    assert hall.told() == {"heart": 1, "star": 1}
    totals = [one["totals"] for one in hall.overlays.heard()]
    assert totals == [{"clap": 2, "heart": 4}, {"clap": 2, "heart": 5, "star": 1}]


def test_who_taps_fifty_times_in_a_second_counts_ten_times() -> None:
    hall = Hall()
    hall.send(AN, 0, heart=30, clap=7, star=13)
    hall.send(AN, 999, fire=10)
    hall.send(BINH, 999, fire=1)
    told = hall.told()
    assert sum(told.values()) == MOST + 1
    assert told == {"clap": 7, "heart": 3, "fire": 1}
    hall.send(AN, 1_000, star=50)
    assert hall.told() == {"star": MOST}


def test_what_is_no_tap_counts_nothing() -> None:
    hall = Hall()
    hall.send(AN, 0, clap=-5, whistle=3, heart=0, fire=1)
    assert hall.told() == {"fire": 1}


def test_beyond_so_many_messages_in_a_second_nothing_is_counted() -> None:
    """However many phones there are, they harm no question."""
    hall = Hall()
    for number in range(MESSAGES + 20):
        hall.send(ParticipantId(f"p{number}"), 0, clap=1)
    assert hall.told() == {"clap": MESSAGES}
    hall.send(BINH, 999, clap=1)
    assert hall.told() == {}
    hall.send(AN, 1_000, clap=1)
    assert hall.told() == {"clap": 1}


def test_what_came_before_a_question_is_forgotten_with_it() -> None:
    hall = Hall()
    hall.send(AN, 0, clap=1)
    hall.cheers.pulse(LOBBY)
    assert hall.told() == {}


def test_several_processes_tell_the_sum_and_each_tap_once() -> None:
    ends: list[Half] = []
    one, two = Hall(Half(ends)), Hall(Half(ends))
    ends[0].whisper(Note(kind="arrived", show=CHEERING.code, texts=("an",)))
    one.send(AN, 0, clap=2)
    two.send(BINH, 0, clap=1, star=1)
    first = one.told()
    second = two.told()
    third = one.told()
    assert (first, second) == ({"clap": 2}, {"clap": 3, "star": 1})
    assert third == {"clap": 1, "star": 1}
    assert (one.told(), two.told()) == ({}, {})


def cheer(house: House, who: str) -> None:
    """Have somebody cheer."""
    now = house.clock.monotonic_ns()
    house.live.stage.cheered(ParticipantId(who), Cheer(counts={"heart": 2}), now)


async def cheered(house: House, who: str) -> None:
    """Have somebody cheer, and let a second pass."""
    cheer(house, who)
    await house.live.stage.pulse()
    house.clock.forward(1_000)


async def test_nothing_is_counted_unless_a_host_lets_it_and_while_a_question_is_on(
    ledger: SqlLedger,
) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        heard = house.overlays.heard
        await cheered(house, an)
        assert heard("cheers") == []
        state = await house.do("cheer")
        assert state["cheering"]
        assert house.crowd.heard(an, "step")[-1]["cheering"]
        assert (await house.seen(an))["cheering"]
        await cheered(house, an)
        assert [one["counts"] for one in heard("cheers")] == [{"heart": 2}]
        assert house.hosts.heard("live")[-1]["live"]["cheers"] == {"heart": 2}
        for commands in (("ask",), ("open",)):
            await house.do(*commands)
            await cheered(house, an)
        await house.pass_by(house.show.rules.roll_ms)
        await cheered(house, an)
        await house.close()
        assert "cheers" not in house.hosts.heard("live")[-1]["live"]
        cheer(house, an)
        await house.do("reveal")
        await house.live.stage.pulse()
        assert len(heard("cheers")) == 1
        await cheered(house, an)
        assert len(heard("cheers")) == 2
        await house.do("cheer", on=False)
        assert house.crowd.heard(an, "step")[-1]["cheering"] is False
        await cheered(house, an)
        assert len(heard("cheers")) == 2
        assert not house.crowd.heard(an, "cheers")


async def test_the_switch_outlives_a_restart_and_the_counts_are_nowhere(
    ledger: SqlLedger,
) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.do("cheer")
        await cheered(house, an)
        rows = await ledger.events(CODE)
        assert [row.name for row in rows][-1] == "CheeringSet"
        assert "heart" not in str(rows)
    async with open_house(ledger) as again:
        assert again.live.stage.show.hears_cheers
        assert again.around.cheers.told(CODE) == {}


async def test_a_switch_of_cheering_makes_no_hosts_command_stale(
    ledger: SqlLedger,
) -> None:
    """R1.4: whoever pressed meanwhile has seen all of the show that matters."""
    async with on_air(ledger) as house:
        seen = house.show.step
        await house.do("cheer")
        assert (await house.ask("ask", step=seen)).error is None
