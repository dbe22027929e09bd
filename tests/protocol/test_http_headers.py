"""The security baseline on every answer of the real server, also the broken ones.

A crawl of the route table, then everything that is refused before a route is found:
by the guards, by uvicorn's parser, at a handshake. Whatever a browser gets, it may
load nothing that we did not say, show it in nobody's frame and guess no type.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest
import pytest_asyncio

from quizserver.live.access import Role
from quizserver.live.ports import LedgerDown
from quizserver.store.accounts import StoredAccounts
from quizserver.web.routes import ROUTES
from tests.protocol.http_site import PASSWORD
from tests.protocol.premises import SHOW, Grounds, everybody, grounds
from tests.protocol.raw import dial, upgrade_request
from tests.protocol.test_http_matrix import filled

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
SOME: Final = {"nobody", "owner session", "phone", "auditor token", "expired token"}
"""Senders that together get every kind of answer."""

FOREVER: Final = "public, max-age=31536000, immutable"
NEVER: Final = {"server", "x-powered-by", "access-control-allow-origin"}
FRAMES: Final = ["*", "file:"]
"""Who may frame an overlay: renderers wherever they are, OBS's loader, our panel."""

SOURCES: Final = {"'none'", "'self'", "data:"}
"""What a policy may name besides our own sockets: no host, no inline, no eval."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Grounds]:
    async with grounds(tmp_path_factory.mktemp("site")) as made:
        yield made


def flaws(path: str, status: int, headers: httpx.Headers) -> list[str]:
    """Return what is missing or wrong in an answer's headers."""
    found = [f"{name} is {headers.get(name)}" for name, value in ALWAYS.items()
             if headers.get(name) != value]  # fmt: skip
    found += [f"{name} is there" for name in NEVER & set(headers)]
    found += _policy_flaws(path, headers.get("content-security-policy", ""))
    may_keep = status == 200 and path.startswith(("/static/", "/pictures/"))
    wanted = FOREVER if may_keep else "no-store"
    if headers.get("cache-control") != wanted:
        found.append(f"cache-control is {headers.get('cache-control')}")
    may_be_framed = path.startswith("/overlay/") or _is_ours_to_frame(path)
    if not may_be_framed and headers.get("x-frame-options") != "DENY":
        found.append("may be framed")
    if "strict-transport-security" in headers:
        found.append("strict transport without TLS")
    return [f"{path} {status}: {flaw}" for flaw in found]


def _is_ours_to_frame(path: str) -> bool:
    """Tell whether it is a picture in the editor or in the panel."""
    parts = path.split("/")
    return parts[1] == "host" and (parts[2:3] == ["preview"] or parts[3:] == ["phone"])


def _policy_flaws(path: str, policy: str) -> list[str]:
    parts = (part.strip().partition(" ") for part in policy.split(";"))
    said = {name: sources.split() for name, _, sources in parts}
    found = []
    if said.get("default-src") != ["'none'"]:
        found.append(f"policy is {policy!r}")
    is_overlay = path.startswith("/overlay/")
    is_tool = path.startswith("/overlay/_")
    framed = FRAMES if is_overlay and not is_tool else ["'none'"]
    if _is_ours_to_frame(path):
        framed = ["'self'"]
    if said.pop("frame-ancestors", []) != framed:
        found.append(f"may be framed by others: {policy!r}")
    for name, sources in said.items():
        styles = {"'unsafe-inline'"} if is_overlay else set()
        ours = SOURCES | (styles if name == "style-src" else set())
        strange = {
            s
            for s in sources
            if not re.match(r"wss?://(127\.0\.0\.1:\d+|localhost)$", s)
        }
        found += [f"{name} {source}" for source in strange - ours]
    return found


async def test_every_answer_of_every_route_has_them(site: Grounds) -> None:
    found, statuses = [], set()
    for sender in await everybody(site):
        if sender.name not in SOME:
            continue
        async with site.client(sender) as client:
            token = await site.csrf(client) if sender.is_browser else ""
            for row in ROUTES:
                for method in {row.method, "GET", "HEAD", "DELETE", "OPTIONS"}:
                    path = filled(site, row.path)
                    csrf = {"X-CSRF-Token": token}
                    answer = await client.request(method, path, headers=csrf)
                    statuses.add(answer.status_code)
                    found += flaws(path, answer.status_code, answer.headers)
                    found += _cookie_flaws(answer)
    assert found == []
    assert {200, 303, 400, 401, 403, 404, 405, 422} <= statuses


def _cookie_flaws(answer: httpx.Response) -> list[str]:
    cookies = [cookie.lower() for cookie in answer.headers.get_list("set-cookie")]
    return [
        cookie
        for cookie in cookies
        if not cookie.startswith("quiz-lang=")
        and ("httponly" not in cookie or "samesite=strict" not in cookie)
    ]


