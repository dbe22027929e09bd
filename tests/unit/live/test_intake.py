"""The door for answers: the first one stands, and no receipt before the disk."""

import asyncio
import json
from dataclasses import replace

import pytest

from quizserver.bus.memory import MemoryBus
from quizserver.domain.ids import ParticipantId
from quizserver.domain.rundown import Rules
from quizserver.domain.stamps import NS_PER_MS
from quizserver.domain.timing import NO_TRIP, Trip
from quizserver.live.early import MOST
from quizserver.live.evidence import EVIDENCE_KEYS
from quizserver.live.intake import MAX_WAITING
from quizserver.store.sqlite import SqliteLedger
from quizserver.wire.phone import Answer
from tests.shows import Q1
from tests.unit.live.house import (
    CODE,
    Gate,
    House,
    Message,
    full_queue,
    on_air,
    open_house,
)


def trip_of(house: House, participant: str) -> Trip:
    """Return what the socket that was sent the question measured: 30 ms."""
    sent_ns = house.crowd.sent_ns(participant)
    return Trip(sent_ns=sent_ns, pong_us=30_000, ring_us=(30_000,), tier="pong")


async def opened(house: House, *names: str) -> list[str]:
    """Have people join and the first question open; return who they are."""
    joined = [(await house.join(name)).participant for name in names]
    await house.open_next()
    return joined


# --- statuses (R3.3) ------------------------------------------------------------


async def test_an_answer_to_what_another_process_has_opened_waits_to_hear_of_it(
    ledger: SqliteLedger,
) -> None:
    """A phone that moved is quicker than the news; a refusal would be its last word."""
    async with open_house(ledger, bus=MemoryBus()) as house:
        await house.create()
        await house.do("open_lobby")
        an = (await house.join("An")).participant
        await house.do("ask")
        behind, intake = house.live.stage.show, house.live.intake
        await house.do("open")
        await house.pass_by(house.show.rules.roll_ms)
        intake.follow(behind)
        forged = await house.tap(an, "B", 900, question=Q1, nonce="x")
        assert forged["status"] == "not_open"
        copies = [house.send(an, "B", 1_000 + n, question=Q1) for n in range(MOST + 1)]
        intake.follow(behind)
        assert not any(copy.done() for copy in copies)
        intake.follow(house.live.stage.show)
        receipts = [await copy for copy in copies[:MOST]]
        assert not copies[MOST].done()
        assert {(one["status"], one["time_ms"]) for one in receipts} == {
            ("accepted", receipts[0]["time_ms"])
        }
        (row,) = await ledger.answers_to(CODE, house.show.epoch, Q1)
        assert row.received_ns == house.opened_ns + 1_000 * NS_PER_MS


