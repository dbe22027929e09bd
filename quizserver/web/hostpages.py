"""Pages of hosts: sign-in, first account, list of shows, panel.

Templates `host_*.html` draw them; the panel itself is a page of its own that
speaks over its socket. Passwords pass through and are kept nowhere.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from starlette.responses import JSONResponse, RedirectResponse, Response

from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Pack, Rules
from quizserver.live.access import Right, Role
from quizserver.live.names import clean
from quizserver.live.ports import LedgerDown
from quizserver.live.shows import ShowExists
from quizserver.web.access import drop_session, keep_session
from quizserver.web.denied import Denied
from quizserver.web.known import mark_of, remember
from quizserver.web.render import page
from quizserver.web.throttle import Caller, Crowded
from quizserver.web.visit import Visit

CODE: Final = re.compile(r"[A-Z0-9]{2,12}")

RESERVED: Final = frozenset(
    {
        "API", "HEALTHZ", "HOST", "METRICS", "OVERLAY", "PICTURES", "READYZ", "RULES",
        "STATIC", "WS", "QUESTIONS", "SETUP",
    }
)  # fmt: skip
"""First parts of our own addresses, and what stands after `/host/`: a show of this
code, or its panel, could not be reached."""

_LONGEST_TITLE: Final = 120
_COUNTS: Final = ("prize_min_right", "max_prizes_per_person")
"""Fields of the form that hold a whole number; empty or 0 turns a rule off."""

_MADE_BY: Final = "panel"
"""What lists of tokens say of an overlay's key that a host has asked for here."""

_BLANK: Final = {"code": "", "title": "", "pack": "", **dict.fromkeys(_COUNTS, "")}


async def start(visit: Visit) -> Response:
    """Return the list of shows, or the sign-in page to who is not signed in."""
    if visit.actor is not None:
        return await _shows(visit)
    if not await visit.site.accounts.accounts():
        return _to("/host/setup")
    wanted = visit.request.query_params.get("next", "")
    return page(visit, "host_signin.html", error="", name="", next=_inside(wanted))


async def _shows(
    visit: Visit, *, denied: Denied | None = None, form: Mapping[str, str] = _BLANK
) -> Response:
    """Return the list of shows with the form that makes one."""
    assert visit.actor is not None, "the door lets only hosts in"
    actor = visit.actor
    rows = await visit.site.shows.listed()
    may_create = actor.may(Right.CONDUCT) and actor.show is None
    return page(
        visit,
        "host_shows.html",
        status=denied.status if denied else 200,
        shows=[r for r in reversed(rows) if actor.may(Right.WATCH_HOST, r.code)],
        packs=_choices(visit.site.packs()) if may_create else [],
        may_create=may_create,
        error=visit.say(f"web.error.{denied.code}") if denied else "",
        form=_BLANK | dict(form),
    )


def _choices(packs: Iterable[Pack]) -> list[dict[str, object]]:
    """Return the packs as the form lists them, reserves not counted."""
    return [
        {
            "id": pack.id,
            "title": pack.title,
            "questions": sum(not question.reserve for question in pack.questions),
        }
        for pack in packs
    ]


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


async def create_show(visit: Visit) -> Response:
    """Make a show of a pack and go to its panel."""
    assert visit.actor is not None, "the door lets only hosts in"
    form = await visit.form()
    try:
        code, pack = _wanted(visit, form)
        await visit.site.shows.create(
            code,
            pack,
            title=clean(form.get("title", ""))[:_LONGEST_TITLE] or pack.title,
            lang=pack.lang,
            rules=_rules(pack, form),
            actor=visit.actor.name,
        )
    except Denied as denied:
        return await _shows(visit, denied=denied, form=form)
    except ShowExists:
        taken = Denied("show_exists", field="code")
        return await _shows(visit, denied=taken, form=form)
    except LedgerDown:
        return await _shows(visit, denied=Denied("not_ready"), form=form)
    return _to(f"/host/{code}")


def _wanted(visit: Visit, form: dict[str, str]) -> tuple[ShowCode, Pack]:
    """Return code and pack of the form. Raises Denied with the field at fault."""
    code = ShowCode(form.get("code", "").strip().upper())
    if not CODE.fullmatch(code) or code in RESERVED:
        raise Denied("bad_code", field="code")
    if visit.site.shows.get(code) is not None:
        raise Denied("show_exists", field="code")
    for pack in visit.site.packs():
        if pack.id == form.get("pack"):
            return code, pack
    raise Denied("no_such_pack", field="pack")


def _rules(pack: Pack, form: Mapping[str, str]) -> Rules:
    """Return the rules of prizes that the form asks for (Source: R5.4).

    More right answers than there are questions could never be reached, so a
    show of that rule would have no winner. Raises Denied with the field at fault.
    """
    played = sum(not question.reserve for question in pack.questions)
    # One prize more than there are questions: that of the whole show.
    return Rules(
        prize_min_right=_count(form, "prize_min_right", played),
        max_prizes_per_person=_count(form, "max_prizes_per_person", played + 1),
    )


def _count(form: Mapping[str, str], name: str, most: int) -> int:
    said = form.get(name, "").strip() or "0"
    if not re.fullmatch(r"[0-9]{1,3}", said) or int(said) > most:
        raise Denied("bad_count", field=name)
    return int(said)


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
