"""My data: what is kept of a participant, for that participant (Source: R2.6).

A page of text and forms, and the same as calls; who it is says the phone's token, in
its cookie or in the header. Nothing here can be read without it, and no address holds
it. The page needs no script: the one it brings fetches a lost seat from what the
phone page has stored, and empties that after an erasure.
"""

from dataclasses import dataclass
from typing import Final

from starlette.responses import RedirectResponse, Response

from quizserver.domain.ids import ParticipantId
from quizserver.domain.people import may_rename
from quizserver.domain.rejections import MAX_TEXT, Reason
from quizserver.live.admission import Refusal, checked_person
from quizserver.live.clock import rfc3339
from quizserver.live.people import WishWaits
from quizserver.live.rows import Correction, Registration
from quizserver.texts.catalogue import text
from quizserver.texts.formats import day_of
from quizserver.web.access import drop_seat, keep_seat, seat_held
from quizserver.web.denied import Denied
from quizserver.web.render import page
from quizserver.web.seams import LiveShow
from quizserver.web.visit import PhoneSeat, Visit
from quizserver.wire.common import encode
from quizserver.wire.person import (
    ConsentKept,
    CorrectBody,
    EraseBody,
    ErasePersonBody,
    MyData,
)

PURPOSES: Final = ("show_name", "contact")
"""Consents that can be withdrawn; without the one to take part nothing is kept."""

_SAID: Final = frozenset({"saved", "withdrawn", "waits"})


@dataclass(frozen=True, slots=True)
class _Mine:
    """A participant's own data, and where it is changed."""

    live: LiveShow
    kept: Registration


# --- calls --------------------------------------------------------------------------


async def mine(visit: Visit) -> Response:
    """Return all that is kept of who this participant is; `?download` as a file."""
    own = await _mine(visit, _seat(visit))
    name = f'attachment; filename="{visit.code}-my-data.json"'
    headers = {"Content-Disposition": name} if "download" in _asked(visit) else None
    body = encode(await _told(visit, own))
    return Response(body, media_type="application/json", headers=headers)


async def correct(visit: Visit) -> Response:
    """Correct what is kept or withdraw a consent; return what is kept then.

    202 when it is not done yet: it waits until a question is over.
    """
    body = await visit.body(CorrectBody)
    is_done = await _correct(visit, await _mine(visit, _seat(visit)), body)
    again = encode(await _told(visit, await _mine(visit, _seat(visit))))
    status = 200 if is_done else 202
    return Response(again, status_code=status, media_type="application/json")


async def erase(visit: Visit) -> Response:
    """Erase this participant: 204, and the cookie goes too; 202 as in `correct`."""
    body = await visit.body(EraseBody)
    if not body.confirm:
        raise Denied("bad_field", field="confirm")
    if not await _erase(await _mine(visit, _seat(visit))):
        return Response(status_code=202)
    return drop_seat(visit, Response(status_code=204))


async def erase_other(visit: Visit) -> Response:
    """Erase somebody who asked on paper, in an owner's name (R6.3): 204, or 202."""
    body = await visit.body(ErasePersonBody)
    if not body.reason.strip() or len(body.reason) > MAX_TEXT:
        raise Denied("bad_field", field="reason")
    assert visit.actor is not None, "the door lets only owners in"
    live, who = visit.live_show(), ParticipantId(body.participant)
    if await live.people.kept(who) is None:
        raise Denied("bad_field", field="participant")
    try:
        said = await live.people.erase(who, actor=visit.actor.name, reason=body.reason)
    except WishWaits as waits:
        _refuse_repeat(waits)
        return Response(status_code=202)
    if said is not None:  # erased by themselves meanwhile, or the show began anew
        raise Denied("bad_field", field="participant")
    return Response(status_code=204)


# --- the page -----------------------------------------------------------------------


async def shown(visit: Visit) -> Response:
    """Return the page: all that is kept, or how to be known here."""
    visit.live_show()
    said = _asked(visit).get("said", "")
    return await _page(visit, said=said if said in _SAID else "")


async def asked(visit: Visit) -> Response:
    """Carry out what a form of the page asks for, and show what is so then."""
    form = await visit.form()
    try:
        return await _carry_out(visit, form)
    except Denied as denied:
        if denied.status in (404, 503):
            raise
        wrong = denied.sentence or visit.say(f"web.error.{denied.code}")
        return await _page(visit, wrong=wrong, field=denied.field or "", form=form)


async def _carry_out(visit: Visit, form: dict[str, str]) -> Response:
    act = form.get("act", "")
    if act == "recover":
        return await _recovered(visit, form.get("recovery_code", ""))
    own = await _held(visit)
    if own is None:
        return await _page(visit)
    if act == "erase":
        return await _erased(visit, own, form)
    if act in PURPOSES:
        is_done = await _correct(visit, own, CorrectBody(withdraw=(act,)))
        return _again(visit, "withdrawn" if is_done else "waits")
    said = CorrectBody(
        name=form.get("name"), unit=form.get("unit"), phone=form.get("phone")
    )
    is_done = await _correct(visit, own, said)
    return _again(visit, "saved" if is_done else "waits")


