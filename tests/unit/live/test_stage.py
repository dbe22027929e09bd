"""Telling the screens: in order, each what is theirs, and after a reload the same."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from quizserver.domain import events as e
from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.rundown import Rules
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.commitment import published_hash, seal_code
from quizserver.live.presence import QUIET_NS
from quizserver.store.sqlite import SqliteLedger
from tests.unit.live.house import (
    CODE,
    House,
    Message,
    StageClock,
    on_air,
    open_house,
    said,
    three,
)

NOBODY = ParticipantId("nobody")


def kinds(messages: list[Message]) -> list[str]:
    """Return the types of messages."""
    return [one["type"] for one in messages]


# --- one cue per step -----------------------------------------------------------


async def test_phones_and_overlays_are_told_every_step_once_and_in_order(
    ledger: SqliteLedger,
) -> None:
    async with open_house(ledger) as house:
        await house.create()
        an = (await house.join("An")).participant
        await house.do("open_lobby")
        await house.play(**{an: ("B", 2_000)})
        await house.do("standings", "pause", "resume", "end")
        expected = [
            "lobby",
            "asked",
            "roll",
            "open",
            "locked",
            "sealed",
            "revealed",
            "standings",
            "paused",
            "resumed",
            "ended",
        ]
        overlay = [one for one in house.overlays.heard() if "step" in one]
        phone = [one for one in house.crowd.heard(an) if "step" in one]
        assert kinds(overlay) == kinds(phone) == expected
        assert [one["step"] for one in phone] == list(range(2, 13))
        assert {one["epoch"] for one in phone + overlay} == {house.show.epoch}


async def test_an_event_of_another_run_or_step_is_passed_over(
    ledger: SqliteLedger,
) -> None:
    """The bus may repeat itself or bring what another run left behind."""
    async with on_air(ledger) as house:
        rows = await ledger.events(CODE)
        stage = house.live.stage
        before = stage.show
        for row in (
            rows[-1],
            replace(rows[-1], step=9),
            replace(rows[-1], step=3, epoch="e0"),
            replace(rows[-1], step=3, show=ShowCode("NONE")),
        ):
            stage.receive(row)
        await house.do("ask")
        assert stage.show.step == before.step + 1
        assert kinds(house.overlays.heard()) == ["lobby", "asked"]


async def test_a_fault_in_telling_does_not_stop_the_show(
    ledger: SqliteLedger,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with on_air(ledger) as house:
        faults, tell = [ZeroDivisionError()], house.crowd.tell

        async def fail_once(show: ShowCode, frame: bytes) -> None:
            if faults:
                raise faults.pop()
            await tell(show, frame)

        monkeypatch.setattr(house.crowd, "tell", fail_once)
        reply = await house.ask("ask")
        assert reply.error is None
        await house.do("notice", text="Xin chờ")
        assert house.live.stage.show == house.show
    assert "step 3 of a show was not told" in caplog.text


async def test_without_a_panel_no_host_state_is_made(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        house.hosts.is_there = False
        told = len(house.hosts.payloads)
        await house.ask("ask")
        house.clock.forward(1_000)
        await house.overlays.came("presence")
        assert len(house.hosts.payloads) == told


# --- a phone that comes back (R2.2) ---------------------------------------------


async def test_welcome_says_who_where_and_everything_that_is_on(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an = ParticipantId(
            (await house.join("Nguyễn Văn An", show_name=False)).participant
        )
        welcome = said(await house.live.stage.welcome(an))
        state = welcome.pop("state")
        assert welcome == {
            "type": "welcome",
            "v": 1,
            "epoch": house.show.epoch,
            "step": 2,
            "you": {"id": an, "name": "Nguyễn Văn An"},
            "show": {
                "code": CODE,
                "title": "Số 1",
                "questions": 3,
                "lang": "vi",
                "join_url": "https://thi.example/CCHC1",
                "pack_hash": published_hash(house.show),
            },
        }
        assert {"type": "state", **state} == await house.seen(an)


async def walk(house: House, people: list[str]) -> AsyncIterator[str]:
    """Play a question with everything that can be on a screen; stop at each step."""
    an, binh, _ = people
    yield "lobby"
    for command in ("ask", "open"):
        await house.do(command)
        yield command
    await house.pass_by(3_000)
    yield "opened"
    await house.tap(an, "B", 2_000)
    await house.tap(binh, "A", 3_000)
    yield "answered"
    await house.close()
    yield "closed"
    for command in ("reveal", "standings", "pause", "resume", "notice", "end"):
        await house.do(command, text="Xin chờ")
        yield command


PERSONAL = {"your_answer", "you"}


def impersonal(state: Message) -> Message:
    """Return a snapshot without what is its phone's own."""
    kept = {name: value for name, value in state.items() if name not in PERSONAL}
    for part, own in (("question", "nonce"), ("result", "you")):
        if part in kept:
            kept[part] = {k: v for k, v in kept[part].items() if k != own}
    return kept


