"""Pages from templates: one environment, the same names in every template.

Autoescape is on for all of them (any name is safe anywhere). Templates read
what they are given and look nothing up.
"""

import gzip
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from quizserver.texts.formats import integer, seconds
from quizserver.web.language import LANGUAGES, day, whole_seconds
from quizserver.web.visit import Visit

FOLDER: Final = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the one environment; a missing name is an error, not a gap."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    visit: Visit, template: str, *, status: int = 200, **context: object
) -> HTMLResponse:
    """Return a page made of a template and its context.

    Every template also knows `t(key, **values)`, `static(path)`,
    `has_static(path)`, `lang`, `languages`, `build`, `csrf`, `path`, `actor` and
    the functions `seconds`, `whole_seconds`, `integer`, `day`.
    """
    lang = visit.lang
    shared: dict[str, object] = {
        "t": visit.say,
        "static": visit.site.assets.url,
        "has_static": visit.site.assets.files.__contains__,
        "lang": lang,
        "languages": LANGUAGES,
        "build": visit.site.assets.build,
        "csrf": visit.csrf,
        "path": visit.request.url.path,
        "actor": visit.actor,
        "seconds": lambda ms: seconds(lang, ms),
        "whole_seconds": lambda ms: whole_seconds(lang, ms),
        "integer": lambda number: integer(lang, number),
        "day": lambda iso: day(lang, iso),
    }
    html = environment().get_template(template).render(shared | context)
    return HTMLResponse(html, status_code=status)


def zipped(visit: Visit, response: HTMLResponse) -> Response:
    """Return the page zipped, if the visitor takes that.

    Only for pages without anybody's secret: how well a secret packs beside
    what a stranger wrote tells it letter by letter (BREACH).
    """
    response.headers["Vary"] = "Accept-Encoding"
    if takes_gzip(visit):
        response.body = _packed(bytes(response.body))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    return response


def takes_gzip(visit: Visit) -> bool:
    """Tell whether the visitor can unzip."""
    return "gzip" in visit.request.headers.get("accept-encoding", "")


@lru_cache(maxsize=64)
def _packed(body: bytes) -> bytes:
    """Zip a page; a thousand phones that come at once get the same bytes."""
    return gzip.compress(body, 6, mtime=0)
