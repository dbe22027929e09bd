"""What becomes of people's own data, as the journal tells it: who, never what.

The data itself stands in the ledger's table of people and is changed in the same
transaction as the event. Answers and ranks are pseudonyms' and stay (Source: R2.6).
"""

from collections.abc import Iterable
from dataclasses import replace

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.ids import ParticipantId
from quizserver.domain.phases import Phase
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.show import Show


def may_rename(show: Show) -> bool:
    """Tell whether people may correct name and unit themselves.

    Only until the first question is asked: from then on the name may stand on a
    board, and a prize must not pass from hand to hand by a correction.
    """
    return show.stage_phase in (Phase.DRAFT, Phase.LOBBY)


def must_wait(show: Show) -> bool:
    """Tell whether a question is about to open or its clock runs.

    A step goes to every phone, and would hold up the question for the last of them:
    nobody's own data may do that to the others (Source: R4.1).
    """
    return show.play.opens_at is not None or show.stage_phase is Phase.OPEN


def change(show: Show, command: c.ChangePeople) -> e.PeopleChanged | Rejected:
    """Note who changed something; whoever was erased meanwhile is left out."""
    if command.renamed and not may_rename(show):
        return Rejected(Reason.NOT_NOW)
    left = _known(show, command.participants)
    if not left:
        return Rejected(Reason.UNKNOWN_PARTICIPANT)
    return e.PeopleChanged(participants=left, renamed=left if command.renamed else ())


def erase(show: Show, command: c.ErasePeople) -> e.PeopleErased | Rejected:
    """Note who is erased, once."""
    left = _known(show, command.participants)
    if not left:
        return Rejected(Reason.UNKNOWN_PARTICIPANT)
    return e.PeopleErased(participants=left, reason=command.reason)


def expire(show: Show, command: c.ExpirePeople) -> e.PeopleExpired:
    """Note that the time is over."""
    return e.PeopleExpired(people=command.people)


def export(show: Show, command: c.NoteExport) -> e.PeopleExported | Rejected:
    """Note that names leave the server; whoever takes them can wait (R6.3)."""
    if must_wait(show):
        return Rejected(Reason.QUESTION_IS_ON)
    return e.PeopleExported(form=command.form, people=command.people)


def _known(
    show: Show, participants: Iterable[ParticipantId]
) -> tuple[ParticipantId, ...]:
    return tuple(one for one in participants if one not in show.withdrawn)


def changed(show: Show, event: e.PeopleChanged) -> Show:
    """Follow `change`: a name that was corrected waits to be passed again."""
    # What a moderator hid or renamed stays so; only a name that was passed is new.
    names = {
        who: mark
        for who, mark in show.names.items()
        if who not in event.renamed or mark.hidden or mark.alias
    }
    return replace(show, names=names)


def erased(show: Show, event: e.PeopleErased) -> Show:
    """Follow `erase`: nothing is left that marks them."""
    gone = frozenset(event.participants)
    names = {who: mark for who, mark in show.names.items() if who not in gone}
    return replace(show, names=names, withdrawn=show.withdrawn | gone)


def expired(show: Show, event: e.PeopleExpired) -> Show:
    """Follow `expire`: nothing is left that marks anybody."""
    return replace(show, names={})


def exported(show: Show, event: e.PeopleExported) -> Show:
    """Follow `export`: it stands in the log."""
    return show
