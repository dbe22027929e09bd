"""Who sends a request, and whether it may: the one door of every route.

Hosts come with a session cookie or a bearer token, phones with their own
bearer token. Every write is checked for its origin, and for a CSRF token
where a cookie speaks (a token in a header cannot be forged by another site).
"""

import hmac
from enum import StrEnum
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from quizserver.live.access import Right
from quizserver.web.denied import Denied
from quizserver.web.language import language
from quizserver.web.site import Site
from quizserver.web.visit import Visit

READS: Final = frozenset({"GET", "HEAD"})
SESSION_SECONDS: Final = 12 * 3600
"""How long a browser keeps the cookie; the store ends sessions by itself."""


class Open(StrEnum):
    """Who may use a route that asks for no `Right`."""

    ANYONE = "anyone"
    PHONE = "phone"
    SIGNED_IN = "signed_in"


Who = Open | Right


async def identify(site: Site, request: Request, who: Who) -> Visit:
    """Return the visit with whoever sent it, as far as the request proves it.

    A header wins over a cookie: a script with a token acts as the token says,
    also from a browser that is signed in as somebody else.
    """
    lang = language(request)
    token = bearer(request)
    if who is Open.PHONE:
        return _phone(site, request, lang, token)
    if token is not None:
        actor = await site.accounts.bearer(token)
        return Visit(site=site, request=request, lang=lang, actor=actor)
    session = request.cookies.get(cookie_name(request))
    actor = await site.accounts.session(session) if session else None
    return Visit(
        site=site,
        request=request,
        lang=lang,
        actor=actor,
        session=session if actor is not None else None,
    )


def _phone(site: Site, request: Request, lang: str, token: str | None) -> Visit:
    show = site.admission.show_of(token) if token else None
    known = site.admission.identify(token, show) if token and show else None
    return Visit(
        site=site, request=request, lang=lang, participant=known, phone_show=show
    )


async def admit(visit: Visit, who: Who) -> None:
    """Let the visit pass or raise Denied; nothing else decides about rights."""
    if visit.request.method not in READS:
        _check_origin(visit)
    _check_right(visit, who)
    if visit.request.method not in READS and visit.session is not None:
        await _check_csrf(visit)


def _check_right(visit: Visit, who: Who) -> None:
    if who is Open.ANYONE:
        return
    if who is Open.PHONE:
        if visit.participant is None:
            raise Denied("bad_token")
        return
    if visit.actor is None:
        raise Denied("sign_in_first")
    if isinstance(who, Right) and not visit.actor.may(who, visit.code or None):
        raise Denied("forbidden")


def _check_origin(visit: Visit) -> None:
    """Refuse writes that another site's page sends.

    Browsers name the origin of every POST; scripts name none and carry no
    cookie either, so a missing origin is nobody's trick.
    """
    said = visit.request.headers.get("origin")
    if said is not None and said not in (visit.origin, visit.site.public_url):
        raise Denied("bad_origin")


async def _check_csrf(visit: Visit) -> None:
    said = visit.request.headers.get("x-csrf", "")
    kind = visit.request.headers.get("content-type", "")
    if not said and kind.startswith("application/x-www-form-urlencoded"):
        said = (await visit.form()).get("csrf", "")
    if not hmac.compare_digest(said.encode(), visit.csrf.encode()):
        raise Denied("bad_form")


def bearer(request: Request) -> str | None:
    """Return the token of `Authorization: Bearer …`, if there is one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def cookie_name(request: Request) -> str:
    """Return the session cookie's name: `__Host-` wants TLS, a LAN has none."""
    return "__Host-quiz" if request.url.scheme == "https" else "quiz"


def keep_session(visit: Visit, response: Response, session: str) -> Response:
    """Give the browser its session and return the response."""
    response.set_cookie(
        cookie_name(visit.request),
        session,
        max_age=SESSION_SECONDS,
        httponly=True,
        secure=visit.secure,
        samesite="strict",
    )
    return response


def drop_session(visit: Visit, response: Response) -> Response:
    """Take the session's cookie away and return the response."""
    response.delete_cookie(
        cookie_name(visit.request),
        httponly=True,
        secure=visit.secure,
        samesite="strict",
    )
    return response
