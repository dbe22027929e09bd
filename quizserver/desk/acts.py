"""What the command line may ask of a server: the acts, and how each is done.

One process owns the database, so a command never opens the file of a running
server; it hands its act to that server's desk (`desk.line`), and only where no
server runs does it open one for itself. Both ways end in `perform`. A refusal
is a `Failure` with one plain sentence. Sits between `app` and the parts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from quizserver.bank import shelf
from quizserver.domain.bounds import TIMES, NoSuchTiming, OutOfBounds, check
from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.domain.rundown import Pack, Rules
from quizserver.domain.timing import RULES as TIMINGS
from quizserver.failures import Failure
from quizserver.live.access import Accounts, Actor, Role
from quizserver.live.commitment import pack_hash
from quizserver.live.opening import MOST_BYTES, QuestionTooLong
from quizserver.live.people import WishWaits
from quizserver.live.ports import LedgerDown
from quizserver.live.shows import LiveShow, ShowExists, Shows
from quizserver.wire.host import CommandMessage

OPERATOR: Final = Actor(name="command line", role=Role.OWNER, is_script=True)
"""Who did it, in the log: whoever may read the server's folder."""

_CODE: Final = re.compile(r"[A-Z0-9]{2,12}")
_DAY_MS: Final = 24 * 3_600_000
_MOST_DAYS: Final = 3_660


Told = dict[str, object]
"""What an act has to tell, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the acts need of a server; made by `app`.

    `stays`: the server goes on after the act, and does what it has promised.
    """

    shows: Shows
    accounts: Accounts
    packs: Sequence[Path]
    stays: bool = True


class CreateShow(msgspec.Struct, tag="show_create", frozen=True, kw_only=True):
    """Make a show from a pack; unset title and language are the pack's.

    Tells the salted hash of the pack, to be published before the show (R6.2).
    """

    code: str
    pack: str
    title: str = ""
    lang: str = ""
    rules: Rules = Rules()

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        code = _new_code(self.code)
        pack = shelf.load_pack(self.pack, desk.packs)
        title, lang = self.title or pack.title, self.lang or pack.lang
        _check(self.rules, pack)
        try:
            live = await desk.shows.create(
                code,
                pack,
                title=title,
                lang=lang,
                rules=self.rules,
                actor=OPERATOR.name,
            )
        except ShowExists:
            raise Failure("desk.show_exists", code=code) from None
        except QuestionTooLong as long:
            raise Failure(
                "desk.question_too_long",
                question=long.question,
                pack=pack.id,
                size=long.size,
                most=MOST_BYTES,
            ) from None
        told: Told = {"code": code, "title": title, "pack": pack.id, "lang": lang}
        frozen: Told = msgspec.to_builtins(live.stage.show.rules)
        return told | frozen | {"pack_hash": _hash(live)}


class ListShows(msgspec.Struct, tag="show_list", frozen=True):
    """List the shows, oldest first."""

    async def at(self, desk: Desk) -> Told:
        """Do it."""
        rows = await desk.shows.listed()
        return {"shows": [msgspec.to_builtins(row) for row in rows]}


class ResetShow(msgspec.Struct, tag="show_reset", frozen=True, kw_only=True):
    """Begin a show anew, without participants and answers.

    The new run has a new salt, so it tells another hash of the same pack.
    """

    code: str

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        code = await _known_show(desk, self.code)
        await desk.shows.reset(code, OPERATOR)
        live = desk.shows.get(code)
        assert live is not None, "a reset show is played under its code"
        return {"code": code, "pack_hash": _hash(live)}


class RecountShow(msgspec.Struct, tag="show_recount", frozen=True, kw_only=True):
    """Make a question void, or with an `option` correct its key (Source: R1.6).

    One logged act of the show's own conductor. `step` is that of the preview: when
    the show has gone on meanwhile, nothing is done; `ref` makes it happen once.
    """

    code: str
    question: str
    reason: str
    ref: str
    option: str | None = None
    step: int | None = None

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        live = await _live_show(desk, self.code)
        message = CommandMessage(
            command="void" if self.option is None else "correct_key",
            ref=self.ref,
            step=self.step,
            question=self.question,
            option=self.option,
            reason=self.reason,
        )
        reply = await live.conductor.command(OPERATOR, message)
        if reply.error is not None:
            raise Failure(f"live.rejected.{reply.error}")
        return {"code": self.code, "step": reply.step, "phase": reply.phase}


class ErasePerson(msgspec.Struct, tag="person_erase", frozen=True, kw_only=True):
    """Erase who somebody is, who asked for it on paper (Source: R2.6).

    The log says who did it and why; `reason` must name nobody.
    """

    code: str
    participant: str
    reason: str

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        live = await _live_show(desk, self.code)
        who = ParticipantId(self.participant.strip().lower())
        if await live.people.kept(who) is None:
            raise Failure("desk.no_person", participant=who, code=self.code)
        told: Told = {"code": self.code, "participant": who}
        try:
            why = await live.people.erase(who, actor=OPERATOR.name, reason=self.reason)
        except WishWaits:  # for a question, or one wish for the other of the same
            if not desk.stays:
                raise Failure("desk.erase_again", code=self.code) from None
            return told | {"waits": True}
        if why is not None:
            raise Failure(f"live.rejected.{why}")
        return told


