"""Files for organisers: results, the audit export, overlays; what a recount does.

Full names leave the server here, so the route table asks for EXPORT or AUDIT.
Source: docs/reference/wire.md §7.
"""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from quizserver.domain import commands as c
from quizserver.domain.ids import OptionId, QuestionId
from quizserver.domain.people import must_wait
from quizserver.domain.rejections import Reason, Rejected
from quizserver.shipped import version
from quizserver.web.denied import Denied
from quizserver.web.ograf import Given, overlays_of, package, zipped
from quizserver.web.visit import Visit
from quizserver.wire.common import encode

_UNSAID: Final = "-"
"""Who only looks needs no reason yet."""

TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def results_file(visit: Visit) -> Response:
    """Return the results in the format that the path ends with.

    The log says first who takes out how many people's names; no line, no file
    (Source: R6.3).
    """
    ending = visit.request.url.path.rpartition(".")[2]
    if ending not in TYPES:
        raise Denied("not_found")
    live = visit.live_show()
    if must_wait(live.stage.show):  # and nothing is read beside a question
        raise _denied(visit, Reason.QUESTION_IS_ON)
    results = await visit.site.results(visit.code)
    assert visit.actor is not None, "the door lets only organisers in"
    people = len(results.standings)
    reason = await live.people.note_export(ending, people, visit.actor.name)
    if reason is not None:  # a question has come, or the show begins anew
        raise _denied(visit, reason)
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


async def recount(visit: Visit) -> Response:
    """Return what voiding a question or another key would change (R1.6).

    `?void=QUESTION`, or `?question=QUESTION&option=OPTION`. Nothing is done.
    """
    visit.live_show()
    found = await visit.site.recount(visit.code, _change(visit))
    if isinstance(found, Rejected):
        raise _denied(visit, found.reason)
    return Response(encode(found), media_type="application/json")


def _denied(visit: Visit, reason: Reason) -> Denied:
    sentence = visit.say(f"live.rejected.{reason.value}")
    return Denied(reason.value, sentence=sentence, status=409)


async def overlays(visit: Visit) -> Response:
    """Return all that draw as OGraf graphics that know this server, and no key."""
    assets, given = visit.site.assets, Given(server=visit.public_url)
    names = [name for name, said in overlays_of(assets).items() if said.demo]

    def made() -> bytes:
        return zipped(package(assets, names, visit.lang, version(), given))

    headers = _attachment("quizserver-overlays.zip")
    body = await run_in_threadpool(made)
    return Response(body, media_type="application/zip", headers=headers)


def _change(visit: Visit) -> c.VoidQuestion | c.CorrectKey:
    asked = visit.request.query_params
    if "void" in asked:
        return c.VoidQuestion(question=QuestionId(asked["void"]), reason=_UNSAID)
    if not {"question", "option"} <= asked.keys():
        raise Denied("bad_field", field="void")
    question, option = QuestionId(asked["question"]), OptionId(asked["option"])
    return c.CorrectKey(question=question, key=option, reason=_UNSAID)


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
