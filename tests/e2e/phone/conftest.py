"""A small scripted server for phone pages, and real Chromium in front of it.

It speaks the wire with the wire's own structs and knows no rules: a test says
what the show does. The strict Content-Security-Policy of the product is set, so
a page that needs more fails here.
"""

import asyncio
import json
import queue
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from quizserver.web.bundle import bundle, sheet
from quizserver.wire.common import encode
from quizserver.wire.parts import ShowPart
from quizserver.wire.phone import (
    Answer,
    Hello,
    Joined,
    PhoneIn,
    Receipt,
    State,
    Welcome,
    YouPart,
    decode_phone,
)
from tests.chromium import chromium
from tests.listening import ThreadServer

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "quizserver" / "web" / "static"
TEXTS = ROOT / "quizserver" / "texts"
EPOCH = "e1"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
DATA_OVER = 'data-over="1"'
PAGE = """<!doctype html>
<html lang="{lang}" data-lang="{lang}" data-show="CCHC1" {over}
  data-title="Tìm hiểu cải cách hành chính – Số 1" data-keep-days="90">
<head><meta charset="utf-8"><title>CCHC1</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/t/phone/bundle.css"></head>
<body><div id="app" class="app"><main class="screen"><h1>CCHC1</h1></main></div>
<p id="speak" class="unseen" role="status" aria-live="polite"></p>
<script type="module" src="/static/t/phone/bundle.js"></script></body></html>"""


@dataclass(slots=True, kw_only=True)
class Heard:
    """What a phone said: over "socket" or "http", and when it was read."""

    road: str
    message: PhoneIn


