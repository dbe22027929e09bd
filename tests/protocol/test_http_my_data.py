"""My data: a participant sees, corrects, withdraws and erases (wire §2, R2.6)."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from quizserver.desk.acts import Desk, ErasePerson, NoteExport, perform
from quizserver.failures import Failure
from quizserver.live.access import Role
from quizserver.live.people import PACE_NS
from quizserver.live.shows import LiveShow
from tests.protocol.http_site import OTHER, SHOW, World, world

ME = f"/api/shows/{SHOW}/me"
PAGE = f"/{SHOW}/my-data"
CONSENT = {"version": "vi-4/90", "play": True, "show_name": True, "contact": True}
WITHDRAWN = "Người dự thi đã rút"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        await made.command("open_lobby")
        yield made


@pytest.fixture
async def an(site: World) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that keeps the cookie of Nguyễn Văn An."""
    async with site.client(Origin="http://localhost:8000") as browser:
        joined = await site.join(
            "Nguyễn Văn An", phone="0912 345 678", via="ktv", consent=CONSENT
        )
        browser.cookies.set(f"quiz-{SHOW}", joined["token"])
        yield browser


def unhurried(live: LiveShow) -> None:
    """Let the next step come at once: the pace has a test of its own."""
    live.people._due_ns -= PACE_NS  # noqa: SLF001 - seconds of every test


async def names(site: World) -> str:
    """Return everything that the ledger keeps of people, as text."""
    show = site.live.stage.show
    return repr(await site.site.ledger.registrations(show.code, show.epoch))


async def exports(site: World) -> list[tuple[str, object]]:
    """Return who took names out, and the form and number of them, by the log."""
    return [
        (row.actor, json.loads(row.data))
        for row in await site.site.ledger.events(SHOW)
        if row.name == "PeopleExported"
    ]


