"""The whole server in this process, listening, with people of every kind.

What `app` builds is what listens: uvicorn, its guards, the gateway, the pages. Tests
speak to it over TCP and may look into the same object for what cannot be asked for:
the routes it really has.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx
from starlette.applications import Starlette

from quizserver.app import Running, running
from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Rules
from quizserver.live.access import Actor, Role
from quizserver.settings import Settings
from quizserver.store.accounts import StoredAccounts
from tests.protocol.http_site import PASSWORD, a_pack

SHOW, OTHER = ShowCode("CCHC1"), ShowCode("CCHC2")
SETUP = Actor(name="setup", role=Role.OWNER)
HOUR_MS = 3_600_000


@dataclass(kw_only=True)
class Sender:
    """Somebody who sends requests, from an address of this machine's own.

    `header` is what goes along, `token` what a socket's hello would say.
    """

    name: str
    number: int
    header: dict[str, str] = field(default_factory=dict)
    token: str = ""

    @property
    def is_browser(self) -> bool:
        """Whether a session's cookie speaks, which needs a CSRF token to write."""
        return "quiz=" in self.header.get("Cookie", "")


@dataclass(kw_only=True)
class Grounds:
    """The running server."""

    server: Running
    build: str

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.listener.getsockname()[1])

    @property
    def address(self) -> str:
        """Its address without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def client(self, sender: Sender | None = None, **header: str) -> httpx.AsyncClient:
        """Return a client that sends what `sender` sends.

        Everybody has an address of their own, as on the internet: failed sign-ins
        of one must not slow down another.
        """
        number = sender.number if sender else 0
        transport = httpx.AsyncHTTPTransport(local_address=f"127.0.1.{number + 1}")
        said = (sender.header if sender else {}) | header
        return httpx.AsyncClient(
            transport=transport, base_url=self.address, headers=said, timeout=30
        )

    async def csrf(self, client: httpx.AsyncClient) -> str:
        """Return the token of the pages that this browser gets; "" for none."""
        found = re.search(
            r'name="csrf" content="(\w+)"', (await client.get("/host")).text
        )
        return found[1] if found else ""

    async def join(self, show: ShowCode) -> str:
        """Have somebody join; return the token."""
        body = {
            "name": "Nguyễn Văn An",
            "unit": "Sở Nội vụ",
            "consent": {"version": "1", "play": True, "show_name": True},
        }
        async with self.client() as phone:
            answer = await phone.post(f"/api/shows/{show}/participants", json=body)
        return str(answer.json()["token"])


@asynccontextmanager
async def grounds(folder: Path, **settings: object) -> AsyncIterator[Grounds]:
    """Serve two shows in the lobby."""
    chosen = Settings(data_dir=folder, host="127.0.0.1", port=0, **settings)  # type: ignore[arg-type]
    async with running(chosen) as server:
        for code in (SHOW, OTHER):
            await server.shows.create(
                code,
                a_pack(),
                title="Thử cửa",
                lang="vi",
                rules=Rules(roll_ms=0, timing="received"),
                actor="setup",
            )
        serving = asyncio.create_task(server.serve())
        while not server.uvicorn.started:  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(0.005)
        try:
            yield Grounds(server=server, build=await _build(server))
        finally:
            server.uvicorn.should_exit = True
            await serving


async def _build(server: Running) -> str:
    """Return the build in the addresses of files, as a page says it."""
    port = server.listener.getsockname()[1]
    async with httpx.AsyncClient(trust_env=False) as client:
        page = (await client.get(f"http://127.0.0.1:{port}/")).text
    found = re.search(r"/static/(\w+)/", page)
    assert found
    return found[1]


def starlette_of(application: object) -> Starlette:
    """Return the Starlette inside what uvicorn serves, through every wrapper."""
    for inner in _inside(application):
        if isinstance(inner, Starlette):
            return inner
    raise AssertionError("no Starlette there")


def _inside(application: object) -> Iterator[object]:
    yield application
    cells = getattr(application, "__closure__", None) or ()
    kept = [cell.cell_contents for cell in cells]
    kept += [v for k, v in vars(application).items() if k in ("app", "_app")]
    for inner in kept:
        yield from _inside(inner)


async def everybody(site: Grounds) -> list[Sender]:
    """Return senders with every kind of credential, good and bad."""
    accounts = site.server.accounts
    senders = [Sender(name="nobody", number=0)]

    def add(name: str, token: str, *, cookie: str = "") -> None:
        header = {"Authorization": f"Bearer {token}"}
        if cookie:
            header = {"Cookie": f"{cookie}={token}", "Origin": site.address}
        number = len(senders)
        senders.append(Sender(name=name, number=number, header=header, token=token))

    for role in Role:
        show = SHOW if role is Role.OVERLAY else None
        add(f"{role} token", await accounts.add_token(role, show, f"{role}"))
        if role is not Role.OVERLAY:
            add(f"{role} session", await _session(site, role), cookie="quiz")
    add("host of this show", await accounts.add_token(Role.HOST, SHOW, "one show"))
    add("phone", await site.join(SHOW))
    add("phone by cookie", await site.join(SHOW), cookie=f"quiz-{SHOW}")
    await _dead(site, add)
    return senders


async def _session(site: Grounds, role: Role) -> str:
    accounts = site.server.accounts
    if f"ban.{role}" not in {account.name for account in await accounts.accounts()}:
        await accounts.add_account(f"ban.{role}", PASSWORD, role)
    session = await accounts.sign_in(f"ban.{role}", PASSWORD)
    assert session is not None
    return session


class Add(Protocol):
    """Adds a sender with a bearer token, or with a cookie of that name."""

    def __call__(self, name: str, token: str, *, cookie: str = "") -> None: ...


async def _dead(site: Grounds, add: Add) -> None:
    """Add those whose credential is good for nothing, or for another show."""
    accounts = site.server.accounts
    add("forged token", "qs_owner_" + "x" * 43)
    add("forged session", "x" * 43, cookie="quiz")
    add("forged phone", "p.CCHC1.x.y.z.0000")
    expired = await accounts.add_token(Role.OWNER, None, "expired", lasts_ms=1)
    add("expired token", expired)
    add("expired session", await _old_session(site), cookie="quiz")
    revoked = await accounts.add_token(Role.OWNER, None, "revoked")
    row = [row for row in await accounts.tokens() if row.label == "revoked"][-1]
    await accounts.revoke(row.id)
    add("revoked token", revoked)
    left = await _session(site, Role.OVERLAY)
    await accounts.sign_out(left)
    add("signed-out session", left, cookie="quiz")
    add("owner of another show", await accounts.add_token(Role.OWNER, OTHER, "other"))
    replayed = await site.join(OTHER)
    await site.server.shows.reset(OTHER, SETUP)
    add("phone of an earlier run", replayed)
    # Good in itself, but not as what it is sent as.
    add("overlay key as a session", await _key(site), cookie="quiz")


async def _key(site: Grounds) -> str:
    return await site.server.accounts.add_token(Role.OVERLAY, SHOW, "as a session")


async def _old_session(site: Grounds) -> str:
    """Return the session of an owner who has done nothing for thirteen hours."""
    then = StoredAccounts(
        site.server.ledger, lambda: time.time_ns() // 1_000_000 - 13 * HOUR_MS
    )
    session = await then.sign_in(f"ban.{Role.OWNER}", PASSWORD)
    then.close()
    assert session is not None
    return session
