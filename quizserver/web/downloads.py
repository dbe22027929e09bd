"""Results as files for the organiser, and the audit export.

Full names leave the server here, so the route table asks for EXPORT or AUDIT.
Source: docs/reference/wire.md §7.
"""

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from quizserver.web.denied import Denied
from quizserver.web.visit import Visit

TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def results_file(visit: Visit) -> Response:
    """Return the results in the format that the path ends with."""
    ending = visit.request.url.path.rpartition(".")[2]
    if ending not in TYPES:
        raise Denied("not_found")
    visit.live_show()
    results = await visit.site.results(visit.code)
    # A workbook of a large show takes seconds: not on the loop of the phones.
    body = await run_in_threadpool(visit.site.formats[ending], results)
    name = f"{visit.code}-results.{ending}"
    return Response(body, media_type=TYPES[ending], headers=_attachment(name))


async def audit_file(visit: Visit) -> Response:
    """Return the audit export as JSON Lines, in chunks."""
    visit.live_show()
    return StreamingResponse(
        visit.site.audit(visit.code),
        media_type="application/jsonl",
        headers=_attachment(f"{visit.code}-audit.jsonl"),
    )


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