class TestCalls:
    async def test_all_that_is_kept_is_told_to_its_owner(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        answer = await an.get(ME)
        said = answer.json()
        assert answer.headers["cache-control"] == "no-store"
        at = said["consent"].pop("at")
        assert at.endswith("Z")
        participant = said.pop("participant")
        assert said == {
            "show": SHOW,
            "title": site.live.stage.show.title,
            "name": "Nguyễn Văn An",
            "unit": "Sở Nội vụ",
            "phone": "0912345678",
            "via": "ktv",
            "consent": CONSENT,
            "answers": 0,
            "may_rename": True,
            "keep_days": 90,
            "names_until": None,
        }
        assert participant not in str(answer.url)

    async def test_a_file_of_it_can_be_taken_along(self, an: httpx.AsyncClient) -> None:
        answer = await an.get(f"{ME}?download")
        named = answer.headers["content-disposition"]
        assert named == f'attachment; filename="{SHOW}-my-data.json"'
        assert answer.json()["name"] == "Nguyễn Văn An"

    async def test_nobody_sees_it_without_the_token_of_that_show(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        async with site.client() as stranger:
            assert (await stranger.get(ME)).status_code == 401
        elsewhere = await an.get(f"/api/shows/{OTHER}/me")
        assert elsewhere.status_code == 401
        token = an.cookies[f"quiz-{SHOW}"]
        async with site.client(Authorization=f"Bearer {token}") as phone:
            assert (await phone.get(ME)).status_code == 200
            assert (await phone.get(f"/api/shows/{OTHER}/me")).status_code == 401

    async def test_what_was_mistyped_is_corrected_until_the_show_goes(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        body = {"name": " Nguyễn  Văn Ân ", "phone": "0987 654 321"}
        answer = await an.post(ME, json=body)
        assert answer.json()["name"] == "Nguyễn Văn Ân"
        assert answer.json()["phone"] == "0987654321"
        await site.open_question()
        unhurried(site.live)
        late = await an.post(ME, json={"name": "Người khác"})
        assert (late.status_code, late.json()["error"]["code"]) == (
            409,
            "too_late_to_rename",
        )
        assert (await an.post(ME, json={"name": "Nguyễn Văn Ân"})).status_code == 200

    @pytest.mark.parametrize(
        ("body", "code", "field"),
        [
            ({"name": " "}, "name_missing", "name"),
            ({"name": "a" * 41}, "name_long", "name"),
            ({"phone": "abc"}, "phone_bad", "phone"),
            ({"withdraw": ["play"]}, "bad_field", "withdraw"),
            ({"withdraw": "contact"}, "bad_field", "withdraw"),
        ],
    )
    async def test_what_cannot_be_taken_is_named(
        self, an: httpx.AsyncClient, body: object, code: str, field: str
    ) -> None:
        answer = await an.post(ME, json=body)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["field"]) == (422, code, field)

    async def test_a_withdrawn_consent_takes_the_number_with_it(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        """R2.1: and screens have initials at once."""
        both = {"withdraw": ["show_name", "contact"]}
        said = (await an.post(ME, json=both)).json()
        assert (said["phone"], said["name"]) == ("", "Nguyễn Văn An")
        consent = said["consent"]
        assert (consent["show_name"], consent["contact"]) == (False, False)
        show = site.live.stage.show
        await site.reach(
            lambda: (
                site.live.stage.roster.public_name(show, said["participant"])
                == "N. V. A."
            )
        )

    async def test_who_erases_is_gone_and_nobody_by_a_slip(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        token = an.cookies[f"quiz-{SHOW}"]
        slip = await an.post(f"{ME}/erase", json={"confirm": False})
        assert slip.status_code == 422
        assert "Nguyễn" in await names(site)
        answer = await an.post(f"{ME}/erase", json={"confirm": True})
        assert answer.status_code == 204
        assert 'quiz-CCHC1=""' in answer.headers["set-cookie"]
        assert await names(site) == "[]"
        async with site.client(Authorization=f"Bearer {token}") as phone:
            for path in (ME, "/api/phone/state"):
                assert (await phone.get(path)).status_code == 401
            recover = {"recovery_code": ""}
            back = await phone.post(f"/api/shows/{SHOW}/recover", json=recover)
            assert back.status_code == 422

    async def test_a_cookie_outlives_the_time_for_which_names_are_kept(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        """R2.7: who comes back then is nobody here any more."""
        who = (await an.get(ME)).json()["participant"]
        await site.command("end")
        assert await site.live.people.expire(1, "timer") is None
        await site.reach(lambda: who not in site.live.stage.roster)
        recover = {"recovery_code": ""}
        back = await an.post(f"/api/shows/{SHOW}/recover", json=recover)
        assert (back.status_code, back.json()["error"]["code"]) == (401, "bad_token")

    async def test_two_taps_erase_once(self, an: httpx.AsyncClient) -> None:
        token = an.cookies[f"quiz-{SHOW}"]
        for status in (204, 401):
            an.cookies.set(f"quiz-{SHOW}", token)
            answer = await an.post(f"{ME}/erase", json={"confirm": True})
            assert answer.status_code == status

    async def test_what_waits_for_a_question_is_told_at_once(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        """R2.6, R4.1: nobody looks at an empty page until it is over."""
        await site.open_question()
        shy = {"withdraw": ["show_name"]}
        taken = await an.post(ME, json=shy)
        assert taken.status_code == 202
        assert taken.json()["consent"]["show_name"], "not done yet"
        again = await an.post(ME, json=shy)
        assert again.status_code == 409
        assert again.json()["error"]["code"] == "wish_waits"
        wrong = await an.post(PAGE, data={"act": "contact"})
        assert "còn đang chờ và sẽ được thực hiện" in wrong.text
        leaving = await an.post(PAGE, data={"act": "erase", "confirm": "1"})
        assert leaving.headers["location"] == f"{PAGE}?said=waits"
        page = await an.get(f"{PAGE}?said=waits", headers={"Accept-Language": "vi"})
        assert "ngay khi câu hỏi khóa" in page.text
        gone = await an.post(f"{ME}/erase", json={"confirm": True})
        assert gone.status_code == 409
        async with await site.with_token(Role.OWNER) as owner:
            body = {"participant": taken.json()["participant"], "reason": "Đơn"}
            path = f"/api/shows/{SHOW}/people/erase"
            codes = [(await owner.post(path, json=body)).status_code for _ in "ab"]
        assert codes == [202, 409]
        desk = Desk(shows=site.shows, accounts=site.accounts, packs=())
        act = ErasePerson(code=SHOW, participant=body["participant"], reason="Đơn")
        assert (await perform(desk, act))["waits"]
        with pytest.raises(Failure, match="again"):
            await perform(replace(desk, stays=False), act)

    async def test_another_sites_page_cannot_ask_for_it(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        answer = await an.post(
            f"{ME}/erase", json={"confirm": True}, headers={"Origin": "https://evil.vn"}
        )
        assert answer.status_code == 403
        assert "Nguyễn" in await names(site)


class TestOwner:
    async def test_erases_who_asked_on_paper_and_the_log_says_who_and_why(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        """R6.3: who, when, what, why; no name."""
        who = (await an.get(ME)).json()["participant"]
        async with await site.with_token(Role.OWNER) as owner:
            path = f"/api/shows/{SHOW}/people/erase"
            body = {"participant": who, "reason": "Đơn số 12"}
            assert (await owner.post(path, json=body)).status_code == 204
            again = await owner.post(path, json=body)
            assert again.json()["error"]["field"] == "participant"
            bare = await owner.post(path, json=body | {"reason": " "})
            assert bare.json()["error"]["field"] == "reason"
        row = (await site.site.ledger.events(SHOW))[-1]
        assert (row.name, row.actor) == ("PeopleErased", "owner token")
        assert json.loads(row.data) == {"participants": [who], "reason": "Đơn số 12"}
        assert await names(site) == "[]"

    async def test_hears_that_nobody_was_erased_when_the_show_begins_anew_meanwhile(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        who = (await an.get(ME)).json()["participant"]

        async def successor() -> None:
            """Another process makes it."""

        await site.live.conductor.hand_over(successor)
        async with await site.with_token(Role.OWNER) as owner:
            path = f"/api/shows/{SHOW}/people/erase"
            body = {"participant": who, "reason": "Đơn số 12"}
            answer = await owner.post(path, json=body)
        assert answer.status_code == 422
        assert answer.json()["error"]["field"] == "participant"
        assert "Nguyễn" in await names(site)

    async def test_takes_names_out_only_with_a_line_in_the_log(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        """R6.3: who and how many, for each file."""
        await site.open_question()
        assert (await site.answer(an.cookies[f"quiz-{SHOW}"], "C")).status_code == 200
        async with await site.with_token(Role.OWNER) as owner:
            early = await owner.get(f"/api/shows/{SHOW}/results.csv")
            assert early.status_code == 409, "a line is told to every phone"
            assert early.json()["error"]["code"] == "question_is_on"
            await site.finish_question()
            for ending in ("json", "csv", "xlsx"):
                await owner.get(f"/api/shows/{SHOW}/results.{ending}")
        assert await exports(site) == [
            ("owner token", {"form": ending, "people": 1})
            for ending in ("json", "csv", "xlsx")
        ]

    async def test_takes_no_names_out_when_the_show_begins_anew_meanwhile(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        """R6.3: no line, no file; over the call and from the command line."""

        async def successor() -> None:
            """Another process makes it."""

        await site.live.conductor.hand_over(successor)
        async with await site.with_token(Role.OWNER) as owner:
            answer = await owner.get(f"/api/shows/{SHOW}/results.csv")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_now")
        assert "Nguyễn" not in answer.text
        desk = Desk(shows=site.shows, accounts=site.accounts, packs=())
        with pytest.raises(Failure):
            await perform(desk, NoteExport(code=SHOW, form="csv", people=1))
        assert await exports(site) == []


class TestPage:
    async def test_says_all_that_is_kept_and_can_be_read_without_scripts(
        self, an: httpx.AsyncClient
    ) -> None:
        answer = await an.get(PAGE, headers={"Accept-Language": "vi"})
        assert answer.status_code == 200
        for said in (
            "Dữ liệu của tôi",
            "Nguyễn Văn An",
            "Sở Nội vụ",
            "0912345678",
            "ktv",
            "bản vi-4/90",
            "90 ngày sau khi chương trình kết thúc",
        ):
            assert said in answer.text, said
        assert answer.headers["cache-control"] == "no-store"

    async def test_says_the_day_of_erasure_once_the_show_is_over(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        await site.command("end")
        until = site.live.stage.names_until
        assert until is not None
        year, month, day = until.split("-")
        page = await an.get(PAGE, headers={"Accept-Language": "vi"})
        assert f"{day}/{month}/{year}" in page.text
        assert "tự sửa được trước câu hỏi đầu tiên" in page.text

    async def test_tells_strangers_how_to_be_known(self, site: World) -> None:
        async with site.client(Origin="http://localhost:8000") as browser:
            joined = await site.join("Trần Thị Bình")
            page = await browser.get(PAGE, headers={"Accept-Language": "en"})
            assert "You are not known here yet" in page.text
            assert "Bình" not in page.text
            act = {"act": "recover", "recovery_code": "AAAA-AAAA"}
            wrong = await browser.post(PAGE, data=act)
            assert wrong.status_code == 422
            known = await browser.post(
                PAGE, data=act | {"recovery_code": joined["recovery_code"].lower()}
            )
            assert (known.status_code, known.headers["location"]) == (303, PAGE)
            assert "Trần Thị Bình" in (await browser.get(PAGE)).text
            nobody = await browser.get(f"/{OTHER}/my-data")
            assert "Trần" not in nobody.text

    async def test_corrects_and_says_what_is_wrong_at_its_field(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        fields = {"act": "correct", "name": "Nguyễn Văn Ân", "unit": "", "phone": ""}
        saved = await an.post(PAGE, data=fields)
        assert saved.headers["location"] == f"{PAGE}?said=saved"
        kept = (await an.get(ME)).json()
        assert (kept["name"], kept["unit"], kept["phone"]) == ("Nguyễn Văn Ân", "", "")
        bad = await an.post(
            PAGE, data=fields | {"name": "a" * 41}, headers={"Accept-Language": "en"}
        )
        assert bad.status_code == 422
        assert 'aria-describedby="wrong"' in bad.text
        assert "a" * 41 in bad.text, "what was written is not lost"
        page = await an.get(f"{PAGE}?said=saved", headers={"Accept-Language": "vi"})
        assert "Đã lưu thay đổi." in page.text
        assert "{" not in (await an.get(f"{PAGE}?said=%3Cscript%3E")).text

    @pytest.mark.parametrize("purpose", ["show_name", "contact"])
    async def test_withdraws_a_consent(
        self, an: httpx.AsyncClient, purpose: str
    ) -> None:
        answer = await an.post(PAGE, data={"act": purpose})
        assert answer.headers["location"] == f"{PAGE}?said=withdrawn"
        assert (await an.get(ME)).json()["consent"][purpose] is False

    async def test_erases_after_a_tick_and_says_what_is_shown_instead(
        self, site: World, an: httpx.AsyncClient
    ) -> None:
        slip = await an.post(PAGE, data={"act": "erase"})
        assert slip.status_code == 422
        token = an.cookies[f"quiz-{SHOW}"]
        gone = await an.post(
            PAGE,
            data={"act": "erase", "confirm": "1"},
            headers={"Accept-Language": "vi"},
        )
        assert gone.status_code == 200
        assert WITHDRAWN in gone.text
        assert await names(site) == "[]"
        an.cookies.set(f"quiz-{SHOW}", token)
        after = await an.get(PAGE, headers={"Accept-Language": "en"})
        assert "You are not known here yet" in after.text
        late = await an.post(PAGE, data={"act": "show_name"})
        assert late.status_code == 200

    async def test_is_only_for_shows_that_are_there(self, site: World) -> None:
        async with site.client() as browser:
            assert (await browser.get("/NONE/my-data")).status_code == 404