async def test_an_answer_in_time_is_accepted_with_its_time(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        receipt = await house.tap(an, "B", 2_914.9)
        code = house.signer.receipt(
            house.live.intake.seat(ParticipantId(an)), Q1, house.show.questions[Q1].key
        )
        assert receipt == {
            "type": "receipt",
            "question": "q1",
            "option": "B",
            "status": "accepted",
            "time_ms": 2_914,
            "receipt": code,
        }


@pytest.mark.parametrize(
    ("ms", "status"),
    [(0, "accepted"), (14_999.999, "accepted"), (15_000, "late"), (15_001, "late")],
)
async def test_the_deadline_is_half_open(
    ledger: SqliteLedger, ms: float, status: str
) -> None:
    """R4.7."""
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        assert (await house.tap(an, "B", ms))["status"] == status


async def test_a_late_answer_is_stored_and_never_counted(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        an, binh = await opened(house, "An", "Bình")
        assert (await house.tap(binh, "A", 2_000))["status"] == "accepted"
        await house.close()
        assert (await house.tap(an, "B", 15_200))["status"] == "late"
        await house.do("reveal")
        rows = await ledger.answers_to(CODE, house.show.epoch, Q1)
        assert {row.participant: row.status for row in rows} == {
            an: "late",
            binh: "accepted",
        }
        board = house.show.play.board
        assert board is not None
        assert (board.answered, board.fastest) == (1, ())


async def test_before_it_opens_a_question_takes_no_answer(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.do("ask")
        got = house.live.intake
        replies: list[bytes] = []
        nonce = got.nonce(ParticipantId(an), Q1)
        for question in ("q1", "q2", "x", ""):
            got.answer(
                ParticipantId(an),
                Answer(question=question, option="B", nonce=nonce),
                house.clock.monotonic_ns(),
                replies.append,
            )
        assert [json.loads(reply)["status"] for reply in replies] == ["not_open"] * 4
        assert got.tally.rejected == 4
        assert await ledger.answers_to(CODE, house.show.epoch, Q1) == []


async def test_a_wrong_question_is_never_moved_to_another(ledger: SqliteLedger) -> None:
    """R3.3."""
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        refused = await house.tap(an, "B", 2_000, question="q2")
        assert refused == {
            "type": "receipt",
            "question": "q2",
            "option": "B",
            "status": "not_open",
        }
        assert (await house.tap(an, "C", 3_000))["option"] == "C"


async def test_a_void_question_takes_no_answer(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        await house.do("void", reason="Sai đáp án")
        assert (await house.tap(an, "B", 2_000))["status"] == "void"
        assert await ledger.answers_to(CODE, house.show.epoch, Q1) == []
        await house.do("ask")
        assert (await late(house, an))["status"] == "void"


async def late(house: House, participant: str) -> Message:
    """Answer the first question now, whichever is on."""
    intake, who = house.live.intake, ParticipantId(participant)
    got: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    intake.answer(
        who,
        Answer(question=Q1, option="B", nonce=intake.nonce(who, Q1)),
        house.clock.monotonic_ns(),
        lambda payload: got.set_result(json.loads(payload)),
    )
    return await got


async def test_an_answer_to_the_question_before_is_late(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        await house.close()
        await house.do("reveal")
        await house.open_next()
        assert (await late(house, an))["status"] == "late"
        again = await late(house, an)
        assert (again["status"], again["duplicate"]) == ("late", True)
        assert house.live.intake.tally.late == 0
        # Nor in the strip of the question that is open now.
        assert house.live.intake.trips.parts(lambda _: "") == {}


async def test_an_answer_to_the_question_before_needs_the_disk_too(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        await house.close()
        await house.do("reveal", "ask")
        with full_queue(ledger):
            lost = asyncio.gather(late(house, an))
            await ledger.shows()
            assert not lost.done()
        lost.cancel()
        assert (await late(house, an))["status"] == "late"


# --- who may answer what (R3.2) -------------------------------------------------


async def test_an_option_that_is_none_is_an_error(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        for option in ("E", "b", "", "1"):
            refused = await house.tap(an, option, 2_000)
            assert (refused["type"], refused["code"], refused["ref"]) == (
                "error",
                "bad_option",
                "q1",
            )
            assert refused["message"] == "Câu hỏi không có phương án này."
        assert (await house.tap(an, "D", 3_000))["status"] == "accepted"


async def test_an_answer_needs_the_nonce_its_phone_was_sent(
    ledger: SqliteLedger,
) -> None:
    """Nothing pre-sent, nothing replayed, nothing from a neighbour's phone."""
    async with on_air(ledger) as house:
        an, binh = await opened(house, "An", "Bình")
        intake = house.live.intake
        wrong = (
            "",
            "0" * 16,
            intake.nonce(ParticipantId(binh), Q1),
            intake.nonce(ParticipantId(an), house.show.order[1]),
        )
        for nonce in wrong:
            refused = await house.tap(an, "B", 2_000, nonce=nonce)
            assert (refused["type"], refused["code"]) == ("error", "bad_nonce")
        assert intake.tally.rejected == len(wrong)
        sent = house.crowd.heard(an, "open")[0]["question"]["nonce"]
        assert (await house.tap(an, "B", 2_000, nonce=sent))["status"] == "accepted"


# --- the first answer is final (R3.1) -------------------------------------------


@pytest.mark.parametrize("option", ["B", "C"])
async def test_a_repeat_gets_the_first_receipt(
    ledger: SqliteLedger, option: str
) -> None:
    """The same option or another: what was recorded first stands."""
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        first = await house.tap(an, "B", 2_000)
        again = await house.tap(an, option, 2_015)
        assert again == {**first, "duplicate": True}
        (row,) = await ledger.answers_to(CODE, house.show.epoch, Q1)
        assert (row.option, row.time_ms) == ("B", 2_000)
        assert house.live.intake.tally.counts == {"A": 0, "B": 1, "C": 0, "D": 0}


async def test_another_option_is_flagged_for_the_host(ledger: SqliteLedger) -> None:
    """R3.1: it changes nothing but the flag."""
    async with on_air(ledger) as house:
        an, binh = await opened(house, "An", "Bình")
        for who in (an, binh):
            await house.tap(who, "B", 2_000)
        await house.tap(an, "C", 3_000)
        await house.tap(binh, "B", 3_000)
        await house.close()
        state = await house.do("reveal")
        fastest = state["live"]["fastest"]
        assert {row["participant"]: row.get("flags") for row in fastest} == {
            an: ["changed"],
            binh: None,
        }


async def changed(house: House) -> list[tuple[str, str, str, int]]:
    """Return the flags of the ledger, when all that was queued is in it."""
    await house.ledger.flush()
    rows = await house.ledger.flags_of(CODE, house.show.epoch)
    return [(row.question, row.participant, row.flag, row.at_ms) for row in rows]


async def test_a_changed_mind_is_noted_once_in_the_ledger(ledger: SqliteLedger) -> None:
    """R3.1: the same option says nothing, and no option of ours says nothing."""
    async with on_air(ledger) as house:
        an, binh = await opened(house, "An", "Bình")
        for who in (an, binh):
            await house.tap(who, "B", 2_000)
        for option in ("B", "E", ""):
            await house.tap(an, option, 2_500)
        assert await changed(house) == []
        assert house.live.intake.flags(ParticipantId(an)) == ()
        await house.tap(an, "C", 3_000)
        at_ms = house.clock.utc_ms()
        house.clock.forward(10)
        await house.tap(an, "D", 3_010)
        assert await changed(house) == [("q1", an, "changed", at_ms)]
        assert house.live.intake.flags(ParticipantId(an)) == ("changed",)


async def test_a_mind_changed_at_once_is_noted_when_the_answer_is_durable(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        gate = Gate(ledger)
        both = [house.send(an, "B", 2_000), house.send(an, "C", 2_015)]
        await gate.open()
        await asyncio.gather(*both)
        assert [row[2] for row in await changed(house)] == ["changed"]


async def test_a_flag_never_stands_without_its_answer(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        with full_queue(ledger):
            lost = [house.send(an, "B", 2_000), house.send(an, "C", 2_015)]
            await ledger.shows()
        assert not any(one.done() for one in lost)
        assert await changed(house) == []
        await house.tap(an, "C", 4_000)
        assert await changed(house) == []


async def test_a_restart_remembers_who_changed_their_mind(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an, binh = await opened(house, "An", "Bình")
        await house.tap(an, "B", 2_000)
        await house.tap(an, "C", 2_500)
        await house.close()
        await house.do("reveal")
        await house.open_next()
        for who in (an, binh):
            await house.tap(who, "B", 2_000)
        await house.tap(binh, "C", 2_500)
        await ledger.flush()
        other = replace(
            (await ledger.flags_of(CODE, house.show.epoch))[1],
            participant=ParticipantId(an),
            flag="looked_at",
        )
        ledger.put_flag(other)
        await ledger.flush()
        clock = house.clock
    async with open_house(ledger, clock) as again:
        intake = again.live.intake
        assert intake.flags(ParticipantId(an)) == ()
        assert intake.flags(ParticipantId(binh)) == ("changed",)


async def test_what_is_remarkable_at_once_is_stored_with_the_answer(
    ledger: SqliteLedger,
) -> None:
    """R4.11."""
    async with on_air(ledger, Rules(timing="fair-1")) as house:
        an, binh = await opened(house, "An", "Bình")
        await house.tap(an, "B", 299, visible=False)
        await house.tap(an, "C", 400)
        await house.tap(binh, "B", 2_000, trip=trip_of(house, binh))
        rows = await ledger.answers_to(CODE, house.show.epoch, Q1)
        assert {row.participant: row.flags for row in rows} == {
            an: "impossible,resent,hidden_page",
            binh: "",
        }
        assert json.loads(next(r.evidence for r in rows if r.flags))["visible"] is False
        intake = house.live.intake
        assert intake.flags(ParticipantId(an)) == (
            *("impossible", "resent", "hidden_page"),
            "changed",
        )
        assert intake.flags(ParticipantId(binh)) == ()
        assert intake.flags(ParticipantId("nobody")) == ()


async def test_a_repeat_before_the_first_is_durable_waits_with_it(
    ledger: SqliteLedger,
) -> None:
    """R4.10: the phone sends the tap twice, 15 ms apart."""
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        gate = Gate(ledger)
        both = [house.send(an, "B", 2_000), house.send(an, "C", 2_015)]
        await gate.open()
        first, again = await asyncio.gather(*both)
        assert (first["option"], first["time_ms"]) == ("B", 2_000)
        assert again == {**first, "duplicate": True}


async def test_repeats_that_wait_are_bounded(ledger: SqliteLedger) -> None:
    """A phone that repeats without end fills no memory; it asks again."""
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        gate = Gate(ledger)
        sent = [house.send(an, "B", 2_000 + n) for n in range(MAX_WAITING + 5)]
        await gate.open()
        await asyncio.gather(*sent[:MAX_WAITING])
        assert [one.done() for one in sent[MAX_WAITING:]] == [False] * 5
        assert (await house.tap(an, "B", 3_000))["time_ms"] == 2_000


async def test_the_first_answer_stands_across_a_restart(ledger: SqliteLedger) -> None:
    """R2.2."""
    async with on_air(ledger) as house:
        an, binh, chi = await opened(house, "An", "Bình", "Chi")
        first = await house.tap(an, "B", 2_000)
        await house.tap(binh, "A", 16_000)
        clock = house.clock
    clock = type(clock)(mono_ns=clock.mono_ns, utc=clock.utc, boot=clock.boot)
    async with open_house(ledger, clock) as again:
        assert await again.tap(an, "C", 4_000) == {**first, "duplicate": True}
        assert (await again.tap(chi, "D", 5_000))["status"] == "accepted"
        tally = again.live.intake.tally
        assert (tally.accepted, tally.late) == (2, 1)
        assert tally.counts == {"A": 0, "B": 1, "C": 0, "D": 1}


async def test_an_answer_that_another_process_stored_gets_its_receipt(
    ledger: SqliteLedger,
) -> None:
    """The database's key decides, whatever a memory believes (R3.2)."""
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        clock = type(house.clock)(mono_ns=house.clock.mono_ns, utc=house.clock.utc)
        async with open_house(ledger, clock) as other:
            first = await house.tap(an, "B", 2_000)
            assert await other.tap(an, "C", 2_500) == {**first, "duplicate": True}
            assert other.live.intake.tally.accepted == 1
            assert await changed(house) == [("q1", an, "changed", house.clock.utc_ms())]


async def test_restoring_counts_nothing_twice(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        await house.live.intake.restore()
        (an,) = await opened(house, "An")
        await house.tap(an, "B", 2_000)
        await house.live.intake.restore()
        assert house.live.intake.tally.accepted == 1


# --- durable, then told (R3.4) --------------------------------------------------


async def test_no_receipt_leaves_before_the_answer_is_durable(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        people = await opened(house, *(f"Người {n}" for n in range(5)))
        gate = Gate(ledger)
        sent = [house.send(who, "B", 2_000) for who in people]
        await ledger.shows()
        assert not any(one.done() for one in sent)
        assert house.live.intake.given(ParticipantId(people[0])) is None
        assert house.live.intake.tally.accepted == 0
        await gate.open()
        receipts = await asyncio.gather(*sent)
        assert {one["status"] for one in receipts} == {"accepted"}
        assert len(await ledger.answers_to(CODE, house.show.epoch, Q1)) == 5
        assert house.live.intake.tally.accepted == 5


async def test_a_failed_write_leaves_no_receipt_and_a_resend_works(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        with full_queue(ledger):
            lost = [house.send(an, "B", 2_000), house.send(an, "B", 2_015)]
            await ledger.shows()
            assert not any(one.done() for one in lost)
        again = await house.tap(an, "B", 4_000)
        assert (again["status"], again["time_ms"]) == ("accepted", 4_000)
        assert "duplicate" not in again
        assert not any(one.done() for one in lost)


async def test_a_receipt_for_a_question_that_is_gone_does_not_confuse_the_next(
    ledger: SqliteLedger,
) -> None:
    """The window moved on while the disk was slow: the phone asks again."""
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        gate = Gate(ledger)
        sent = house.send(an, "B", 2_000)
        house.live.intake.follow(replace(house.show, current=house.show.order[1]))
        await gate.open()
        await ledger.shows()
        assert not sent.done()
        house.live.intake.follow(house.show)
        assert house.live.intake.given(ParticipantId(an)) is None
        receipt = await house.tap(an, "C", 9_000)
        assert (receipt["option"], receipt["duplicate"]) == ("B", True)


# --- what is kept with an answer (R4.9) -----------------------------------------


@pytest.mark.parametrize(
    ("elapsed", "kept"),
    [(None, None), (2_750, 2_750), (-1, None), (10**4_000, None)],
)
async def test_what_the_rule_used_is_stored_with_the_answer(
    ledger: SqliteLedger, elapsed: int | None, kept: int | None
) -> None:
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        await house.tap(an, "B", 2_914.5, elapsed_ms=elapsed)
        (row,) = await ledger.answers_to(CODE, house.show.epoch, Q1)
        assert json.loads(row.evidence) == {
            "T_us": 2_914_500,
            "E_us": 2_914_500,
            "T0_ns": house.opened_ns,
            "S_ns": house.opened_ns,
            "R_ns": house.opened_ns + 2_914_500_000,
            "S_rule": "received",
            "c_ms": kept,
            "tier": "received",
            "duration_ms": 15_000,
            "worker": 0,
            "origin": None,
            "visible": True,
        }
        assert tuple(json.loads(row.evidence)) == EVIDENCE_KEYS["received"]
        assert row.received_ns == house.opened_ns + 2_914_500_000
        assert row.at_ms == house.clock.utc_ms()


async def test_an_extension_counts_for_answers_too(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        await house.do("extend", ms=5_000)
        assert (await house.tap(an, "B", 19_999))["status"] == "accepted"


async def test_an_answer_is_its_owners_until_the_next_question_is_asked(
    ledger: SqliteLedger,
) -> None:
    """A phone that reconnects while the next one is read sees no old answer."""
    async with on_air(ledger) as house:
        (an,) = await opened(house, "An")
        await house.tap(an, "B", 2_000)
        given = house.live.intake.given(ParticipantId(an))
        assert given is not None
        assert (given.option, given.status) == ("B", "accepted")
        await house.close()
        await house.do("reveal")
        assert house.live.intake.given(ParticipantId(an)) is not None
        await house.do("ask")
        assert house.live.intake.given(ParticipantId(an)) is None
        assert house.live.intake.tally.accepted == 0


@pytest.mark.parametrize(
    ("first_ms", "here_ms", "how"),
    [
        (None, None, "absent"),
        (1, None, "resent"),
        (1, 2, "resent"),
        (1, 1, "live"),
        (300, 300, "live"),
        (301, 301, "capped"),
    ],
)
async def test_how_the_question_reached_its_socket_is_kept(
    ledger: SqliteLedger, first_ms: int | None, here_ms: int | None, how: str
) -> None:
    """R4.1, R4.3: only what was shown first and once here counts as shown."""
    async with on_air(ledger, Rules(timing="fair-1")) as house:
        an = ParticipantId((await house.join("An", connect=False)).participant)
        await house.open_next()
        if first_ms is not None:
            house.live.intake.sent(an, house.opened_ns + first_ms * NS_PER_MS)
        here_ns = None if here_ms is None else house.opened_ns + here_ms * NS_PER_MS
        await house.tap(an, "B", 2_000, trip=NO_TRIP._replace(sent_ns=here_ns))
        (row,) = await ledger.answers_to(CODE, house.show.epoch, Q1)
        assert json.loads(row.evidence)["S_rule"] == how
