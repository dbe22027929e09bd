"""Headers that every HTTP answer carries, and which names we answer to.

Pure ASGI, around everything, so that error pages have them too. What a page
may load depends on its kind; the list is in docs/reference/wire.md's words:
own files only, no inline script anywhere, inline style only for overlays,
whose OBS settings inject it.
"""

import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quizserver.live.response_headers import COMMON, HSTS, NOTHING, REFUSAL
from quizserver.live.site_names import is_own, own_names


class SafeHeaders:
    """Adds the headers; refuses requests for a host name that is not ours."""

    def __init__(
        self, app: ASGIApp, *, public_url: str = "", hosts: Iterable[str] = ()
    ) -> None:
        self._app = app
        self._names = own_names(public_url, hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")
        if not is_own(host, self._names):
            await _refuse(send)
            return
        secure = scope.get("scheme") == "https"

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _dress(MutableHeaders(scope=message), scope["path"], host, secure)
            await send(message)

        await self._app(scope, receive, dressed)


def content_policy(path: str, host: str) -> str:
    """Return the Content-Security-Policy of a page or file."""
    if path.startswith(("/api/", "/static/")):
        return NOTHING
    overlay = path.startswith("/overlay/")
    style = "'self' 'unsafe-inline'" if overlay else "'self'"
    # The panel and the editors show what a phone and an overlay draw.
    showing = ("/host/", "/overlay/_editor")
    frames = " frame-src 'self';" if path.startswith(showing) else ""
    # 'self' does not cover sockets in WebKit before 15.4.
    sockets = f"ws://{host} wss://{host}"
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src {style}; img-src 'self' data:; font-src 'self';{frames} "
        f"connect-src 'self' {sockets}; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {framed_by(path)}"
    )


def framed_by(path: str) -> str:
    """Return who may frame a page: an overlay everybody, else nobody or ourselves.

    Graphics renderers have addresses of their own (OGraf, `overlays/_kit/graphic.js`),
    and OBS opens the loader as a local file, `http://absolute/…` (obs-browser,
    browser-scheme.cpp) or `file:///…`, which `*` leaves out. An overlay has no control
    that a click could be stolen for, takes no cookie, and shows nothing without the key
    that whoever frames it must bring. Tools ("_…") are pages for people.
    """
    if path.startswith("/host/") and re.search(r"^/host/preview/|/phone$", path):
        return "'self'"
    is_overlay = re.match("/overlay/(?!_)", path)
    return "* file:" if is_overlay else "'none'"


def _dress(headers: MutableHeaders, path: str, host: str, secure: bool) -> None:  # noqa: FBT001 - private, one caller
    for name, value in COMMON.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", content_policy(path, host))
    headers.setdefault("Cache-Control", "no-store")
    if framed_by(path) == "'none'":
        headers.setdefault("X-Frame-Options", "DENY")
    if secure:
        headers.setdefault("Strict-Transport-Security", HSTS)


async def _refuse(send: Send) -> None:
    """Answer a request for somebody else's name, in words for who set us up."""
    text = b"unknown host name; set QUIZ_PUBLIC_URL to the address people use\n"
    said = {"Content-Type": "text/plain; charset=utf-8", **REFUSAL}
    headers = [(name.lower().encode(), value.encode()) for name, value in said.items()]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": text})