async def _erased(visit: Visit, own: _Mine, form: dict[str, str]) -> Response:
    if "confirm" not in form:
        sentence = visit.say("web.mine.tick")
        raise Denied("bad_field", field="confirm", sentence=sentence)
    if not await _erase(own):
        return _again(visit, "waits")
    show = own.live.stage.show
    name = text(show.lang, "live.withdrawn_name")
    return drop_seat(visit, page(visit, "my_data_erased.html", show=show, name=name))


async def _recovered(visit: Visit, code: str) -> Response:
    joined = await visit.site.admission.recover(visit.code, code)
    if joined is None:
        raise Denied("wrong_code", field="recovery_code")
    return keep_seat(visit, _again(visit, ""), joined.token)


def _again(visit: Visit, said: str) -> Response:
    query = f"?said={said}" if said else ""
    return RedirectResponse(f"/{visit.code}/my-data{query}", status_code=303)


async def _page(
    visit: Visit,
    *,
    said: str = "",
    wrong: str = "",
    field: str = "",
    form: dict[str, str] | None = None,
) -> Response:
    own = await _held(visit)
    return page(
        visit,
        "my_data.html",
        status=422 if wrong else 200,
        show=visit.live_show().stage.show,
        data=await _told(visit, own) if own else None,
        agreed_on=day_of(own.kept.consent.at_ms) if own else "",
        keeping=visit.site.keeping,
        said=said,
        wrong=wrong,
        field=field,
        form=form or {},
    )


# --- both ---------------------------------------------------------------------------


def _asked(visit: Visit) -> dict[str, str]:
    return dict(visit.request.query_params)


def _seat(visit: Visit) -> PhoneSeat:
    assert visit.seat is not None, "the door lets only phones in"
    return visit.seat


async def _held(visit: Visit) -> _Mine | None:
    """Return the data of whoever this browser's cookie names; None for nobody."""
    seat = seat_held(visit)
    try:
        return await _mine(visit, seat) if seat is not None else None
    except Denied:
        return None  # erased elsewhere, or their time is over


async def _mine(visit: Visit, seat: PhoneSeat) -> _Mine:
    live = visit.live_show()
    kept = await live.people.kept(seat.participant)
    if kept is None:
        raise Denied("bad_token")
    return _Mine(live, kept)


async def _told(visit: Visit, own: _Mine) -> MyData:
    kept, show = own.kept, own.live.stage.show
    return MyData(
        show=show.code,
        title=show.title,
        participant=kept.participant,
        name=kept.name,
        unit=kept.unit,
        phone=kept.phone,
        via=kept.via,
        consent=ConsentKept(
            version=kept.consent.version,
            at=rfc3339(kept.consent.at_ms),
            play=kept.consent.play,
            show_name=kept.consent.show_name,
            contact=kept.consent.contact,
        ),
        answers=await own.live.people.answers(kept.participant),
        may_rename=may_rename(show),
        keep_days=visit.site.keeping.days,
        names_until=own.live.stage.names_until,
    )


async def _correct(visit: Visit, own: _Mine, body: CorrectBody) -> bool:
    """Write what is other than before; tell whether that is done, or waits.

    Raises Denied: a bad field, too late, or after another wish that waits.
    """
    change = _change(visit, own.kept, body)
    if change == Correction(participant=own.kept.participant):
        return True
    try:
        reason = await own.live.people.correct(change)
    except WishWaits as waits:
        _refuse_repeat(waits)
        return False
    if reason is Reason.NOT_NOW:
        raise Denied("too_late_to_rename", field="name")
    if reason is not None:
        raise Denied("bad_token")
    return True


def _refuse_repeat(waits: WishWaits) -> None:
    """Raise Denied for a wish that was not taken, as an earlier one waits."""
    if waits.is_repeat:
        raise Denied("wish_waits")


def _change(visit: Visit, kept: Registration, body: CorrectBody) -> Correction:
    if not set(body.withdraw) <= set(PURPOSES):
        raise Denied("bad_field", field="withdraw")
    person = checked_person(
        kept.name if body.name is None else body.name,
        kept.unit if body.unit is None else body.unit,
        kept.phone if body.phone is None else body.phone,
        was=kept.name,
    )
    if isinstance(person, Refusal):
        sentence = visit.say(f"live.refused.{person.code}", letters=person.letters)
        raise Denied(person.code, field=person.field, sentence=sentence, status=422)
    # Who does not want to be called leaves no number to call.
    phone = "" if "contact" in body.withdraw else person.phone
    return Correction(
        participant=kept.participant,
        name=_other(kept.name, person.name),
        unit=_other(kept.unit, person.unit),
        phone=_other(kept.phone, phone),
        show_name=False if "show_name" in body.withdraw else None,
        contact=False if "contact" in body.withdraw else None,
    )


def _other(was: str, now: str) -> str | None:
    return None if was == now else now


async def _erase(own: _Mine) -> bool:
    """Erase somebody; tell whether that is done, or waits. Raises Denied."""
    try:
        reason = await own.live.people.erase(own.kept.participant)
    except WishWaits as waits:
        _refuse_repeat(waits)
        return False
    if reason is not None:
        raise Denied("bad_token")
    return True
