"""The gateway put together, and the uvicorn configuration that carries it.

`app` makes the audiences first, hands them to `live` as its ports, and then
makes the `Gateway` with the live side; pages come as an ASGI application.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from quizserver.addresses import BACKLOG
from quizserver.gateway.desk import Desk
from quizserver.gateway.doorway import doorway_for
from quizserver.gateway.fanout import PhoneAudience
from quizserver.gateway.guard import guarded_http
from quizserver.gateway.host import HostDoor
from quizserver.gateway.limits import SECOND, HttpLimits, Limits
from quizserver.gateway.overlay import OverlayDoor
from quizserver.gateway.phone import PhoneDoor
from quizserver.gateway.plane import Plane, Tally
from quizserver.gateway.reception import reception
from quizserver.gateway.refusals import Refusals
from quizserver.gateway.relays import relays_of
from quizserver.gateway.router import router_for
from quizserver.gateway.screens import ScreenAudience
from quizserver.gateway.seams import Admission, Shows
from quizserver.gateway.sweep import Sweep
from quizserver.live.access import Accounts
from quizserver.live.ports import Clock

STOP_S: Final = 5
"""How long a shutdown waits for responses that are under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audiences:
    """Everybody who is told something; the ports `live` is made with."""

    phones: PhoneAudience
    hosts: ScreenAudience
    overlays: ScreenAudience
    refused: Refusals


def make_audiences(clock: Clock) -> Audiences:
    """Return empty audiences."""
    return Audiences(
        phones=PhoneAudience(),
        hosts=ScreenAudience(),
        overlays=ScreenAudience(),
        refused=Refusals(clock),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSide:
    """What the gateway needs of the running shows and the accounts."""

    shows: Shows
    admission: Admission
    accounts: Accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where to listen and whom to trust.

    `trusted_proxies` are the addresses whose `X-Forwarded-*` headers count;
    none: no such header counts. `public_url` is the address people type.
    `relays` tells of an address whether a proxy sits there; unset: the trusted
    ones and this machine.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str | None = None
    trusted_proxies: Sequence[str] = ()
    certificate: str | None = None
    certificate_key: str | None = None
    relays: Callable[[str], bool] | None = None


class Gateway:
    """All sockets of one process."""

    def __init__(
        self,
        *,
        clock: Clock,
        audiences: Audiences,
        live: LiveSide,
        listening: Listening,
        limits: Limits | None = None,
        http_limits: HttpLimits | None = None,
    ) -> None:
        limits = limits or Limits()
        self._clock = clock
        self._listening = listening
        self._http_limits = http_limits or HttpLimits()
        self._desk = Desk()
        door = PhoneDoor(
            admission=live.admission,
            shows=live.shows,
            audience=audiences.phones,
            desk=self._desk,
        )
        self._sweep = Sweep(clock, limits.lap_ns)
        relays = listening.relays or relays_of(listening.trusted_proxies)
        self._plane = Plane(clock, limits, self._sweep, door, relays)
        self._host = HostDoor(
            accounts=live.accounts,
            shows=live.shows,
            audience=audiences.hosts,
            limits=limits,
            public_url=listening.public_url,
        )
        self._overlay = OverlayDoor(
            accounts=live.accounts,
            shows=live.shows,
            audience=audiences.overlays,
            refused=audiences.refused,
            limits=limits,
            public_url=listening.public_url,
        )

    @property
    def tally(self) -> Tally:
        """What happened on the plane, for `/metrics`."""
        return self._plane.tally

    def routes(self) -> list[WebSocketRoute]:
        """Return the sockets that the application serves: hosts and overlays."""
        return [
            WebSocketRoute("/ws/host", self._host.serve),
            WebSocketRoute("/ws/overlay", self._overlay.serve),
        ]

    def open(self, tasks: asyncio.TaskGroup) -> None:
        """Start the sweep and the desk; call it in the application's lifespan."""
        self._sweep.start()
        self._desk.open(tasks)

    def close(self) -> None:
        """Stop what `open` started."""
        self._desk.close()
        self._sweep.stop()

    def config(self, application: ASGIApp) -> uvicorn.Config:
        """Return how uvicorn serves the pages and these sockets on one port."""
        limits, listening = self._plane.limits, self._listening
        taking_in = reception(self._plane, listening.public_url)
        pages = guarded_http(self._clock, self._sweep, self._http_limits)
        return uvicorn.Config(
            _without_traceback(application),
            host=listening.host,
            port=listening.port,
            loop="uvloop",
            interface="asgi3",
            http=doorway_for(pages, taking_in),
            ws=router_for(taking_in),
            # The sockets of hosts and overlays; phones are bounded by the plane.
            ws_max_size=limits.message_bytes,
            ws_per_message_deflate=False,
            ws_ping_interval=limits.ping_ns / SECOND,
            ws_ping_timeout=(limits.dead_ns - limits.ping_ns) / SECOND,
            backlog=BACKLOG,
            timeout_graceful_shutdown=STOP_S,
            # Paths may hold codes; logs are structured and made by us (P10).
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=bool(listening.trusted_proxies),
            forwarded_allow_ips=list(listening.trusted_proxies),
            ssl_certfile=listening.certificate,
            ssl_keyfile=listening.certificate_key,
        )


def _without_traceback(application: ASGIApp) -> ASGIApp:
    """Wrap the application: a visitor who hangs up in mid-request is no error."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await application(scope, receive, send)
        except ClientDisconnect:
            return

    return serve