class NoteExport(msgspec.Struct, tag="export_note", frozen=True, kw_only=True):
    """Write into the log that names of people leave the server (Source: R6.3)."""

    code: str
    form: str
    people: int

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        live = await _live_show(desk, self.code)
        reason = await live.people.note_export(self.form, self.people, OPERATOR.name)
        if reason is not None:
            raise Failure(f"live.rejected.{reason}")
        return {"code": self.code, "people": self.people}


class RehearsalPage(msgspec.Struct, tag="rehearsal_page", frozen=True, kw_only=True):
    """Tell the page by which the server knows simulated phones of its own."""

    code: str

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        code = await _known_show(desk, self.code)
        return {"page": desk.shows.rehearsal_page(code)}


class AddAccount(msgspec.Struct, tag="account_add", frozen=True, kw_only=True):
    """Make an account that signs in with a password."""

    name: str
    password: str
    role: Role

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        await desk.accounts.add_account(self.name, self.password, self.role)
        return {"name": self.name, "role": self.role.value}


class SetPassword(msgspec.Struct, tag="account_password", frozen=True, kw_only=True):
    """Set another password; the account's sessions and their sockets end."""

    name: str
    password: str

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        await desk.accounts.set_password(self.name, self.password)
        return {"name": self.name}


class RemoveAccount(msgspec.Struct, tag="account_remove", frozen=True, kw_only=True):
    """Take an account away; its sessions and their sockets end."""

    name: str

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        await desk.accounts.remove_account(self.name)
        return {"name": self.name}


class ListAccounts(msgspec.Struct, tag="account_list", frozen=True):
    """List the accounts."""

    async def at(self, desk: Desk) -> Told:
        """Do it."""
        rows = await desk.accounts.accounts()
        return {"accounts": [msgspec.to_builtins(row) for row in rows]}


class AddToken(msgspec.Struct, tag="account_token", frozen=True, kw_only=True):
    """Make a bearer token; an empty `show` means every show, 0 days without end."""

    role: Role
    show: str = ""
    label: str = ""
    days: int = 0

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        show = await _known_show(desk, self.show) if self.show else None
        if self.role is Role.OVERLAY and show is None:
            raise Failure("desk.overlay_needs_show")
        label = self.label or OPERATOR.name
        if not 0 <= self.days <= _MOST_DAYS:
            raise Failure("desk.bad_days", days=self.days, most=_MOST_DAYS)
        token = await desk.accounts.add_token(
            self.role, show, label, lasts_ms=self.days * _DAY_MS
        )
        told: Told = {"token": token, "role": self.role.value, "show": show}
        return told | {"days": self.days}


class ListTokens(msgspec.Struct, tag="account_tokens", frozen=True):
    """List the bearer tokens by ids that are no secrets."""

    async def at(self, desk: Desk) -> Told:
        """Do it."""
        rows = await desk.accounts.tokens()
        return {"tokens": [msgspec.to_builtins(row) for row in rows]}


class RevokeToken(msgspec.Struct, tag="account_revoke", frozen=True, kw_only=True):
    """End a bearer token; sockets that were opened with it are closed."""

    id: str

    async def at(self, desk: Desk) -> Told:
        """Do it. Raises Failure."""
        if not await desk.accounts.revoke(self.id):
            raise Failure("desk.no_token", id=self.id)
        return {"id": self.id}


Act = (
    CreateShow
    | ListShows
    | ResetShow
    | RecountShow
    | ErasePerson
    | NoteExport
    | RehearsalPage
    | AddAccount
    | SetPassword
    | RemoveAccount
    | ListAccounts
    | AddToken
    | ListTokens
    | RevokeToken
)


async def perform(desk: Desk, act: Act) -> Told:
    """Do `act` and return what it has to tell.

    Raises:
        Failure: it cannot be done; nothing was changed.
    """
    try:
        return await act.at(desk)
    except LedgerDown:
        raise Failure("desk.ledger_down") from None


def _new_code(code: str) -> ShowCode:
    if not _CODE.fullmatch(code):
        raise Failure("desk.bad_code", code=code)
    return ShowCode(code)


def _check(rules: Rules, pack: Pack) -> None:
    """Make sure that the settings make sense for this pack. Raises Failure."""
    try:
        check(rules, pack.planned)
    except NoSuchTiming:
        there = ", ".join(TIMINGS)
        raise Failure("desk.no_timing", timing=rules.timing, there=there) from None
    except OutOfBounds as out:
        what = "desk.bad_time" if out.name in TIMES else "desk.bad_count"
        raise Failure(
            what,
            flag="--" + out.name.replace("_", "-"),
            value=out.value,
            least=out.bound.least,
            most=out.bound.most,
        ) from None


def _hash(live: LiveShow) -> str:
    show = live.stage.show
    return pack_hash(show.salt, show.questions.values())


async def _live_show(desk: Desk, code: str) -> LiveShow:
    live = desk.shows.get(await _known_show(desk, code))
    assert live is not None, "a listed show is played under its code"
    return live


async def _known_show(desk: Desk, code: str) -> ShowCode:
    codes = [row.code for row in await desk.shows.listed()]
    if code not in codes:
        raise Failure("desk.no_show", code=code, there=", ".join(codes))
    return ShowCode(code)
