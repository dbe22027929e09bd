"""S goes with its owner to another process (Source: R4.1)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.first_sent import ARRIVED
from quizserver.live.ports import Note
from quizserver.store.sql_ledger import SqlLedger
from tests.unit.live.house import CODE
from tests.unit.live.test_fair_time import FAIR, evidence, trip_of
from tests.unit.live.test_sharing import Half, Pair, both

PACE = 200
"""How long the first process takes for each phone, in ms."""


@asynccontextmanager
async def opened(ledger: SqlLedger) -> AsyncIterator[tuple[Pair, str, str]]:
    """Two processes; the first has sent an open question to An and to Bình."""
    ends: list[Half] = []
    async with both(ledger, Half(ends), Half(ends), rules=FAIR) as pair:
        an, binh = [(await pair.one.join(name)).participant for name in ("An", "Bình")]
        pair.one.crowd.write_ms = PACE
        await pair.one.open_next()
        intake = pair.two.live.intake
        while not (pair.two.show.play.opened_at and intake.sent_here([])[0]):
            await pair.looked()
        yield pair, an, binh


def arrives(pair: Pair, *participants: str, show: ShowCode = CODE) -> None:
    """Tell that they have come to the second process."""
    pair.two.bus.whisper(Note(kind=ARRIVED, show=show, texts=participants))


async def test_who_comes_from_another_process_keeps_the_first_s(
    ledger: SqlLedger,
) -> None:
    async with opened(ledger) as (pair, an, binh):
        arrives(pair, an, binh, "nobody")
        trip = trip_of(pair.one, an, sent_ns=None)
        await pair.two.tap(an, "B", 3_000, elapsed_ms=100, trip=trip)
        kept = await evidence(pair.two, an)
        first = pair.two.opened_ns + PACE * NS_PER_MS
        assert (kept["S_rule"], kept["S_ns"]) == ("resent", first)


async def test_the_earlier_of_two_is_the_first(ledger: SqlLedger) -> None:
    """Somebody moves while both send the question."""
    async with opened(ledger) as (pair, an, binh):
        for who, later_ms in ((an, 50), (binh, -50)):
            here = pair.one.crowd.sent_ns(who) + later_ms * NS_PER_MS
            pair.two.live.intake.sent(ParticipantId(who), here)
        arrives(pair, an, binh)
        _, known = pair.two.live.intake.sent_here(map(ParticipantId, (an, binh)))
        expected = {an: PACE * NS_PER_MS, binh: (2 * PACE - 50) * NS_PER_MS}
        assert known == expected


async def test_nothing_is_said_of_who_was_sent_nothing(ledger: SqlLedger) -> None:
    async with opened(ledger) as (pair, an, _):
        heard: list[Note] = []
        pair.one.bus.overhear(lambda note, _: heard.append(note))
        arrives(pair, "nobody")
        arrives(pair, an, show=ShowCode("CCHC2"))
        assert [note.kind for note in heard] == [ARRIVED] * 2
        arrives(pair, an)
        assert heard[-2].texts[1:] == (an, str(PACE * NS_PER_MS))


async def test_what_comes_too_late_is_for_no_other_question(ledger: SqlLedger) -> None:
    async with opened(ledger) as (pair, an, _):
        intake = pair.two.live.intake
        late = Note(kind="first_sent", show=CODE, texts=("q0", an, "1"))
        pair.one.bus.whisper(late)
        assert intake.sent_here([ParticipantId(an)])[1] == {}


async def test_between_questions_nobody_has_an_s(ledger: SqlLedger) -> None:
    ends: list[Half] = []
    async with both(ledger, Half(ends), Half(ends)) as pair:
        an = (await pair.one.join("An")).participant
        arrives(pair, an)
        pair.one.bus.whisper(Note(kind="first_sent", show=CODE, texts=("q1", an, "1")))
        assert pair.two.live.intake.sent_here([ParticipantId(an)]) == (None, {})
