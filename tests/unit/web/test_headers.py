"""Headers of every answer, and the names the server answers to."""

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from quizserver.live.response_headers import REFUSAL
from quizserver.web.headers import SafeHeaders, content_policy

REFUSED = {name.lower(): value for name, value in REFUSAL.items()}


async def _page(request: Request) -> Response:
    return PlainTextResponse("ok")


async def _cached(request: Request) -> Response:
    return PlainTextResponse("ok", headers={"Cache-Control": "public"})


def client(scheme: str = "http") -> httpx.AsyncClient:
    routes = [
        Route("/CCHC1", _page),
        Route("/overlay/stage", _page),
        Route("/static/b/x", _cached),
    ]
    app = SafeHeaders(Starlette(routes=routes), public_url="https://do.vui.vn")
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=f"{scheme}://localhost"
    )


def directives(policy: str) -> dict[str, str]:
    pairs = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: sources for name, _, sources in pairs}


async def test_pages_load_nothing_but_our_own_files() -> None:
    async with client() as browser:
        answer = await browser.get("/CCHC1")
    assert directives(answer.headers["content-security-policy"]) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self' ws://localhost wss://localhost",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["x-frame-options"] == "DENY"


async def test_the_panel_may_show_our_own_overlays_and_nothing_else() -> None:
    assert directives(content_policy("/host/CCHC1", "localhost"))["frame-src"] == (
        "'self'"
    )
    assert "frame-src" not in directives(content_policy("/CCHC1", "localhost"))


async def test_overlays_allow_the_styles_that_obs_injects() -> None:
    policy = directives(content_policy("/overlay/stage", "localhost"))
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["script-src"] == "'self'"


async def test_overlays_alone_may_be_framed_by_renderers_of_other_addresses() -> None:
    framed = {
        path: directives(content_policy(path, "localhost"))["frame-ancestors"]
        for path in (
            *("/overlay/stage", "/overlay/_editor", "/host", "/host/CCHC1"),
            *("/host/CCHC1/phone", "/host/preview/phone", "/", "/CCHC1", "/overlay"),
            *("/CCHC1/my-data", "/overlaystage/x", "/api/packs", "/static/b/x"),
        )
    }
    assert framed.pop("/overlay/stage") == "* file:"
    assert framed.pop("/host/CCHC1/phone") == "'self'"
    assert framed.pop("/host/preview/phone") == "'self'"
    assert set(framed.values()) == {"'none'"}


async def test_pages_are_never_stored_and_files_keep_their_own_rule() -> None:
    async with client() as browser:
        assert (await browser.get("/CCHC1")).headers["cache-control"] == "no-store"
        kept = await browser.get("/static/b/x")
    assert kept.headers["cache-control"] == "public"


async def test_error_answers_carry_the_headers_too() -> None:
    async with client() as browser:
        answer = await browser.get("/nowhere/at/all")
    assert answer.status_code == 404
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


async def test_strict_transport_is_asked_for_over_tls_only() -> None:
    async with client() as plain, client("https") as secure:
        assert "strict-transport-security" not in (await plain.get("/CCHC1")).headers
        assert "strict-transport-security" in (await secure.get("/CCHC1")).headers


async def test_a_foreign_host_gets_a_sentence_and_nothing_else() -> None:
    async with client() as browser:
        answer = await browser.get("/CCHC1", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "QUIZ_PUBLIC_URL" in answer.text
    assert answer.headers.items() >= REFUSED.items()
