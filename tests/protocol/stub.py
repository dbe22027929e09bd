"""A show that says what it is told to: the live side of the gateway's tests.

Only `live` is stood in for. The server, its sockets, the plane, the audiences
and the doors are the real ones.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.timing import NO_TRIP, Trip
from quizserver.gateway.limits import HttpLimits, Limits
from quizserver.gateway.server import (
    Audiences,
    Gateway,
    Listening,
    LiveSide,
    make_audiences,
)
from quizserver.live.access import Account, Actor, Role, TokenRow
from quizserver.store.watches import Watches
from quizserver.wire.host import CommandMessage, Reply
from quizserver.wire.parts import OutputPart
from quizserver.wire.phone import Answer, Cheer
from tests.protocol.clocks import ManualClock

CODE = ShowCode("CCHC1")


def js(**fields: object) -> bytes:
    """Return a JSON text, `type` first as the encoder writes it."""
    return json.dumps(fields, separators=(",", ":")).encode()


@dataclass
class StubStage:
    """Snapshots with a running step; a test may hold them back."""

    step: int = 0
    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    trouble: Exception | None = None
    padding: int = 0
    heard: list[tuple[ParticipantId, int, int]] = field(default_factory=list)
    cheers: list[tuple[ParticipantId, dict[str, int], int]] = field(
        default_factory=list
    )
    whose: list[str] = field(default_factory=list)
    """The overlays whose own states were made."""

    def seen(self, participant: ParticipantId, number: int, at_ns: int) -> None:
        self.heard.append((participant, number, at_ns))

    def cheered(self, participant: ParticipantId, cheer: Cheer, at_ns: int) -> None:
        self.cheers.append((participant, cheer.counts, at_ns))

    def __post_init__(self) -> None:
        self.gate.set()

    async def _make(self, kind: str, participant: str) -> bytes:
        self.asked.append(f"{kind} {participant}")
        step = self.step
        await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        return js(type=kind, step=step, you=participant, padding="x" * self.padding)

    def greeting(self, participant: ParticipantId) -> bytes | None:
        return None

    async def welcome(self, participant: ParticipantId) -> bytes:
        return await self._make("welcome", participant)

    async def snapshot(self, participant: ParticipantId) -> bytes:
        return await self._make("state", participant)

    async def host_state(self) -> bytes:
        return await self._make("state", "host")

    async def overlay_state(self, output: str) -> bytes:
        self.whose.append(output)
        return await self._make("state", "overlay")


@dataclass
class StubIntake:
    """Notes answers and gives a receipt at once."""

    taken: list[tuple[str, Answer, int]] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)
    trouble: Exception | None = None

    def answer(
        self,
        participant: ParticipantId,
        answer: Answer,
        received_ns: int,
        reply: Callable[[bytes], None],
        trip: Trip = NO_TRIP,
    ) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.taken.append((participant, answer, received_ns))
        self.trips.append(trip)
        reply(js(type="receipt", question=answer.question, option=answer.option))


@dataclass
class StubConductor:
    """Says yes."""

    heard: list[tuple[Actor, CommandMessage]] = field(default_factory=list)

    async def command(self, actor: Actor, message: CommandMessage) -> Reply:
        self.heard.append((actor, message))
        return Reply(ref=message.ref, step=len(self.heard), phase="lobby")


@dataclass
class StubOutputs:
    """Notes reports and orders."""

    here: dict[str, OutputPart] = field(default_factory=dict)
    orders: list[tuple[str, str | None]] = field(default_factory=list)
    went: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Queue[OutputPart] = field(default_factory=asyncio.Queue)

    def report(
        self, part: OutputPart, tell: Callable[[bytes], None], page: str = ""
    ) -> None:
        self.here[part.id] = part
        self.came.put_nowait(part)

    def gone(self, output: str) -> None:
        del self.here[output]
        self.went.set()

    def order(self, do: Literal["identify", "reload"], output: str | None) -> None:
        self.orders.append((do, output))

    def parts(self) -> tuple[OutputPart, ...]:
        return tuple(self.here.values())


@dataclass(eq=False)
class StubShow:
    """One show on air."""

    stage: StubStage = field(default_factory=StubStage)
    intake: StubIntake = field(default_factory=StubIntake)
    conductor: StubConductor = field(default_factory=StubConductor)
    outputs: StubOutputs = field(default_factory=StubOutputs)


class StubAdmission:
    """A token is "token-" and the participant."""

    def identify(self, token: str, show: ShowCode) -> ParticipantId | None:
        prefix, dash, participant = token.partition("-")
        return ParticipantId(participant) if prefix == "token" and dash else None


class StubAccounts:
    """A session or bearer token is a role's name, or role@SHOW.

    `trouble` is raised by every look; `gone` are good no more.
    """

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.gone: set[str] = set()
        self.looks = 0
        self._watches = Watches()

    async def session(self, session: str) -> Actor | None:
        return await self.bearer(session)

    async def bearer(self, token: str) -> Actor | None:
        self.looks += 1
        if self.trouble is not None:
            raise self.trouble
        role, _, show = token.partition("@")
        if role not in set(Role) or token in self.gone:
            return None
        return Actor(name=role, role=Role(role), show=ShowCode(show) if show else None)

    def on_end(self, credential: str, call: Callable[[], None]) -> Callable[[], None]:
        return self._watches.add(credential, call)

    async def sign_out(self, session: str) -> None:
        self.gone.add(session)
        self._watches.ended([session])

    async def accounts(self) -> list[Account]:
        raise NotImplementedError

    async def add_account(self, name: str, password: str, role: Role) -> None:
        raise NotImplementedError

    async def sign_in(self, name: str, password: str) -> str | None:
        raise NotImplementedError

    async def set_password(self, name: str, password: str) -> None:
        raise NotImplementedError

    async def remove_account(self, name: str) -> None:
        raise NotImplementedError

    async def add_token(
        self, role: Role, show: ShowCode | None, label: str, *, lasts_ms: int = 0
    ) -> str:
        raise NotImplementedError

    async def renew_token(self, role: Role, show: ShowCode, label: str) -> str:
        raise NotImplementedError

    async def tokens(self) -> list[TokenRow]:
        raise NotImplementedError

    async def revoke(self, token_id: str) -> bool:
        raise NotImplementedError

    async def setup_code(self) -> str | None:
        raise NotImplementedError

    async def use_setup_code(self, code: str, name: str, password: str) -> str | None:
        raise NotImplementedError


@dataclass
class Served:
    """A running server and all its parts."""

    port: int
    shows: dict[ShowCode, StubShow]
    audiences: Audiences
    gateway: Gateway
    server: uvicorn.Server
    clock: ManualClock
    accounts: StubAccounts

    @property
    def show(self) -> StubShow:
        """The only show."""
        return self.shows[CODE]

    def replace_show(self) -> StubShow:
        """Reset the show: another one under the same code."""
        self.shows[CODE] = StubShow()
        return self.show


async def _echo(request: Request) -> Response:
    body = await request.body()
    return PlainTextResponse(f"{request.method} {len(body)}")


async def _long(request: Request) -> Response:
    return PlainTextResponse("x" * 20_000_000)


@asynccontextmanager
async def serving(
    clock: ManualClock,
    *,
    limits: Limits | None = None,
    http_limits: HttpLimits | None = None,
    public_url: str | None = None,
    relays: Callable[[str], bool] | None = None,
    trusted_proxies: Sequence[str] = (),
) -> AsyncIterator[Served]:
    """Serve one stub show on a free port."""
    shows = {CODE: StubShow()}
    audiences = make_audiences(clock)
    accounts = StubAccounts()
    live = LiveSide(shows=shows, admission=StubAdmission(), accounts=accounts)
    gateway = Gateway(
        clock=clock,
        audiences=audiences,
        live=live,
        listening=Listening(
            port=0,
            public_url=public_url,
            relays=relays,
            trusted_proxies=trusted_proxies,
        ),
        limits=limits,
        http_limits=http_limits,
    )
    routes = [
        Route("/", _echo, methods=["GET", "POST"]),
        Route("/long", _long),
        *gateway.routes(),
    ]
    async with asyncio.TaskGroup() as tasks:
        gateway.open(tasks)
        async with running(gateway.config(Starlette(routes=routes))) as server:
            port = server.servers[0].sockets[0].getsockname()[1]
            yield Served(port, shows, audiences, gateway, server, clock, accounts)
        gateway.close()


@asynccontextmanager
async def running(config: uvicorn.Config) -> AsyncIterator[uvicorn.Server]:
    """Start uvicorn as its own `serve` does, without its wait for signals."""
    config.lifespan = "off"
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield server
    finally:
        for listener in server.servers:
            listener.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        await emptied(server)


async def emptied(server: uvicorn.Server) -> None:
    """Wait until no connection is left."""
    async with asyncio.timeout(5):
        while server.server_state.connections:  # noqa: ASYNC110 - a set rings no bell
            await asyncio.sleep(0.001)
