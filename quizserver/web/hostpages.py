"""Pages of hosts: sign-in, first account, panel.

Templates `host_*.html` draw them; the panel itself is a page of its own that
speaks over its socket. Passwords pass through and are kept nowhere. The list of shows
is in `newshow`.
"""

import re
from collections.abc import Mapping
from typing import Final

from starlette.responses import JSONResponse, RedirectResponse, Response

from quizserver.live.access import Role
from quizserver.web import newshow
from quizserver.web.access import drop_session, keep_session
from quizserver.web.denied import Denied
from quizserver.web.known import mark_of, remember
from quizserver.web.render import page
from quizserver.web.throttle import Caller, Crowded
from quizserver.web.visit import Visit

_MADE_BY: Final = "panel"
"""What lists of tokens say of an overlay's key that a host has asked for here."""


async def start(visit: Visit) -> Response:
    """Return the list of shows, or the sign-in page to who is not signed in."""
    if visit.actor is not None:
        return await newshow.shows(visit)
    if not await visit.site.accounts.accounts():
        return _to("/host/setup")
    wanted = visit.request.query_params.get("next", "")
    return page(visit, "host_signin.html", error="", name="", next=_inside(wanted))


async def sign_in(visit: Visit) -> Response:
    """Check name and password in turn (`throttle`), or turn away: too many wait."""
    form = await visit.form()
    name, password = form.get("name", "").strip(), form.get("password", "")
    caller = Caller(account=name, address=visit.address, known=mark_of(visit, name))
    try:
        session = await visit.site.throttle.attempt(
            caller, lambda: visit.site.accounts.sign_in(name, password)
        )
    except Crowded:
        return _sign_in_again(visit, form, Denied("too_many_tries"))
    if session is None:
        return _sign_in_again(visit, form, Denied("wrong_password"))
    if visit.session is not None:
        await visit.site.accounts.sign_out(visit.session)
    response = _to(_inside(form.get("next", "")) or "/host")
    return keep_session(visit, remember(visit, response, name), session)


def _sign_in_again(visit: Visit, form: Mapping[str, str], denied: Denied) -> Response:
    return page(
        visit,
        "host_signin.html",
        status=denied.status,
        error=visit.say(f"web.error.{denied.code}"),
        name=form.get("name", "").strip(),
        next=_inside(form.get("next", "")),
    )


def _inside(path: str) -> str:
    """Return `path` when it is a panel's, else "": no way to another site."""
    known = r"/host/[A-Za-z0-9]{2,12}|/host/questions/[a-z0-9-]{1,64}"
    return path if re.fullmatch(known, path) else ""


async def sign_out(visit: Visit) -> Response:
    """End the session in the store and in the browser."""
    if visit.session is not None:
        await visit.site.accounts.sign_out(visit.session)
    return drop_session(visit, _to("/host"))


async def setup(visit: Visit) -> Response:
    """Return the form for the first account; the code comes in the fragment."""
    return page(visit, "host_setup.html", name="", error="")


async def first_account(visit: Visit) -> Response:
    """Make the first owner with the one-time code and sign them in."""
    form = await visit.form()
    code, name = form.get("code", "").strip(), form.get("name", "").strip()
    try:
        session = await visit.site.throttle.attempt(
            Caller(account="setup", address=visit.address),
            lambda: visit.site.accounts.use_setup_code(
                code, name, form.get("password", "")
            ),
        )
    except ValueError as error:
        return _setup_again(visit, name, _sentence(visit, error))
    except Crowded:
        return _setup_again(visit, name, visit.say("web.error.too_many_tries"), 429)
    if session is None:
        return _setup_again(visit, name, visit.say("web.error.wrong_code"))
    return keep_session(visit, remember(visit, _to("/host"), name), session)


def _sentence(visit: Visit, error: ValueError) -> str:
    """Return the catalogue's words for a refused account, else the store's own."""
    code = str(getattr(error, "code", ""))
    known = code in ("name_taken", "name_empty", "password_short", "password_long")
    return visit.say(f"web.error.{code}") if known else str(error)


def _setup_again(visit: Visit, name: str, sentence: str, status: int = 422) -> Response:
    return page(visit, "host_setup.html", status=status, name=name, error=sentence)


async def panel(visit: Visit) -> Response:
    """Return the panel of one show."""
    show = visit.live_show().stage.show
    return page(visit, "host_panel.html", code=show.code, title=show.title)


async def phone(visit: Visit) -> Response:
    """Return the page that shows a viewer's phone beside the panel's controls."""
    show = visit.live_show().stage.show
    return page(visit, "host_phone.html", code=show.code)


async def overlay_key(visit: Visit) -> Response:
    """Make a new read-only key for a show's overlays; it is shown only once."""
    visit.live_show()
    add = visit.site.accounts.add_token
    return _told(visit, await add(Role.OVERLAY, visit.code, _MADE_BY))


async def renew_overlay_key(visit: Visit) -> Response:
    """End every key of a show's overlays and make a new one: one has been seen.

    The overlays that hold an old key show nothing from that moment on.
    """
    visit.live_show()
    renew = visit.site.accounts.renew_token
    return _told(visit, await renew(Role.OVERLAY, visit.code, _MADE_BY))


def _told(visit: Visit, key: str) -> Response:
    url = f"{visit.public_url}/overlay/stage#k={key}"
    return JSONResponse({"key": key, "url": url})


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303)
