"""What phones are told of a step: the cue, and what is each phone's own."""

from quizserver.domain.ids import ParticipantId
from quizserver.domain.rundown import Rules
from quizserver.store.sqlite import SqliteLedger
from tests.unit.live.house import (
    Message,
    StageClock,
    on_air,
    open_house,
    said,
    three,
    unframed,
)


def by_receipt(ms: int) -> Message:
    """Return how a time came about where nothing is credited."""
    return {"elapsed_ms": ms, "time_ms": ms, "tier": "received", "sent": "received"}


async def test_everybody_gets_the_question_with_a_nonce_of_their_own(
    ledger: SqliteLedger,
) -> None:
    """R3.2; all frames are of one length, so that size says nothing (R3.6)."""
    async with on_air(ledger) as house:
        people = await three(house)
        await house.open_next()
        opens = [house.crowd.heard(who, "open")[0] for who in people]
        nonces = {one["question"].pop("nonce") for one in opens}
        assert len(nonces) == 3
        assert opens[0] == opens[1] == opens[2]
        frames = [house.crowd.frames[ParticipantId(who)][-1] for who in people]
        assert len({len(frame) for frame in frames}) == 1
        (overlay,) = house.overlays.heard("open")
        assert "nonce" not in overlay["question"]


async def test_the_open_frame_fits_one_packet(ledger: SqliteLedger) -> None:
    """R4.10: at most 1 200 bytes with its ping."""
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.open_next()
        frame = house.crowd.frames[ParticipantId(an)][-1]
        assert said(unframed(frame))["type"] == "open"
        assert len(frame) < 1_100


async def test_under_fair_1_a_question_is_warmed_up_timed_and_sent_in_secret_order(
    ledger: SqliteLedger,
) -> None:
    """R4.1, R4.10; `test_fair_time` follows the stamps to the receipts."""
    async with on_air(ledger, Rules(timing="fair-1")) as house:
        an = (await house.join("An")).participant
        await house.open_next()
        seed = house.live.intake.order_seed(house.show.order[0])
        assert house.crowd.warmed == house.crowd.seeds == [seed]
        steps = [one for one in house.crowd.heard(an) if "step" in one]
        assert [one["type"] for one in steps] == ["asked", "roll", "open"]
        assert house.crowd.sent_ns(an) > house.opened_ns


async def test_after_the_reveal_everybody_learns_how_they_did(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an, binh, chi = await three(house)
        await house.play(**{an: ("B", 2_914), binh: ("A", 1_000)})
        told = {who: house.crowd.heard(who, "you") for who in (an, binh, chi)}
        assert told[an] == [
            {
                "type": "you",
                "question": "q1",
                "right": True,
                "show": {"right": 1, "total_ms": 2_914, "rank": 1, "streak": 1},
                "time_ms": 2_914,
                "rank": 1,
                "status": "accepted",
                "timing": by_receipt(2_914),
            }
        ]
        wrong = {"right": False, "show": {"right": 0, "total_ms": 0}}
        assert told[binh] == [
            {
                "type": "you",
                "question": "q1",
                "time_ms": 1_000,
                "status": "accepted",
                "timing": by_receipt(1_000),
                **wrong,
            }
        ]
        assert told[chi] == [{"type": "you", "question": "q1", **wrong}]
        assert house.overlays.heard("you") == []


async def test_a_dead_heat_is_said_so(ledger: SqliteLedger) -> None:
    """R4.8: 2,911 and 2,919 are the same hundredth."""
    async with on_air(ledger) as house:
        an, binh, chi = await three(house)
        await house.play(**{an: ("B", 2_919), binh: ("B", 2_911), chi: ("B", 2_920)})
        ranks = [
            (one["rank"], one.get("tied", False))
            for who in (an, binh, chi)
            for one in house.crowd.heard(who, "you")
        ]
        assert ranks == [(1, True), (1, True), (3, False)]


async def test_a_late_answer_is_explained_to_its_owner(ledger: SqliteLedger) -> None:
    """R3.3, R4.7: also after a restart."""
    async with on_air(ledger) as house:
        an, *_ = await three(house)
        await house.open_next()
        await house.close()
        assert (await house.tap(an, "B", 15_004))["status"] == "late"
        await house.do("reveal")
        (you,) = house.crowd.heard(an, "you")
        assert (you["status"], you["timing"]) == ("late", by_receipt(15_004))
        assert you["right"] is False
        clock = StageClock(mono_ns=house.clock.mono_ns, utc=house.clock.utc)
        async with open_house(ledger, clock) as again:
            own = (await again.seen(an))["result"]["you"]
            assert (own["status"], own["timing"]) == ("late", by_receipt(15_004))


async def test_at_the_end_everybody_learns_their_place(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        an, binh, chi = await three(house)
        await house.play(**{an: ("B", 2_000), binh: ("B", 3_000)})
        await house.do("end")
        places = {who: house.crowd.heard(who, "ended")[0]["you"] for who in (an, binh)}
        row = {"right": 1, "streak": 1}
        assert places[an] == row | {"total_ms": 2_000, "rank": 1}
        assert places[binh] == row | {"total_ms": 3_000, "rank": 2}
        (ended,) = house.crowd.heard(chi, "ended")
        assert ended["you"] == {"right": 0, "total_ms": 0}
        assert [one["name"] for one in ended["winner"]] == ["An"]
        assert "you" not in house.overlays.heard("ended")[0]


async def test_nobody_wins_who_was_never_right(ledger: SqliteLedger) -> None:
    """R5.4: "không có người đạt giải"."""
    async with on_air(ledger) as house:
        an, binh, _ = await three(house)
        await house.play(**{an: ("A", 2_000), binh: ("A", 3_000)})
        state = await house.do("end")
        assert state.get("winners", []) == []
        (ended,) = house.crowd.heard(an, "ended")
        assert ended["winner"] == []
        assert ended["you"] == {"right": 0, "total_ms": 0}


async def test_a_snapshot_has_what_its_participant_answered(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an, binh, _ = await three(house)
        await house.open_next()
        receipt = await house.tap(an, "B", 2_000)
        state = await house.seen(an)
        assert state["your_answer"] == {
            "question": "q1",
            "option": "B",
            "status": "accepted",
            "receipt": receipt["receipt"],
            "time_ms": 2_000,
        }
        sent = house.crowd.heard(an, "open")[0]["question"]["nonce"]
        assert state["question"]["nonce"] == sent
        assert "your_answer" not in await house.seen(binh)


async def test_a_snapshot_after_the_reveal_has_the_own_result_and_place(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an, _, chi = await three(house)
        await house.play(**{an: ("B", 2_000)})
        state = await house.seen(an)
        place = {"right": 1, "total_ms": 2_000, "rank": 1, "streak": 1}
        assert state["you"] == place
        assert state["result"]["you"] == {
            "right": True,
            "show": place,
            "time_ms": 2_000,
            "rank": 1,
            "status": "accepted",
            "timing": by_receipt(2_000),
        }
        assert (await house.seen(chi))["you"] == {"right": 0, "total_ms": 0}
        await house.do("standings")
        assert (await house.seen(an))["you"] == place
        state = await house.do("ask")
        assert "you" not in await house.seen(an)
