"""Serving files: those of `static`, and the pictures of questions.

Static files are zipped once at start and may be kept for ever; an address of
another build is not found, because a page must never mix versions. A picture
is not there until its question has been asked (Source: R3.6).
"""

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from quizserver.domain.phases import QuestionState
from quizserver.web.denied import Denied
from quizserver.web.render import takes_gzip
from quizserver.web.static import MIME
from quizserver.web.visit import Visit

FOREVER = "public, max-age=31536000, immutable"


async def static_file(visit: Visit) -> Response:
    """Return one file of this build."""
    assets = visit.site.assets
    params = visit.request.path_params
    asset = assets.files.get(str(params["path"]))
    if params["build"] != assets.build or asset is None:
        raise Denied("not_found")
    headers = {"Content-Type": asset.mime, "Cache-Control": FOREVER}
    if asset.zipped is None:
        return Response(asset.body, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if not takes_gzip(visit):
        return Response(asset.body, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(asset.zipped, headers=headers)


async def picture(visit: Visit) -> Response:
    """Return the picture of a question that some show has asked."""
    name = str(visit.request.path_params["name"])
    file = visit.site.picture(name) if await _was_asked(visit, name) else None
    mime = MIME.get(Path(name).suffix, "")
    if file is None or not mime.startswith("image/"):
        raise Denied("not_found")
    body = await run_in_threadpool(file.read_bytes)
    # The name holds a hash of the content.
    return Response(body, headers={"Content-Type": mime, "Cache-Control": FOREVER})


async def _was_asked(visit: Visit, name: str) -> bool:
    rows = await visit.site.shows.listed()
    lives = [visit.site.shows.get(row.code) for row in rows]
    return any(
        question.image == name
        and live.stage.show.plays[question.id].state is not QuestionState.WAITING
        for live in lives
        if live is not None
        for question in live.stage.show.questions.values()
    )
