"""Who gets through the door: every route with every kind of sender.

The table below is written by hand and holds the route table to it: a new
route, or a wider right, fails here until somebody has thought about it (P16).
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest

from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Rules
from quizserver.live.access import Role
from quizserver.web.routes import ROUTES
from tests.protocol.http_site import OTHER, PASSWORD, SHOW, World, world

EVERYBODY = (
    "nobody", "forged", "phone", "owner", "host", "moderator", "auditor", "overlay",
    "stranger",
)  # fmt: skip
HOSTS = {"owner", "host"}
WATCHERS = {"owner", "host", "moderator", "auditor"}
SIGNED = {*WATCHERS, "overlay", "stranger"}
"""`stranger` is a host's token for another show."""

MAY: dict[str, set[str]] = {
    "GET /": set(EVERYBODY),
    "GET /healthz": set(EVERYBODY),
    "GET /readyz": set(EVERYBODY),
    "GET /metrics": set(EVERYBODY),
    "GET /rules": set(EVERYBODY),
    "GET /static/{build}/{path:path}": set(EVERYBODY),
    "GET /pictures/{name}": set(EVERYBODY),
    "GET /overlay/{name}": set(EVERYBODY),
    "GET /host": set(EVERYBODY),
    "POST /host/signin": set(EVERYBODY),
    "POST /host/signout": SIGNED,
    "GET /host/setup": set(EVERYBODY),
    "POST /host/setup": set(EVERYBODY),
    "POST /host/shows": HOSTS,
    "GET /host/{code}": WATCHERS,
    "POST /host/{code}/overlay-key": HOSTS,
    "POST /api/shows/{code}/participants": set(EVERYBODY),
    "POST /api/shows/{code}/recover": set(EVERYBODY),
    "GET /api/phone/state": {"phone"},
    "POST /api/phone/answers": {"phone"},
    "POST /api/shows/{code}/commands": {"owner", "host", "moderator"},
    "GET /api/shows/{code}/state": WATCHERS,
    "GET /api/shows/{code}/results.json": {"owner", "host", "auditor"},
    "GET /api/shows/{code}/results.csv": {"owner", "host", "auditor"},
    "GET /api/shows/{code}/results.xlsx": {"owner", "host", "auditor"},
    "GET /api/shows/{code}/recount": HOSTS,
    "GET /api/shows/{code}/audit.jsonl": {"owner", "auditor"},
    "GET /{code}/results": set(EVERYBODY),
    "GET /{code}/qr.svg": set(EVERYBODY),
    "GET /{code}": set(EVERYBODY),
    "GET /{code}/{via}": set(EVERYBODY),
}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def test_every_route_is_in_the_table() -> None:
    assert {f"{row.method} {row.path}" for row in ROUTES} == set(MAY)


async def senders(site: World) -> dict[str, httpx.AsyncClient]:
    token = (await site.join("Nguyễn Văn An"))["token"]
    roles = {str(role): await site.with_token(role) for role in Role}
    return roles | {
        "nobody": site.client(),
        "forged": site.client(Authorization="Bearer p.CCHC1.x.y.z.0000"),
        "phone": site.client(Authorization=f"Bearer {token}"),
        "stranger": await site.with_token(Role.HOST, OTHER),
    }


def address(site: World, path: str) -> str:
    filled = path.replace("{code}", SHOW).replace("{via}", "ktv")
    filled = filled.replace("{build}", site.site.assets.build)
    return filled.replace("{path:path}", "pages.css").replace("{name}", "stage")


def was_refused(answer: httpx.Response) -> bool:
    to_sign_in = answer.headers.get("location", "").startswith("/host?next=")
    return answer.status_code in (401, 403) or to_sign_in


async def test_no_cell_differs_from_the_table(site: World) -> None:
    await site.command("open_lobby")
    wrong = []
    people = await senders(site)
    code = await site.accounts.setup_code()
    assert sorted(people) == sorted(EVERYBODY)
    for row in ROUTES:
        for name, client in people.items():
            # A name of their own and the right code: nobody waits for a delay.
            form = {"name": name, "code": code} if row.method == "POST" else None
            answer = await client.request(
                row.method, address(site, row.path), data=form
            )
            assert answer.status_code < 500, (row.path, name, answer.text)
            may = name in MAY[f"{row.method} {row.path}"]
            if was_refused(answer) == may:
                wrong.append((row.method, row.path, name, answer.status_code))
    for client in people.values():
        await client.aclose()
    assert wrong == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused_everywhere(site: World, method: str) -> None:
    async with await site.with_token(Role.OWNER) as owner:
        for row in ROUTES:
            answer = await owner.request(method, address(site, row.path))
            assert answer.status_code == 405, (row.path, answer.status_code)


