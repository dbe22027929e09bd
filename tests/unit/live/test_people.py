"""What people ask about their own data, in one process and in two (R2.6)."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from quizserver.bus.memory import MemoryBus
from quizserver.domain import events as e
from quizserver.domain.ids import ParticipantId
from quizserver.domain.rejections import Reason
from quizserver.live import people
from quizserver.live.journaled import from_row, next_row
from quizserver.live.people import PACE_NS, THEMSELVES, WishWaits
from quizserver.live.ports import LedgerDown
from quizserver.live.rows import Correction, EventRow
from quizserver.store.sql_ledger import SqlLedger
from quizserver.wire.common import Close
from quizserver.wire.phone import Joined
from tests.unit.live.house import (
    CODE,
    HOA,
    Gate,
    House,
    full_queue,
    on_air,
    open_house,
)
from tests.unit.live.test_sharing import Pair, joined

WITHDRAWN = "Người dự thi đã rút"
PACE_MS = PACE_NS // 1_000_000


@pytest.fixture
async def house(ledger: SqlLedger) -> AsyncIterator[House]:
    """A show in its lobby."""
    async with on_air(ledger) as one:
        yield one


def who(seat: Joined) -> ParticipantId:
    return ParticipantId(seat.participant)


def public(house: House, seat: Joined) -> str:
    """Return what screens call somebody."""
    return house.live.roster.public_name(house.live.stage.show, who(seat))


async def told(house: House) -> None:
    """Wait until screens were told of the last step."""
    await house.hosts.reached(house.show.step)


async def last_event(house: House) -> tuple[EventRow, e.Event]:
    rows = await house.ledger.events(CODE)
    return rows[-1], from_row(rows[-1])


async def test_an_erased_person_is_kept_no_more_and_their_token_opens_nothing(
    house: House,
) -> None:
    """R2.6: the row is gone, with the token, the recovery code and the socket."""
    an, binh = await house.join("Nguyễn Văn An"), await house.join("Trần Thị Bình")
    assert await house.live.people.erase(who(an)) is None
    assert house.admission.identify(an.token, CODE) is None
    assert await house.admission.recover(CODE, an.recovery_code) is None
    assert await house.live.people.kept(who(an)) is None
    await told(house)
    assert house.crowd.dismissed == [(CODE, Close.TOKEN)]
    assert list(house.crowd.frames) == [who(binh)]
    assert (public(house, an), public(house, binh)) == (WITHDRAWN, "Trần Thị Bình")
    assert house.live.roster.own_name(who(an)) == ""
    with pytest.raises(LookupError):
        await house.live.stage.welcome(who(an))
    assert house.admission.identify(binh.token, CODE) == who(binh)


async def test_the_log_says_who_left_and_nothing_that_names_them(house: House) -> None:
    """R6.3: no personal data in the journal."""
    an = await house.join("Nguyễn Văn An")
    await house.do("hide_name", participant=an.participant, name="Chị A")
    assert await house.live.people.erase(who(an)) is None
    row, event = await last_event(house)
    assert row.actor == THEMSELVES
    assert event == e.PeopleErased(participants=(who(an),), reason="")
    kept = "".join(one.data for one in await house.ledger.events(CODE))
    assert "Chị A" not in kept
    assert "Nguyễn" not in kept


async def test_ranks_and_others_answers_stay_when_somebody_leaves_in_mid_question(
    house: House,
) -> None:
    """R2.6, R5.6: answers are pseudonyms' and stay."""
    an, binh = await house.join("Nguyễn Văn An"), await house.join("Trần Thị Bình")
    await house.open_next()
    await house.tap(an.participant, "B", 2_000)
    with pytest.raises(WishWaits):
        await house.live.people.erase(who(an))
    receipt = await house.tap(binh.participant, "B", 3_000)
    assert (receipt["status"], receipt["time_ms"]) == ("accepted", 3_000)
    await house.close()
    closed = house.show.step
    house.clock.forward(PACE_MS)
    await house.hosts.reached(closed + 1)
    await house.do("reveal")
    (revealed,) = house.overlays.heard("revealed")
    assert [(row["rank"], row["name"]) for row in revealed["fastest"]] == [
        (1, WITHDRAWN),
        (2, "Trần Thị Bình"),
    ]
    state = await house.do("standings", "end")
    claims = [(row["name"], row["status"]) for row in state["winners"]]
    assert claims == [(WITHDRAWN, "passed"), ("Trần Thị Bình", "provisional")] * 2