@dataclass(slots=True, kw_only=True)
class Stage:
    """The scripted show: what phones get and what they said."""

    url: str = ""
    lang: str = "vi"
    over: bool = False
    """The page was asked for when the show was over."""
    snapshot: State = field(
        default_factory=lambda: State(epoch=EPOCH, step=1, phase="lobby")
    )
    name: str = "Nguyễn Thị Phương Thảo"
    sockets_work: bool = True
    tokens_good: bool = True
    join_refusal: tuple[int, dict[str, object]] | None = None
    receipt_for: Callable[[Answer], Receipt | None] = lambda _: None
    joins: list[dict[str, object]] = field(default_factory=list)
    heard: "queue.Queue[Heard]" = field(default_factory=queue.Queue)
    sockets: list[WebSocket] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None

    # what the test does
    def say(self, message: msgspec.Struct) -> None:
        """Send one message to every phone and wait until it is written."""
        self._run(self._say(encode(message).decode()))

    def close(self, code: int) -> None:
        """Close every socket with `code`."""
        self._run(self._close(code))

    def next_heard(self, kind: type[PhoneIn], timeout: float = 8) -> Heard:
        """Return the next thing of `kind` that a phone says."""
        while True:
            heard = self.heard.get(timeout=timeout)
            if isinstance(heard.message, kind):
                return heard

    def all_heard(self) -> list[PhoneIn]:
        """Return all that was heard and not yet taken, without waiting."""
        found = []
        while not self.heard.empty():
            found.append(self.heard.get().message)
        return found

    def answers(self) -> list[Answer]:
        """Return all answers heard and not yet taken, without waiting."""
        return [one for one in self.all_heard() if isinstance(one, Answer)]

    def welcome(self) -> Welcome:
        """Return the first message a phone gets now."""
        return Welcome(
            v=1,
            epoch=self.snapshot.epoch,
            step=self.snapshot.step,
            you=YouPart(id="p1", name=self.name),
            show=ShowPart(
                code="CCHC1",
                title="Tìm hiểu cải cách hành chính – Số 1",
                questions=10,
                lang="vi",
            ),
            state=self.snapshot,
        )

    def _run(self, work: Coroutine[object, object, None]) -> None:
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=5)

    async def _say(self, text: str) -> None:
        for socket in list(self.sockets):
            await socket.send_text(text)

    async def _close(self, code: int) -> None:
        for socket in list(self.sockets):
            self.sockets.remove(socket)
            await socket.close(code)

    # what the server does
    async def socket(self, socket: WebSocket) -> None:
        """Serve `/ws/phone`."""
        if not self.sockets_work:
            await socket.close(1013)
            return
        await socket.accept()
        try:
            while True:
                message = decode_phone(await socket.receive_text())
                self.heard.put(Heard(road="socket", message=message))
                await self._reply(socket, message)
        except WebSocketDisconnect:
            pass
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)

    async def _reply(self, socket: WebSocket, message: PhoneIn) -> None:
        if isinstance(message, Hello):
            if not self.tokens_good:
                await socket.close(4401)
                return
            self.sockets.append(socket)
            await socket.send_text(encode(self.welcome()).decode())
        elif isinstance(message, Answer):
            receipt = self.receipt_for(message)
            if receipt is not None:
                await socket.send_text(encode(receipt).decode())

    async def page(self, request: Request) -> Response:
        """Serve the page, readable for nobody without the product's template."""
        html = PAGE.format(lang=self.lang, over=DATA_OVER if self.over else "")
        return HTMLResponse(html, headers={"Content-Security-Policy": CSP})

    async def static(self, request: Request) -> Response:
        """Serve a file of quizserver/web/static, or a merged catalogue."""
        path = request.path_params["path"]
        if path == "phone/bundle.js":
            return Response(_bundle(), media_type="text/javascript")
        if path == "phone/bundle.css":
            return Response(_sheet(), media_type="text/css")
        if not path.startswith("texts/"):
            return FileResponse(STATIC / path)
        area, lang, _ = path.removeprefix("texts/").split(".")
        texts: dict[str, str] = {}
        for name in ("common", area):
            texts |= json.loads((TEXTS / f"{name}.{lang}.json").read_text("utf-8"))
        return Response(json.dumps(texts), media_type="application/json")

    async def join(self, request: Request) -> Response:
        """Serve the join call."""
        self.joins.append(await request.json())
        if self.join_refusal is not None:
            status, body = self.join_refusal
            return Response(json.dumps(body), status_code=status)
        joined = Joined(
            participant="p1",
            name=self.name,
            token="p.p1.e1.sig",
            recovery_code="7K3M9P",
        )
        return Response(encode(joined), status_code=201, media_type="application/json")

    async def state(self, request: Request) -> Response:
        """Serve the snapshot over HTTP."""
        return Response(encode(self.snapshot), media_type="application/json")

    async def answer(self, request: Request) -> Response:
        """Serve an answer over HTTP."""
        body = {"type": "answer", **(await request.json())}
        message = decode_phone(json.dumps(body))
        assert isinstance(message, Answer)
        self.heard.put(Heard(road="http", message=message))
        receipt = self.receipt_for(message)
        if receipt is None:
            return Response("{}", status_code=503)
        return Response(encode(receipt), media_type="application/json")

    def app(self) -> Starlette:
        """Return the server's routes."""
        return Starlette(
            routes=[
                Route("/static/t/{path:path}", self.static),
                Route("/api/shows/{code}/participants", self.join, methods=["POST"]),
                Route("/api/shows/{code}/recover", self.join, methods=["POST"]),
                Route("/api/phone/state", self.state),
                Route("/api/phone/answers", self.answer, methods=["POST"]),
                WebSocketRoute("/ws/phone", self.socket),
                Route("/{code}", self.page),
                Route("/{code}/{via}", self.page),
            ]
        )


@cache
def _bundle() -> str:
    """Return the phone's modules as the product sends them."""
    files = [*STATIC.glob("*/*.js"), *STATIC.glob("*/*.mjs")]
    sources = {f.relative_to(STATIC).as_posix(): f.read_text("utf-8") for f in files}
    return bundle(sources, "phone/main.js")


@cache
def _sheet() -> str:
    """Return the phone's style sheets as the product sends them."""
    files = STATIC.glob("*/*.css")
    sources = {f.relative_to(STATIC).as_posix(): f.read_text("utf-8") for f in files}
    return sheet(sources, "phone/phone.css")


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A scripted show on a free port of this machine."""
    stage = Stage()
    server = ThreadServer(stage.app())
    server.open()
    stage.loop, stage.url = server.loop, f"http://127.0.0.1:{server.port}"
    yield stage
    server.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, stage: Stage) -> Iterator[BrowserContext]:
    """A phone of 360 × 800 with nothing remembered, gone before its server."""
    assert stage.url
    context = browser.new_context(
        viewport={"width": 360, "height": 800},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        locale="vi-VN",
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose errors fail the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda m: (
            errors.append(m.text) if "Content Security Policy" in m.text else None
        ),
    )
    yield page
    assert errors == []
