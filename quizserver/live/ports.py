"""What the running show needs from outside, as types.

`live` holds the show; the ledger (`store`), the bus and the sockets
(`gateway`) implement these protocols and are handed in by `app`. Nothing here
has code: a reader learns the seams, a test plugs in others.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from quizserver.domain.board import Board, Leaderboard, Placing, Standing
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode
from quizserver.domain.stamps import Stamp


class Clock(Protocol):
    """The only source of time (`live.clock`; a manual one in tests)."""

    def monotonic_ns(self) -> int: ...
    def utc_ms(self) -> int: ...
    def stamp(self) -> Stamp: ...
    def resolve_ns(self, stamp: Stamp) -> int:
        """Return `stamp` on this boot's monotonic clock."""
        ...

    def at(self, mono_ns: int, call: Callable[[], None]) -> Callable[[], None]:
        """Call `call` on the loop at `mono_ns`; return what cancels it."""
        ...

    async def sleep_until(self, mono_ns: int) -> None:
        """Return at `mono_ns`, or at once when it has passed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """A show event as the ledger keeps it; key (show, epoch, step).

    `data` is the event's JSON text, `at_ms` UTC milliseconds, `ref` the host's
    id of the request ("" for timers).
    """

    show: ShowCode
    epoch: str
    step: int
    at_ms: int
    name: str
    actor: str
    ref: str
    data: str


class AnswerStatus(StrEnum):
    """What became of an answer (Source: R3.3)."""

    ACCEPTED = "accepted"
    LATE = "late"
    NOT_OPEN = "not_open"
    VOID = "void"


@dataclass(slots=True, kw_only=True)
class AnswerRow:
    """An answer as the ledger keeps it; key (show, question, participant).

    `time_ms` is T in whole milliseconds, `receipt` the short code on the
    receipt, `evidence` the JSON text of all that the timing rule used (R4.9),
    `flags` comma-separated (R4.11). Not frozen: made by the ten thousand.
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


class Stored(StrEnum):
    """What the journal did with an answer."""

    NEW = "new"
    DUPLICATE = "duplicate"
    FAILED = "failed"


AnswerDone = Callable[[AnswerRow, Stored], None]
"""Called on the loop once the row's batch is durable.

With DUPLICATE the row is the one that was stored first (Source: R3.1); with
FAILED nothing is known to be stored and no receipt may leave.
"""


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
class OwnResult:
    """A participant's result in a question and in the show so far."""

    participant: ParticipantId
    answered: bool
    right: bool
    time_ms: int | None
    placing: Placing | None
    standing: Standing | None


class StepTaken(Exception):
    """Another writer already holds this step, or this ref was used before."""


class RecoveryTaken(Exception):
    """Another participant of the show has this recovery code; make a new one."""


class LedgerDown(Exception):
    """The ledger could not make the write durable; nothing was applied."""


