"""Every address × method × kind of sender, on the real server (P16).

The table is written by hand and holds the server to it: a route that is not in it, or
a right that has grown, fails here until somebody has thought about it. Senders are of
every role, by bearer token and by session, and of every kind that must count as nobody:
forged, expired, revoked, signed out, of another show, of an earlier run.
"""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from starlette.routing import Route, WebSocketRoute

from quizserver.gateway.router import PHONE_PATH
from quizserver.live.access import Role
from quizserver.web.access import Open
from quizserver.web.routes import ROUTES, Row
from tests.protocol.premises import (
    SHOW,
    Grounds,
    Sender,
    everybody,
    grounds,
    starlette_of,
)
from tests.protocol.raw import TEXT, connect, dial, frame

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOBODY = frozenset(
    {
        "nobody", "forged token", "forged session", "forged phone", "expired token",
        "expired session", "revoked token", "signed-out session",
        "phone of an earlier run", "overlay key as a session",
    }
)  # fmt: skip
"""Those that may do no more than somebody who sends nothing."""

OWNERS = frozenset({"owner token", "owner session"})
HOSTS = OWNERS | {"host token", "host session"}
THIS_SHOW = frozenset({"host of this show"})
MODERATORS = frozenset({"moderator token", "moderator session"})
AUDITORS = frozenset({"auditor token", "auditor session"})
WATCHERS = HOSTS | THIS_SHOW | MODERATORS | AUDITORS
PHONES = frozenset({"phone", "phone by cookie"})
STRANGERS = frozenset({"overlay token", "owner of another show"})
SIGNED_IN = WATCHERS | STRANGERS
ALL = SIGNED_IN | PHONES | NOBODY

MAY: dict[str, frozenset[str]] = {
    "GET /": ALL,
    "GET /healthz": ALL,
    "GET /readyz": ALL,
    "GET /metrics": ALL,
    "GET /rules": ALL,
    "GET /static/{build}/{path:path}": ALL,
    "GET /pictures/{name}": ALL,
    "GET /overlay/{name}": ALL,
    "GET /host": ALL,
    "POST /host/signin": ALL,
    "POST /host/signout": SIGNED_IN,
    "GET /host/setup": ALL,
    "POST /host/setup": ALL,
    "POST /host/shows": HOSTS,
    "GET /host/questions": HOSTS,
    "GET /host/questions/{pack}": HOSTS,
    "GET /host/preview/{face}": HOSTS,
    "GET /host/{code}": WATCHERS,
    "GET /host/{code}/phone": WATCHERS,
    "POST /host/{code}/overlay-key": HOSTS | THIS_SHOW,
    "POST /host/{code}/overlay-key/renew": HOSTS | THIS_SHOW,
    "POST /api/shows/{code}/rehearsal": HOSTS | THIS_SHOW,
    "POST /api/shows/{code}/rehearsal/wipe": HOSTS | THIS_SHOW,
    "POST /api/shows/{code}/participants": ALL,
    "POST /api/shows/{code}/recover": ALL,
    "GET /api/shows/{code}/me": PHONES,
    "POST /api/shows/{code}/me": PHONES,
    "POST /api/shows/{code}/me/erase": PHONES,
    "POST /api/shows/{code}/people/erase": OWNERS,
    "GET /api/phone/state": PHONES,
    "POST /api/phone/answers": PHONES,
    "POST /api/shows/{code}/commands": HOSTS | THIS_SHOW | MODERATORS,
    "POST /api/shows/{code}/cues/{command}": HOSTS | THIS_SHOW | MODERATORS,
    "GET /api/shows/{code}/state": WATCHERS,
    "GET /api/shows/{code}/phone": WATCHERS,
    "GET /api/shows/{code}/coming": WATCHERS,
    "GET /api/shows/{code}/results.json": HOSTS | THIS_SHOW | AUDITORS,
    "GET /api/shows/{code}/results.csv": HOSTS | THIS_SHOW | AUDITORS,
    "GET /api/shows/{code}/results.xlsx": HOSTS | THIS_SHOW | AUDITORS,
    "GET /api/shows/{code}/recount": HOSTS | THIS_SHOW,
    "GET /api/shows/{code}/audit.jsonl": OWNERS | AUDITORS,
    "GET /api/overlays.zip": HOSTS,
    "GET /api/packs": HOSTS,
    "POST /api/packs": HOSTS,
    "POST /api/packs/import": HOSTS,
    "GET /api/packs/{pack}": HOSTS,
    "POST /api/packs/{pack}/frame": HOSTS,
    "POST /api/packs/{pack}/questions": HOSTS,
    "POST /api/packs/{pack}/questions/{question}/remove": HOSTS,
    "POST /api/packs/{pack}/questions/{question}/review": HOSTS,
    "POST /api/packs/{pack}/pictures": HOSTS,
    "GET /api/packs/{pack}/pictures/{name}": HOSTS,
    "GET /api/packs/{pack}/export.{form}": HOSTS,
    "GET /{code}/results": ALL,
    "GET /{code}/qr.svg": ALL,
    "GET /{code}/my-data": ALL,
    "POST /{code}/my-data": ALL,
    "GET /{code}": ALL,
    "GET /{code}/{via}": ALL,
}
"""Who gets further than the door. There is no other address but the sockets."""

