"""A server that says what a test tells it to: real sockets, real files, no show.

It serves the pages, the static files and `/ws/host` on one port, with the
content security policy of the real pages, so that an inline style would fail
here too. It holds no rules: what a panel is shown is the test's own words.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from http import HTTPStatus
from pathlib import Path

from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from quizserver.texts.catalogue import text
from quizserver.web.static import Assets, load_assets
from tests.e2e.host.samples import Message
from tests.listening import take_no_more

ROOT = Path(__file__).resolve().parents[3]
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; frame-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors "
)
QR = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'>"
    "<path d='M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h2v2H4zM6 6h2v2H6z'/></svg>"
)
BARE = (
    "<!doctype html><html lang='{{ lang }}' data-lang='{{ lang }}'><head>"
    "<meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
    "<meta name='build' content='{{ build }}'><link rel='icon' href='data:,'>"
    "<title>{% block title %}{% endblock %}</title></head>"
    "<body>{% block body %}{% endblock %}</body></html>"
)


@cache
def assets() -> Assets:
    """Return the files as the real server would serve them."""
    package = ROOT / "quizserver"
    return load_assets(package / "web/static", ROOT / "overlays", package / "texts")


def render(template: str, lang: str, **context: object) -> str:
    """Return a page of the panel inside the site's own frame."""
    folder = ROOT / "quizserver/web/templates"
    pages = ChoiceLoader([FileSystemLoader(folder), DictLoader({"base.html": BARE})])
    environment = Environment(loader=pages, autoescape=True)
    shared: dict[str, object] = {
        "t": lambda key, **values: text(lang, key, **values),
        "static": assets().url,
        "has_static": assets().files.__contains__,
        "lang": lang,
        "languages": ("vi", "en"),
        "build": assets().build,
        "csrf": "c5rf",
        "path": "/host",
        "actor": None,
    }
    return environment.get_template(template).render(shared | context)


class Panel:
    """The server's end of one panel's socket."""

    def __init__(self, socket: ServerConnection, hello: Message) -> None:
        self.socket = socket
        self.hello = hello

    async def say(self, *messages: Message) -> None:
        """Send messages in order."""
        for message in messages:
            await self.socket.send(json.dumps(message, ensure_ascii=False))

    async def hears(self) -> Message:
        """Return the next message the panel sent; a silent panel fails the test."""
        async with asyncio.timeout(20):
            received: Message = json.loads(await self.socket.recv())
        return received

    async def silent(self, seconds: float) -> bool:
        """Tell whether the panel says nothing for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.hears()
        except TimeoutError:
            return True
        return False

    async def reply(self, command: Message, **fields: object) -> None:
        """Answer a command."""
        step = command["step"]
        said = {"type": "reply", "ref": command["ref"], "step": step, "phase": "open"}
        await self.say(said | fields)


class Scripted:
    """The running server; `panels` hands over each connection after its hello."""

    def __init__(self) -> None:
        self.panels: asyncio.Queue[Panel] = asyncio.Queue()
        self.port = 0
        self.pages: dict[str, str] = {}
        self.refusing = False

    @property
    def origin(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def panel(self) -> Panel:
        """Wait for the next panel that says hello."""
        async with asyncio.timeout(20):
            return await self.panels.get()

    async def talk(self, socket: ServerConnection) -> None:
        """Keep one socket until its test closes it or the browser goes."""
        try:
            hello = json.loads(await socket.recv())
            await self.panels.put(Panel(socket, hello))
            await socket.wait_closed()
        except ConnectionClosed:
            return

    def page(self, _socket: ServerConnection, request: Request) -> Response | None:
        """Answer everything that is not the socket."""
        path = request.path.split("?")[0]
        if path == "/ws/host":
            down = HTTPStatus.SERVICE_UNAVAILABLE
            return _answer("text/plain", b"", down) if self.refusing else None
        if path in self.pages:
            body = self.pages[path].encode()
            is_framed = path.endswith("/phone")  # by the panel, in its mirrors
            return _answer("text/html; charset=utf-8", body, is_framed=is_framed)
        if path.endswith("/qr.svg"):
            return _answer("image/svg+xml", QR.encode())
        asset = assets().files.get(path.removeprefix(f"/static/{assets().build}/"))
        if asset is None:
            return _answer("text/plain", b"", HTTPStatus.NOT_FOUND)
        return _answer(asset.mime, asset.body)


def _answer(
    mime: str,
    body: bytes,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    is_framed: bool = False,
) -> Response:
    ancestors = "'self'" if is_framed else "'none'"
    headers = Headers(
        {
            "Content-Type": mime,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": CSP + ancestors,
            "Connection": "close",
        }
    )
    return Response(status.value, status.phrase, headers, body)


@asynccontextmanager
async def scripted() -> AsyncIterator[Scripted]:
    """Run a server on a free port."""
    stage = Scripted()
    async with serve(
        stage.talk, "127.0.0.1", 0, process_request=stage.page, compression=None
    ) as server:
        stage.port = server.sockets[0].getsockname()[1]
        yield stage
        await take_no_more(server.sockets)
