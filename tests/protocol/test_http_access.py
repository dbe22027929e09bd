"""Signing in and out, the first account, and what a session's writes need.

Who may use which route is in test_http_matrix.py.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from starlette.requests import Request

from quizserver.domain.ids import ShowCode
from quizserver.live.access import Role
from quizserver.web.known import mark_of
from quizserver.web.throttle import Crowded, Throttle
from quizserver.web.visit import Visit
from tests.protocol.http_site import PASSWORD, SHOW, World, world


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def was_refused(answer: httpx.Response) -> bool:
    to_sign_in = answer.headers.get("location", "").startswith("/host?next=")
    return answer.status_code in (401, 403) or to_sign_in


def session_cookies(answer: httpx.Response) -> list[str]:
    cookies = answer.headers.get_list("set-cookie")
    return [one for one in cookies if not one.startswith("quiz-known=")]


def request_with(mark: str) -> Request:
    cookie = (b"cookie", f"quiz-known={mark}".encode())
    return Request({"type": "http", "headers": [cookie]})


class TestCsrf:
    """A cookie alone changes nothing: the page's token must come with it."""

    COMMAND: Final = {"command": "open_lobby", "ref": "r1"}
    PATH: Final = f"/api/shows/{SHOW}/commands"

    async def token(self, browser: httpx.AsyncClient) -> str:
        page = (await browser.get(f"/host/{SHOW}")).text
        return page.partition('<meta name="csrf" content="')[2].partition('"')[0]

    async def test_write_without_the_token_is_refused(self, site: World) -> None:
        async with await site.signed_in(Role.HOST) as browser:
            answer = await browser.post(self.PATH, json=self.COMMAND)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "bad_form"
        assert site.live.stage.show.phase == "draft"

    async def test_write_with_the_pages_token_is_carried_out(self, site: World) -> None:
        async with await site.signed_in(Role.HOST) as browser:
            headers = {"X-CSRF-Token": await self.token(browser)}
            answer = await browser.post(self.PATH, json=self.COMMAND, headers=headers)
        assert answer.status_code == 200

    async def test_token_of_another_session_is_refused(self, site: World) -> None:
        async with await site.signed_in(Role.OWNER) as other:
            foreign = await self.token(other)
        async with await site.signed_in(Role.HOST) as browser:
            headers = {"X-CSRF-Token": foreign}
            answer = await browser.post(self.PATH, json=self.COMMAND, headers=headers)
        assert answer.status_code == 403

    async def test_form_may_carry_the_token_as_a_field(self, site: World) -> None:
        async with await site.signed_in(Role.HOST) as browser:
            form = {"csrf": await self.token(browser)}
            answer = await browser.post("/host/signout", data=form)
        assert answer.status_code == 303

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "http://localhost"]
    )
    async def test_another_sites_page_is_refused_even_with_the_token(
        self, site: World, origin: str
    ) -> None:
        async with await site.signed_in(Role.HOST) as browser:
            headers = {"X-CSRF-Token": await self.token(browser), "Origin": origin}
            answer = await browser.post(self.PATH, json=self.COMMAND, headers=headers)
        assert answer.json()["error"]["code"] == "bad_origin"

    async def test_session_that_names_no_origin_is_refused(self, site: World) -> None:
        """Every browser names it; whoever leaves it out is none."""
        async with await site.signed_in(Role.HOST) as browser:
            headers = {"X-CSRF-Token": await self.token(browser)}
            del browser.headers["Origin"]
            answer = await browser.post(self.PATH, json=self.COMMAND, headers=headers)
        assert answer.json()["error"]["code"] == "bad_origin"

    async def test_empty_origin_is_nobodys(self, site: World) -> None:
        async with await site.with_token(Role.HOST) as script:
            headers = {"Origin": ""}
            answer = await script.post(self.PATH, json=self.COMMAND, headers=headers)
        assert answer.json()["error"]["code"] == "bad_origin"

    async def test_joining_from_another_site_is_refused(self, site: World) -> None:
        async with site.client(Origin="https://evil.example") as browser:
            answer = await browser.post(f"/api/shows/{SHOW}/participants", json={})
        assert answer.status_code == 403


