"""All shows of a process: made once, restored whole, reset without a gap."""

import asyncio
from dataclasses import replace

import pytest

from quizserver.domain.ids import ShowCode
from quizserver.domain.outputs import OutputSettings, Position
from quizserver.domain.rundown import Rules
from quizserver.domain.stream import Stream
from quizserver.live.access import Actor, Role
from quizserver.live.ports import LedgerDown
from quizserver.live.shows import ShowExists
from quizserver.store.sqlite import SqliteLedger
from quizserver.wire.common import Close
from quizserver.wire.parts import SettingsPart
from tests.shows import pack
from tests.unit.live.house import (
    CODE,
    HOA,
    House,
    full_queue,
    on_air,
    open_house,
    unreadable,
)


async def make(house: House, code: str) -> None:
    """Make another show."""
    await house.shows.create(
        ShowCode(code), pack(), title=code, lang="vi", rules=Rules(), actor="Hoa"
    )


async def test_a_new_show_is_a_draft_with_its_rules_frozen(
    ledger: SqliteLedger,
) -> None:
    async with open_house(ledger) as house:
        await house.create(Rules(duration_ms=20_000))
        show = house.live.stage.show
        assert (show.phase, show.step, show.rules.duration_ms) == ("draft", 1, 20_000)
        (row,) = await house.shows.listed()
        assert (row.code, row.title, row.phase) == (CODE, "Số 1", "draft")
        assert house.shows.get(ShowCode("NONE")) is None


async def test_a_code_is_given_once_also_when_two_ask_at_the_same_time(
    ledger: SqliteLedger,
) -> None:
    """A second creation would begin the first show anew."""
    async with open_house(ledger) as house:
        made = await asyncio.gather(
            house.create(), house.create(), return_exceptions=True
        )
        assert [type(one) for one in made] == [type(None), ShowExists]
        epoch = house.show.epoch
        with pytest.raises(ShowExists):
            await house.create()
        assert house.show.epoch == epoch


async def test_a_show_that_cannot_be_stored_is_not_made(ledger: SqliteLedger) -> None:
    async with open_house(ledger) as house:
        with full_queue(ledger), pytest.raises(LedgerDown):
            await house.create()
        assert house.shows.get(CODE) is None
        await house.create()


async def test_a_restart_brings_every_show_back(ledger: SqliteLedger) -> None:
    """R2.2."""
    async with on_air(ledger) as house:
        await make(house, "CCHC2")
        an = await house.join("An", via="ktv")
        await house.play(**{an.participant: ("B", 2_000)})
        show, state = house.show, await house.seen(an.participant)
    async with open_house(ledger) as again:
        assert again.show == show
        assert again.live.stage.show == show
        assert await again.seen(an.participant) == state
        assert [row.code for row in await again.shows.listed()] == [CODE, "CCHC2"]
        assert again.live.roster.via == {"ktv": 1}
        assert again.admission.identify(an.token, CODE) == an.participant


async def test_the_show_on_air_is_the_one_between_lobby_and_end(
    ledger: SqliteLedger,
) -> None:
    async with open_house(ledger) as house:
        assert house.shows.on_air() is None
        await make(house, "CCHC2")
        await house.create()
        assert house.shows.on_air() is None
        await house.do("open_lobby")
        assert house.shows.on_air() == CODE
        await house.do("pause")
        assert house.shows.on_air() == CODE
        await house.do("resume", "end")
        assert house.shows.on_air() is None