SOCKETS = {"/ws/phone", "/ws/host", "/ws/overlay"}
OTHER_METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Grounds]:
    async with grounds(tmp_path_factory.mktemp("site")) as made:
        yield made


def filled(site: Grounds, path: str) -> str:
    """Return an address of the route that is there."""
    path = path.replace("{code}", SHOW).replace("{via}", "ktv")
    path = path.replace("{pack}", "cchc-2023-so-1").replace("{question}", "a04")
    path = path.replace("{command}", "notice")
    path = path.replace("{face}", "phone").replace("{form}", "csv")
    path = path.replace("{build}", site.build).replace("{path:path}", "pages.css")
    return path.replace("{name}", "stage")


async def test_table_has_every_route_of_the_server_and_no_other(site: Grounds) -> None:
    """Of the very application that listens, whatever it was made of."""
    listed = set()
    sockets = {PHONE_PATH.decode()}
    for route in starlette_of(site.server.uvicorn.config.app).routes:
        if isinstance(route, WebSocketRoute):
            sockets.add(route.path)
            continue
        assert isinstance(route, Route), f"{route} is of a kind this test cannot hold"
        # Starlette answers HEAD wherever it answers GET.
        methods = (route.methods or set()) - {"HEAD"}
        listed |= {f"{method} {route.path}" for method in methods}
    assert listed == set(MAY)
    assert sockets == SOCKETS


async def test_no_cell_is_off_the_table(site: Grounds) -> None:
    # The overlay goes first: somebody will end all keys of overlays.
    senders = sorted(await everybody(site), key=lambda one: one.name != "overlay token")
    assert {sender.name for sender in senders} == ALL
    wrong, cells = [], 0
    for sender in senders:
        async with site.client(sender) as client:
            token = await site.csrf(client) if sender.is_browser else ""
            for row in _signing_out_last():
                for method in (row.method, *(["HEAD"] if row.method == "GET" else [])):
                    answer = await client.request(
                        method,
                        filled(site, row.path),
                        headers={"X-CSRF-Token": token},
                        data={"name": sender.name} if method == "POST" else None,
                    )
                    cells += 1
                    if verdict(answer) != expected(sender, f"{row.method} {row.path}"):
                        wrong.append(
                            (method, row.path, sender.name, answer.status_code)
                        )
    assert wrong == []
    assert cells == len(ALL) * sum(1 + (row.method == "GET") for row in ROUTES)


def _signing_out_last() -> list[Row]:
    return sorted(ROUTES, key=lambda row: row.path == "/host/signout")


