"""Joining and coming back: a person, not a socket."""

import asyncio

import pytest

from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Rules
from quizserver.live.admission import Admission, Refusal, checked_form
from quizserver.live.guesses import EACH_MS, FREE
from quizserver.live.secrets import Seat, Signer
from quizserver.store.sqlite import SqliteLedger
from quizserver.wire.common import REHEARSAL
from quizserver.wire.phone import ConsentBody, JoinBody, Joined
from tests.manual_clock import WaitedFor
from tests.shows import pack
from tests.unit.live.house import CODE, HOA, full_queue, on_air, open_house

YES = ConsentBody(version="2023-10", play=True, show_name=True)
OTHER = ShowCode("CCHC2")


def form(name: str = "An", **fields: object) -> JoinBody:
    """Return a form that is good but for `fields`."""
    told = {"name": name, "consent": YES, **fields}
    return JoinBody(**told)  # type: ignore[arg-type]


# --- the form -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (form(""), Refusal(code="name_missing", field="name")),
        (form(" \u200b\u202e "), Refusal(code="name_missing", field="name")),
        (form("ễ" * 41), Refusal(code="name_long", field="name")),
        (
            form("Nguyễn Vаn An"),  # a Cyrillic a
            Refusal(code="name_strange", field="name", letters="а"),
        ),
        (form(unit="x" * 81), Refusal(code="unit_long", field="unit")),
        (form(phone="12345678"), Refusal(code="phone_bad", field="phone")),
        (form(phone="0" * 16), Refusal(code="phone_bad", field="phone")),
        (form(phone="gọi tôi"), Refusal(code="phone_bad", field="phone")),
        (form(phone="٠٩٠١٢٣٤٥٦٧"), Refusal(code="phone_bad", field="phone")),
        (form(consent=None), Refusal(code="consent_missing", field="consent.play")),
        (
            form(consent=ConsentBody(version="1", play=False)),
            Refusal(code="consent_missing", field="consent.play"),
        ),
    ],
)
def test_a_form_is_refused_by_the_field_that_is_wrong(
    body: JoinBody, refusal: Refusal
) -> None:
    """R2.1."""
    assert checked_form(body) == refusal


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (form("ễ" * 40), form("ễ" * 40, phone="", via="")),
        (
            form(" An\u202e ", unit=" Xã  A ", phone="+84 (90) 123.45-67"),
            form("An", unit="Xã A", phone="+84901234567", via=""),
        ),
        (form(via="KTV-2"), form(phone="", via="ktv-2")),
    ],
)
def test_a_good_form_is_cleaned(given: JoinBody, kept: JoinBody) -> None:
    assert checked_form(given) == kept


@pytest.mark.parametrize("via", ["x" * 17, "a b", "<b>", "đài", "../x"])
def test_a_label_that_is_none_is_left_out_and_refuses_nobody(via: str) -> None:
    """R2.3: one short label; a bad link must not keep anybody away."""
    checked = checked_form(form(via=via))
    assert isinstance(checked, JoinBody)
    assert checked.via == ""


