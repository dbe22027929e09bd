"""The list of shows and the form that makes one, with every setting of a show.

The few settings that most hosts need are seen; the others wait under a disclosure,
which opens by itself where something in it was chosen or refused. Template
`host_shows.html`. Names, defaults and bounds of settings are the domain's.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from quizserver.bank import shelf
from quizserver.bank.validate import UNFINISHED
from quizserver.domain.bounds import TIMES, Bound, counts
from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Pack, Rules
from quizserver.domain.timing import RULES
from quizserver.live.access import Right
from quizserver.live.names import clean
from quizserver.live.opening import QuestionTooLong
from quizserver.live.ports import LedgerDown
from quizserver.live.shows import ShowExists
from quizserver.web import editorview
from quizserver.web.denied import Denied
from quizserver.web.order import as_played
from quizserver.web.render import page
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

SEEN: Final = ("duration_ms", "prize_min_right", "max_prizes_per_person")
"""Settings that the form shows at once; `MORE` are under its disclosure."""

MORE: Final = ("ask_first", "roll_ms", "timing")

_CHOICES: Final = {"ask_first": ("yes", "no"), "timing": RULES}
_LONGEST_TITLE: Final = 120
_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,3})?")
_SECOND_MS: Final = 1_000


def _said(rules: Rules) -> dict[str, str]:
    """Return settings as the form holds them: times in seconds, texts all of them."""
    numbers = {name: str(value) for name, value in asdict(rules).items()}
    times = {name: f"{getattr(rules, name) / _SECOND_MS:g}" for name in TIMES}
    return numbers | times | {"ask_first": "yes" if rules.ask_first else "no"}


DEFAULTS: Final = _said(Rules())
BLANK: Final = {"code": "", "title": "", "pack": "", **DEFAULTS}


async def shows(
    visit: Visit, *, denied: Denied | None = None, form: Mapping[str, str] = BLANK
) -> Response:
    """Return the list of shows with the form that makes one."""
    assert visit.actor is not None, "the door lets only hosts in"
    actor = visit.actor
    rows = await visit.site.shows.listed()
    may_create = actor.may(Right.CONDUCT) and actor.show is None
    packs, unready = await run_in_threadpool(_packs, visit) if may_create else ([], [])
    return page(
        visit,
        "host_shows.html",
        status=denied.status if denied else 200,
        shows=as_played(r for r in rows if actor.may(Right.WATCH_HOST, r.code)),
        packs=packs,
        unready=unready,
        may_create=may_create,
        error=_sentence(visit, denied) if denied else "",
        **filled(form, (denied.field or "") if denied else ""),
    )


def filled(form: Mapping[str, str], wrong: str = "") -> dict[str, object]:
    """Return what the template needs to draw the form, `wrong` the field at fault."""
    typed = BLANK | dict(form)
    return {
        "form": typed,
        "wrong": wrong,
        "seen": SEEN,
        "more": MORE,
        "open_more": any(n == wrong or typed[n] != DEFAULTS[n] for n in MORE),
        "choices": _CHOICES,
        "defaults": DEFAULTS,
        "bounds": _shown_bounds(),
    }


def _sentence(visit: Visit, denied: Denied) -> str:
    return denied.sentence or visit.say(f"web.error.{denied.code}")


def _shown_bounds() -> dict[str, Bound]:
    """Return the bounds of times in seconds; those of counts hang on the pack."""
    return {
        name: Bound(bound.least // _SECOND_MS, bound.most // _SECOND_MS)
        for name, bound in TIMES.items()
    }


def _packs(visit: Visit) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the packs that can be played, and the others with what they lack."""
    ready = _choices(visit.site.packs())
    there = {pack["id"] for pack in ready}
    unready: list[dict[str, object]] = []
    for summary, pack in shelf.opened(visit.site.pack_folders, UNFINISHED):
        if summary.id in there:
            continue
        lacks = editorview.states(pack, summary.folder) if pack else {}
        unready.append(
            {
                "id": summary.id if pack else "",
                "title": summary.title,
                "lack": _lack(visit, summary, lacks),
            }
        )
    return ready, unready