def expected(sender: Sender, row: str) -> str:
    """Return what the table says: through the door, or which way it is refused."""
    if sender.name in MAY[row]:
        return "in"
    if MAY[row] == PHONES:
        return "unknown"
    return "unknown" if sender.name in NOBODY | PHONES else "forbidden"


def verdict(answer: httpx.Response) -> str:
    """Return how the door answered."""
    assert answer.status_code < 500, (answer.request.url, answer.text)
    if answer.headers.get("location", "").startswith("/host?next="):
        return "unknown"
    return {401: "unknown", 403: "forbidden"}.get(answer.status_code, "in")


async def test_other_methods_are_refused_everywhere(site: Grounds) -> None:
    token = await site.server.accounts.add_token(Role.OWNER, None, "owner")
    async with site.client(Authorization=f"Bearer {token}") as owner:
        for row in ROUTES:
            for method in OTHER_METHODS:
                answer = await owner.request(method, filled(site, row.path))
                assert answer.status_code == 405, (method, row.path)


async def test_what_is_not_in_the_table_is_not_there(site: Grounds) -> None:
    token = await site.server.accounts.add_token(Role.OWNER, None, "owner")
    build = site.build
    async with site.client(Authorization=f"Bearer {token}") as owner:
        for path in (
            "/host/CCHC1/secret",
            "/api/shows/CCHC1",
            "/api/x",
            "/a/b/c/d",
            "/docs",
            "/openapi.json",
            "/.git/config",
            f"/static/{build}/../../quiz.db",
            f"/static/{build}/..%2f..%2fsecret",
            f"/static/{build}/%2e%2e/templates/base.html",
            "/static/other/pages.css",
            "/pictures/..%2fsecret",
            *SOCKETS,
        ):
            answer = await owner.get(path)
            assert answer.status_code == 404, path


class TestWritesOfABrowser:
    """A session's cookie alone changes nothing, on no address (CSRF)."""

    @pytest.mark.parametrize(
        ("header", "code"),
        [
            ({}, "bad_form"),
            ({"X-CSRF-Token": "0" * 32}, "bad_form"),
            ({"X-CSRF-Token": "good", "Origin": "https://evil.example"}, "bad_origin"),
            ({"X-CSRF-Token": "good", "Origin": "null"}, "bad_origin"),
            ({"X-CSRF-Token": "good", "Origin": ""}, "bad_origin"),
            ({"X-CSRF-Token": "good", "Origin": None}, "bad_origin"),
        ],
        ids=["no token", "another token", "another site", "null", "empty", "no origin"],
    )
    async def test_is_refused(
        self, site: Grounds, header: dict[str, str | None], code: str
    ) -> None:
        senders = {sender.name: sender for sender in await everybody(site)}
        writes = [row for row in ROUTES if row.method != "GET"]
        async with site.client(
            senders["owner session"], Accept="application/json"
        ) as browser:
            good = await site.csrf(browser)
            assert good
            for name, value in header.items():
                browser.headers.pop(name, None)
                if value is not None:
                    browser.headers[name] = good if value == "good" else value
            for row in writes:
                if row.who in (Open.ANYONE, Open.PHONE):
                    continue  # no session is looked at there
                answer = await browser.post(filled(site, row.path), data={"name": "x"})
                assert answer.status_code == 403, row.path
                assert answer.json()["error"]["code"] == code, row.path

    async def test_of_another_site_are_refused_for_everybody(
        self, site: Grounds
    ) -> None:
        writes = [row for row in ROUTES if row.method != "GET"]
        for sender in await everybody(site):
            async with site.client(sender, Origin="https://evil.example") as client:
                client.headers["Accept"] = "application/json"
                for row in writes:
                    answer = await client.post(filled(site, row.path), data={})
                    assert answer.json()["error"]["code"] == "bad_origin", row.path


