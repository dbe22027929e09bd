"""A stand for overlays: the real files, and a show that does what a test says.

It serves the addresses of the product (`/overlay/<name>`, `/static/<build>/…`,
`/{code}/qr.svg`, `/ws/overlay`) with the overlays' Content-Security-Policy, and
speaks the wire. It knows no rules of play.
"""

import asyncio
import io
import queue
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
import segno
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from quizserver.web.headers import content_policy
from quizserver.web.static import Assets, load_assets
from quizserver.wire.common import Close
from quizserver.wire.overlay import Output, OverlayHello, decode_overlay
from tests.listening import ThreadServer

ROOT: Final = Path(__file__).parents[3]
OVERLAYS: Final = ROOT / "overlays"
KEY: Final = "o.stage-key"
WAIT: Final = 10.0
"""Longest wait for anything here, seconds."""


@cache
def assets() -> Assets:
    """Return all files as the product serves them."""
    web = ROOT / "quizserver" / "web" / "static"
    return load_assets(web, OVERLAYS, ROOT / "quizserver" / "texts")


@dataclass(slots=True, kw_only=True)
class Stand:
    """The scripted show; start it, set `snapshot`, then `say` cues."""

    files: Assets
    port: int = 0
    key: str = KEY
    snapshot: dict[str, Any] | None = None
    hellos: "queue.Queue[OverlayHello]" = field(default_factory=queue.Queue)
    outputs: "queue.Queue[Output]" = field(default_factory=queue.Queue)
    asked: list[str] = field(default_factory=list)
    _sockets: list[WebSocket] = field(default_factory=list)
    _server: ThreadServer | None = None

    @property
    def url(self) -> str:
        """Address of the stand without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve; on the same port again after `stop`."""
        self._server = ThreadServer(self._app(), self.port)
        self._server.open()
        self.port = self._server.port

    def stop(self) -> None:
        """Vanish, with every connection."""
        if self._server is None:
            return
        self._server.end()
        self._server = None
        self._sockets.clear()

    def say(self, message: dict[str, Any]) -> None:
        """Send one message to every overlay."""
        self._run(self._say(msgspec.json.encode(message).decode()))

    def close(self, code: int) -> None:
        """Close every overlay's socket with `code`."""
        self._run(self._close(code))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        assert self._server is not None
        assert self._server.loop is not None
        asyncio.run_coroutine_threadsafe(work, self._server.loop).result(WAIT)

    async def _say(self, text: str) -> None:
        for socket in self._sockets:
            await socket.send_text(text)

    async def _close(self, code: int) -> None:
        while self._sockets:
            await self._sockets.pop().close(code)

    async def _socket(self, socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await self._heard(socket, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass  # RuntimeError: this side closed the socket while it listened
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)

    async def _heard(self, socket: WebSocket, text: str) -> None:
        message = decode_overlay(text)
        if isinstance(message, Output):
            self.outputs.put(message)
            return
        assert isinstance(message, OverlayHello), "no bridge comes here"
        self.hellos.put(message)
        if message.key != self.key:
            await socket.close(Close.TOKEN)
            return
        self._sockets.append(socket)
        if self.snapshot is not None:
            await socket.send_text(msgspec.json.encode(self.snapshot).decode())

    async def _page(self, request: Request) -> Response:
        self.asked.append(str(request.url))
        name = request.path_params["name"]
        shell = self.files.files.get(f"overlays/{name}/index.html")
        if shell is None:
            return Response(status_code=404)
        html = shell.body.decode()
        marks = {"static": f"/static/{self.files.build}", "build": self.files.build}
        marks["lang"] = request.query_params.get("lang", "vi")
        for mark, value in marks.items():
            html = html.replace("{{" + mark + "}}", value)
        policy = content_policy(request.url.path, request.headers["host"])
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    async def _file(self, request: Request) -> Response:
        self.asked.append(str(request.url))
        asset = self.files.files.get(request.path_params["path"])
        if asset is None:
            return Response(status_code=404)
        cached = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(asset.body, media_type=asset.mime, headers=cached)

    async def _code(self, request: Request) -> Response:
        self.asked.append(str(request.url))
        picture = segno.make(
            f"HTTPS://QUIZ.VN/{request.path_params['code']}", error="q"
        )
        drawn = io.BytesIO()
        picture.save(drawn, kind="svg", border=2, omitsize=True, scale=10)
        return Response(drawn.getvalue(), media_type="image/svg+xml")

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(f"/static/{self.files.build}/{{path:path}}", self._file),
                Route("/overlay/{name}", self._page),
                Route("/{code}/qr.svg", self._code),
                WebSocketRoute("/ws/overlay", self._socket),
            ]
        )
