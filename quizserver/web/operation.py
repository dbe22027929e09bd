"""For who runs the server: alive, ready, figures. No personal data.

Source: docs/reference/wire.md §2; readiness means that phones can join.
"""

from starlette.responses import JSONResponse, PlainTextResponse, Response

from quizserver.web.meter import CONTENT_TYPE
from quizserver.web.visit import Visit


async def healthz(visit: Visit) -> Response:
    """Say that the process answers."""
    return PlainTextResponse("ok\n")


async def readyz(visit: Visit) -> Response:
    """Return 200 when phones can join, else 503; say why not, and what is amiss."""
    health = visit.site.health()
    body = {
        "ready": health.ready,
        "problems": list(health.problems),
        "warnings": list(health.warnings),
    }
    return JSONResponse(body, status_code=200 if health.ready else 503)


async def metrics(visit: Visit) -> Response:
    """Return the figures as Prometheus text."""
    numbers = visit.site.health().numbers
    text = visit.site.meter.exposition(numbers)
    return Response(text, headers={"Content-Type": CONTENT_TYPE})