def _lack(visit: Visit, summary: shelf.PackSummary, states: Mapping[str, int]) -> str:
    """Return in a few words why a pack cannot go on air yet."""
    if summary.flaws:
        return visit.say("host.create_lack_file")
    for state in ("unfinished", "written"):
        if states[state]:
            return visit.say(f"host.create_lack_{state}", n=states[state])
    return visit.say("host.create_lack_questions")


def _choices(packs: Iterable[Pack]) -> list[dict[str, object]]:
    """Return the packs as the form lists them, reserves not counted."""
    return [
        {"id": pack.id, "title": pack.title, "questions": pack.planned}
        for pack in packs
    ]


async def create(visit: Visit) -> Response:
    """Make a show of a pack and go to its panel."""
    form = await visit.form()
    try:
        code, pack = _wanted(visit, form)
        await _make(visit, code, pack, form)
    except Denied as denied:
        return await shows(visit, denied=denied, form=form)
    return RedirectResponse(f"/host/{code}", status_code=303)


async def _make(
    visit: Visit, code: ShowCode, pack: Pack, form: Mapping[str, str]
) -> None:
    """Make the show. Raises Denied with the field at fault."""
    assert visit.actor is not None, "the door lets only hosts in"
    try:
        await visit.site.shows.create(
            code,
            pack,
            title=clean(form.get("title", ""))[:_LONGEST_TITLE] or pack.title,
            lang=pack.lang,
            rules=_rules(visit, form, pack),
            actor=visit.actor.name,
        )
    except ShowExists:
        raise Denied("show_exists", field="code") from None
    except QuestionTooLong as long:
        raise _too_long(visit, pack, long) from None
    except LedgerDown:
        raise Denied("not_ready") from None


def _too_long(visit: Visit, pack: Pack, long: QuestionTooLong) -> Denied:
    """Return which question no packet carries under fair-1 (Source: R4.10)."""
    ids = [question.id for question in pack.questions]
    sentence = visit.say(
        "web.error.question_too_long", number=ids.index(long.question) + 1
    )
    return Denied("question_too_long", field="timing", sentence=sentence)


def _wanted(visit: Visit, form: Mapping[str, str]) -> tuple[ShowCode, Pack]:
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


def _rules(visit: Visit, form: Mapping[str, str], pack: Pack) -> Rules:
    """Return the settings that the form asks for; an empty field is the default.

    Raises Denied with the field at fault.
    """
    numbers = {
        name: _number(visit, name, form.get(name, "").strip() or DEFAULTS[name], bound)
        for name, bound in (dict(TIMES) | dict(counts(pack.planned))).items()
    }
    chosen = {name: form.get(name) or DEFAULTS[name] for name in _CHOICES}
    for name, value in chosen.items():
        if value not in _CHOICES[name]:
            raise Denied("bad_field", field=name)
    return Rules(
        timing=chosen["timing"],
        ask_first=chosen["ask_first"] == "yes",
        duration_ms=numbers["duration_ms"],
        roll_ms=numbers["roll_ms"],
        prize_min_right=numbers["prize_min_right"],
        max_prizes_per_person=numbers["max_prizes_per_person"],
    )


def _number(visit: Visit, name: str, said: str, bound: Bound) -> int:
    """Return a number of the form as the setting has it: times in milliseconds."""
    each = _SECOND_MS if name in TIMES else 1
    if _NUMBER.fullmatch(said):
        value = Decimal(said.replace(",", ".")) * each
        if value == int(value) and bound.least <= value <= bound.most:
            return int(value)
    sentence = visit.say(
        "web.error.bad_setting",
        name=visit.say(f"host.create_{name}"),
        least=bound.least // each,
        most=bound.most // each,
    )
    raise Denied("bad_setting", field=name, sentence=sentence)
