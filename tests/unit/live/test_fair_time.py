"""Rule fair-1 in a running show: whose S, whose claim, how long, what is kept."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import msgspec

from quizserver import shipped
from quizserver.bank import shelf
from quizserver.domain import commands as c
from quizserver.domain.evolve import created
from quizserver.domain.ids import ParticipantId
from quizserver.domain.rundown import Rules
from quizserver.domain.stamps import NS_PER_MS
from quizserver.domain.timing import Trip
from quizserver.live.cues import Scene
from quizserver.live.evidence import EVIDENCE_KEYS
from quizserver.live.roster import Roster
from quizserver.store.sqlite import SqliteLedger
from quizserver.wire import phone as m
from quizserver.wire.common import encode, text_frame
from tests.shows import Q1, carried, creation, opening
from tests.unit.live.house import CODE, House, StageClock, on_air, open_house

FAIR = Rules(timing="fair-1")


def trip_of(house: House, participant: str, **changes: Any) -> Trip:
    """Return what the socket that was sent the question measured: 30 ms."""
    fields: dict[str, Any] = {
        "sent_ns": house.crowd.sent_ns(participant),
        "pong_us": 30_000,
        "rtt_before_us": 30_000,
        "rtt_after_us": 30_000,
        "ring_us": (30_000, 31_000),
        "rtt_min_us": 28_000,
        "tier": "kernel",
        "network": b"\xcb\x00\x71",
    }
    return Trip(**fields | changes)


async def evidence(house: House, participant: str) -> dict[str, Any]:
    """Return what the ledger keeps of an answer to the first question."""
    rows = await house.ledger.answers_to(CODE, house.show.epoch, Q1)
    (row,) = (row for row in rows if row.participant == participant)
    kept: dict[str, Any] = json.loads(row.evidence)
    return kept


async def test_answers_may_come_after_the_countdown(ledger: SqliteLedger) -> None:
    """R4.7: phones count to T0 + 15 s; the question closes at T0 + 16.1 s."""
    async with on_air(ledger, FAIR) as house:
        an = (await house.join("An")).participant
        await house.open_next()
        state = await house.seen(an)
        assert state["closes_in_ms"] == 15_000
        house.clock.forward(16_099)
        assert house.show.phase == "open"
        slow = trip_of(house, an, pong_us=400_000, rtt_before_us=None, tier="pong")
        receipt = await house.tap(an, "B", 15_300, elapsed_ms=14_950, trip=slow)
        assert (receipt["status"], receipt["time_ms"]) == ("accepted", 14_950)
        assert (await house.pass_by(1))["phase"] == "locked"


async def test_an_early_lock_waits_for_every_answer_that_may_count(
    ledger: SqliteLedger,
) -> None:
    """R4.7: L + 1.1 s; only then is the host told, and may reveal."""
    async with on_air(ledger, FAIR) as house:
        await house.open_next()
        house.clock.forward(4_850)
        locked = asyncio.gather(house.ask("lock"))
        await house.clock.sleeper(house.opened_ns + 6_100 * NS_PER_MS)
        assert not locked.done()
        house.clock.forward(1_250)
        (reply,) = await locked
        assert reply.phase == "locked"


async def test_a_claim_is_believed_over_the_socket_that_showed_the_question(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger, FAIR) as house:
        an = (await house.join("An")).participant
        await house.open_next()
        trip = trip_of(house, an)
        receipt = await house.tap(an, "B", 2_001, elapsed_ms=1_950, trip=trip)
        assert receipt["time_ms"] == 1_950
        kept = await evidence(house, an)
        assert kept == {
            "T_us": 1_950_000,
            "E_us": 2_000_000,
            "S_ns": house.opened_ns + NS_PER_MS,
            "R_ns": house.opened_ns + 2_001 * NS_PER_MS,
            "T0_ns": house.opened_ns,
            "S_rule": "live",
            "c_ms": 1_950,
            "P_us": 30_000,
            "rtt_before_us": 30_000,
            "rtt_after_us": 30_000,
            "rtt_min_us": 28_000,
            "retrans": 0,
            "ring_us": [30_000, 31_000],
            "tier": "kernel",
            "M_us": 41_000,
            "A_us": 71_000,
            "duration_ms": 15_000,
            "worker": 0,
            "origin": house.signer.origin(CODE, house.show.epoch, b"\xcb\x00\x71"),
            "visible": True,
        }
        assert tuple(kept) == EVIDENCE_KEYS["fair-1"]


async def test_coming_back_starts_no_clock_anew(ledger: SqliteLedger) -> None:
    """R4.1, R4.3: another socket or HTTP keeps S and loses the claim."""
    async with on_air(ledger, FAIR) as house:
        an, binh = [(await house.join(name)).participant for name in ("An", "Bình")]
        await house.open_next()
        first = house.crowd.sent_ns(an)
        house.live.intake.sent(ParticipantId(an), first + 500 * NS_PER_MS)
        back = trip_of(house, an, sent_ns=None, pong_us=None)
        receipt = await house.tap(an, "B", 2_001, elapsed_ms=100, trip=back)
        assert receipt["time_ms"] == 1_970
        kept = await evidence(house, an)
        assert (kept["S_rule"], kept["S_ns"]) == ("resent", first)
        over_http = await house.tap(binh, "B", 2_002, elapsed_ms=100)
        assert over_http["time_ms"] == 2_000
        kept = await evidence(house, binh)
        assert (kept["S_rule"], kept["tier"]) == ("resent", "http")


async def test_who_comes_late_is_timed_from_the_opening(ledger: SqliteLedger) -> None:
    async with on_air(ledger, FAIR) as house:
        await house.open_next()
        an = (await house.join("An")).participant
        receipt = await house.tap(an, "B", 2_000, elapsed_ms=100)
        assert receipt["time_ms"] == 2_000
        kept = await evidence(house, an)
        assert (kept["S_rule"], kept["S_ns"]) == ("absent", house.opened_ns)


async def test_a_long_fan_out_is_paid_back_for_300_ms(ledger: SqliteLedger) -> None:
    async with on_air(ledger, FAIR) as house:
        an = (await house.join("An")).participant
        house.crowd.write_ms = 400
        await house.open_next()
        trip = trip_of(house, an)
        receipt = await house.tap(an, "B", 2_400, elapsed_ms=2_090, trip=trip)
        assert receipt["time_ms"] == 2_090
        kept = await evidence(house, an)
        assert kept["S_rule"] == "capped"
        assert kept["S_ns"] == house.opened_ns + 300 * NS_PER_MS


async def test_an_answer_to_an_earlier_question_has_no_s(ledger: SqliteLedger) -> None:
    async with on_air(ledger, FAIR) as house:
        an = (await house.join("An")).participant
        await house.open_next()
        await house.close()
        await house.do("reveal")
        trip = trip_of(house, an)
        await house.open_next()
        receipt = await house.tap(
            an, "B", 5_000, question=Q1, elapsed_ms=100, trip=trip
        )
        assert receipt["status"] == "late"
        assert (await evidence(house, an))["S_rule"] == "absent"


async def test_after_a_restart_time_runs_from_the_opening(ledger: SqliteLedger) -> None:
    async with on_air(ledger, FAIR) as house:
        an = (await house.join("An")).participant
        await house.open_next()
        clock = house.clock
    async with open_house(ledger, clock) as house:
        receipt = await house.tap(an, "B", 2_000, elapsed_ms=100)
        assert receipt["time_ms"] == 2_000


async def test_each_question_has_an_order_of_its_own_and_a_warm_roll(
    ledger: SqliteLedger,
) -> None:
    """R4.10."""
    async with on_air(ledger, FAIR) as house:
        await house.join("An")
        await house.play()
        await house.play()
        assert len(set(house.crowd.seeds)) == 2
        assert house.crowd.warmed == house.crowd.seeds


def test_every_question_of_ours_fits_one_segment_with_its_ping() -> None:
    """R4.10: one write of at most 1 200 bytes."""
    shelves = [shipped.questions()]
    for summary in shelf.packs(shelves):
        for question in shelf.load_pack(summary.id, shelves).questions:
            event = creation(FAIR, replace(question, reserve=False))
            show = replace(created(event), code=CODE, epoch="0" * 8)
            show = carried(show, c.OpenLobby(), *opening(question.id))
            scene = Scene(show, Roster(), StageClock())
            cue = m.Open(
                question=msgspec.structs.replace(scene.question(), nonce="0" * 16),
                duration_ms=show.play.duration_ms,
                epoch=show.epoch,
                step=show.step,
            )
            assert len(text_frame(encode(cue))) + 6 <= 1_200, question.id


async def test_under_received_nothing_is_measured(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.play(**{an: ("B", 2_000)})
        assert (house.crowd.seeds, house.crowd.warmed) == ([], [])
        kept = await evidence(house, an)
        assert (kept["T_us"], kept["tier"]) == (2_000_000, "received")
        assert "A_us" not in kept
