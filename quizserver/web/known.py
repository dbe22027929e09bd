"""Browsers in which somebody has signed in before.

Such a browser keeps a mark: random, signed together with the account's name. It
opens nothing; it only says that this is not a stranger guessing, so that a flood of
wrong passwords cannot stand in the way of who runs the show (reliability P16; known
as device cookies in OWASP's sheet on guessed passwords).
"""

import hashlib
import hmac
import secrets
from typing import Final

from starlette.responses import Response

from quizserver.web.visit import Visit

COOKIE: Final = "quiz-known"
_YEAR: Final = 365 * 24 * 3600


def mark_of(visit: Visit, account: str) -> str:
    """Return the mark of the browser if `account` has signed in there, else ""."""
    mark, _, signed = visit.request.cookies.get(COOKIE, "").partition(".")
    if mark and hmac.compare_digest(signed.encode(), _signed(visit, account, mark)):
        return mark
    return ""


def remember(visit: Visit, response: Response, account: str) -> Response:
    """Give the browser its mark and return the response."""
    mark = mark_of(visit, account) or secrets.token_urlsafe(12)
    response.set_cookie(
        COOKIE,
        f"{mark}.{_signed(visit, account, mark).decode()}",
        max_age=_YEAR,
        path="/host",
        httponly=True,
        secure=visit.secure,
        samesite="strict",
    )
    return response


def _signed(visit: Visit, account: str, mark: str) -> bytes:
    said = f"known|{mark}|{account.strip().casefold()}".encode()
    return hmac.new(visit.site.secret, said, hashlib.sha256).hexdigest().encode()
