"""Serving the files of `static`: for ever cacheable, zipped once at start.

An address of another build is not found: a page must never mix versions.
"""

from starlette.responses import Response

from quizserver.web.denied import Denied
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
    if "gzip" not in visit.request.headers.get("accept-encoding", ""):
        return Response(asset.body, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(asset.zipped, headers=headers)
