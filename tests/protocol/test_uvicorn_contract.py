"""What the gateway relies on inside uvicorn: no upgrade may change it unseen.

A red test here means: read uvicorn's change, then the router and the guards,
before the bound in pyproject.toml is moved.
"""

import asyncio
import inspect
import re
import tomllib
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import Server, ServerState

from quizserver.gateway.connection import PhoneConnection
from quizserver.gateway.doorway import Doorway
from quizserver.gateway.guard import GuardedHttp
from quizserver.gateway.router import Router
from quizserver.gateway.screen import ScreenProtocol
from tests.protocol import stub
from tests.protocol.clocks import ManualClock
from tests.protocol.raw import connect, dial, upgrade_request
from tests.protocol.stub import running, serving

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def connections_of(server: Server) -> set[object]:
    return set(server.server_state.connections)


class Recorder(asyncio.Protocol):
    """A ws class that only notes how uvicorn treats it."""

    calls: list[tuple[str, object]] = []  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.calls.append(("__init__", (args, sorted(kwargs))))
        self.state = kwargs["server_state"]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.calls.append(("connection_made", transport.get_protocol()))
        self.transport = transport
        self.state.connections.add(self)

    def data_received(self, data: bytes) -> None:
        self.calls.append(("data_received", data))
        asyncio.get_running_loop().call_soon(self.after)

    def after(self) -> None:
        self.calls.append(("after", self.transport.get_protocol()))
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.state.connections.discard(self)

    def shutdown(self) -> None:
        self.transport.close()


async def test_ws_class_is_made_and_called_in_the_order_the_router_relies_on() -> None:
    Recorder.calls.clear()
    config = uvicorn.Config(
        Starlette(),
        port=0,
        interface="asgi3",
        http="httptools",
        ws=Recorder,
        log_config=None,
    )
    async with running(config) as server:
        port = server.servers[0].sockets[0].getsockname()[1]
        async with dial(port) as raw:
            raw.send(upgrade_request("/ws/phone?x=1", X_Mixed="Case"))
            await raw.rest()
    names = [name for name, _ in Recorder.calls]
    assert names == ["__init__", "connection_made", "data_received", "after"]
    made, taken, head, after = (value for _, value in Recorder.calls)
    assert made == ((), ["app_state", "config", "server_state"])
    assert isinstance(taken, HttpToolsProtocol), "the transport is still HTTP's"
    assert isinstance(after, Recorder), "it is ours one turn later"
    assert isinstance(head, bytes)
    assert head.startswith(b"GET /ws/phone?x=1 HTTP/1.1\r\nhost: quiz.local\r\n")
    assert b"x-mixed: Case\r\n" in head
    assert head.endswith(b"\r\n\r\n")


async def test_transport_ends_up_with_the_chosen_protocol(clock: ManualClock) -> None:
    async with serving(clock) as served:
        for path, kind in (
            ("/ws/phone", PhoneConnection),
            ("/ws/host", ScreenProtocol),
        ):
            async with connect(served.port, path):
                (one,) = connections_of(served.server)
                assert isinstance(one, kind)
                holder = "_transport" if kind is PhoneConnection else "transport"
                assert getattr(one, holder).get_protocol() is one
            await stub.emptied(served.server)


async def test_http_class_is_let_go_after_the_upgrade(clock: ManualClock) -> None:
    """Else each phone would keep a parser and its headers in memory."""
    async with serving(clock) as served, connect(served.port):
        kinds = {type(one) for one in connections_of(served.server)}
        assert kinds == {PhoneConnection}


def test_constructors_are_those_uvicorn_calls() -> None:
    expected = ["self", "config", "server_state", "app_state", "_loop"]
    for kind in (
        HttpToolsProtocol,
        WebSocketsSansIOProtocol,
        Router,
        Doorway,
        GuardedHttp,
        ScreenProtocol,
    ):
        assert list(inspect.signature(kind.__init__).parameters) == expected


def test_what_the_guards_override_is_there_to_be_overridden() -> None:
    for kind, base in (
        (GuardedHttp, HttpToolsProtocol),
        (ScreenProtocol, WebSocketsSansIOProtocol),
    ):
        ours = {"swept", "clock", "sweep", "limits"}
        ours |= {"head_deadline_ns", "keep_deadline"}
        for name in vars(kind):
            if not name.startswith("_") and name not in ours:
                assert hasattr(base, name), f"{base.__name__} has no {name} any more"


async def test_what_the_guards_read_is_there() -> None:
    config = uvicorn.Config(Starlette(), interface="asgi3", log_config=None)
    config.load()
    http = HttpToolsProtocol(config, ServerState(), {})
    for name in ("cycle", "headers", "parser", "pipeline", "transport"):
        assert hasattr(http, name)
    on_begin = inspect.getsource(HttpToolsProtocol.on_message_begin)
    assert 'self.url = b""' in on_begin
    screen = WebSocketsSansIOProtocol(config, ServerState(), {})
    for name in (
        "close_sent",
        "conn",
        "disconnected",
        "frames",
        "handshake_complete",
        "handshake_initiated",
        "queue",
        "transport",
    ):
        assert hasattr(screen, name)
    assert STATUS_LINE[431].startswith(b"HTTP/1.1 431 ")


def test_shutdown_asks_every_connection() -> None:
    source = inspect.getsource(Server.shutdown)
    assert "for connection in list(self.server_state.connections):" in source
    assert "connection.shutdown()" in source


def test_version_is_held_to_the_one_minor_that_was_read() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    (bound,) = (one for one in project["dependencies"] if one.startswith("uvicorn"))
    assert re.fullmatch(r"uvicorn>=0\.(\d+),<0\.(\d+)", bound)
    low, high = re.findall(r"0\.(\d+)", bound)
    assert int(high) == int(low) + 1
    assert uvicorn.__version__.startswith(f"0.{low}.")