async def test_a_board_on_the_screens_is_told_again_without_the_name(
    house: House,
) -> None:
    an = await house.join("Nguyễn Văn An")
    binh = await house.join("Trần Thị Bình")
    await house.play(**{an.participant: ("B", 2_000)})
    assert await house.live.people.erase(who(binh)) is None
    await told(house)
    assert len(house.overlays.heard("revealed")) == 1, "Bình stands on no board"
    house.clock.forward(PACE_MS)
    assert await house.live.people.erase(who(an)) is None
    await told(house)
    again = house.overlays.heard("revealed")[-1]
    assert [row["name"] for row in again["fastest"]] == [WITHDRAWN]


async def test_a_withdrawn_name_becomes_initials_everywhere_at_once(
    house: House,
) -> None:
    """R2.1."""
    an = await house.join("Nguyễn Văn An")
    await house.play(**{an.participant: ("B", 2_000)})
    change = Correction(participant=who(an), show_name=False, contact=False)
    assert await house.live.people.correct(change) is None
    await told(house)
    assert public(house, an) == "N. V. A."
    again = house.overlays.heard("revealed")[-1]
    assert [row["name"] for row in again["fastest"]] == ["N. V. A."]
    kept = await house.live.people.kept(who(an))
    assert kept is not None
    assert (kept.consent.show_name, kept.consent.contact) == (False, False)
    assert kept.consent.play
    assert await last_event(house) == (
        (await house.ledger.events(CODE))[-1],
        e.PeopleChanged(participants=(who(an),)),
    )


async def test_a_corrected_name_waits_to_be_passed_like_a_new_one(house: House) -> None:
    """R2.5, R2.6."""
    an = await house.join("Nguyễn Văn Anh")
    await house.do("hold_names")
    await house.do("hide_name", participant=an.participant, hidden=False)
    assert public(house, an) == "Nguyễn Văn Anh"
    change = Correction(participant=who(an), name="Nguyễn Văn Ân", unit="Sở")
    assert await house.live.people.correct(change) is None
    await told(house)
    assert public(house, an) == "N. V. Â."
    assert house.live.roster.full_name(house.show, who(an)) == "Nguyễn Văn Ân"
    assert house.live.roster.unit(who(an)) == "Sở"


async def test_a_name_is_not_corrected_once_the_show_goes(house: House) -> None:
    an = await house.join("Nguyễn Văn An")
    await house.open_next()
    change = Correction(participant=who(an), name="Người khác")
    assert await house.live.people.correct(change) is Reason.NOT_NOW
    kept = await house.live.people.kept(who(an))
    assert kept is not None
    assert kept.name == "Nguyễn Văn An"


async def test_what_many_ask_within_a_second_is_one_step(house: House) -> None:
    """Each step goes to every phone: nobody may buy a thousand with a thousand."""
    seats = [await house.join(f"Người {n}") for n in range(6)]
    before = house.show.step
    assert await house.live.people.erase(who(seats[0])) is None
    asked = asyncio.gather(*(house.live.people.erase(who(one)) for one in seats[1:5]))
    consent = Correction(participant=who(seats[5]), show_name=False)
    other = asyncio.gather(house.live.people.correct(consent), house.ledger.flush())
    start = house.clock.monotonic_ns()
    await house.clock.sleeper(start + PACE_NS)
    assert house.show.step == before + 1
    house.clock.forward(PACE_MS)
    assert await asked == [None] * 4
    assert house.show.step == before + 2
    await house.clock.sleeper(start + 2 * PACE_NS)
    house.clock.forward(PACE_MS)
    corrected, _ = await other
    assert corrected is None
    assert house.show.step == before + 3


async def test_who_goes_away_is_erased_all_the_same(house: House) -> None:
    """A phone that is closed after the tap has still asked."""
    an = await house.join("Nguyễn Văn An")
    before = house.show.step
    gate = Gate(house.ledger)
    asked = asyncio.gather(house.live.people.erase(who(an)))
    await house.ledger.shows()
    asked.cancel()
    await gate.open()
    await house.hosts.reached(before + 1)
    assert await house.live.people.kept(who(an)) is None


