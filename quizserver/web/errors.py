"""Refusals and faults as answers: JSON for calls, a calm page for people.

Both say a plain sentence in the visitor's language and nothing about the
inside: no traceback, no path, no value that came from elsewhere.
"""

import logging

from starlette.requests import Request
from starlette.responses import Response

from quizserver.texts.catalogue import text
from quizserver.web.denied import Denied
from quizserver.web.render import page
from quizserver.web.visit import Visit
from quizserver.wire.common import encode
from quizserver.wire.phone import Field, Refused

_LOG = logging.getLogger("quizserver.web")


def refusal(visit: Visit, denied: Denied) -> Response:
    """Return the answer to a visit that was turned away."""
    sentence = denied.sentence or visit.say(f"web.error.{denied.code}")
    if is_call(visit.request):
        return _json(denied, sentence)
    response = page(
        visit, "error.html", status=denied.status, sentence=sentence, code=denied.code
    )
    return _with_challenge(response, denied)


def fault(visit: Visit) -> Response:
    """Return the answer when the server itself failed; the log has the rest."""
    return refusal(visit, Denied("broken"))


def log_fault(request: Request) -> None:
    """Write down a failure with its traceback, without any of the visit's data."""
    _LOG.exception("request failed", extra={"method": request.method})


def plain(lang: str, denied: Denied) -> Response:
    """Return the JSON answer where no visit could be made of the request."""
    return _json(denied, text(lang, f"web.error.{denied.code}"))


def is_call(request: Request) -> bool:
    """Tell whether a program asked, which reads JSON, and not a person."""
    path = request.url.path
    return path.startswith(("/api/", "/static/")) or "application/json" in (
        request.headers.get("accept", "")
    )


def _json(denied: Denied, sentence: str) -> Response:
    body = Refused(error=Field(code=denied.code, message=sentence, field=denied.field))
    response = Response(
        encode(body), status_code=denied.status, media_type="application/json"
    )
    return _with_challenge(response, denied)


def _with_challenge(response: Response, denied: Denied) -> Response:
    if denied.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
