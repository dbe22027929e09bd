"""Who sends a request, and whether it may: the one door of every route.

Hosts come with a session cookie or a bearer token, phones with their own
bearer token. Every write is checked for its origin; where a session's cookie speaks
it must name one and bring the page's CSRF token (a token in a header cannot be
forged by another site).
"""

import hmac
from dataclasses import replace
from enum import StrEnum
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from quizserver.domain.ids import ShowCode
from quizserver.live.access import Actor, Right
from quizserver.web.denied import Denied
from quizserver.web.language import language
from quizserver.web.site import Site
from quizserver.web.visit import PhoneSeat, Visit

READS: Final = frozenset({"GET", "HEAD"})
SESSION_SECONDS: Final = 12 * 3600
"""How long a browser keeps the cookie; the store ends sessions by itself."""

SEAT_SECONDS: Final = 30 * 24 * 3600


class Open(StrEnum):
    """Who may use a route that asks for no `Right`.

    ANYONE is not even looked up; a VISITOR may be signed in or not.
    """

    ANYONE = "anyone"
    VISITOR = "visitor"
    PHONE = "phone"
    SIGNED_IN = "signed_in"


Who = Open | Right


async def identify(site: Site, request: Request, who: Who) -> Visit:
    """Return the visit with whoever sent it, as far as the request proves it.

    A header wins over a cookie: a script with a token acts as the token says,
    also from a browser that is signed in as somebody else.
    """
    visit = Visit(site=site, request=request, lang=language(request))
    if who is Open.ANYONE:
        return visit
    token = bearer(request)
    if who is Open.PHONE:
        return replace(visit, seat=_seat(site, request, token))
    if token is not None:
        return replace(visit, actor=await site.accounts.bearer(token))
    session = request.cookies.get(cookie_name(request))
    actor = await site.accounts.session(session) if session else None
    if actor is None:
        return visit
    return replace(visit, actor=actor, session=session)


def _seat(site: Site, request: Request, token: str | None) -> PhoneSeat | None:
    """Return whose phone this is, by its header or else by its cookies.

    A browser that took part in several shows has a cookie of each; the one of
    the show that the path names is meant, else of the show on air.
    """
    named = str(request.path_params.get("code", "")).upper()
    texts = phone_cookies(request) if token is None else [token]
    seats = (_seat_of(site, text) for text in texts)
    known = [seat for seat in seats if seat is not None]
    if named:
        return next((seat for seat in known if seat.show == named), None)
    on_air = site.shows.on_air()
    return min(known, key=lambda seat: seat.show != on_air, default=None)


def _seat_of(site: Site, token: str) -> PhoneSeat | None:
    show = site.admission.show_of(token)
    participant = site.admission.identify(token, show) if show else None
    if show is None or participant is None:
        return None
    return PhoneSeat(show=show, participant=participant)


async def admit(visit: Visit, who: Who) -> None:
    """Let the visit pass or raise Denied; nothing else decides about rights."""
    if visit.request.method not in READS:
        _check_origin(visit)
    _check_right(visit, who)
    if visit.request.method not in READS and visit.session is not None:
        await _check_csrf(visit)


def _check_right(visit: Visit, who: Who) -> None:
    if who in (Open.ANYONE, Open.VISITOR):
        return
    if who is Open.PHONE:
        if visit.seat is None:
            raise Denied("bad_token")
        return
    if visit.actor is None:
        raise Denied("sign_in_first")
    if isinstance(who, Right) and not _may(visit, visit.actor, who):
        raise Denied("forbidden")


def _may(visit: Visit, actor: Actor, right: Right) -> bool:
    """Tell whether the right holds here: a key of one show opens that show only."""
    if not visit.code:
        return actor.show is None and actor.may(right)
    return actor.may(right, visit.code)


def _check_origin(visit: Visit) -> None:
    """Refuse writes that another site's page sends.

    Browsers name the origin of every POST; scripts name none and carry no
    session's cookie either.
    """
    said = visit.request.headers.get("origin")
    if said is None and visit.session is None:
        return
    if said not in {visit.origin, visit.site.public_url} - {""}:
        raise Denied("bad_origin")


async def _check_csrf(visit: Visit) -> None:
    said = visit.request.headers.get("x-csrf-token", "")
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
    return "__Host-quiz" if request.scope["scheme"] == "https" else "quiz"


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


def phone_cookie(show: ShowCode) -> str:
    """Return the name of the cookie that keeps a phone's token of `show`.

    In-app browsers may forget what pages store and keep cookies, or the other
    way round.
    """
    return f"quiz-{show}"


def phone_cookies(request: Request) -> list[str]:
    """Return the phone tokens among the cookies."""
    cookies = request.cookies.items()
    return [text for name, text in cookies if name[:5] == "quiz-" and text[:2] == "p."]


def seat_held(visit: Visit) -> PhoneSeat | None:
    """Return the seat of the path's show that this browser's cookie holds."""
    token = visit.request.cookies.get(phone_cookie(visit.code), "")
    seat = _seat_of(visit.site, token) if token else None
    return seat if seat is not None and seat.show == visit.code else None


def drop_seat(visit: Visit, response: Response) -> Response:
    """Take the phone's cookie away and return the response."""
    response.delete_cookie(
        phone_cookie(visit.code),
        httponly=True,
        secure=visit.secure,
        samesite="strict",
    )
    return response


def keep_seat(visit: Visit, response: Response, token: str) -> Response:
    """Give the phone its token as a cookie too and return the response.

    Out of reach of scripts; it counts only over the calls of phones, where another
    site's request is refused by its origin. Their socket knows the token that
    `hello` says, and no cookie (docs/reference/wire.md §3).
    """
    response.set_cookie(
        phone_cookie(visit.code),
        token,
        max_age=SEAT_SECONDS,
        httponly=True,
        secure=visit.secure,
        samesite="strict",
    )
    return response