async def test_what_waits_when_the_server_stops_is_not_said_to_be_done(
    ledger: SqlLedger,
) -> None:
    async with on_air(ledger) as house:
        an, binh = await house.join("An"), await house.join("Bình")
        await house.live.people.erase(who(an))
        asked = asyncio.gather(house.live.people.erase(who(binh)))
        await ledger.shows()  # so that it has asked
    with pytest.raises(asyncio.CancelledError):
        await asked
    left = await ledger.registrations(CODE, house.show.epoch)
    assert [one.name for one in left] == ["Bình"]


async def test_what_waits_for_a_question_is_done_when_the_server_is_stopped(
    house: House,
) -> None:
    """Who was told that it will be done is asked nothing again."""
    an, binh = await house.join("Nguyễn Văn An"), await house.join("Trần Thị Bình")
    await house.open_next()
    people = house.live.people
    other = Correction(participant=who(binh), phone="0912345678")
    for wish in (people.erase(who(an)), people.correct(other)):
        with pytest.raises(WishWaits):
            await wish
    with full_queue(house.ledger):
        await house.shows.finish()  # nobody holds up the stop
    assert await people.kept(who(an)) is not None
    await house.shows.finish()
    assert await people.kept(who(an)) is None
    kept = await people.kept(who(binh))
    assert kept is not None
    assert kept.phone == other.phone


async def test_after_a_stop_has_done_what_waited_its_worker_finds_nothing(
    house: House,
) -> None:
    an, binh = await house.join("Nguyễn Văn An"), await house.join("Trần Thị Bình")
    await house.open_next()
    with pytest.raises(WishWaits):
        await house.live.people.erase(who(an))
    await house.ledger.shows()  # so that the worker waits for the question
    await house.shows.finish()
    await house.close()
    for _ in range(3):
        house.clock.forward(PACE_MS)
        await house.ledger.shows()  # so that it has woken
    assert await house.live.people.erase(who(binh)) is None


async def test_a_stop_of_one_process_holds_up_no_question_of_the_others(
    ledger: SqlLedger,
) -> None:
    """R4.1: its step would go to every phone of theirs."""
    async with open_house(ledger, bus=MemoryBus()) as house:
        await house.create()
        await house.do("open_lobby")
        an = await house.join("Nguyễn Văn An")
        await house.open_next()
        with pytest.raises(WishWaits):
            await house.live.people.erase(who(an))
        stopping = asyncio.gather(house.shows.finish())
        await ledger.shows()
        assert await house.live.people.kept(who(an)) is not None
        await house.close()
        while not stopping.done():
            house.clock.forward(PACE_MS)
            await ledger.shows()
        assert await house.live.people.kept(who(an)) is None


async def test_a_full_line_is_told_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "BOUND", 0)
    an = await house.join("Nguyễn Văn An")
    with pytest.raises(LedgerDown):
        await house.live.people.erase(who(an))


async def test_nobody_is_held_up_by_a_step_while_a_question_opens_or_is_open(
    house: House,
) -> None:
    """R4.1: a step goes to every phone."""
    an, binh = await house.join("Nguyễn Văn An"), await house.join("Trần Thị Bình")
    await house.do("ask", "open")
    rolling = house.show.step
    for is_repeat in (False, True):  # whoever asks is told at once that it waits
        with pytest.raises(WishWaits) as waits:
            await house.live.people.erase(who(an))
        assert waits.value.is_repeat is is_repeat
    await house.pass_by(house.show.rules.roll_ms)
    assert house.show.step == rolling + 1
    receipt = await house.tap(binh.participant, "B", 3_000)
    assert receipt["status"] == "accepted"
    house.clock.forward(2 * PACE_MS)
    await house.ledger.shows()
    assert house.show.step == rolling + 1
    await house.close()
    closed = house.show.step
    house.clock.forward(PACE_MS)
    await house.hosts.reached(closed + 1)
    assert await house.live.people.kept(who(an)) is None


