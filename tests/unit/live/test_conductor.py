"""The one writer: one transition per command, deadlines of its own, no gaps."""

import asyncio
from typing import Any

import pytest

from quizserver.bus.memory import MemoryBus
from quizserver.domain import events as e
from quizserver.domain.evolve import replay
from quizserver.domain.ids import ParticipantId
from quizserver.domain.rundown import Rules
from quizserver.domain.stamps import NS_PER_MS
from quizserver.domain.timing import SPLIT_MS
from quizserver.live.access import Actor, Role
from quizserver.live.conductor import Conductor
from quizserver.live.journaled import from_row
from quizserver.live.orders import LOCK_LEAD_MS
from quizserver.store.sqlite import SqliteLedger
from quizserver.wire.host import Reply
from tests.unit.live.house import (
    CODE,
    HOA,
    Gate,
    House,
    Sign,
    StageClock,
    full_queue,
    on_air,
    open_house,
    unreadable,
)

SETTLE_MS = LOCK_LEAD_MS + SPLIT_MS
SETTLED_NS = (9_000 + SPLIT_MS) * NS_PER_MS
"""When no answer can count any more to a question locked at nine seconds."""

MODERATOR = Actor(name="Mai", role=Role.MODERATOR)


async def steps(house: House) -> list[str]:
    """Return the names of all journaled events."""
    return [row.name for row in await house.ledger.events(CODE)]


# --- one transition per command (R1.4) ------------------------------------------


async def test_of_fifty_clicks_with_the_same_step_one_moves_the_show(
    ledger: SqliteLedger,
) -> None:
    """R1.4, A3: two panels and a stream deck, all at once."""
    async with on_air(ledger) as house:
        step = house.show.step
        replies = await asyncio.gather(
            *(house.ask("advance", step=step) for _ in range(50))
        )
        done = [reply for reply in replies if reply.error is None]
        assert [reply.step for reply in done] == [step + 1]
        others = [reply.error for reply in replies if reply.error is not None]
        assert others == ["stale_step"] * 49
        assert await steps(house) == ["ShowCreated", "LobbyOpened", "QuestionAsked"]