async def test_every_file_has_them_and_may_be_kept(site: Grounds) -> None:
    found = []
    async with site.client() as client:
        for path in ("pages.css", "phone/bundle.js", "texts/phone.vi.json"):
            address = f"/static/{site.build}/{path}"
            answer = await client.get(address)
            assert answer.headers["cache-control"] == FOREVER
            found += flaws(address, answer.status_code, answer.headers)
            # An address without the files' hash may hold anything tomorrow.
            for build in ("other", site.build.upper(), f"{site.build[:-1]}x"):
                lost = await client.get(f"/static/{build}/{path}")
                assert (lost.status_code, lost.headers["cache-control"]) == (
                    404,
                    "no-store",
                )
    assert found == []


@pytest.mark.parametrize(
    ("fault", "status"), [(RuntimeError("secret detail"), 500), (LedgerDown(), 503)]
)
async def test_fault_inside_has_them_and_tells_nothing(
    site: Grounds, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    async def broken(_self: StoredAccounts, _session: str) -> None:
        raise fault

    monkeypatch.setattr(StoredAccounts, "session", broken)
    async with site.client(Cookie="quiz=x") as client:
        for path in (f"/host/{SHOW}", f"/api/shows/{SHOW}/state"):
            answer = await client.get(path)
            assert answer.status_code == status
            assert flaws(path, status, answer.headers) == []
            assert "secret detail" not in answer.text
            assert "Traceback" not in answer.text


HEAD: Final = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
POST: Final = b"POST /host/signin HTTP/1.1\r\nHost: localhost\r\n"
LONG: Final = b"x" * 20_000


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (HEAD + b"Content-Length: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (HEAD + b"X: " + LONG + b"\r\n\r\n", 431),
        (b"GET /" + LONG + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 431),
        (POST + b"Content-Length: 99999\r\n\r\n", 413),
        (POST + b"Content-Length: 20000\r\n\r\n" + LONG, 413),
        (POST + b"Content-Length: 2\r\n\r\n\xff\xfe", 403),
        (HEAD.replace(b"GET", b"BREW") + b"\r\n", 400),
        (upgrade_request("/ws/phone", Host="evil.example"), 400),
        (upgrade_request("/ws/host", Host="evil.example"), 400),
        (upgrade_request("/ws/phone", Sec_WebSocket_Version="8"), 426),
        (upgrade_request("/ws/host", Sec_WebSocket_Version="8"), 426),
        (upgrade_request("/ws/phone", Sec_WebSocket_Key="x"), 400),
        (upgrade_request("/ws/overlay", Sec_WebSocket_Key="x"), 400),
        (upgrade_request("/ws/phone").replace(b"GET", b"POST", 1), 405),
        (upgrade_request("/ws/host").replace(b"GET", b"POST", 1), 405),
        (upgrade_request("/ws/nowhere"), 403),
        (upgrade_request("/"), 403),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, int) else ascii(value[:30]),
)
async def test_refusal_before_any_route_has_them(
    site: Grounds, sent: bytes, status: int
) -> None:
    async with dial(site.port) as raw:
        raw.send(sent)
        answered, head = await raw.response()
    assert answered == status
    lines = head.decode().split("\r\n")[1:-2]
    headers = httpx.Headers([line.partition(": ")[::2] for line in lines])
    assert flaws("/", status, headers) == []


class TestForwarded:
    """`X-Forwarded-…` counts only from a proxy that was named."""

    SAID: Final = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Host": "evil.example",
    }

    async def sign_in(self, site: Grounds, **header: str) -> httpx.Response:
        await site.server.accounts.add_account("chu", PASSWORD, Role.OWNER)
        async with site.client(None, **header) as browser:
            form = {"name": "chu", "password": PASSWORD}
            return await browser.post("/host/signin", data=form)

    async def test_from_anybody_they_change_nothing(self, site: Grounds) -> None:
        answer = await self.sign_in(site, **self.SAID)
        assert flaws("/host/signin", answer.status_code, answer.headers) == []
        cookies = answer.headers.get_list("set-cookie")
        assert any(cookie.startswith("quiz=") for cookie in cookies)
        assert not any("Secure" in cookie for cookie in cookies)

    async def test_from_a_named_proxy_they_say_that_tls_was_there(
        self, tmp_path: Path
    ) -> None:
        async with grounds(tmp_path, trusted_proxies="127.0.0.0/8") as site:
            answer = await self.sign_in(site, **self.SAID)
            assert answer.headers["strict-transport-security"] == "max-age=31536000"
            cookies = answer.headers.get_list("set-cookie")
            assert any(cookie.startswith("__Host-quiz=") for cookie in cookies)
            assert all("Secure" in cookie for cookie in cookies)

    async def test_forwarded_host_is_never_believed(self, tmp_path: Path) -> None:
        async with (
            grounds(tmp_path, trusted_proxies="127.0.0.0/8") as site,
            site.client(None, **self.SAID) as browser,
        ):
            page = await browser.get("/")
            said = page.text + str(page.headers)
        assert "evil.example" not in said