class Ledger(Protocol):
    """The truth: every show event, answer and registration (`store`).

    One thread writes; each awaited call returns after its commit is durable
    (Source: R3.4). Reads come from separate read-only connections.
    """

    # shows and events
    async def shows(self) -> list[ShowRow]: ...
    async def events(self, show: ShowCode, epoch: str | None = None) -> list[EventRow]:
        """The events of a show's newest (or the named) epoch, by step."""
        ...

    async def append(self, event: EventRow, *, head: ShowHead | None = None) -> None:
        """Store one event; `head` updates the list of shows with it.

        Raises StepTaken, LedgerDown.
        """
        ...

    async def append_reveal(
        self,
        event: Callable[[Board], EventRow],
        *,
        show: ShowCode,
        epoch: str,
        question: QuestionId,
        key: OptionId,
        top: int,
    ) -> Board:
        """Rank the question, add to the scores and store the event.

        All in one transaction; the event is made from the board. Raises as
        `append`.
        """
        ...

    async def append_rescore(
        self,
        event: Callable[[Leaderboard], EventRow],
        *,
        show: ShowCode,
        epoch: str,
        keys: Mapping[QuestionId, OptionId],
        top: int,
    ) -> Leaderboard:
        """Compute ranks and scores anew from the answers to `keys`.

        `keys` holds the questions that count: revealed, not void. The event is
        made from the new order; all in one transaction. Raises as `append`.
        """
        ...

    # answers
    def put_answer(self, row: AnswerRow, done: AnswerDone) -> None:
        """Queue an answer for the next batch. Never blocks."""
        ...

    async def answers_to(
        self, show: ShowCode, epoch: str, question: QuestionId
    ) -> list[AnswerRow]: ...
    async def tally(
        self, show: ShowCode, epoch: str, question: QuestionId
    ) -> tuple[dict[OptionId, int], int]:
        """Accepted answers by option, and the number of late ones."""
        ...

    # boards
    async def provisional(
        self, show: ShowCode, epoch: str, question: QuestionId, key: OptionId, top: int
    ) -> tuple[Placing, ...]:
        """The first right answers so far, ranked (Source: R5.1)."""
        ...

    async def leaderboard(
        self, show: ShowCode, epoch: str, top: int
    ) -> Leaderboard: ...
    async def own_results(
        self,
        show: ShowCode,
        epoch: str,
        question: QuestionId | None,
        participants: Iterable[ParticipantId] | None,
    ) -> list[OwnResult]:
        """Results of the named participants, or of all who answered in the show.

        Without a question only the standing is filled.
        """
        ...

    # participants
    async def register(self, registration: Registration) -> None:
        """Store a participant, or what changed of one. Raises RecoveryTaken."""
        ...

    async def registrations(self, show: ShowCode, epoch: str) -> list[Registration]: ...
    async def find_participant(
        self, show: ShowCode, epoch: str, participant: ParticipantId
    ) -> Registration | None: ...
    async def find_by_recovery(
        self, show: ShowCode, epoch: str, recovery_hash: str
    ) -> Registration | None: ...


class Bus(Protocol):
    """Carries events between processes; never the only copy of anything."""

    async def publish(self, event: EventRow) -> None: ...
    def subscribe(self, receive: Callable[[EventRow], None]) -> None: ...


FrameFor = Callable[[ParticipantId], bytes | None]
"""The frame for one participant, or None to skip."""

OnSent = Callable[[ParticipantId, int], None]
"""Called with the moment (ns) just before a frame was written: S of R4.1."""


class Phones(Protocol):
    """All phones of this process, by show (`gateway`).

    Frames are ready WebSocket bytes (`wire.common.text_frame`). Fan-outs run
    in chunks with a turn of the loop between them and never wait for a phone.
    """

    def tell(self, show: ShowCode, frame: bytes) -> Awaitable[None]: ...
    def tell_each(self, show: ShowCode, frame_for: FrameFor) -> Awaitable[None]: ...
    def tell_timed(
        self, show: ShowCode, frame_for: FrameFor, seed: bytes, on_sent: OnSent
    ) -> Awaitable[None]:
        """Tell each their question with a ping, in the order of `seed` (R4.10)."""
        ...

    def tell_warm(self, show: ShowCode, frame: bytes, seed: bytes) -> Awaitable[None]:
        """Tell everybody, each with a ping; `tell_timed` follows with `seed`."""
        ...

    def tell_one(
        self, show: ShowCode, participant: ParticipantId, frame: bytes
    ) -> None: ...
    def online(self, show: ShowCode) -> int: ...
    def participants(self, show: ShowCode) -> list[ParticipantId]: ...
    def dismiss(self, show: ShowCode, code: int) -> None:
        """Close every phone of the show with a close code."""
        ...


class Screens(Protocol):
    """All host panels, or all overlays, of this process (`gateway`)."""

    def tell(self, show: ShowCode, payload: bytes) -> None: ...
    def watched(self, show: ShowCode) -> bool: ...