async def test_only_who_knows_the_secret_page_is_counted_as_simulated(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        for via in (house.shows.rehearsal_page(CODE), "tapduot", REHEARSAL, None):
            await house.admission.join(CODE, form(via=via))
        assert house.live.roster.via == {REHEARSAL: 1, "tapduot": 1, "": 2}


# --- joining --------------------------------------------------------------------


async def test_who_joins_is_stored_before_the_token_leaves(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        joined = await house.admission.join(
            CODE, form("Nguyễn Thị Phương Thảo", unit="Xã A", phone="0901234567")
        )
        assert isinstance(joined, Joined)
        (kept,) = await ledger.registrations(CODE, house.show.epoch)
        assert (kept.participant, kept.name, kept.unit, kept.phone) == (
            joined.participant,
            "Nguyễn Thị Phương Thảo",
            "Xã A",
            "0901234567",
        )
        assert (kept.consent.version, kept.consent.show_name) == ("2023-10", True)
        assert kept.consent.at_ms == house.clock.utc_ms()
        assert house.admission.identify(joined.token, CODE) == joined.participant


async def test_a_version_of_the_consent_text_is_kept_short(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        consent = ConsentBody(version="v" * 500, play=True)
        await house.admission.join(CODE, form(consent=consent))
        (kept,) = await ledger.registrations(CODE, house.show.epoch)
        assert kept.consent.version == "v" * 40


async def test_people_of_one_name_are_several_people(ledger: SqliteLedger) -> None:
    """R2.4: nothing is guessed from what people have in common."""
    async with on_air(ledger) as house:
        joined = await asyncio.gather(*(house.join("An") for _ in range(20)))
        assert len({one.participant for one in joined}) == 20
        assert len(house.live.roster) == 20


@pytest.mark.parametrize(
    "commands", [[], ["open_lobby"], ["open_lobby", "ask"], ["open_lobby", "pause"]]
)
async def test_anyone_may_join_at_any_time_until_the_end(
    ledger: SqliteLedger, commands: list[str]
) -> None:
    """R2.1."""
    async with open_house(ledger) as house:
        await house.create()
        await house.do(*commands)
        await house.join("An")


@pytest.mark.parametrize("more", [[], ["confirm"], ["confirm", "publish"]])
async def test_a_show_that_is_over_takes_nobody(
    ledger: SqliteLedger, more: list[str]
) -> None:
    async with on_air(ledger) as house:
        await house.do("end", *more)
        assert await house.admission.join(CODE, form()) == Refusal(code="closed")


async def test_a_show_that_is_not_there_takes_nobody(ledger: SqliteLedger) -> None:
    async with open_house(ledger) as house:
        assert await house.admission.join(CODE, form()) == Refusal(code="closed")


async def test_a_bad_form_registers_nobody(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        assert isinstance(await house.admission.join(CODE, form("")), Refusal)
        assert await ledger.registrations(CODE, house.show.epoch) == []


async def test_nobody_joins_who_was_not_stored(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        with full_queue(ledger):
            refused = await house.admission.join(CODE, form())
        assert refused == Refusal(code="ledger_down")
        assert len(house.live.roster) == 0


async def test_a_recovery_code_that_is_taken_is_made_anew(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chance gives two people one code: the second gets another."""
    codes = iter(["ABCD-2345", "ABCD-2345", "EFGH-6789"])
    monkeypatch.setattr("quizserver.live.admission.new_recovery_code", codes.__next__)
    async with on_air(ledger) as house:
        first, second = await house.join("An"), await house.join("Bình")
        assert first.recovery_code == "ABCD-2345"
        assert second.recovery_code == "EFGH-6789"
        assert len(house.live.roster) == 2


# --- coming back ----------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "bare"])
async def test_a_recovery_code_brings_the_same_participant_back(
    ledger: SqliteLedger, typed: str
) -> None:
    """R2.2: another browser with the code, typed as people type."""
    async with on_air(ledger) as house:
        joined = await house.join("An")
        code = {
            "lower": joined.recovery_code.lower(),
            "bare": joined.recovery_code.replace("-", ""),
        }.get(typed, typed.format(joined.recovery_code))
    async with open_house(ledger) as again:
        back = await again.admission.recover(CODE, code)
        assert back is not None
        assert (back.participant, back.name) == (joined.participant, "An")
        assert back.token != joined.token
        assert again.admission.identify(back.token, CODE) == joined.participant
        assert again.admission.identify(joined.token, CODE) == joined.participant


async def test_a_recovery_code_of_nobody_brings_nobody_back(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        await house.join("An")
        for code in ("", "AAAA-AAAA", "💥"):
            assert await house.admission.recover(CODE, code) is None
        assert await house.admission.recover(OTHER, "AAAA-AAAA") is None


async def test_after_a_flood_of_wrong_codes_a_right_one_waits_as_a_wrong_one(
    ledger: SqliteLedger,
) -> None:
    """Nobody is refused, and the wait does not tell which it was."""
    async with on_air(ledger) as house:
        clock, joined = WaitedFor(), await house.join("An")
        admission = Admission(
            ledger=ledger, signer=house.signer, clock=clock, room=house.shows.room
        )
        for _ in range(FREE + 1):
            assert await admission.recover(CODE, "AAAA-AAAA") is None
        assert clock.waited_ms == 0
        back = await admission.recover(CODE, joined.recovery_code)
        assert back is not None
        assert clock.waited_ms == EACH_MS
        assert await admission.recover(CODE, "BBBB-BBBB") is None
        assert clock.waited_ms == 2 * EACH_MS


async def test_a_show_that_is_not_there_has_no_codes(ledger: SqliteLedger) -> None:
    async with open_house(ledger) as house:
        assert await house.admission.recover(CODE, "AAAA-AAAA") is None


async def test_what_can_be_no_code_is_answered_at_once_and_slows_nobody(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        joined = await house.join("An")
        for _ in range(3 * FREE):
            assert await house.admission.recover(CODE, "") is None
        assert await house.admission.recover(CODE, joined.recovery_code) is not None


async def test_a_recovery_code_is_good_for_one_run_of_one_show(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger) as house:
        joined = await house.join("An")
        await house.shows.create(
            OTHER, pack(), title="Số 2", lang="vi", rules=Rules(), actor="Hoa"
        )
        assert await house.admission.recover(OTHER, joined.recovery_code) is None
        await house.shows.reset(CODE, HOA)
        assert await house.admission.recover(CODE, joined.recovery_code) is None


async def test_a_token_is_good_for_one_run_of_one_show(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        joined = await house.join("An")
        await house.shows.create(
            OTHER, pack(), title="Số 2", lang="vi", rules=Rules(), actor="Hoa"
        )
        identify = house.admission.identify
        assert identify(joined.token, OTHER) is None
        assert identify(joined.token, ShowCode("NONE")) is None
        assert house.admission.show_of(joined.token) == CODE
        await house.shows.reset(CODE, HOA)
        assert identify(joined.token, CODE) is None


async def test_a_token_that_is_not_ours_is_nobodys(ledger: SqliteLedger) -> None:
    async with on_air(ledger) as house:
        joined = await house.join("An")
        seat = Seat(
            show=CODE, epoch=house.show.epoch, participant=house.crowd.come("x")
        )
        forged = Signer(b"another secret of 32 bytes ....!").token(seat)
        for token in (forged, "", "p", joined.token[:-1], joined.token + "0"):
            assert house.admission.identify(token, CODE) is None
            assert house.admission.show_of(token) is None
        assert seat._replace(show=OTHER) != seat
