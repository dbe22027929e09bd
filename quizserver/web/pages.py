"""Pages for everybody: home, phone, results, rules, QR code, overlay shell.

All are readable without JavaScript; the phone page and the overlays then bring
their own. Nothing here depends on the key of a question (Source: R3.6).
"""

import io
import re
from typing import Final

import segno
from starlette.responses import HTMLResponse, RedirectResponse, Response

from quizserver.domain.ids import ShowCode
from quizserver.domain.phases import Phase
from quizserver.domain.rundown import Rules
from quizserver.domain.show import OVER, Show
from quizserver.domain.timing import window_ms
from quizserver.live.commitment import published_hash
from quizserver.texts.catalogue import catalogue
from quizserver.web.access import seat_held
from quizserver.web.denied import Denied
from quizserver.web.order import as_played
from quizserver.web.outcome import outcome_of
from quizserver.web.render import page, zipped
from quizserver.web.visit import Visit

_VIA: Final = re.compile(r"[a-z0-9-]{1,16}")
_QR_SCALE: Final = 8


async def home(visit: Visit) -> Response:
    """Return the show on air with its way in, and the list of the others."""
    rows = await visit.site.shows.listed()
    on_air = visit.site.shows.on_air()
    return page(
        visit,
        "home.html",
        on_air=next((row for row in rows if row.code == on_air), None),
        shows=as_played(row for row in rows if row.code != on_air),
        over=OVER,
        draft=Phase.DRAFT,
    )


async def phone(visit: Visit) -> Response:
    """Return a show's phone page; `via` rides along for the page to remember."""
    show = visit.live_show().stage.show
    asked = str(visit.request.path_params["code"])
    if asked != visit.code:
        return RedirectResponse(_upper_path(visit, asked), status_code=302)
    via = str(visit.request.path_params.get("via", ""))
    if via and not _VIA.fullmatch(via.lower()):
        raise Denied("not_found")
    drawn = page(
        visit,
        "phone.html",
        show=show,
        via=via.lower(),
        joined=seat_held(visit) is not None,
        over=show.phase in OVER,
        keeping=visit.site.keeping,
    )
    return zipped(visit, drawn)


def _upper_path(visit: Visit, asked: str) -> str:
    rest = visit.request.url.path[len(asked) + 1 :]
    query = visit.request.url.query
    return f"/{visit.code}{rest}" + (f"?{query}" if query else "")


async def results(visit: Visit) -> Response:
    """Return the public result page: winners, standings, how final they are."""
    return page(visit, "results.html", outcome=outcome_of(visit.live_show()))


async def rules(visit: Visit) -> Response:
    """Return the rules of play with the settings of the show that is meant."""
    show = _meant(visit)
    rules = show.rules if show else Rules()
    return page(
        visit,
        "rules.html",
        show=show,
        rules=rules,
        window_ms=window_ms(rules.timing, rules.duration_ms),
        pack_hash=published_hash(show) if show else "",
        consent=catalogue(visit.lang, ("phone",)),
        keeping=visit.site.keeping,
    )


def _meant(visit: Visit) -> Show | None:
    """Return the show of `?show=`, else the one on air."""
    asked = visit.request.query_params.get("show", "").upper()
    code = ShowCode(asked) if asked else visit.site.shows.on_air()
    return visit.live_show(code).stage.show if code else None


async def qr(visit: Visit) -> Response:
    """Return the QR code of a show's address as SVG."""
    visit.live_show()
    image = io.BytesIO()
    qr_code(f"{visit.public_url}/{visit.code}").save(
        image, kind="svg", scale=_QR_SCALE, border=4, dark="#000", light="#fff",
        xmldecl=False, title=None,
    )  # fmt: skip
    return Response(image.getvalue(), media_type="image/svg+xml")


def qr_code(address: str) -> segno.QRCode:
    """Return the QR code of an address, written in capitals.

    In capitals it fits the alphanumeric mode, so the modules are larger; host
    names and our codes do not care about case. Level Q bears a quarter of
    damage, which video compression needs.
    """
    return segno.make_qr(address.upper(), error="q", boost_error=False)


async def overlay(visit: Visit) -> Response:
    """Return an overlay's shell: public and empty; its key is in the fragment.

    The shell is the overlay's own index.html with three marks filled in.
    """
    name = str(visit.request.path_params["name"])
    assets = visit.site.assets
    shell = assets.files.get(f"overlays/{name}/index.html")
    if shell is None or name not in assets.overlays():
        raise Denied("not_found")
    marks = {"lang": visit.lang, "build": assets.build, "static": assets.base}
    html = shell.body.decode()
    for mark, value in marks.items():
        html = html.replace("{{" + mark + "}}", value)
    return HTMLResponse(html)
