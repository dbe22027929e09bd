"""The life of a show and of a question, as one table.

Everything that decides *when* something may happen lives here; `show.decide`
is its interpreter. The essay:

A show walks DRAFT → LOBBY → (ASKED → OPEN → LOCKED → REVEALED → STANDINGS)* →
ENDED → CONFIRMED → PUBLISHED (Source: R1.2). STANDINGS may be left out between
questions, and ASKED too when the show opens questions without reading them
first (R1.3). PAUSED is a curtain: it remembers the phase behind it and gives
it back. An OPEN question has no pause: its clock runs on a thousand phones at
once, and stopping it fairly is impossible; it is locked early, extended or
voided instead (R1.6).

A recount (a question made void, a key corrected) takes a result that was
confirmed or published back to ENDED: whoever signed it must look again. So does
who may win prizes at all, as another may be the winner now.

Two steps can be taken back, because nothing counts on them yet: a question that was
asked and whose clock has not started, and the standings. What comes back is the phase
before (R1.8).

A command that has no row for the present phase is rejected and changes
nothing. A row names the phase that follows; the same phase means "stays".
Timers do not live here: a deadline is a command like a click (R1.5).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Phase(StrEnum):
    """Where a show is; the values are what the wire says."""

    DRAFT = "draft"
    LOBBY = "lobby"
    ASKED = "asked"
    OPEN = "open"
    LOCKED = "locked"
    REVEALED = "revealed"
    STANDINGS = "standings"
    PAUSED = "paused"
    ENDED = "ended"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"


class QuestionState(StrEnum):
    """Where a question is (Source: R1.2)."""

    WAITING = "waiting"
    ASKED = "asked"
    OPEN = "open"
    LOCKED = "locked"
    REVEALED = "revealed"
    VOID = "void"


class Look(StrEnum):
    """What overlays do with the show: the same in every phase.

    `live` follows it, `clear` shows nothing, `hold` keeps the picture there is.
    """

    LIVE = "live"
    CLEAR = "clear"
    HOLD = "hold"


class Picture(StrEnum):
    """What overlays are given once more; `live` is the show as it is."""

    LIVE = "live"
    QUESTION = "question"
    REVEAL = "reveal"
    STANDINGS = "standings"


TRANSITIONS: Final[Mapping[Phase, Mapping[str, Phase]]] = {
    Phase.DRAFT: {
        "OpenLobby": Phase.LOBBY,
        "SetPrizeRules": Phase.DRAFT,
    },
    Phase.LOBBY: {
        "AskQuestion": Phase.ASKED,
        "OpenQuestion": Phase.ASKED,
        "EndShow": Phase.ENDED,
        "PauseShow": Phase.PAUSED,
    },
    Phase.ASKED: {
        "OpenQuestion": Phase.ASKED,
        "BeginQuestion": Phase.OPEN,
        "VoidQuestion": Phase.LOCKED,
        "PauseShow": Phase.PAUSED,
        "ReverseStep": Phase.ASKED,
    },
    Phase.OPEN: {
        "LockQuestion": Phase.LOCKED,
        "CloseQuestion": Phase.LOCKED,
        "ExtendQuestion": Phase.OPEN,
        "NoteInterruption": Phase.OPEN,
        "VoidQuestion": Phase.LOCKED,
    },
    Phase.LOCKED: {
        "SealQuestion": Phase.LOCKED,
        "RevealAnswer": Phase.REVEALED,
        "VoidQuestion": Phase.LOCKED,
        "TakeReserve": Phase.LOCKED,
        "AskQuestion": Phase.ASKED,
        "OpenQuestion": Phase.ASKED,
        "ShowStandings": Phase.STANDINGS,
        "EndShow": Phase.ENDED,
        "PauseShow": Phase.PAUSED,
    },
    Phase.REVEALED: {
        "ShowStandings": Phase.STANDINGS,
        "AskQuestion": Phase.ASKED,
        "OpenQuestion": Phase.ASKED,
        "VoidQuestion": Phase.REVEALED,
        "CorrectKey": Phase.REVEALED,
        "TakeReserve": Phase.REVEALED,
        "EndShow": Phase.ENDED,
        "PauseShow": Phase.PAUSED,
        "ShowPicture": Phase.REVEALED,
    },
    Phase.STANDINGS: {
        "AskQuestion": Phase.ASKED,
        "OpenQuestion": Phase.ASKED,
        "VoidQuestion": Phase.STANDINGS,
        "CorrectKey": Phase.STANDINGS,
        "TakeReserve": Phase.STANDINGS,
        "EndShow": Phase.ENDED,
        "PauseShow": Phase.PAUSED,
        "ReverseStep": Phase.STANDINGS,
        "ShowPicture": Phase.STANDINGS,
    },
    Phase.PAUSED: {
        "SealQuestion": Phase.PAUSED,
        "ResumeShow": Phase.PAUSED,
    },
    Phase.ENDED: {
        "VoidQuestion": Phase.ENDED,
        "CorrectKey": Phase.ENDED,
        "ConfirmWinner": Phase.ENDED,
        "SkipWinner": Phase.ENDED,
        "ConfirmResults": Phase.CONFIRMED,
        "ShowPicture": Phase.ENDED,
    },
    Phase.CONFIRMED: {
        "VoidQuestion": Phase.ENDED,
        "CorrectKey": Phase.ENDED,
        "SetEligible": Phase.ENDED,
        "PublishResults": Phase.PUBLISHED,
        "ShowPicture": Phase.CONFIRMED,
    },
    Phase.PUBLISHED: {
        "VoidQuestion": Phase.ENDED,
        "CorrectKey": Phase.ENDED,
        "SetEligible": Phase.ENDED,
        "ShowPicture": Phase.PUBLISHED,
    },
}
"""(phase, command) → the phase that follows; a missing row is the rejection."""

ANYTIME: Final = frozenset(
    {
        "ChangePeople",
        "ErasePeople",
        "ExpirePeople",
        "HideName",
        "HoldNames",
        "NoteExport",
        "PlaceQuestion",
        "PostNotice",
        "ReorderQuestions",
        "SetCheering",
        "SetDriver",
        "SetEligible",
        "SetLook",
        "SetOutput",
        "SetStream",
        "TakeLook",
    }
)
"""Commands that are allowed in every phase, and change none that has no row."""


def following(phase: Phase, command: str) -> Phase | None:
    """Return the phase after `command`, or None when it is not allowed now."""
    return TRANSITIONS[phase].get(command, phase if command in ANYTIME else None)