async def test_a_room_is_there_for_each_show(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        room = house.shows.room(CODE)
        assert room is not None
        assert (room.show, room.roster) == (house.show, house.live.roster)
        assert house.shows.room(ShowCode("NONE")) is None


async def test_an_event_of_a_show_that_is_not_here_is_passed_over(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        (row, *_) = await ledger.events(CODE)
        await house.bus.publish(replace(row, show=ShowCode("NONE")))
        await house.do("ask")


# --- beginning anew -------------------------------------------------------------


async def test_a_reset_begins_anew_and_keeps_what_was_played(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger, Rules(timing="received", duration_ms=20_000)) as house:
        an = await house.join("An")
        await house.play(**{an.participant: ("B", 2_000)})
        old = house.show.epoch
        owner = Actor(name="Chủ", role=Role.OWNER)
        await house.shows.reset(CODE, owner)
        show = house.show
        assert (show.phase, show.step, show.rules.duration_ms) == ("draft", 1, 20_000)
        assert show.epoch != old
        assert len(house.live.roster) == 0
        assert house.admission.identify(an.token, CODE) is None
        (created,) = await ledger.events(CODE)
        assert created.actor == "Chủ"
        assert len(await ledger.events(CODE, old)) == 8
        assert house.crowd.dismissed == [(CODE, Close.TOKEN)]
        assert house.overlays.heard("state")[-1]["epoch"] == show.epoch
        assert house.hosts.heard("state")[-1]["epoch"] == show.epoch
    async with open_house(ledger) as again:
        assert again.show == show


async def erased(ledger: SqliteLedger, epoch: str) -> None:
    """Return when nobody of a run is kept any more."""
    async with asyncio.timeout(10):
        while await ledger.registrations(CODE, epoch):
            pass


async def test_a_reset_erases_who_took_part(ledger: SqliteLedger) -> None:
    """R2.6: nobody of the old run could see or erase what is kept of them."""
    async with on_air(ledger) as house:
        await house.join("An")
        old = house.show.epoch
        await house.shows.reset(CODE, HOA)
        binh = await house.join("Bình")
        await erased(ledger, old)
        (left,) = await ledger.registrations(CODE, house.show.epoch)
        assert left.participant == binh.participant


async def test_who_took_part_is_erased_when_the_ledger_is_back(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget, failed = ledger.forget_past_runs, asyncio.Event()

    async def tried() -> None:
        if not failed.is_set():
            failed.set()
            raise LedgerDown("disk_full")
        await forget()

    async with on_air(ledger) as house:
        await house.join("An")
        old = house.show.epoch
        monkeypatch.setattr(ledger, "forget_past_runs", tried)
        await house.shows.reset(CODE, HOA)
        await failed.wait()
        assert len(await ledger.registrations(CODE, old)) == 1
        house.clock.forward(1_000)
        await erased(ledger, old)


async def test_the_next_start_erases_whom_a_killed_process_left(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed() -> None:
        raise LedgerDown("closed")

    async with on_air(ledger) as house:
        await house.join("An")
        old = house.show.epoch
        with monkeypatch.context() as patch:
            patch.setattr(ledger, "forget_past_runs", killed)
            await house.shows.reset(CODE, HOA)
            await house.join("Bình")
    async with open_house(ledger) as again:
        await erased(ledger, old)
        assert len(await ledger.registrations(CODE, again.show.epoch)) == 1


async def test_a_new_run_has_a_salt_of_its_own(ledger: SqliteLedger) -> None:
    """R6.2: 256 bits, so that no hash of a pack can be tried or compared."""
    async with on_air(ledger) as house:
        salts = [house.show.salt]
        await house.shows.reset(CODE, HOA)
        salts.append(house.show.salt)
        assert len(set(salts)) == 2
        assert {len(bytes.fromhex(salt)) for salt in salts} == {32}
    async with open_house(ledger) as again:
        assert again.show.salt == salts[1]


async def test_a_reset_keeps_what_was_prepared(ledger: SqliteLedger) -> None:
    """Whoever sets things up in the rehearsal does not do so twice (`afresh`)."""
    settings = SettingsPart(theme="sen", delay_ms=2_000)
    async with on_air(ledger) as house:
        await house.do("set_output", output="stage 16x9", settings=settings)
        await house.do("place", question="q2", position="side")
        await house.do("stream", aligned=True, delays={"ktv": 9_000})
        shuffled = tuple(reversed(house.show.order))
        await house.do("reorder", order=shuffled)
        await house.shows.reset(CODE, HOA)
        assert house.show.step == 5
        assert house.show.stream == Stream(aligned=True, delays={"ktv": 9_000})
        assert house.show.order == shuffled
        assert house.show.outputs == {
            "stage 16x9": OutputSettings(theme="sen", delay_ms=2_000)
        }
        assert house.show.positions == {"q2": Position.SIDE}


async def test_of_two_resets_at_once_none_loses_what_was_prepared(
    ledger: SqliteLedger,
) -> None:
    """A double click, or a panel beside the command line."""
    async with on_air(ledger) as house:
        await house.do("stream", aligned=True, delays={"ktv": 9_000})
        old = house.show.epoch
        resets = (house.shows.reset(CODE, HOA) for _ in range(2))
        await asyncio.gather(*resets)
        assert house.show.epoch != old
        assert house.show.stream == Stream(aligned=True, delays={"ktv": 9_000})


async def test_what_could_not_be_set_again_is_in_the_log(
    ledger: SqliteLedger, caplog: pytest.LogCaptureFixture
) -> None:
    async with on_air(ledger) as house:
        await house.do("stream", aligned=True, delays={"ktv": 9_000})
        await house.shows.reset(CODE, Actor(name="Kiểm", role=Role.AUDITOR))
        assert house.show.stream == Stream()
    assert "stream was not set again: forbidden" in caplog.text


async def test_a_reset_that_cannot_be_stored_leaves_the_show_running(
    ledger: SqliteLedger,
) -> None:
    """A full disk at the wrong click must not take the show off the air."""
    async with on_air(ledger) as house:
        await house.open_next()
        with full_queue(ledger), pytest.raises(LedgerDown):
            await house.shows.reset(CODE, HOA)
        await house.close()
        await house.do("reveal")


async def test_only_a_show_that_is_there_can_be_reset(ledger: SqliteLedger) -> None:
    async with open_house(ledger) as house:
        with pytest.raises(LookupError):
            await house.shows.reset(CODE, HOA)


# --- the pulse ------------------------------------------------------------------


async def test_once_a_second_the_numbers_are_told(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        await house.join("An")
        house.clock.forward(1_000)
        live = await house.hosts.came("live")
        assert (live["live"]["online"], live["live"]["joined"]) == (1, 1)
        assert house.overlays.heard("presence") == [{"type": "presence", "online": 1}]


async def test_ledger_that_cannot_be_read_keeps_no_concern_from_the_host(
    ledger: SqliteLedger,
) -> None:
    """The panel says why answers are not stored; who is fastest has to wait."""
    async with on_air(ledger) as house:
        an = (await house.join("An")).participant
        await house.open_next()
        await house.tap(an, "B", 900)
        house.hosts.payloads.clear()
        with unreadable(ledger):
            house.clock.forward(1_000)
            live = await house.hosts.came("live")
        assert live["live"]["accepted"] == 1
        assert "health" in live["live"]
        assert "fastest" not in live["live"]
        house.hosts.payloads.clear()
        house.clock.forward(1_000)
        live = await house.hosts.came("live")
        assert len(live["live"]["fastest"]) == 1