async def test_who_waits_when_a_question_begins_is_told_and_a_name_comes_too_late(
    house: House,
) -> None:
    an, binh = await house.join("Nguyễn Văn An"), await house.join("Trần Thị Bình")
    chi = await house.join("Lê Chi")
    assert await house.live.people.erase(who(chi)) is None
    name = Correction(participant=who(an), name="Nguyễn Văn Ân")
    asked = asyncio.gather(
        house.live.people.erase(who(binh)),
        house.live.people.correct(name),
        return_exceptions=True,
    )
    await house.ledger.shows()
    await house.do("ask", "open")
    house.clock.forward(PACE_MS)
    waits, late = await asked
    assert isinstance(waits, WishWaits)
    assert late is Reason.NOT_NOW


async def test_what_waits_for_a_question_is_tried_until_the_ledger_takes_it(
    house: House,
) -> None:
    """Who was told that it will be done does not wait to be told that it was not."""
    an = await house.join("Nguyễn Văn An")
    await house.open_next()
    with pytest.raises(WishWaits):
        await house.live.people.erase(who(an))
    await house.close()
    closed = house.show.step
    with full_queue(house.ledger):
        house.clock.forward(PACE_MS)
        await house.ledger.shows()
    assert await house.live.people.kept(who(an)) is not None
    house.clock.forward(PACE_MS)
    await house.hosts.reached(closed + 1)
    assert await house.live.people.kept(who(an)) is None


async def test_of_one_person_one_correction_waits_and_erasures_go_first(
    house: House,
) -> None:
    """A line that one viewer fills with wishes keeps nobody's from being done."""
    an, binh, chi = [await house.join(name) for name in ("An", "Bình", "Chi")]
    assert await house.live.people.erase(who(chi)) is None
    consent = Correction(participant=who(an), show_name=False)
    first = asyncio.gather(house.live.people.correct(consent))
    await house.ledger.shows()
    with pytest.raises(WishWaits) as waits:
        await house.live.people.correct(consent)
    assert waits.value.is_repeat
    leaving = asyncio.gather(house.live.people.erase(who(binh)))
    await house.ledger.shows()
    house.clock.forward(PACE_MS)
    assert not any(await leaving)
    assert not first.done()
    house.clock.forward(PACE_MS)
    assert not any(await first)


async def test_while_the_ledger_is_away_nothing_is_said_to_be_done(
    house: House,
) -> None:
    an = await house.join("Nguyễn Văn An")
    with full_queue(house.ledger), pytest.raises(LedgerDown):
        await house.live.people.erase(who(an))
    assert house.admission.identify(an.token, CODE) == who(an)
    house.clock.forward(PACE_MS)
    assert await house.live.people.erase(who(an)) is None


async def test_a_bug_in_a_wish_is_the_askers_and_stops_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    an = await house.join("Nguyễn Văn An")
    with monkeypatch.context() as broken:
        broken.setattr(people, "_command", lambda wishes: None)
        with pytest.raises(Exception, match="NoneType"):
            await house.live.people.erase(who(an))
    assert "what people asked about their data failed" in caplog.text
    assert "Nguyễn" not in caplog.text
    house.clock.forward(PACE_MS)
    assert await house.live.people.erase(who(an)) is None


async def test_a_run_that_was_reset_takes_no_wishes(house: House) -> None:
    an = await house.join("Nguyễn Văn An")
    old = house.live.people
    await house.shows.reset(CODE, HOA)
    assert await old.erase(who(an)) is Reason.NOT_NOW


async def test_after_a_restart_nobody_is_remembered_who_left(
    ledger: SqlLedger,
) -> None:
    """The count of those who took part stays (R2.3)."""
    async with on_air(ledger) as house:
        an = await house.join("Nguyễn Văn An", via="a")
        await house.join("Trần Thị Bình", via="a")
        await house.live.people.erase(who(an))
        live = house.show
    async with open_house(ledger) as again:
        assert again.show == live
        assert public(again, an) == WITHDRAWN
        assert again.admission.identify(an.token, CODE) is None
        assert (len(again.live.roster), again.live.roster.via["a"]) == (2, 2)


