"""Refusals and faults as answers: JSON for calls, a calm page for people.

Both say a plain sentence in the visitor's language and nothing about the
inside: no traceback, no path, no value that came from elsewhere.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from quizserver.web.denied import Denied
from quizserver.web.render import page
from quizserver.web.visit import Visit
from quizserver.wire.common import encode
from quizserver.wire.phone import Field, Refused


def refusal(visit: Visit, denied: Denied) -> Response:
    """Return the answer to a visit that was turned away."""
    sentence = denied.sentence or visit.say(f"web.error.{denied.code}")
    if is_call(visit.request):
        return _json(denied, sentence)
    if denied.status == 401 and visit.request.method == "GET":
        return RedirectResponse(f"/host?next={visit.request.url.path}", status_code=303)
    response = page(
        visit, "error.html", status=denied.status, sentence=sentence, code=denied.code
    )
    return _with_challenge(response, denied)


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
