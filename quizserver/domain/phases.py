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