async def test_in_every_phase_two_phones_see_the_same_but_for_their_own(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        people = await three(house)
        async for where in walk(house, people):
            first, second, third = [await house.seen(who) for who in people]
            assert impersonal(first) == impersonal(second), where
            assert impersonal(first) == impersonal(third), where


async def test_in_every_phase_a_restart_shows_a_phone_the_same(
    ledger: SqliteLedger,
) -> None:
    """What was told is what the ledger gives back, personal parts included."""
    async with on_air(ledger) as house:
        people = await three(house)
        async for where in walk(house, people):
            before = [await house.seen(who) for who in people]
            clock = StageClock(mono_ns=house.clock.mono_ns, utc=house.clock.utc)
            async with open_house(ledger, clock) as again:
                assert [await again.seen(who) for who in people] == before, where


async def test_somebody_who_joined_through_another_process_is_found(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house, open_house(ledger) as other:
        dung = ParticipantId((await other.join("Dũng")).participant)
        assert dung not in house.live.roster
        assert said(await house.live.stage.welcome(dung))["you"]["name"] == "Dũng"
        assert dung in house.live.roster


async def test_who_is_known_is_greeted_at_once_and_others_when_looked_up(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an = ParticipantId((await three(house))[0])
        stage = house.live.stage
        assert stage.greeting(an) == await stage.welcome(an)
        assert stage.greeting(NOBODY) is None


async def test_somebody_of_another_show_is_not_welcome(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        with pytest.raises(LookupError):
            await house.live.stage.welcome(NOBODY)
        with pytest.raises(LookupError):
            await house.live.stage.snapshot(NOBODY)


# --- seals ----------------------------------------------------------------------


async def test_the_seal_code_is_on_every_screen_before_the_reveal(
    ledger: SqliteLedger,
) -> None:
    """R6.1: in the cue, and for whoever comes later."""
    async with on_air(ledger) as house:
        an, *_ = await three(house)
        await house.open_next()
        assert "seal" not in (await house.seen(an))["question"]
        await house.close()
        code = seal_code(house.show.play.seal)
        cue = {
            "type": "sealed",
            "question": "q1",
            "code": code,
            "epoch": house.show.epoch,
            "step": house.show.step,
        }
        assert house.crowd.heard(an, "sealed") == [cue]
        assert house.overlays.heard("sealed") == [cue]
        assert (await house.seen(an))["question"]["seal"] == code
        overlay = said(await house.live.stage.overlay_state())
        assert overlay["question"]["seal"] == code
        await house.do("reveal")
        assert (await house.seen(an))["question"]["seal"] == code
        await house.do("ask")
        assert "seal" not in (await house.seen(an))["question"]


# --- corrections ----------------------------------------------------------------


async def test_a_question_voided_after_the_reveal_moves_who_stayed_and_who_comes(
    ledger: SqliteLedger,
) -> None:
    """R1.6, R2.2: the list on the screens is the new one for everybody."""
    async with on_air(ledger) as house:
        an, binh, _ = await three(house)
        await house.play(**{an: ("B", 1_000), binh: ("A", 2_000)})
        await house.play(**{an: ("A", 1_000), binh: ("C", 2_000)})
        await house.do("standings")
        await house.do("void", question="q1", reason="Sai đáp án")
        stayed = house.crowd.heard(an, "state")[-1]
        assert stayed == await house.seen(an)
        names = [row["name"] for row in stayed["standings"]["top"]]
        assert names == ["Bình", "An"]
        shown = house.overlays.heard("state")[-1]["standings"]["top"]
        assert [row["name"] for row in shown] == names


async def test_voiding_before_any_list_is_shown_sends_the_cue_alone(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.open_next()
        await house.do("void", reason="Sai đáp án")
        assert kinds(house.crowd.heard(an))[-1] == "voided"
        assert house.crowd.heard(an, "state") == []


async def test_a_corrected_key_is_shown_to_who_stayed_as_to_who_comes(
    ledger: SqliteLedger,
) -> None:
    """R1.6, R2.2: the key, the counts' colours, and everybody's own result."""
    async with on_air(ledger) as house:
        an, binh, _ = await three(house)
        await house.play(**{an: ("B", 1_000), binh: ("A", 2_000)})
        fields = {"question": "q1", "option": "A", "reason": "Nhầm đáp án"}
        await house.do("correct_key", **fields)
        assert kinds(house.crowd.heard(an))[-2:] == ["step", "state"]
        assert kinds(house.overlays.heard())[-2:] == ["step", "state"]
        stayed = {who: house.crowd.heard(who, "state")[-1] for who in (an, binh)}
        for who, state in stayed.items():
            assert state == await house.seen(who)
            assert state["step"] == house.show.step
            assert state["result"]["correct"] == "A"
            assert [row["name"] for row in state["result"]["fastest"]] == ["Bình"]
        assert stayed[an]["result"]["you"]["right"] is False
        assert stayed[binh]["result"]["you"]["rank"] == 1
        assert "Nhầm" not in str(stayed), "why is for the hosts' log"


async def test_another_questions_recount_moves_the_places_under_a_reveal(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an, binh, _ = await three(house)
        await house.play(**{an: ("B", 1_000), binh: ("A", 2_000)})
        await house.play(**{an: ("C", 1_000), binh: ("C", 2_000)})
        await house.do("void", question="q1", reason="Sai đề")
        state = house.crowd.heard(an, "state")[-1]
        assert state == await house.seen(an)
        place = {"right": 1, "total_ms": 1_000, "rank": 1, "streak": 1}
        assert state["result"]["you"]["show"] == place


async def test_a_recount_after_the_end_brings_new_winners_to_the_screens(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an, binh, _ = await three(house)
        await house.play(**{an: ("B", 1_000), binh: ("A", 2_000)})
        await house.do("end")
        fields = {"question": "q1", "option": "A", "reason": "Nhầm đáp án"}
        await house.do("correct_key", **fields)
        state = house.crowd.heard(an, "state")[-1]
        assert [one["name"] for one in state["winner"]] == ["Bình"]
        assert state["you"] == {"right": 0, "total_ms": 0}
        assert state == await house.seen(an)


async def test_a_recount_that_no_screen_shows_is_a_step_alone(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an, binh, _ = await three(house)
        await house.play(**{an: ("B", 1_000), binh: ("A", 2_000)})
        await house.play(**{an: ("C", 1_000)})
        await house.do("void", reason="Sai đề")
        told = len(house.crowd.heard(an))
        fields = {"question": "q1", "option": "A", "reason": "Nhầm đáp án"}
        await house.do("correct_key", **fields)
        assert kinds(house.crowd.heard(an)[told:]) == ["step"]


async def test_why_somebody_wins_nothing_never_leaves_for_the_screens(
    ledger: SqliteLedger,
) -> None:
    """R2.5: the next one is told as winner, and no more."""
    async with on_air(ledger) as house:
        an, binh, _ = await three(house)
        await house.play(**{an: ("B", 1_000), binh: ("B", 2_000)})
        reason = "Nhân viên của đơn vị tổ chức"
        before = len(house.crowd.heard(binh))
        fields = {"participant": an, "eligible": False, "reason": reason}
        await house.do("set_eligible", **fields)
        assert kinds(house.crowd.heard(binh)[before:]) == ["step"]
        state = await house.do("end")
        hosts = [one for one in state["winners"] if one["participant"] == an]
        assert {one["reason"] for one in hosts} == {f"Không được xét giải: {reason}"}
        (ended,) = house.crowd.heard(binh, "ended")
        assert [one["name"] for one in ended["winner"]] == ["Bình"]
        fields = {"participant": binh, "eligible": False, "reason": reason}
        await house.do("set_eligible", **fields)
        assert house.crowd.heard(binh, "ended")[-1]["winner"] == []
        told = [*house.crowd.frames[ParticipantId(binh)], *house.overlays.payloads]
        assert not any("đơn vị tổ chức".encode() in one for one in told)


async def test_names_that_are_hidden_or_changed_are_so_everywhere(
    ledger: SqliteLedger,
) -> None:
    """R2.5: in what was told, in what a newcomer sees, and they still compete."""
    async with on_air(ledger) as house:
        an, binh, _ = await three(house)
        await house.play(**{an: ("B", 1_000), binh: ("B", 2_000)})
        await house.do("hide_name", participant=an)
        await house.do("hide_name", participant=binh, hidden=False, name="Chị Bình")
        await house.do("standings", "end")
        names = ["Người dự thi ẩn tên", "Chị Bình"]
        revealed = house.crowd.heard(an, "revealed")[-1]
        assert [row["name"] for row in revealed["fastest"]] == names
        standings = house.overlays.heard("standings")[-1]
        assert [row["name"] for row in standings["top"]] == names
        state = await house.seen(binh)
        assert [row["name"] for row in state["result"]["fastest"]] == names
        assert [one["name"] for one in state["winner"]] == names[:1]
        assert state["you"]["rank"] == 2


# --- a step back, a picture once more --------------------------------------------


async def test_who_stayed_sees_after_a_step_back_what_who_comes_sees(
    ledger: SqliteLedger,
) -> None:
    """R1.8, R2.2: the reveal with one's own result, from memory or the ledger."""
    async with on_air(ledger) as house:
        an, binh, _ = await three(house)
        await house.play(**{an: ("B", 2_000)})
        before = await house.seen(an)
        await house.do("standings", "ask", "undo", "undo")
        assert house.show.waiting == ("q2", "q3")
        for who in (an, binh):
            told = house.crowd.heard(who)
            assert kinds(told)[-2:] == ["step", "state"]
            assert told[-1] == await house.seen(who)
        now = house.crowd.heard(an)[-1]
        assert {**before, "step": now["step"]} == now
        assert now["result"]["you"]["right"] is True
        assert kinds(house.overlays.heard())[-2:] == ["step", "state"]
        assert house.overlays.heard("state")[-1]["result"] == {
            key: value for key, value in now["result"].items() if key != "you"
        }


async def test_anybodys_state_is_a_phones_without_what_is_its_own(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an, *_ = await three(house)
        await house.play(**{an: ("B", 2_000)})
        state = said(house.live.stage.anybodys_state())
        own = await house.seen(an)
        assert state.pop("show")["code"] == CODE
        assert "you" not in state["result"]
        assert {"you", "your_answer"} <= set(own) - set(state)
        del own["you"], own["your_answer"], own["result"]["you"]
        del own["question"]["nonce"]
        assert state == own


async def test_a_picture_once_more_is_for_overlays_alone(ledger: SqliteLedger) -> None:
    """R1.9."""
    async with on_air(ledger) as house:
        an, *_ = await three(house)
        await house.play(**{an: ("B", 2_000)})
        await house.do("standings")
        await house.do("reshow", picture="reveal", question="q1")
        assert kinds(house.overlays.heard())[-2:] == ["step", "state"]
        state = house.overlays.heard("state")[-1]
        assert (state["phase"], state["result"]["correct"]) == ("revealed", "B")
        assert kinds(house.crowd.heard(an))[-1] == "step"
        assert (await house.seen(an))["phase"] == "standings"
        host = said(await house.live.stage.host_state())
        assert host["again"] == {"picture": "reveal", "question": "q1"}
        # A name that is hidden meanwhile changes that picture and no other.
        await house.do("hide_name", participant=an)
        state = house.overlays.heard("state")[-1]
        assert (state["phase"], state["step"]) == ("revealed", house.show.step)
        assert state["result"]["fastest"][0]["name"] == "Người dự thi ẩn tên"
        await house.do("reshow")
        assert house.overlays.heard("state")[-1]["phase"] == "standings"
        assert "again" not in said(await house.live.stage.host_state())


async def test_a_picture_once_more_shows_a_corrected_key(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        an, *_ = await three(house)
        await house.play(**{an: ("B", 2_000)})
        await house.do("standings")
        await house.do("reshow", picture="reveal", question="q1")
        await house.do("correct_key", question="q1", option="C", reason="Sai đáp án")
        state = house.overlays.heard("state")[-1]
        assert (state["phase"], state["result"]["correct"]) == ("revealed", "C")
        await house.do("ask")
        assert house.overlays.heard("state")[-1]["phase"] == "asked"


# --- overlays -------------------------------------------------------------------


async def test_an_overlay_that_connects_gets_everything_but_what_is_personal(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        an, *_ = await three(house)
        await house.open_next()
        await house.tap(an, "B", 2_000)
        state = said(await house.live.stage.overlay_state())
        assert (state["online"], state["answered"]) == (3, 1)
        assert state["show"]["join_url"] == "https://thi.example/CCHC1"
        assert len(state["question"]["options"]) == 4
        assert not PERSONAL & set(state)
        assert "nonce" not in state["question"]


async def test_after_a_reset_screens_are_told_everything_anew(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.live.stage.tell_all_anew()
        assert house.overlays.heard("state")[-1]["phase"] == "lobby"
        assert house.hosts.heard("state")[-1]["phase"] == "lobby"


# --- the pulse ------------------------------------------------------------------


async def test_presence_is_told_when_it_changed_and_only_then(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        pulse = house.live.stage.pulse
        an, binh, chi = await three(house)
        await pulse()
        await pulse()
        assert house.crowd.heard(an, "presence") == [{"type": "presence", "online": 3}]
        del house.crowd.frames[ParticipantId(chi)]
        await pulse()
        assert house.overlays.heard("presence")[-1]["online"] == 2
        await house.open_next()
        await pulse()  # in the second in which it opens phones hear of no answers
        await house.tap(binh, "B", 2_000)
        await pulse()
        last = house.crowd.heard(an, "presence")[-1]
        assert last == {"type": "presence", "online": 2, "answered": 1}
        told = len(house.overlays.heard("presence"))
        await pulse()
        assert len(house.overlays.heard("presence")) == told


async def test_a_large_audience_is_told_over_how_long_to_come_back(
    ledger: SqliteLedger,
) -> None:
    """4,000 phones a second; few need no such word (P3)."""
    async with on_air(ledger) as house:
        an, *_ = await three(house)
        for number in range(1_997):
            house.crowd.frames[ParticipantId(f"other{number}")] = []
        stage = house.live.stage
        assert (stage.presence().online, stage.presence().spread_ms) == (2_000, 500)
        await stage.pulse()
        assert house.crowd.heard(an, "presence") == [], "everybody is coming"
        await stage.pulse()
        assert house.crowd.heard(an, "presence") == [
            {"type": "presence", "online": 2_000, "spread_ms": 500}
        ]
        for number in range(1_197, 1_997):
            del house.crowd.frames[ParticipantId(f"other{number}")]
        assert (stage.presence().online, stage.presence().spread_ms) == (1_200, None)


async def test_presence_is_told_at_least_every_ten_seconds(
    ledger: SqliteLedger,
) -> None:
    """So that a page which hears nothing knows that its link is dead."""
    async with on_air(ledger) as house:
        an, *_ = await three(house)
        pulse, heard = house.live.stage.pulse, house.crowd.heard
        await pulse()
        assert len(heard(an, "presence")) == 1
        house.clock.mono_ns += QUIET_NS - NS_PER_MS
        await pulse()
        assert len(heard(an, "presence")) == 1
        house.clock.mono_ns += NS_PER_MS
        await pulse()
        await pulse()
        assert heard(an, "presence") == [{"type": "presence", "online": 3}] * 2
        assert len(house.overlays.heard("presence")) == 2


async def test_how_many_answered_is_told_while_it_matters(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        an, *_ = await three(house)
        answered = []
        presence = house.live.stage.presence
        answered.append(presence().answered)
        await house.open_next()
        answered.append(presence().answered)
        await house.tap(an, "B", 2_000)
        answered.append(presence().answered)
        await house.close()
        answered.append(presence().answered)
        await house.do("reveal")
        answered.append(presence().answered)
        assert answered == [None, 0, 1, 1, None]


async def test_a_show_that_does_not_ask_first_opens_from_the_lobby(
    ledger: SqliteLedger,
) -> None:
    """R1.3."""
    async with on_air(ledger, Rules(timing="received", ask_first=False)) as house:
        an = (await house.join("An")).participant
        await house.do("open")
        bare = {"id": "q1", "number": 1, "total": 3}
        assert house.crowd.heard(an, "roll")[0]["question"] == bare
        assert "text" not in (await house.seen(an))["question"]
        await house.pass_by(3_000)
        assert house.crowd.heard(an, "open")[0]["question"]["text"] == "Câu hỏi q1?"


async def test_hosts_are_told_anew_when_everybody_was_compared(
    ledger: SqliteLedger,
) -> None:
    """R4.11: the notes on the winners are late by some seconds."""
    async with on_air(ledger) as house:
        await house.play()
        await house.do("end")
        seen = len(house.hosts.heard("state"))
        while len(house.hosts.heard("state")) == seen:
            await asyncio.to_thread(lambda: None)
            await house.live.stage.pulse()


async def test_the_stage_follows_an_event_as_it_is(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        stage = house.live.stage
        await asyncio.gather(stage.apply(e.NoticePosted(text="Xin chờ")))
        assert (stage.show.notice, stage.show.step) == ("Xin chờ", 3)
