"""A web site over a real ledger and real shows, without a socket.

Requests go through the ASGI transport of httpx. `Clients` speak as different
people; `played` brings a show to any phase through its own conductor.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from starlette.types import ASGIApp

from quizserver.bus.memory import MemoryBus
from quizserver.domain.ids import OPTION_IDS, OptionId, QuestionId, ShowCode
from quizserver.domain.prizes import IMPOSSIBLE_MS
from quizserver.domain.rundown import Option, Pack, Question, Rules
from quizserver.gateway.server import make_audiences
from quizserver.live.access import Actor, Role
from quizserver.live.admission import Admission
from quizserver.live.cheers import Cheers
from quizserver.live.clock import SystemClock
from quizserver.live.disk import Disk
from quizserver.live.secrets import Signer
from quizserver.live.shows import LiveShow, Shows
from quizserver.live.surroundings import Surroundings
from quizserver.live.vitals import Vitals
from quizserver.reports.audit import audit_of
from quizserver.reports.formats import FORMATS
from quizserver.reports.recount import recount_of
from quizserver.reports.results import results_of
from quizserver.shipped import PACKAGE, overlays
from quizserver.store.accounts import StoredAccounts
from quizserver.store.ledger import open_ledger
from quizserver.store.lifesign import FileLifeSign
from quizserver.web.routes import application
from quizserver.web.site import Health, Site
from quizserver.web.static import Assets, load_assets
from quizserver.web.throttle import Throttle
from quizserver.wire.host import CommandMessage, Reply

SECRET = bytes(range(32))
SHOW = ShowCode("CCHC1")
OTHER = ShowCode("CCHC2")
PASSWORD = "mat-khau-dai"
HOST = Actor(name="dan.chuong.trinh", role=Role.HOST)


def a_pack(keys: str = "CAB") -> Pack:
    """Return a pack with a key for each letter and one reserve."""

    def question(name: str, key: str, *, reserve: bool = False) -> Question:
        return Question(
            id=QuestionId(name),
            text=f"Câu hỏi {name} về cải cách hành chính?",
            options=tuple(Option(id=o, text=f"Chọn {o}") for o in OPTION_IDS[:4]),
            key=OptionId(key),
            source="Báo cáo 4569/BC-SNV",
            explanation="CANARY-EXPLANATION",
            image="bien-0a1b2c.png" if name == "q1" else None,
            reserve=reserve,
        )

    planned = [question(f"q{n}", key) for n, key in enumerate(keys, 1)]
    return Pack(
        id="cchc-thu",
        title="Tìm hiểu cải cách hành chính – Số 1",
        lang="vi",
        questions=(*planned, question("r1", "D", reserve=True)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A running site and the hands that play it."""

    site: Site
    shows: Shows
    accounts: StoredAccounts
    clock: SystemClock
    app: ASGIApp
    rehearsed: list[tuple[str, int]]

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Return a browser or script with its own cookies."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(
            transport=transport, base_url="http://localhost:8000", headers=headers
        )

    async def with_token(
        self, role: Role, show: ShowCode | None = None
    ) -> httpx.AsyncClient:
        """Return a script that holds a token of `role`."""
        token = await self.accounts.add_token(role, show, f"{role} token")
        return self.client(Authorization=f"Bearer {token}")

    async def signed_in(self, role: Role) -> httpx.AsyncClient:
        """Return a browser in which somebody of `role` is signed in."""
        await self.accounts.add_account(f"ban.{role}", PASSWORD, role)
        session = await self.accounts.sign_in(f"ban.{role}", PASSWORD)
        assert session is not None
        # A browser names the page that it posts from.
        browser = self.client(Origin="http://localhost:8000")
        browser.cookies.set("quiz", session)
        return browser

    @property
    def live(self) -> LiveShow:
        """The show CCHC1."""
        live = self.shows.get(SHOW)
        assert live is not None
        return live

    async def command(self, command: str, **fields: object) -> Reply:
        """Have the host do something; the stage has told it on return."""
        message = CommandMessage(
            command=command,
            ref=secrets.token_hex(8),
            **fields,  # type: ignore[arg-type]
        )
        reply = await self.live.conductor.command(HOST, message)
        await self.reach(lambda: self.live.stage.show.step >= reply.step)
        return reply

    async def reach(self, there: Callable[[], bool]) -> None:
        """Wait until something is so."""
        while not there():  # noqa: ASYNC110 - the stage has no event to wait for
            await asyncio.sleep(0.005)

    async def join(self, name: str, **fields: object) -> dict[str, str]:
        """Have somebody join over HTTP; return the answer."""
        consent = {"version": "vi-1", "play": True, "show_name": True, "contact": False}
        body = {"name": name, "unit": "Sở Nội vụ", "consent": consent} | fields
        async with self.client() as phone:
            answer = await phone.post(f"/api/shows/{SHOW}/participants", json=body)
        assert answer.status_code == 201, answer.text
        said: dict[str, str] = answer.json()
        return said

    async def join_after_lobby(self, name: str) -> dict[str, str]:
        """Open the lobby and have somebody join."""
        await self.command("open_lobby")
        return await self.join(name)

    async def aside(self, work: Callable[[], int]) -> int:
        """Do blocking work on a thread, as another process would."""
        return await asyncio.to_thread(work)

    async def answer(self, token: str, option: str) -> httpx.Response:
        """Have a phone answer the current question over HTTP."""
        async with self.client(Authorization=f"Bearer {token}") as phone:
            state = (await phone.get("/api/phone/state")).json()
            body = {
                "question": state["question"]["id"],
                "option": option,
                "nonce": state["question"]["nonce"],
            }
            return await phone.post("/api/phone/answers", json=body)

    async def open_question(self) -> None:
        """Ask and open the next question; return when answers may win a prize.

        Who answers within 300 ms is passed over for prizes (R4.11).
        """
        await self.command("ask")
        await self.command("open")
        await self.reach(lambda: self.live.stage.show.phase == "open")
        opened_at = self.live.stage.show.play.opened_at
        assert opened_at is not None
        possible = opened_at.plus_ms(IMPOSSIBLE_MS)
        await self.clock.sleep_until(self.clock.resolve_ns(possible))

    async def finish_question(self) -> None:
        """Lock the open question and reveal it."""
        await self.command("lock")
        await self.reach(lambda: self.live.stage.show.phase == "locked")
        assert (await self.command("reveal")).error is None


