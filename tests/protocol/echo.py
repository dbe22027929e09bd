"""The plane with nothing behind it but an echo: for what RFC 6455 says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from quizserver.gateway.guard import guarded_http
from quizserver.gateway.limits import HttpLimits, Limits
from quizserver.gateway.plane import Phone, Plane
from quizserver.gateway.relays import relays_of
from quizserver.gateway.router import router_for
from quizserver.gateway.sweep import Sweep
from tests.protocol.clocks import ManualClock
from tests.protocol.stub import running


class EchoDoor:
    """Says back every text message."""

    def heard(self, phone: Phone, payload: bytes, received_ns: int) -> None:
        phone.reply(payload)

    def stale(self, phone: Phone) -> None:
        raise NotImplementedError

    def left(self, phone: Phone) -> None:
        raise NotImplementedError


@asynccontextmanager
async def echoing(
    clock: ManualClock, limits: Limits | None = None
) -> AsyncIterator[int]:
    """Serve the echo; the value is the port."""
    limits = limits or Limits()
    sweep = Sweep(clock, limits.lap_ns)
    plane = Plane(clock, limits, sweep, EchoDoor(), relays_of(()))
    config = uvicorn.Config(
        Starlette(),
        port=0,
        interface="asgi3",
        http=guarded_http(clock, sweep, HttpLimits()),
        ws=router_for(plane, None),
        log_config=None,
    )
    sweep.start()
    async with running(config) as server:
        yield server.servers[0].sockets[0].getsockname()[1]
    sweep.stop()
