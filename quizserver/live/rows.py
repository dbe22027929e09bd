"""What the ledger keeps and gives back, as records without code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec
from msgspec.structs import astuple

from quizserver.domain.board import Board, Leaderboard, Placing, PrizeLine, Standing
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """A show event as the ledger keeps it; key (show, epoch, step).

    `data` is the event's JSON text, `at_ms` UTC milliseconds, `ref` the host's
    id of the request ("" for timers). `batch` and `line` are the place in the
    run's chain (`Link`), which the ledger fills in when it reads.
    """

    show: ShowCode
    epoch: str
    step: int
    at_ms: int
    name: str
    actor: str
    ref: str
    data: str
    batch: int = field(default=0, compare=False)
    line: int = field(default=0, compare=False)


class AnswerStatus(StrEnum):
    """What became of an answer (Source: R3.3)."""

    ACCEPTED = "accepted"
    LATE = "late"
    NOT_OPEN = "not_open"
    VOID = "void"


# A Struct, and unseen by the collector: made and kept by the ten thousand.


class AnswerRow(msgspec.Struct, kw_only=True, gc=False, eq=False):
    """An answer as the ledger keeps it; key (show, question, participant).

    `time_ms` is T in whole milliseconds, `receipt` the short code on the
    receipt, `evidence` the JSON text of all that the timing rule used (R4.9),
    `flags` comma-separated (R4.11). `batch` and `line` as in `EventRow`.
    """

    show: ShowCode
    epoch: str
    question: QuestionId
    participant: ParticipantId
    option: OptionId
    status: str
    time_ms: int
    received_ns: int
    at_ms: int
    receipt: str
    evidence: str
    flags: str = ""
    batch: int = 0
    line: int = 0

    def __eq__(self, other: object) -> bool:
        """Tell whether it says the same; where it stands in the chain is no matter."""
        return (
            isinstance(other, AnswerRow) and astuple(self)[:-2] == astuple(other)[:-2]
        )

    __hash__ = None  # type: ignore[assignment] # it can be changed


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRow:
    """A remark on an answer that came after it (Source: R4.11).

    Key (show, epoch, question, participant, flag); `at_ms` is UTC, `batch` and
    `line` as in `EventRow`.
    """

    show: ShowCode
    epoch: str
    question: QuestionId
    participant: ParticipantId
    flag: str
    at_ms: int
    batch: int = field(default=0, compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a run's hash chain: its number from 1, its sha256 in hex.

    Number 0, which is 64 zeros, is what the first link follows (Source: R6.1).
    """

    no: int = 0
    sha256: str = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """A link as the ledger keeps it: the number of its rows, what it follows."""

    no: int
    rows: int
    sha256: str
    prev: str


class Stored(StrEnum):
    """What the journal did with an answer."""

    NEW = "new"
    DUPLICATE = "duplicate"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What was agreed to, in which version of the text, when (Source: R2.1)."""

    version: str
    play: bool
    show_name: bool
    contact: bool
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A participant as registered. `recovery_hash` finds them by their code.

    `phone` is kept encrypted by the store; `via` is the short label of the
    page they came from (Source: R2.3).
    """

    show: ShowCode
    epoch: str
    participant: ParticipantId
    name: str
    unit: str
    phone: str
    via: str
    recovery_hash: str
    consent: Consent
    hidden: bool = False
    alias: str = ""
    not_eligible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What becomes other of what is kept of somebody; None stays as it is (R2.6)."""

    participant: ParticipantId
    name: str | None = None
    unit: str | None = None
    phone: str | None = None
    show_name: bool | None = None
    contact: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """All that is kept of somebody goes; without a participant, of everybody (R2.7)."""

    participant: ParticipantId | None = None


PersonChange = Correction | Erasure
"""Written together with the event that tells of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOfPeople:
    """A run of a show, and of how many people it still keeps who they are."""

    show: ShowCode
    epoch: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """What screens and panels need of a participant, without what is kept secret."""

    participant: ParticipantId
    name: str
    unit: str
    show_name: bool
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowRow:
    """A show in the list of shows."""

    code: ShowCode
    title: str
    lang: str
    epoch: str
    phase: str
    created_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHead:
    """What the list of shows says of a show after an event.

    Code and epoch are the event's; `created_ms` is that of the epoch's first.
    """

    title: str
    lang: str
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStanding(Standing):
    """A participant's place, and how many right answers in a row there are (R5.7)."""

    streak: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnResult:
    """A participant's result in a question and in the show so far."""

    participant: ParticipantId
    answered: bool
    right: bool
    time_ms: int | None
    placing: Placing | None
    standing: OwnStanding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """What a recount found: the order, each counting question's board, lines."""

    leaderboard: Leaderboard
    boards: Mapping[QuestionId, Board]
    lines: tuple[PrizeLine, ...]