class TestSockets:
    """The same senders at the sockets: a state, or a close code."""

    async def test_no_cell_is_off_the_table(self, site: Grounds) -> None:
        wrong = []
        for sender in await everybody(site):
            for path in sorted(SOCKETS):
                got = await greeted(site, path, sender)
                if got != socket_expected(path, sender):
                    wrong.append((path, sender.name, got))
        assert wrong == []


def socket_expected(path: str, sender: Sender) -> str:
    """Return "state" or the close code that this sender gets at `path`."""
    name = sender.name
    by_cookie = "Cookie" in sender.header
    if path == "/ws/phone":
        # The token is said in `hello`; no cookie is looked at (wire §3).
        return "state" if name == "phone" else "4401"
    if path == "/ws/host":
        if name in WATCHERS:
            return "state"
        return "4403" if name in STRANGERS else "4401"
    if by_cookie or name in NOBODY | PHONES:
        return "4401"
    if name in {"moderator token", "auditor token"}:
        return "4403"
    # A key is of one show, which is the one that is shown.
    return "4404" if name in {"owner token", "host token"} else "state"


async def greeted(site: Grounds, path: str, sender: Sender) -> str:
    """Say hello as `sender`; return "state" or the close code."""
    cookie = sender.header.get("Cookie")
    said: dict[str, object] = {"type": "hello", "v": 1, "show": SHOW}
    token = "" if cookie else sender.token
    if path == "/ws/overlay":
        said["key"] = token
    elif path == "/ws/phone" or token:
        said["token"] = token
    origin = site.address if cookie else None
    async with connect(
        site.port, path, Host=f"127.0.0.1:{site.port}", Cookie=cookie, Origin=origin
    ) as raw:
        raw.send(frame(TEXT, json.dumps(said).encode()))
        opcode, payload = await raw.read()
        if opcode == TEXT:
            assert json.loads(payload)["type"] in ("state", "welcome")
            return "state"
        return str(int.from_bytes(payload[:2], "big"))


async def test_upgrade_on_any_other_address_is_refused(site: Grounds) -> None:
    token = await site.server.accounts.add_token(Role.OWNER, None, "owner")
    for row in ROUTES:
        async with dial(site.port) as raw:
            status, _ = await raw.upgrade(
                filled(site, row.path), Authorization=f"Bearer {token}"
            )
            assert status == 403, row.path


async def test_signing_out_closes_the_sockets_of_that_browser(site: Grounds) -> None:
    """P16: a session is revoked at sign-out together with its sockets."""
    senders = {sender.name: sender for sender in await everybody(site)}
    mine, other = senders["host session"], senders["owner session"]
    header = {"Host": f"127.0.0.1:{site.port}", "Origin": site.address}
    hello = frame(TEXT, json.dumps({"type": "hello", "v": 1, "show": SHOW}).encode())
    async with (
        connect(site.port, "/ws/host", Cookie=mine.header["Cookie"], **header) as one,
        connect(site.port, "/ws/host", Cookie=other.header["Cookie"], **header) as two,
        site.client(mine) as browser,
    ):
        for raw in (one, two):
            raw.send(hello)
            await raw.text()
        form = {"csrf": await site.csrf(browser)}
        assert (await browser.post("/host/signout", data=form)).status_code == 303
        assert await one.close_code() == 4401
        command = {"type": "command", "command": "open_lobby", "ref": "r1"}
        two.send(frame(TEXT, json.dumps(command).encode()))
        while json.loads(await two.text())["type"] != "reply":
            continue


async def test_revoking_a_key_closes_the_overlays_that_use_it(site: Grounds) -> None:
    accounts = site.server.accounts
    key = await accounts.add_token(Role.OVERLAY, SHOW, "OBS")
    row = (await accounts.tokens())[-1]
    hello = {"type": "hello", "v": 1, "key": key}
    host = f"127.0.0.1:{site.port}"
    async with connect(site.port, "/ws/overlay", Host=host) as raw:
        raw.send(frame(TEXT, json.dumps(hello).encode()))
        await raw.text()
        await accounts.revoke(row.id)
        assert await raw.close_code() == 4401