class TestSession:
    async def test_cookie_is_out_of_reach_of_scripts_and_sites(
        self, site: World
    ) -> None:
        await site.accounts.add_account("chu", PASSWORD, Role.OWNER)
        async with site.client() as browser:
            form = {"name": "chu", "password": PASSWORD}
            answer = await browser.post("/host/signin", data=form)
            (cookie,) = session_cookies(answer)
            assert answer.headers["location"] == "/host"
            assert (await browser.get(f"/host/{SHOW}")).status_code == 200
        assert cookie.startswith("quiz=")
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie

    async def test_cookie_over_tls_has_the_host_prefix(self, site: World) -> None:
        await site.accounts.add_account("chu", PASSWORD, Role.OWNER)
        async with site.client() as browser:
            browser.base_url = httpx.URL("https://localhost:8000")
            form = {"name": "chu", "password": PASSWORD}
            answer = await browser.post("/host/signin", data=form)
        (cookie,) = session_cookies(answer)
        assert cookie.startswith("__Host-quiz=")
        assert "Secure" in cookie
        assert "Path=/" in cookie

    async def test_signing_out_ends_the_session_on_the_server(
        self, site: World
    ) -> None:
        async with await site.signed_in(Role.HOST) as browser:
            session = browser.cookies["quiz"]
            form = {"csrf": await TestCsrf().token(browser)}
            await browser.post("/host/signout", data=form)
        async with site.client(Cookie=f"quiz={session}") as thief:
            assert was_refused(await thief.get(f"/host/{SHOW}"))

    async def test_wrong_password_and_unknown_name_look_the_same(
        self, site: World
    ) -> None:
        await site.accounts.add_account("chu", PASSWORD, Role.OWNER)
        async with site.client() as browser:
            pages = [
                await browser.post("/host/signin", data={"name": n, "password": "sai"})
                for n in ("chu", "ai")
            ]
        assert [page.status_code for page in pages] == [422, 422]
        assert pages[0].text.replace("chu", "ai") == pages[1].text.replace("chu", "ai")
        assert "Tên đăng nhập hoặc mật khẩu không đúng" in pages[0].text

    async def test_signing_in_again_ends_the_session_before(self, site: World) -> None:
        """Who takes over a browser does not leave the other one signed in there."""
        async with await site.signed_in(Role.HOST) as browser:
            before = browser.cookies["quiz"]
            form = {"name": "ban.host", "password": PASSWORD}
            form["csrf"] = await TestCsrf().token(browser)
            answer = await browser.post("/host/signin", data=form)
        assert answer.status_code == 303
        assert await site.accounts.session(before) is None

    async def test_browser_that_signed_in_is_known_for_that_account_only(
        self, site: World
    ) -> None:
        """P16: its mark puts it before a flood, and opens nothing."""
        await site.accounts.add_account("chu", PASSWORD, Role.OWNER)
        form = {"name": "Chu", "password": "sai"}
        async with site.client() as browser:
            await browser.post("/host/signin", data=form | {"name": "chu"})
            assert "quiz-known" not in browser.cookies
            right = form | {"name": "chu", "password": PASSWORD}
            cookie = (await browser.post("/host/signin", data=right)).headers
            mark = browser.cookies["quiz-known"]
        (set_known,) = [
            one for one in cookie.get_list("set-cookie") if "quiz-known" in one
        ]
        assert "HttpOnly" in set_known
        assert "Path=/host;" in set_known
        async with site.client(Cookie=f"quiz-known={mark}") as thief:
            assert was_refused(await thief.get(f"/host/{SHOW}"))
        visit = Visit(site=site.site, request=request_with(mark), lang="vi")
        assert (
            mark_of(visit, "chu") == mark_of(visit, " CHU ") == mark.partition(".")[0]
        )
        assert mark_of(visit, "ai") == ""
        forged = Visit(site=site.site, request=request_with("x.y"), lang="vi")
        assert mark_of(forged, "chu") == ""

    async def test_too_many_at_once_are_turned_away_in_a_sentence(
        self, site: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def crowded(*_: object) -> str | None:
            raise Crowded

        monkeypatch.setattr(Throttle, "attempt", crowded)
        async with site.client() as browser:
            form = {"name": "chu", "password": PASSWORD}
            signing_in = await browser.post("/host/signin", data=form)
            setting_up = await browser.post("/host/setup", data=form)
        assert (signing_in.status_code, setting_up.status_code) == (429, 429)
        for answer in (signing_in, setting_up):
            assert "quá nhiều lượt thử đăng nhập cùng lúc" in answer.text

    @pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/x"])
    async def test_signing_in_leads_nowhere_but_to_panels(
        self, site: World, wanted: str
    ) -> None:
        await site.accounts.add_account("chu", PASSWORD, Role.OWNER)
        async with site.client() as browser:
            form = {"name": "chu", "password": PASSWORD, "next": wanted}
            answer = await browser.post("/host/signin", data=form)
        assert answer.headers["location"] == "/host"

    async def test_header_wins_over_the_cookie(self, site: World) -> None:
        async with await site.signed_in(Role.OWNER) as browser:
            token = await site.accounts.add_token(Role.MODERATOR, None, "m")
            headers = {"Authorization": f"Bearer {token}"}
            path = f"/api/shows/{SHOW}/audit.jsonl"
            assert (await browser.get(path)).status_code == 200
            assert (await browser.get(path, headers=headers)).status_code == 403


class TestFirstAccount:
    async def test_without_accounts_the_way_leads_to_the_setup(
        self, site: World
    ) -> None:
        async with site.client() as browser:
            answer = await browser.get("/host")
        assert answer.headers["location"] == "/host/setup"

    async def test_code_makes_the_owner_once(self, site: World) -> None:
        code = await site.accounts.setup_code()
        assert code is not None
        form = {"code": code, "name": "chu", "password": PASSWORD}
        async with site.client() as browser, site.client() as late:
            first = await browser.post("/host/setup", data=form)
            again = await late.post("/host/setup", data=form)
            assert first.headers["location"] == "/host"
            assert (await browser.get("/host")).status_code == 200
        assert again.status_code == 422
        assert "Mã không đúng hoặc đã dùng rồi" in again.text

    async def test_weak_password_is_refused_in_a_sentence(self, site: World) -> None:
        code = await site.accounts.setup_code()
        assert code is not None
        form = {"code": code, "name": "chu", "password": "ngan"}
        async with site.client() as browser:
            answer = await browser.post("/host/setup", data=form)
        assert answer.status_code == 422
        assert "ít nhất 10 ký tự" in answer.text
        assert "ngan" not in answer.text


async def test_overlay_key_opens_that_shows_overlay_and_nothing_else(
    site: World,
) -> None:
    async with await site.with_token(Role.HOST) as host:
        said = (await host.post(f"/host/{SHOW}/overlay-key")).json()
    assert said["url"] == f"http://localhost:8000/overlay/stage#k={said['key']}"
    actor = await site.accounts.bearer(said["key"])
    assert actor is not None
    assert (actor.role, actor.show) == (Role.OVERLAY, SHOW)


async def test_a_key_that_was_seen_ends_with_all_the_others_of_its_show(
    site: World,
) -> None:
    """Every key of this show's overlays, and nobody else's token."""
    others = {
        await site.accounts.add_token(Role.OVERLAY, ShowCode("OTHER"), "other"),
        await site.accounts.add_token(Role.HOST, SHOW, "deck"),
    }
    async with await site.with_token(Role.HOST) as host:
        old = [(await host.post(f"/host/{SHOW}/overlay-key")).json() for _ in range(2)]
        new = (await host.post(f"/host/{SHOW}/overlay-key/renew")).json()
    assert [await site.accounts.bearer(one["key"]) for one in old] == [None, None]
    for token in {new["key"], *others}:
        assert await site.accounts.bearer(token) is not None
