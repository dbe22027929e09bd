"""Joining a show and coming back to it: participants, tokens, recovery codes.

A participant is a person, not a socket (Source: R2.2). Nobody is refused for
an address (R2.4); what is written in a form is cleaned, checked, stored
durably, and only then is a token handed out.
"""

import hmac
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.phases import Phase
from quizserver.domain.show import Show
from quizserver.live.guesses import Guesses
from quizserver.live.lookalikes import strange_letters
from quizserver.live.names import MAX_NAME, MAX_UNIT, clean, fits
from quizserver.live.ports import Clock, Ledger, LedgerDown, RecoveryTaken
from quizserver.live.roster import Roster
from quizserver.live.rows import Consent, Registration
from quizserver.live.secrets import (
    Seat,
    Signer,
    is_recovery_code,
    new_participant_id,
    new_recovery_code,
)
from quizserver.wire.common import REHEARSAL
from quizserver.wire.phone import JoinBody, Joined

_PHONE: Final = re.compile(r"\+?[0-9]{9,15}")
_VIA: Final = re.compile(r"[a-z0-9-]{1,16}")
_OVER: Final = frozenset({Phase.ENDED, Phase.CONFIRMED, Phase.PUBLISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why somebody may not join: a code, and the field it is about.

    The sentence is the catalogue's `live.refused.<code>`; `letters` are those of what
    was typed that it is about.
    """

    code: str
    field: str | None = None
    letters: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What somebody wrote of themselves, cleaned and checked."""

    name: str
    unit: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What joining needs to know of a running show.

    `withdrawn` is the writer's word on who was erased: a token is good for nothing
    from the moment its owner is told so (Source: R2.6).
    """

    show: Show
    roster: Roster
    withdrawn: Collection[ParticipantId] = frozenset()


class Admission:
    """Registers participants of every show of this process."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        signer: Signer,
        clock: Clock,
        room: Callable[[ShowCode], Room | None],
    ) -> None:
        self._ledger = ledger
        self._signer = signer
        self._clock = clock
        self._room = room
        self._guesses = Guesses(clock)

    def identify(self, token: str, show: ShowCode) -> ParticipantId | None:
        """Return whose token this is in the present run of `show`, or None."""
        seat = self._signer.seat(token)
        room = self._room(show)
        if seat is None or room is None or seat.show != show:
            return None
        if seat.epoch != room.show.epoch or seat.participant in room.withdrawn:
            return None
        return seat.participant

    def show_of(self, token: str) -> ShowCode | None:
        """Return the show a token belongs to; None when it is not ours."""
        seat = self._signer.seat(token)
        return seat.show if seat is not None else None

    async def join(self, code: ShowCode, body: JoinBody) -> Joined | Refusal:
        """Register a participant and return the token; durable on return."""
        room = self._room(code)
        if room is None or room.show.phase in _OVER:
            return Refusal(code="closed")
        checked = checked_form(body)
        if isinstance(checked, Refusal):
            return checked
        return await self._register(room, checked)

    async def recover(self, code: ShowCode, recovery_code: str) -> Joined | None:
        """Return a new token for the participant of a recovery code, or None.

        After many wrong codes this takes some seconds (`guesses`).
        """
        if not is_recovery_code(recovery_code):
            return None
        await self._guesses.wait(code)
        room = self._room(code)
        if room is None:
            return None
        epoch = room.show.epoch
        found = await self._ledger.find_by_recovery(
            code, epoch, self._signer.recovery_hash(code, epoch, recovery_code)
        )
        if found is None:
            self._guesses.note(code)
            return None
        room.roster.add(found)
        seat = Seat(show=code, epoch=epoch, participant=found.participant)
        return Joined(
            participant=found.participant,
            name=found.name,
            token=self._signer.token(seat),
            recovery_code=recovery_code.strip().upper(),
        )

    async def _register(self, room: Room, form: JoinBody) -> Joined | Refusal:
        recovery_code = new_recovery_code()
        registration = self._registration(room.show, form, recovery_code)
        try:
            await self._ledger.register(registration)
        except LedgerDown:
            return Refusal(code="ledger_down")
        except RecoveryTaken:
            # One in a hundred thousand shows; the next code is another one.
            return await self._register(room, form)
        room.roster.add(registration)
        seat = Seat(
            show=registration.show,
            epoch=registration.epoch,
            participant=registration.participant,
        )
        return Joined(
            participant=registration.participant,
            name=form.name,
            token=self._signer.token(seat),
            recovery_code=recovery_code,
        )

    def _registration(
        self, show: Show, form: JoinBody, recovery_code: str
    ) -> Registration:
        return Registration(
            show=show.code,
            epoch=show.epoch,
            participant=new_participant_id(),
            name=form.name,
            unit=form.unit,
            phone=form.phone or "",
            via=self._page(show, form.via or ""),
            recovery_hash=self._signer.recovery_hash(
                show.code, show.epoch, recovery_code
            ),
            consent=self._consent(form),
        )

    def _page(self, show: Show, said: str) -> str:
        """Return the page to count somebody under; our own phones know a secret one."""
        ours = self._signer.rehearsal_page(show.code, show.epoch)
        return REHEARSAL if hmac.compare_digest(said, ours) else said

    def _consent(self, form: JoinBody) -> Consent:
        given = form.consent
        assert given is not None
        return Consent(
            version=given.version[:40],
            play=given.play,
            show_name=given.show_name,
            contact=given.contact,
            at_ms=self._clock.utc_ms(),
        )


def checked_person(
    name: str, unit: str, phone: str, *, was: str = ""
) -> Person | Refusal:
    """Return what somebody wrote of themselves, cleaned, or what is wrong with it.

    A name that they have already (`was`) is not looked at anew for strange letters.
    """
    name, unit = clean(name), clean(unit)
    phone = re.sub(r"[\s.()-]", "", phone)
    if not name:
        return Refusal(code="name_missing", field="name")
    if not fits(name, MAX_NAME):
        return Refusal(code="name_long", field="name")
    if name != was and (letters := strange_letters(name)):
        return Refusal(code="name_strange", field="name", letters=letters)
    if not fits(unit, MAX_UNIT):
        return Refusal(code="unit_long", field="unit")
    if phone and not _PHONE.fullmatch(phone):
        return Refusal(code="phone_bad", field="phone")
    return Person(name=name, unit=unit, phone=phone)


def checked_form(body: JoinBody) -> JoinBody | Refusal:
    """Return the form with its texts cleaned, or what is wrong with it."""
    person = checked_person(body.name, body.unit, body.phone or "")
    if isinstance(person, Refusal):
        return person
    if body.consent is None or not body.consent.play:
        return Refusal(code="consent_missing", field="consent.play")
    via = (body.via or "").lower()
    return JoinBody(
        name=person.name,
        unit=person.unit,
        consent=body.consent,
        phone=person.phone,
        via=via if _VIA.fullmatch(via) else "",
    )