async def test_a_stale_step_is_told_so_and_changes_nothing(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        before = house.show
        reply = await house.ask("ask", step=1)
        assert (reply.error, reply.step, reply.phase) == ("stale_step", 2, "lobby")
        assert reply.message == (
            "Số phát sóng vừa chuyển bước. Hãy xem trạng thái mới rồi bấm lại."
        )
        assert house.show is before


async def test_a_repeated_ref_gets_the_first_reply_again(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        first = await house.ask("ask", ref="bấm-1")
        again = await house.ask("ask", ref="bấm-1")
        assert again == first
        assert house.show.step == first.step


async def test_a_refusal_is_repeated_too(ledger: SqliteLedger) -> None:
    """Else a late repeat of a refused click would move a show that moved on."""
    async with on_air(ledger) as house:
        first = await house.ask("reveal", ref="bấm-1", step=None)
        await house.open_next()
        await house.close()
        assert await house.ask("reveal", ref="bấm-1", step=None) == first


async def test_a_ref_is_remembered_across_a_restart(ledger: SqliteLedger) -> None:
    """R1.4 and R2.2: the reply was lost with the process, the click was not."""
    async with on_air(ledger) as house:
        first = await house.ask("ask", ref="bấm-1")
    async with open_house(ledger) as again:
        assert await again.ask("ask", ref="bấm-1", step=None) == first
        assert again.show.step == first.step


async def test_a_ref_that_was_forgotten_is_still_not_carried_out_twice(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest replies are kept in memory; the ledger knows all refs."""
    monkeypatch.setattr("quizserver.live.replies._KEPT", 2)
    async with on_air(ledger) as house:
        await house.ask("notice", ref="bấm-1", text="Xin chờ")
        for text in ("một", "hai"):
            await house.do("notice", text=text)
        reply = await house.ask("notice", ref="bấm-1", text="Xin chờ")
        assert reply.error == "stale_step"
        assert house.show.notice == "hai"


async def test_a_command_without_a_ref_is_never_taken_for_a_repeat(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        assert (await house.ask("reveal", ref="")).error == "not_now"
        assert (await house.ask("notice", ref="", text="Xin chờ")).error is None


async def test_the_replayed_journal_is_the_live_show(ledger: SqliteLedger) -> None:
    """R6.1."""
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.play(**{an: ("B", 2_000)})
        await house.do("standings")
        await house.do("hide_name", participant=an)
        await house.do("pause", reason="Mất tín hiệu")
        rows = await ledger.events(CODE)
        assert replay(map(from_row, rows)) == house.show
        assert [row.step for row in rows] == list(range(1, house.show.step + 1))


# --- who may --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "command", "error"),
    [
        (HOA, "ask", None),
        (MODERATOR, "ask", "forbidden"),
        (MODERATOR, "hide_name", "unknown_participant"),
        (Actor(name="x", role=Role.OVERLAY), "hide_name", "forbidden"),
        (Actor(name="x", role=Role.AUDITOR), "notice", "forbidden"),
        (Actor(name="x", role=Role.HOST, show=CODE), "ask", None),
    ],
)
async def test_commands_need_their_right(
    ledger: SqliteLedger, actor: Actor, command: str, error: str | None
) -> None:
    async with on_air(ledger) as house:
        assert (await house.ask(command, actor=actor)).error == error


async def test_who_does_not_drive_is_refused_until_they_take_over(
    ledger: SqliteLedger,
) -> None:
    nam = Actor(name="Nam", role=Role.HOST)
    async with on_air(ledger) as house:
        await house.do("drive", name=HOA.name)
        assert (await house.ask("ask", actor=nam)).error == "not_driver"
        assert (await house.ask("drive", actor=nam, name="Nam")).error is None
        assert (await house.ask("ask", actor=nam)).error is None


async def test_a_credential_of_another_show_is_refused(ledger: SqliteLedger) -> None:
    other = Actor(name="x", role=Role.HOST, show=type(CODE)("CCHC2"))
    async with on_air(ledger) as house:
        assert (await house.ask("ask", actor=other)).error == "forbidden"


async def test_a_stranger_cannot_be_hidden(ledger: SqliteLedger) -> None:
    """A typing error must not be journaled as an act of moderation."""
    async with on_air(ledger) as house:
        reply = await house.ask("hide_name", participant="nobody")
        assert reply.error == "unknown_participant"
        assert reply.message == "Không tìm thấy người dự thi này."


# --- room on the disk (R3.4) -----------------------------------------------------


@pytest.mark.parametrize("command", ["open_lobby", "advance"])
async def test_no_show_is_opened_without_room_for_its_answers(
    ledger: SqliteLedger, command: str
) -> None:
    """What, where, how much and the cure; and no restart once there is room."""
    async with open_house(ledger) as house:
        await house.create()
        house.free_bytes = 199_999_999
        reply = await house.ask(command)
        assert (reply.error, reply.phase) == ("no_space", "draft")
        assert reply.message == (
            "Chưa mở được số phát sóng: ổ đĩa chứa /srv/quiz chỉ còn 199 MB, cần ít "
            "nhất 200 MB để ghi câu trả lời. Hãy xóa bớt tệp trên ổ đĩa đó rồi bấm "
            "lại; không cần khởi động lại máy chủ."
        )
        house.free_bytes += 1
        assert (await house.ask(command)).phase == "lobby"


async def test_a_show_on_air_goes_on_when_the_disk_runs_full(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        who = (await house.join("An")).participant
        house.free_bytes = 0
        await house.play(**{who: ("B", 2_000)})
        assert (await house.ask("open_lobby")).error == "not_now"
        await house.do("standings", "end")


@pytest.mark.parametrize("command", ["dance", "", "AskQuestion"])
async def test_an_unknown_command_is_told_so(
    ledger: SqliteLedger, command: str
) -> None:
    async with on_air(ledger) as house:
        assert (await house.ask(command)).error == "unknown_command"


# --- the big button -------------------------------------------------------------


async def test_advance_walks_a_show_from_draft_to_published(
    ledger: SqliteLedger,
) -> None:
    """Each click does what its label says; the clock does the rest."""
    phases = []
    async with open_house(ledger) as house:
        await house.create()
        while house.show.phase != "published":
            state = await house.do("advance")
            phases.append(state["phase"])
            if state.get("opens_in_ms"):
                state = await house.pass_by(3_000)
                phases.append(state["phase"])
                state = await house.pass_by(15_000)
                phases.append(state["phase"])
                await house.pass_by(SPLIT_MS)
    question = ["asked", "asked", "open", "locked", "revealed", "standings"]
    assert phases == ["lobby", *question * 3, "ended", "confirmed", "published"]


async def test_advance_while_a_question_rolls_has_nothing_to_do(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.do("ask", "open")
        assert (await house.ask("advance")).error == "not_now"
        assert (await house.ask("advance", step=None)).error == "not_now"
        assert (await house.ask("advance", step=1)).error == "stale_step"


async def early_lock(house: House, command: str = "lock") -> Reply:
    """Lock the open question now; the reply comes when the lock takes effect."""
    asked = asyncio.gather(house.ask(command))
    await house.clock.sleeper(house.clock.monotonic_ns() + SETTLE_MS * NS_PER_MS)
    house.clock.forward(SETTLE_MS)
    (reply,) = await asked
    return reply


async def test_advance_locks_an_open_question(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        assert (await early_lock(house, "advance")).phase == "locked"


# --- the clock is the server's (R1.5) -------------------------------------------


async def test_a_question_closes_at_its_deadline_with_no_panel(
    ledger: SqliteLedger,
) -> None:
    """A6."""
    async with on_air(ledger) as house:
        await house.open_next()
        house.hosts.is_there = False
        house.clock.forward(14_999)
        assert house.show.phase == "open"
        house.hosts.is_there = True
        step = house.show.step
        house.clock.forward(1)
        assert (await house.hosts.reached(step + 1))["phase"] == "locked"
        await house.pass_by(SPLIT_MS)
        for row in (await ledger.events(CODE))[-2:]:
            assert (row.actor, row.ref) == ("timer", "")
        assert (await steps(house))[-2:] == ["QuestionLocked", "QuestionSealed"]


async def test_the_roll_is_followed_by_the_opening(ledger: SqliteLedger) -> None:
    """R4.10."""
    async with on_air(ledger) as house:
        state = await house.do("ask", "open")
        assert state["opens_in_ms"] == 3_000
        house.clock.forward(2_999)
        assert house.show.phase == "asked"
        state = await house.pass_by(1)
        assert (state["phase"], state["closes_in_ms"]) == ("open", 15_000)
        assert house.opened_ns == house.clock.monotonic_ns()


async def test_an_extension_moves_the_deadline(ledger: SqliteLedger) -> None:
    """R1.6."""
    async with on_air(ledger) as house:
        await house.open_next()
        house.clock.forward(14_000)
        state = await house.do("extend", ms=5_000)
        assert state["closes_in_ms"] == 6_000
        house.clock.forward(5_999)
        assert house.show.phase == "open"
        assert (await house.pass_by(1))["phase"] == "locked"


async def test_a_void_question_has_no_deadline(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        await house.do("void", reason="Sai đáp án")
        step = house.show.step
        house.clock.forward(60_000)
        await house.do("notice", text="Sang câu khác")
        assert house.show.step == step + 1


async def test_an_early_lock_counts_to_the_millisecond(ledger: SqliteLedger) -> None:
    """A6: the question ends at L, the moment the lock takes effect."""
    async with on_air(ledger) as house:
        an, binh = [(await house.join(name)).participant for name in ("An", "Bình")]
        await house.open_next()
        house.clock.forward(9_000 - LOCK_LEAD_MS)
        locking = asyncio.gather(house.ask("lock"))
        await house.clock.sleeper(house.opened_ns + SETTLED_NS)
        assert house.show.play.duration_ms == 9_000
        assert (await house.tap(an, "B", 8_999.999))["status"] == "accepted"
        house.clock.forward(SETTLE_MS)
        assert (await locking)[0].phase == "locked"
        assert (await house.tap(binh, "B", 9_000))["status"] == "late"


async def test_an_early_lock_is_told_when_no_answer_can_count(
    ledger: SqliteLedger,
) -> None:
    """R4.7: an answer may still be on its way when the host clicks."""
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        house.crowd.come(an)
        await house.open_next()
        house.clock.forward(9_000 - LOCK_LEAD_MS)
        locked = asyncio.gather(house.ask("lock"))
        await house.clock.sleeper(house.opened_ns + SETTLED_NS)
        assert (await house.tap(an, "B", 8_990))["status"] == "accepted"
        assert not locked.done()
        assert not house.crowd.heard(an, "locked")
        assert not house.overlays.heard("locked")
        house.clock.forward(SETTLE_MS)
        (reply,) = await locked
        await house.hosts.reached(reply.step)
        assert house.crowd.heard(an, "locked")
        reply = await house.ask("reveal")
        assert reply.phase == "revealed"
        assert house.show.play.board is not None
        assert house.show.play.board.fastest[0].participant == an


async def test_after_a_restart_the_reveal_still_waits_for_the_end_of_the_question(
    ledger: SqliteLedger,
) -> None:
    """R4.7: the process died between the click and the end it set."""
    async with on_air(ledger) as house:
        await house.open_next()
        house.clock.forward(9_000 - LOCK_LEAD_MS)
        locked = asyncio.gather(house.ask("lock"))
        await house.clock.sleeper(house.opened_ns + SETTLED_NS)
        clock = StageClock(mono_ns=house.clock.mono_ns, utc=house.clock.utc)
        async with open_house(ledger, clock) as again:
            revealed = asyncio.gather(again.ask("reveal"))
            await clock.sleeper(again.opened_ns + SETTLED_NS)
            assert again.show.phase == "locked"
            clock.forward(SETTLE_MS)
            (reply,) = await revealed
            assert reply.phase == "revealed"
        house.clock.forward(SETTLE_MS)
        await locked


async def test_a_timer_that_rings_after_its_question_ended_does_nothing(
    ledger: SqliteLedger,
) -> None:
    """The host's lock and the deadline come in the same turn of the loop."""
    async with on_air(ledger) as house:
        await house.open_next()
        step = house.show.step
        gate = Gate(ledger)
        locked = asyncio.gather(house.ask("lock"))
        await asyncio.gather(ledger.shows())
        house.clock.forward(15_000)
        await gate.open()
        await locked
        await house.do("reveal")
        assert house.show.step == step + 3
        assert (await steps(house))[-3:] == [
            "QuestionLocked",
            "QuestionSealed",
            "AnswerRevealed",
        ]


async def test_a_timer_that_rings_before_an_extension_took_hold_does_nothing(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        house.clock.forward(14_999)
        gate = Gate(ledger)
        extended = asyncio.gather(house.ask("extend", ms=5_000))
        await asyncio.gather(ledger.shows())
        house.clock.forward(1)
        await gate.open()
        await extended
        await house.do("notice", text="Thêm 5 giây")
        assert house.show.phase == "open"
        assert (await house.pass_by(5_000))["phase"] == "locked"


# --- seals (R6.1) ---------------------------------------------------------------


async def seal_of(house: House) -> e.QuestionSealed:
    """Return the last seal in the journal."""
    rows = await house.ledger.events(CODE, house.show.epoch)
    row = [row for row in rows if row.name == "QuestionSealed"][-1]
    event = from_row(row)
    assert isinstance(event, e.QuestionSealed)
    return event


async def test_the_seal_is_the_link_that_holds_every_answer(
    ledger: SqliteLedger,
) -> None:
    """Whoever knows its code knows that no answer was changed later."""
    async with on_air(ledger) as house:
        people = [(await house.join(name)).participant for name in ("An", "Bình")]
        await house.open_next()
        for who in people:
            await house.tap(who, "B", 2_000)
        await house.close()
        seal = await seal_of(house)
        epoch = house.show.epoch
        links = {link.no: link.sha256 for link in await ledger.batches(CODE, epoch)}
        assert links[seal.link] == seal.sha256 == house.show.play.seal
        answers = await ledger.answers_to(CODE, epoch, house.show.order[0])
        assert max(row.batch for row in answers) <= seal.link
        events = await ledger.events(CODE, epoch)
        assert [row.batch for row in events][-1] > seal.link >= events[-2].batch


async def test_an_answer_that_still_waits_for_the_disk_is_in_the_seal(
    ledger: SqliteLedger,
) -> None:
    """The head of the chain is read behind everything that was queued before."""
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.open_next()
        house.clock.forward(9_000 - LOCK_LEAD_MS)
        locked = asyncio.gather(house.ask("lock"))
        await house.clock.sleeper(house.opened_ns + SETTLED_NS)
        gate = Gate(ledger)
        tapped = house.send(an, "B", 8_990)
        house.clock.forward(SETTLE_MS)
        await ledger.shows()
        assert not tapped.done()
        await gate.open()
        await locked
        assert (await tapped)["status"] == "accepted"
        (row,) = await ledger.answers_to(CODE, house.show.epoch, house.show.order[0])
        assert row.batch <= (await seal_of(house)).link


async def test_an_answer_cut_in_two_at_the_deadline_is_in_the_seal(
    ledger: SqliteLedger,
) -> None:
    """R4.2: its first byte came in time, its last `SPLIT_MS` later."""
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.open_next()
        await house.pass_by(15_000)
        house.clock.forward(SPLIT_MS - 1)
        revealed = asyncio.gather(house.ask("reveal"))
        assert (await house.tap(an, "B", 14_999.9))["status"] == "accepted"
        assert house.show.awaits_seal
        house.clock.forward(1)
        await revealed
        (row,) = await ledger.answers_to(CODE, house.show.epoch, house.show.order[0])
        assert row.batch <= (await seal_of(house)).link
        board = house.show.play.board
        assert board is not None
        assert board.fastest[0].participant == an


async def test_an_early_lock_is_sealed_before_the_next_command(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        house.clock.forward(5_000)
        reply = await early_lock(house)
        assert house.show.step == reply.step + 1
        assert (await steps(house))[-2:] == ["QuestionLocked", "QuestionSealed"]
        assert (await house.ask("reveal", step=reply.step)).error is None


async def test_a_repeated_lock_gets_its_first_reply_also_after_a_restart(
    ledger: SqliteLedger,
) -> None:
    """R1.4: the seal that came with it is no part of the reply."""
    async with on_air(ledger) as house:
        await house.open_next()
        reply = await early_lock(house)
    async with open_house(ledger) as again:
        assert await again.ask("lock", ref=reply.ref, step=None) == reply


async def test_under_fair_1_a_question_is_sealed_when_the_last_answer_may_have_come(
    ledger: SqliteLedger,
) -> None:
    """R4.7: 1.1 s after the end that phones count down to."""
    async with on_air(ledger, Rules(timing="fair-1")) as house:
        await house.open_next()
        house.clock.forward(9_000 - LOCK_LEAD_MS)
        locked = asyncio.gather(house.ask("lock"))
        await house.clock.sleeper(house.opened_ns + 10_100 * NS_PER_MS)
        house.clock.forward(LOCK_LEAD_MS + 1_099)
        await ledger.shows()
        assert (await steps(house))[-1] == "QuestionLocked"
        house.clock.forward(1)
        await locked
        assert (await steps(house))[-1] == "QuestionSealed"


async def test_a_question_that_was_not_sealed_is_after_a_restart(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger, Rules(timing="fair-1")) as house:
        await house.open_next()
        house.clock.forward(9_000 - LOCK_LEAD_MS)
        locked = asyncio.gather(house.ask("lock"))
        await house.clock.sleeper(house.opened_ns + 10_100 * NS_PER_MS)
        clock = StageClock(mono_ns=house.clock.mono_ns, utc=house.clock.utc)
        async with open_house(ledger, clock) as again:
            assert again.show.awaits_seal
            await again.pass_by(10_100 - 9_000 + LOCK_LEAD_MS)
            assert again.show.play.seal == (await seal_of(again)).sha256
        house.clock.forward(LOCK_LEAD_MS + 1_100)
        (reply,) = await locked
        assert reply.error is None, "the other process held the seal's step"


async def test_a_seal_that_cannot_be_stored_is_tried_again_and_the_reveal_waits(
    ledger: SqliteLedger,
) -> None:
    """The lock stands; what follows it is not told before its seal."""
    async with on_air(ledger) as house:
        await house.open_next()
        house.clock.forward(9_000 - LOCK_LEAD_MS)
        locked = asyncio.gather(house.ask("lock"))
        await house.clock.sleeper(house.opened_ns + SETTLED_NS)
        with full_queue(ledger):
            house.clock.forward(SETTLE_MS)
            (reply,) = await locked
            assert (reply.error, reply.phase) == (None, "locked")
            assert (await house.ask("reveal")).error == "ledger_down"
            assert house.show.awaits_seal
        await house.pass_by(200)
        assert not house.show.awaits_seal
        assert (await house.ask("reveal")).phase == "revealed"


async def test_a_void_question_is_not_sealed(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        await house.do("void", reason="Sai đáp án")
        house.clock.forward(60_000)
        await house.do("notice", text="Sang câu khác")
        assert "QuestionSealed" not in await steps(house)


# --- restarts (R2.2) ------------------------------------------------------------


async def test_a_restart_in_mid_question_keeps_the_deadline(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        clock = house.clock
        clock.forward(4_000)
    clock = StageClock(mono_ns=clock.mono_ns, utc=clock.utc, boot=clock.boot)
    async with open_house(ledger, clock) as again:
        assert again.show.phase == "open"
        again.clock.forward(10_999)
        assert again.show.phase == "open"
        assert (await again.pass_by(1))["phase"] == "locked"


@pytest.mark.parametrize("jump_ms", [-3_600_000, 3_600_000])
async def test_on_the_same_boot_a_jump_of_the_wall_clock_moves_nothing(
    ledger: SqliteLedger, jump_ms: int
) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        house.clock.forward(4_000)
        before = house.clock
    clock = StageClock(
        mono_ns=before.mono_ns, utc=before.utc + jump_ms, boot=before.boot
    )
    async with open_house(ledger, clock) as again:
        again.clock.forward(10_999)
        assert again.show.phase == "open"
        assert (await again.pass_by(1))["phase"] == "locked"


async def test_after_another_boot_the_deadline_is_found_over_utc(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        house.clock.forward(4_000)
        before = house.clock
    clock = StageClock(
        mono_ns=90_000 * NS_PER_MS, utc=before.utc + 6_000, boot="boot-2"
    )
    async with open_house(ledger, clock) as again:
        again.clock.forward(4_999)
        assert again.show.phase == "open"
        assert (await again.pass_by(1))["phase"] == "locked"


async def test_a_deadline_that_passed_meanwhile_closes_at_once(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        before = house.clock
    clock = StageClock(mono_ns=before.mono_ns, utc=before.utc, boot=before.boot)
    clock.forward(60_000)
    async with open_house(ledger, clock) as again:
        assert (await again.pass_by(0))["phase"] == "locked"
        assert again.show.play.duration_ms == 15_000


def restarted(before: StageClock, after_ms: int) -> StageClock:
    """Return the clock of a process that starts so much later on the same boot."""
    clock = StageClock(mono_ns=before.mono_ns, utc=before.utc, boot=before.boot)
    clock.forward(after_ms)
    return clock


@pytest.mark.parametrize(
    ("alive_ms", "back_ms", "lost_ms"),
    [
        (4_000, 7_000, 3_000),  # in the middle
        (-9_000, 7_000, 7_000),  # the last sign is older than the question
        (14_000, 60_000, 1_000),  # the deadline passed meanwhile
    ],
)
async def test_the_host_is_told_what_an_open_question_lost(
    ledger: SqliteLedger, alive_ms: int, back_ms: int, lost_ms: int
) -> None:
    """R1.6: who voids the question must know why; the log keeps it."""
    async with on_air(ledger) as house:
        await house.open_next()
        sign = Sign(house.clock.stamp().plus_ms(alive_ms))
    async with open_house(ledger, restarted(house.clock, back_ms), sign) as again:
        state = await again.hosts.reached(house.show.step + 1)
        assert state["question"]["lost_ms"] == lost_ms
        assert state["questions"][0]["lost_ms"] == lost_ms
        assert state["phase"] == "open"
        if back_ms > 15_000:
            assert (await again.pass_by(0))["phase"] == "locked"


@pytest.mark.parametrize("is_first", [True, False])
async def test_the_first_of_several_that_is_back_tells_what_was_lost(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch, *, is_first: bool
) -> None:
    """While one is away the others play on; once all are, only the ledger knows."""
    async with on_air(ledger) as house:
        await house.open_next()
    clock = restarted(house.clock, 7_000)
    if is_first:
        lived_ns = clock.mono_ns - 3_000 * NS_PER_MS
        monkeypatch.setattr(ledger, "lived_ns", lived_ns)
    async with open_house(ledger, clock, bus=MemoryBus()) as again:
        if is_first:
            state = await again.hosts.reached(house.show.step + 1)
            assert state["question"]["lost_ms"] == 3_000
        else:
            await again.do("notice", text="Chúng tôi đã trở lại")
            assert "QuestionInterrupted" not in await steps(again)


async def test_between_questions_nothing_is_lost(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        sign = Sign(house.clock.stamp())
    async with open_house(ledger, restarted(house.clock, 60_000), sign) as again:
        await again.do("notice", text="Chúng tôi đã trở lại")
        assert await steps(again) == ["ShowCreated", "LobbyOpened", "NoticePosted"]


async def test_a_question_that_lost_no_time_has_no_mark(ledger: SqliteLedger) -> None:
    """The last sign may be that of the very deadline."""
    async with on_air(ledger) as house:
        await house.open_next()
        sign = Sign(house.clock.stamp().plus_ms(15_000))
    async with open_house(ledger, restarted(house.clock, 20_000), sign) as again:
        state = await again.pass_by(0)
        assert state["phase"] == "locked"
        assert "lost_ms" not in state["question"]


async def test_what_was_lost_is_not_told_when_it_cannot_be_stored(
    ledger: SqliteLedger,
) -> None:
    """The question goes on all the same."""
    async with on_air(ledger) as house:
        await house.open_next()
        sign = Sign(house.clock.stamp())
    with full_queue(ledger):
        async with open_house(ledger, restarted(house.clock, 5_000), sign) as again:
            reply = await again.ask("notice", text="Chúng tôi đã trở lại")
            assert (reply.error, reply.phase) == ("ledger_down", "open")
            assert again.show.play.lost_ms == 0


async def test_a_sign_of_life_is_left_every_second(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        clock, left = house.clock, [house.sign.left]
        for _ in range(2):
            clock.forward(1_000)
            await clock.sleeper(clock.mono_ns + 1_000 * NS_PER_MS)
            left.append(house.sign.left)
        now = clock.stamp()
        assert left == [now.plus_ms(-2_000), now.plus_ms(-1_000), now]


async def test_a_roll_that_was_interrupted_opens_after_the_restart(
    ledger: SqliteLedger,
) -> None:
    """T0 is when it does open, not when it should have."""
    async with on_air(ledger) as house:
        await house.do("ask", "open")
        before = house.clock
    clock = StageClock(mono_ns=before.mono_ns, utc=before.utc, boot=before.boot)
    clock.forward(20_000)
    async with open_house(ledger, clock) as again:
        state = await again.pass_by(0)
        assert (state["phase"], state["closes_in_ms"]) == ("open", 15_000)


# --- a ledger in trouble --------------------------------------------------------


async def test_a_command_that_cannot_be_stored_changes_nothing_and_may_be_repeated(
    ledger: SqliteLedger,
) -> None:
    """The same ref is carried out once the disk is well again."""
    async with on_air(ledger) as house:
        before = house.show
        with full_queue(ledger):
            reply = await house.ask("ask", ref="bấm-1")
            assert (reply.error, reply.step) == ("ledger_down", before.step)
            assert house.show is before
        assert (await house.ask("ask", ref="bấm-1")).error is None


async def test_standings_that_cannot_be_read_are_a_refusal(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        with unreadable(ledger):
            assert (await house.ask("end")).error == "ledger_down"
        assert house.show.phase == "lobby"


async def test_the_deadline_is_tried_again_until_it_is_stored(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        with full_queue(ledger):
            for ms in (15_000, 200, 200):
                house.clock.forward(ms)
                assert (
                    await house.ask("notice", text="Xin chờ")
                ).error == "ledger_down"
            assert house.show.phase == "open"
        assert (await house.pass_by(200))["phase"] == "locked"


async def test_a_step_of_another_writer_is_a_stale_step(ledger: SqliteLedger) -> None:
    """The ledger lets one of two write a step; the other follows (R1.4)."""
    async with on_air(ledger) as house, open_house(ledger) as other:
        assert (await other.ask("ask")).error is None
        assert (await house.ask("ask")).error == "stale_step"
        assert house.show == other.show


async def test_a_command_is_finished_when_its_asker_has_gone(
    ledger: SqliteLedger,
) -> None:
    """A panel that reloads in the middle must not leave the show behind."""
    async with on_air(ledger) as house:
        step = house.show.step
        gate = Gate(ledger)
        asker = asyncio.gather(house.ask("ask"))
        await ledger.shows()
        asker.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asker
        await gate.open()
        await house.hosts.reached(step + 1)
        assert (await house.ask("open")).error is None


async def test_a_bug_in_a_command_is_its_askers_and_the_show_goes_on(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_air(ledger) as house:
        with monkeypatch.context() as patch:
            patch.setattr("quizserver.live.conductor.decide", broken)
            with pytest.raises(ZeroDivisionError):
                await house.ask("ask")
        assert (await house.ask("ask")).error is None


async def test_a_bug_whose_asker_has_gone_is_logged(
    ledger: SqliteLedger,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with on_air(ledger) as house:
        monkeypatch.setattr("quizserver.live.conductor.from_row", broken)
        gate = Gate(ledger)
        asker = asyncio.gather(house.ask("ask"))
        await ledger.shows()
        asker.cancel()
        await gate.open()
        # The lock of the conductor is given in turn: the bug has happened.
        with pytest.raises(ZeroDivisionError):
            await house.ask("notice", text="Xin chờ")
        monkeypatch.undo()
        assert (await house.ask("notice", text="Xin chờ")).error == "stale_step"
    assert "whose asker had gone" in caplog.text


def broken(*_: object) -> None:
    """Fail as a bug does."""
    raise ZeroDivisionError


# --- corrections (R1.6) ---------------------------------------------------------


async def test_voiding_after_the_reveal_ranks_the_show_without_the_question(
    ledger: SqliteLedger,
) -> None:
    """A13: raw answers stay, the order is made anew."""
    async with on_air(ledger) as house:
        an, binh = [(await house.join(name)).participant for name in ("An", "Bình")]
        await house.play(**{an: ("B", 1_000), binh: ("A", 2_000)})
        await house.play(**{an: ("A", 1_000), binh: ("C", 2_000)})
        state = await house.do("standings")
        assert [row["name"] for row in state["standings"]] == ["An", "Bình"]
        state = await house.do("void", question="q1", reason="Sai đáp án")
        assert [(row["name"], row["right"]) for row in state["standings"]] == [
            ("Bình", 1),
            ("An", 0),
        ]
        assert (
            len(await ledger.answers_to(CODE, house.show.epoch, house.show.order[0]))
            == 2
        )


async def test_voiding_before_the_reveal_leaves_the_order_alone(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.play(**{an: ("B", 1_000)})
        await house.do("standings")
        await house.open_next()
        state = await house.do("void", reason="Sai đáp án")
        assert [row["name"] for row in state["standings"]] == ["An"]


async def test_a_corrected_key_ranks_everything_anew(ledger: SqliteLedger) -> None:
    """R1.6, R5.6: as if it had been the key all along."""
    async with on_air(ledger) as house:
        an, binh = [(await house.join(name)).participant for name in ("An", "Bình")]
        await house.play(**{an: ("B", 1_000), binh: ("A", 2_000)})
        state = await house.do("standings")
        assert [row["name"] for row in state["standings"]] == ["An", "Bình"]
        state = await house.do(
            "correct_key", question="q1", option="A", reason="Nhầm đáp án"
        )
        assert [(row["name"], row["right"]) for row in state["standings"]] == [
            ("Bình", 1),
            ("An", 0),
        ]
        board = house.show.plays[house.show.order[0]].board
        assert board is not None
        assert [row.participant for row in board.fastest] == [binh]
        row = state["questions"][0]
        assert (row["key"], row["key_was"], row["right"]) == ("A", "B", 1)
        rows = await ledger.answers_to(CODE, house.show.epoch, house.show.order[0])
        assert {r.participant: r.option for r in rows} == {an: "B", binh: "A"}
        assert replay(map(from_row, await ledger.events(CODE))) == house.show


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("void", {"reason": "Sai đề"}),
        ("correct_key", {"option": "A", "reason": "Nhầm đáp án"}),
        ("set_eligible", {"eligible": False, "reason": "Nhân viên"}),
    ],
)
async def test_a_published_result_is_taken_back_by_what_moves_its_winners(
    ledger: SqliteLedger, command: str, fields: dict[str, Any]
) -> None:
    """R1.6, R2.5; the list of shows says so too."""
    async with on_air(ledger) as house:
        an, binh = [(await house.join(name)).participant for name in ("An", "Bình")]
        await house.play(**{an: ("B", 1_000), binh: ("A", 2_000)})
        await house.play(**{an: ("C", 1_000), binh: ("C", 2_000)})
        state = await house.do("end")
        for winner in state["winners"]:
            await house.do(
                "confirm_winner",
                prize=winner["prize"],
                participant=winner["participant"],
            )
        await house.do("confirm", "publish")
        assert [row.phase for row in await ledger.shows()] == ["published"]
        if command == "set_eligible":
            fields = {"participant": an, **fields}
        else:
            fields = {"question": "q1", **fields}
        state = await house.do(command, **fields)
        assert state["phase"] == "ended"
        assert [row.phase for row in await ledger.shows()] == ["ended"]
        assert house.show.decisions == ()
        by_prize = {
            w["prize"]: w["name"]
            for w in state["winners"]
            if w["status"] == "provisional"
        }
        expected = {
            "void": {"q2": "An", "show": "An"},
            "correct_key": {"q1": "Bình", "q2": "An", "show": "Bình"},
            "set_eligible": {"q2": "Bình", "show": "Bình"},
        }
        assert by_prize == expected[command]
        names = {an: "An", binh: "Bình"}
        if command != "set_eligible":
            first = {line.prize: line.candidates[0] for line in house.show.lines}
            heads = {prize: names[row.participant] for prize, row in first.items()}
            assert heads == expected[command], "the new lines, not the old ones"


async def test_the_end_brings_the_lines_for_every_prize(ledger: SqliteLedger) -> None:
    """R5.4: deep enough that no line has to be read again."""
    rules = Rules(timing="received", prize_min_right=2)
    async with on_air(ledger, rules) as house:
        names = ("An", "Bình", "Chi")
        an, binh, chi = [(await house.join(name)).participant for name in names]
        await house.play(**{an: ("B", 200), binh: ("B", 900), chi: ("B", 1_000)})
        await house.play(**{an: ("A", 500), binh: ("A", 900), chi: ("C", 3_000)})
        state = await house.do("end")
        lines = {line.prize: line.candidates for line in house.show.lines}
        assert [row.participant for row in lines["q1"]] == [an, binh, chi]
        assert [row.right for row in lines["q1"]] == [1, 1, 2]
        assert [row.participant for row in lines["show"]] == [chi, an, binh]
        told = [
            (w["name"], w["status"], w.get("reason"))
            for w in state["winners"]
            if w["prize"] == "q1"
        ]
        few = "Đúng 1/3 câu, thể lệ cần ít nhất 2"
        assert told == [
            (
                "An",
                "passed",
                "Trả lời sau 0,20 giây, nhanh hơn mức có thể đọc (0,3 giây)",
            ),
            ("Bình", "passed", few),
            ("Chi", "provisional", None),
        ]


async def test_a_line_reaches_beyond_the_first_ten_to_who_may_win(
    ledger: SqliteLedger,
) -> None:
    """R5.4: whoever has too few right answers is left out of the rest of it."""
    async with on_air(ledger, Rules(timing="received", prize_min_right=2)) as house:
        people = [(await house.join(f"Người {n}")).participant for n in range(12)]
        taps = {who: ("B", 1_000 + 100 * n) for n, who in enumerate(people)}
        await house.play(**taps)
        await house.play(**{people[-1]: ("C", 1_000)})
        await house.do("end")
        (line,) = [line for line in house.show.lines if line.prize == "q1"]
        ids = [row.participant for row in line.candidates]
        assert ids == [*people[:10], people[11]]


@pytest.mark.parametrize("command", ["hide_name", "set_eligible"])
async def test_only_who_takes_part_can_be_marked(
    ledger: SqliteLedger, command: str
) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        fields: dict[str, Any] = {"eligible": False, "reason": "Nhân viên"}
        stranger = await house.ask(command, participant="nobody", **fields)
        assert stranger.error == "unknown_participant"
        assert (await house.ask(command, participant=an, **fields)).error is None


async def test_winners_are_confirmed_or_passed_over_by_name(
    ledger: SqliteLedger,
) -> None:
    """R5.4."""
    async with on_air(ledger) as house:
        an, binh = [(await house.join(name)).participant for name in ("An", "Bình")]
        await house.play(**{an: ("B", 1_000), binh: ("B", 2_000)})
        await house.do("end")
        who: dict[str, Any] = {"prize": "show", "participant": binh}
        assert (await house.ask("confirm_winner", **who)).error == "not_a_winner"
        assert (
            await house.ask("skip_winner", prize="show", participant=an)
        ).error == "reason_missing"
        state = await house.do(
            "skip_winner", prize="show", participant=an, reason="Không đủ điều kiện"
        )
        statuses = {
            w["name"]: w["status"] for w in state["winners"] if w["prize"] == "show"
        }
        assert statuses == {"An": "skipped", "Bình": "provisional"}
        state = await house.do("confirm_winner", **who)
        confirmed = [w for w in state["winners"] if w["status"] == "confirmed"]
        assert [w["participant"] for w in confirmed] == [binh]


# --- a run that is over ---------------------------------------------------------


async def test_a_conductor_that_handed_over_writes_nothing_more(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        old = house.live.conductor
        await house.open_next()
        await house.shows.reset(CODE, HOA)
        message = house.message("lock", step=None)
        assert (await old.command(HOA, message)).error == "not_now"
        house.clock.forward(15_000)
        await house.do("open_lobby")
        assert await steps(house) == ["ShowCreated", "LobbyOpened"]


async def test_a_conductor_that_handed_over_seals_nothing_more(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        house.clock.forward(9_000 - LOCK_LEAD_MS)
        locked = asyncio.gather(house.ask("lock"))
        await house.clock.sleeper(house.opened_ns + SETTLED_NS)
        with full_queue(ledger):
            house.clock.forward(SETTLE_MS)
            await locked
        old = house.live.conductor
        await house.shows.reset(CODE, HOA)
        assert old.show.awaits_seal
        message = house.message("notice", step=None, text="Xin chờ")
        assert (await old.command(HOA, message)).error == "not_now"
        rows = await ledger.events(CODE, old.show.epoch)
        assert rows[-1].name == "QuestionLocked"


async def test_a_timer_that_rang_during_the_handing_over_does_nothing(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.open_next()
        old = house.show.epoch
        gate = Gate(ledger)
        reset = asyncio.gather(house.shows.reset(CODE, HOA))
        await ledger.shows()
        house.clock.forward(15_000)
        await gate.open()
        await reset
        await house.do("open_lobby")
        assert [row.name for row in await ledger.events(CODE, old)][
            -1
        ] == "QuestionOpened"


async def test_a_conductor_begins_with_the_shows_creation(ledger: SqliteLedger) -> None:
    async with on_air(ledger, Rules(timing="received", duration_ms=20_000)) as house:
        first, second = await ledger.events(CODE)
        fresh = Conductor(first, house.around, print)
        assert (fresh.show.step, fresh.show.rules.duration_ms) == (1, 20_000)
        fresh.restore([second])
        assert fresh.show == house.show
        with pytest.raises(AssertionError):
            Conductor(second, house.around, print)
        assert house.show.names.get(ParticipantId("an")) is None
