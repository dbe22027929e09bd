"""Every address of the server, in one table: path, method, who may, handler.

Starlette's routes are made of this table and of nothing else, each behind the
one door (`access`), so an unlisted route is impossible and the matrix test of
roles covers all there are. Source: docs/reference/wire.md §2.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from quizserver.live.access import Right
from quizserver.live.ports import LedgerDown
from quizserver.web import (
    api,
    cues,
    downloads,
    editor,
    files,
    hostpages,
    mydata,
    newshow,
    operation,
    pages,
    rehearsals,
)
from quizserver.web.access import Open, Who, admit, identify
from quizserver.web.denied import Denied
from quizserver.web.errors import refusal
from quizserver.web.headers import SafeHeaders
from quizserver.web.language import COOKIE, LANGUAGES, language
from quizserver.web.site import Site
from quizserver.web.visit import Visit

Answer = Callable[[Visit], Awaitable[Response]]
_YEAR: Final = 31_536_000


@dataclass(frozen=True, slots=True)
class Row:
    """One route of the table."""

    method: str
    path: str
    who: Who
    answer: Answer


_SHOW: Final = "/api/shows/{code}"
_PACK: Final = "/api/packs/{pack}"

ROUTES: Final = (
    Row("GET", "/", Open.ANYONE, pages.home),
    Row("GET", "/healthz", Open.ANYONE, operation.healthz),
    Row("GET", "/readyz", Open.ANYONE, operation.readyz),
    Row("GET", "/metrics", Open.ANYONE, operation.metrics),
    Row("GET", "/rules", Open.ANYONE, pages.rules),
    Row("GET", "/static/{build}/{path:path}", Open.ANYONE, files.static_file),
    Row("GET", "/pictures/{name}", Open.ANYONE, files.picture),
    Row("GET", "/overlay/{name}", Open.ANYONE, pages.overlay),
    Row("GET", "/host", Open.VISITOR, hostpages.start),
    Row("POST", "/host/signin", Open.VISITOR, hostpages.sign_in),
    Row("POST", "/host/signout", Open.SIGNED_IN, hostpages.sign_out),
    Row("GET", "/host/setup", Open.VISITOR, hostpages.setup),
    Row("POST", "/host/setup", Open.VISITOR, hostpages.first_account),
    Row("POST", "/host/shows", Right.CONDUCT, newshow.create),
    Row("GET", "/host/questions", Right.CONDUCT, editor.pages),
    Row("GET", "/host/questions/{pack}", Right.CONDUCT, editor.pages),
    Row("GET", "/host/preview/{face}", Right.CONDUCT, editor.preview),
    Row("GET", "/host/{code}", Right.WATCH_HOST, hostpages.panel),
    Row("GET", "/host/{code}/phone", Right.WATCH_HOST, hostpages.phone),
    Row("POST", "/host/{code}/overlay-key", Right.CONDUCT, hostpages.overlay_key),
    Row(
        "POST",
        "/host/{code}/overlay-key/renew",
        Right.CONDUCT,
        hostpages.renew_overlay_key,
    ),
    Row("POST", f"{_SHOW}/rehearsal", Right.CONDUCT, rehearsals.enter),
    Row("POST", f"{_SHOW}/rehearsal/wipe", Right.CONDUCT, rehearsals.wipe),
    Row("POST", f"{_SHOW}/participants", Open.ANYONE, api.join),
    Row("POST", f"{_SHOW}/recover", Open.ANYONE, api.recover),
    Row("GET", f"{_SHOW}/me", Open.PHONE, mydata.mine),
    Row("POST", f"{_SHOW}/me", Open.PHONE, mydata.correct),
    Row("POST", f"{_SHOW}/me/erase", Open.PHONE, mydata.erase),
    Row("POST", f"{_SHOW}/people/erase", Right.ADMINISTER, mydata.erase_other),
    Row("GET", "/api/phone/state", Open.PHONE, api.phone_state),
    Row("POST", "/api/phone/answers", Open.PHONE, api.phone_answer),
    # Each command has its own right, which the conductor asks for; MODERATE is
    # the least of them.
    Row("POST", f"{_SHOW}/commands", Right.MODERATE, api.command),
    Row("POST", f"{_SHOW}/cues/{{command}}", Right.MODERATE, cues.cue),
    Row("GET", f"{_SHOW}/state", Right.WATCH_HOST, api.host_state),
    Row("GET", f"{_SHOW}/phone", Right.WATCH_HOST, api.anybodys_state),
    Row("GET", f"{_SHOW}/coming", Right.WATCH_HOST, api.coming),
    Row("GET", f"{_SHOW}/results.json", Right.EXPORT, downloads.results_file),
    Row("GET", f"{_SHOW}/results.csv", Right.EXPORT, downloads.results_file),
    Row("GET", f"{_SHOW}/results.xlsx", Right.EXPORT, downloads.results_file),
    Row("GET", f"{_SHOW}/recount", Right.CONDUCT, downloads.recount),
    Row("GET", f"{_SHOW}/audit.jsonl", Right.AUDIT, downloads.audit_file),
    Row("GET", "/api/overlays.zip", Right.CONDUCT, downloads.overlays),
    Row("GET", "/api/packs", Right.CONDUCT, editor.listed),
    Row("POST", "/api/packs", Right.CONDUCT, editor.create),
    Row("POST", "/api/packs/import", Right.CONDUCT, editor.take_in),
    Row("GET", _PACK, Right.CONDUCT, editor.one),
    Row("POST", f"{_PACK}/frame", Right.CONDUCT, editor.arrange),
    Row("POST", f"{_PACK}/questions", Right.CONDUCT, editor.put),
    Row("POST", f"{_PACK}/questions/{{question}}/remove", Right.CONDUCT, editor.remove),
    Row("POST", f"{_PACK}/questions/{{question}}/review", Right.CONDUCT, editor.review),
    Row("POST", f"{_PACK}/pictures", Right.CONDUCT, editor.add_picture),
    Row("GET", f"{_PACK}/pictures/{{name}}", Right.CONDUCT, editor.picture),
    Row("GET", f"{_PACK}/export.{{form}}", Right.CONDUCT, editor.hand_out),
    Row("GET", "/{code}/results", Open.ANYONE, pages.results),
    Row("GET", "/{code}/qr.svg", Open.ANYONE, pages.qr),
    Row("GET", "/{code}/my-data", Open.ANYONE, mydata.shown),
    Row("POST", "/{code}/my-data", Open.ANYONE, mydata.asked),
    Row("GET", "/{code}", Open.ANYONE, pages.phone),
    Row("GET", "/{code}/{via}", Open.ANYONE, pages.phone),
)


def application(site: Site, sockets: Sequence[BaseRoute] = ()) -> ASGIApp:
    """Return the whole HTTP application; `sockets` are the gateway's routes."""

    async def lost(request: Request, error: Exception) -> Response:
        wrong_method = isinstance(error, HTTPException) and error.status_code == 405
        denied = Denied("wrong_method" if wrong_method else "not_found")
        site.meter.count(request.method, "", denied.status)
        return refusal(_stranger(site, request), denied)

    async def broken(request: Request, error: Exception) -> Response:
        site.meter.count(request.method, "", 500)
        return refusal(_stranger(site, request), Denied("broken"))

    routes = [Route(row.path, _door(site, row), methods=[row.method]) for row in ROUTES]
    starlette = Starlette(
        routes=[*sockets, *routes],
        exception_handlers={HTTPException: lost, Exception: broken},
    )
    return SafeHeaders(starlette, public_url=site.public_url, hosts=site.hosts)


def _door(site: Site, row: Row) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        visit = _stranger(site, request)
        try:
            visit = await identify(site, request, row.who)
            await admit(visit, row.who)
            response = await row.answer(visit)
        except Denied as denied:
            response = refusal(visit, denied)
        except LedgerDown:
            response = refusal(visit, Denied("not_ready"))
        except ClientDisconnect:
            response = Response(status_code=400)  # nobody is there to read it
        site.meter.count(request.method, row.path, response.status_code)
        return _with_language(visit, response)

    return respond


def _stranger(site: Site, request: Request) -> Visit:
    return Visit(site=site, request=request, lang=language(request))


def _with_language(visit: Visit, response: Response) -> Response:
    """Remember the language that a link chose."""
    if visit.request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(
            COOKIE, visit.lang, max_age=_YEAR, samesite="lax", secure=visit.secure
        )
    return response