async def test_an_address_outside_the_table_is_not_found(site: World) -> None:
    async with await site.with_token(Role.OWNER) as owner:
        for path in ("/host/CCHC1/secret", "/api/shows/CCHC1", "/api/x", "/a/b/c/d"):
            assert (await owner.get(path)).status_code == 404


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
            cookie = answer.headers["set-cookie"].lower()
            assert answer.headers["location"] == "/host"
            assert (await browser.get(f"/host/{SHOW}")).status_code == 200
        assert cookie.startswith("quiz=")
        assert "httponly" in cookie
        assert "samesite=strict" in cookie

    async def test_cookie_over_tls_has_the_host_prefix(self, site: World) -> None:
        await site.accounts.add_account("chu", PASSWORD, Role.OWNER)
        async with site.client() as browser:
            browser.base_url = httpx.URL("https://localhost:8000")
            form = {"name": "chu", "password": PASSWORD}
            answer = await browser.post("/host/signin", data=form)
        cookie = answer.headers["set-cookie"]
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


class TestNewShow:
    async def make(self, site: World, **form: str) -> httpx.Response:
        async with await site.with_token(Role.HOST) as host:
            return await host.post("/host/shows", data=form)

    async def test_show_of_a_pack_leads_to_its_panel(self, site: World) -> None:
        answer = await self.make(site, code="tet26", pack="cchc-thu", title="Tết 2026")
        assert answer.headers["location"] == "/host/TET26"
        assert [row.title for row in await site.shows.listed()][-1] == "Tết 2026"

    async def test_show_has_the_prize_rules_of_the_form(self, site: World) -> None:
        """R5.4: chosen where the show is made, off when nothing is said."""
        counts = {"prize_min_right": "2", "max_prizes_per_person": "1"}
        await self.make(site, code="TET26", pack="cchc-thu", **counts)
        await self.make(site, code="TET27", pack="cchc-thu", prize_min_right="")
        chosen, unsaid = (site.shows.get(ShowCode(c)) for c in ("TET26", "TET27"))
        assert chosen is not None
        assert unsaid is not None
        rules = chosen.stage.show.rules
        assert (rules.prize_min_right, rules.max_prizes_per_person) == (2, 1)
        assert unsaid.stage.show.rules == Rules()

    @pytest.mark.parametrize(
        ("form", "sentence"),
        [
            ({"code": "A-B", "pack": "cchc-thu"}, "Mã tham gia gồm 2 đến 12"),
            ({"code": "host", "pack": "cchc-thu"}, "Mã tham gia gồm 2 đến 12"),
            ({"code": "CCHC1", "pack": "cchc-thu"}, "Mã này đã có"),
            ({"code": "TET26", "pack": "khong-co"}, "Không có bộ câu hỏi này"),
            (
                {"code": "TET26", "pack": "cchc-thu", "prize_min_right": "99"},
                "không quá số câu hỏi của bộ",
            ),
            (
                {"code": "TET26", "pack": "cchc-thu", "max_prizes_per_person": "-1"},
                "không quá số câu hỏi của bộ",
            ),
        ],
    )
    async def test_slip_is_told_and_what_was_typed_is_kept(
        self, site: World, form: dict[str, str], sentence: str
    ) -> None:
        answer = await self.make(site, **form)
        assert answer.status_code >= 400
        assert sentence in answer.text
        assert f'value="{form["code"]}"' in answer.text


async def test_overlay_key_opens_that_shows_overlay_and_nothing_else(
    site: World,
) -> None:
    async with await site.with_token(Role.HOST) as host:
        said = (await host.post(f"/host/{SHOW}/overlay-key")).json()
    assert said["url"] == f"http://localhost:8000/overlay/stage#k={said['key']}"
    actor = await site.accounts.bearer(said["key"])
    assert actor is not None
    assert (actor.role, actor.show) == (Role.OVERLAY, SHOW)