async def test_when_the_time_is_over_everybody_is_erased(house: House) -> None:
    """R2.7: winners keep their prizes; nobody is named any more."""
    an = await house.join("Nguyễn Văn An")
    await house.play(**{an.participant: ("B", 2_000)})
    await house.do("end", "confirm_winner", prize="show", participant=an.participant)
    assert await house.live.people.expire(1, "timer") is None
    await told(house)
    assert house.crowd.dismissed == [(CODE, Close.TOKEN)]
    assert await house.ledger.registrations(CODE, house.show.epoch) == []
    winner = house.overlays.heard("ended")[-1]["winner"]
    assert [row["name"] for row in winner] == ["Người dự thi ẩn tên"]
    with pytest.raises(LookupError):
        await house.live.stage.welcome(who(an))


async def test_an_export_is_noted_with_who_and_how_many(house: House) -> None:
    """R6.3."""
    assert await house.live.people.note_export("csv", 12, "Hoa") is None
    row, event = await last_event(house)
    assert (row.actor, event) == ("Hoa", e.PeopleExported(form="csv", people=12))


async def test_how_many_answers_are_kept_is_told(house: House) -> None:
    an = await house.join("Nguyễn Văn An")
    await house.play(**{an.participant: ("B", 2_000)})
    assert await house.live.people.answers(who(an)) == 1


# --- several processes ------------------------------------------------------------


@pytest.fixture
async def pair(
    open_shared: Callable[[], SqlLedger],
) -> AsyncIterator[Pair]:
    """Two processes with one ledger."""
    async with joined(open_shared()) as two:
        yield two


async def test_every_process_forgets_who_was_erased_at_one(pair: Pair) -> None:
    """R2.6: and what a late row brings changes nothing."""
    an = await pair.one.join("Nguyễn Văn An")
    stage = pair.two.live.stage
    await stage.know(who(an))
    rows = await pair.ledger.roster(CODE, pair.one.show.epoch)
    assert public(pair.two, an) == "Nguyễn Văn An"
    assert await pair.one.live.people.erase(who(an)) is None
    await pair.agree()
    pair.two.live.roster.fill(rows)
    pair.two.live.roster.renew(rows)
    assert public(pair.two, an) == WITHDRAWN
    assert pair.two.live.roster.missing([who(an)]) == set()
    assert pair.two.admission.identify(an.token, CODE) is None


async def test_every_process_learns_a_new_name_from_the_ledger(pair: Pair) -> None:
    an = await pair.one.join("Nguyễn Văn Anh")
    await pair.two.live.stage.know(who(an))
    change = Correction(participant=who(an), name="Nguyễn Văn Ân")
    assert await pair.one.live.people.correct(change) is None
    await pair.agree()
    assert public(pair.two, an) == "Nguyễn Văn Ân"


async def test_two_who_are_erased_at_two_processes_are_two_steps(pair: Pair) -> None:
    """A step is taken once; the other process decides again."""
    an, binh = await pair.one.join("An"), await pair.two.join("Bình")
    seats = (pair.one, an), (pair.two, binh)
    asked = await asyncio.gather(
        *(house.live.people.erase(who(seat)) for house, seat in seats)
    )
    assert asked == [None, None]
    await pair.agree()
    assert pair.one.show.withdrawn == {who(an), who(binh)}


async def test_of_two_processes_that_erase_the_same_person_one_has_done_it(
    pair: Pair,
) -> None:
    an = await pair.one.join("An")
    asked = await asyncio.gather(
        *(house.live.people.erase(who(an)) for house in (pair.one, pair.two))
    )
    assert sorted(asked, key=str) == [None, Reason.UNKNOWN_PARTICIPANT]
    await pair.agree()


async def test_a_step_that_is_taken_and_cannot_be_read_is_not_decided_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R1.4: what another process wrote must be known first."""
    an = await house.join("An")
    told = e.NoticePosted(text="Từ tiến trình khác")
    row = next_row(house.show, told, at_ms=0, actor="Hoa", ref="")
    await house.ledger.append(row)

    async def nothing(*_: object, **__: object) -> list[EventRow]:
        return []

    monkeypatch.setattr(house.ledger, "events", nothing)
    with pytest.raises(LedgerDown):
        await house.live.people.erase(who(an))