@cache
def assets() -> Assets:
    """Return the real files, read once for all tests."""
    return load_assets(
        PACKAGE / "web" / "static",
        overlays(),
        PACKAGE / "texts",
        workplaces=Path(__file__).parents[1] / "fixtures" / "workplaces.txt",
    )


@cache
def empty_database() -> bytes:
    """Return a database without shows; making the schema takes half a second."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "quiz.db"
        open_ledger(f"sqlite:///{path}", secret=SECRET).close()
        return path.read_bytes()


@asynccontextmanager
async def world(folder: Path, keys: str = "CAB") -> AsyncIterator[World]:
    """Build the site over a ledger in `folder`, with two shows."""
    clock = SystemClock()
    pack = a_pack(keys)
    (folder / "quiz.db").write_bytes(empty_database())
    ledger = open_ledger(f"sqlite:///{folder / 'quiz.db'}", secret=SECRET)
    accounts = StoredAccounts(ledger, clock.utc_ms)
    audiences, signer = make_audiences(clock), Signer(SECRET)
    running: list[asyncio.Task[None]] = []

    def start(work: Coroutine[None, None, None]) -> Callable[[], None]:
        running.append(asyncio.create_task(work))
        task = running[-1]

        def cancel() -> None:
            task.cancel()

        return cancel

    bus = MemoryBus()
    shows = Shows(
        Surroundings(
            ledger=ledger,
            bus=bus,
            clock=clock,
            signer=signer,
            phones=audiences.phones,
            overlays=audiences.overlays,
            hosts=audiences.hosts,
            start=start,
            public_url="http://localhost:8000",
            vitals=lambda: Vitals(numbers={}),
            life=FileLifeSign(folder / "alive"),
            disk=Disk(folder, lambda _: 10**12),
            cheers=Cheers(bus, audiences.overlays),
        )
    )
    rehearsed: list[tuple[str, int]] = []
    site = Site(
        shows=shows,
        admission=Admission(ledger=ledger, signer=signer, clock=clock, room=shows.room),
        accounts=accounts,
        ledger=ledger,
        clock=clock,
        packs=lambda: [pack],
        picture=lambda name: folder / name,
        results=partial(results_of, ledger),
        recount=partial(recount_of, ledger),
        formats=FORMATS,
        audit=partial(audit_of, ledger),
        health=lambda: Health(ready=True, numbers={"phones_online": 3}),
        assets=assets(),
        throttle=Throttle(clock),
        rehearse=lambda show, phones: rehearsed.append((show, phones)),
        secret=SECRET,
    )
    await shows.start()
    for code in (SHOW, OTHER):
        await shows.create(
            code,
            pack,
            title=pack.title,
            lang="vi",
            # Under `received` a reveal need not wait for answers on their way.
            rules=Rules(roll_ms=0, timing="received"),
            actor="setup",
        )
    yield World(
        site=site,
        shows=shows,
        accounts=accounts,
        clock=clock,
        app=application(site),
        rehearsed=rehearsed,
    )
    await _stop(running)
    accounts.close()
    ledger.close()


async def _stop(running: list[asyncio.Task[None]]) -> None:
    """Cancel the background work; what failed in it fails the test."""
    for task in running:
        task.cancel()
    ends = await asyncio.gather(*running, return_exceptions=True)
    assert [e for e in ends if isinstance(e, Exception)] == []
