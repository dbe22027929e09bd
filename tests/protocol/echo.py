"""The plane with nothing behind it but an echo: for what RFC 6455 says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from quizserver.gateway.doorway import doorway_for
from quizserver.gateway.guard import guarded_http
from quizserver.gateway.limits import HttpLimits, Limits
from quizserver.gateway.plane import Phone, Plane
from quizserver.gateway.reception import reception
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
    taking_in = reception(plane, None)
    pages = guarded_http(clock, sweep, HttpLimits())
    config = uvicorn.Config(
        Starlette(),
        port=0,
        interface="asgi3",
        http=doorway_for(pages, taking_in),
        ws=router_for(taking_in),
        log_config=None,
    )
    sweep.start()
    async with running(config) as server:
        yield server.servers[0].sockets[0].getsockname()[1]
    sweep.stop()
