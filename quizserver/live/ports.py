"""What the running show needs from outside, as types.

`live` holds the show; the ledger (`store`, its records are `rows`) and the bus
implement these protocols, the sockets (`gateway`) those of `audiences`; `app`
hands them in.
Nothing here has code: a reader learns the seams, a test plugs in others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from quizserver.domain.board import Board, Leaderboard, Placing, PrizeLine
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode
from quizserver.domain.stamps import Stamp
from quizserver.live.rows import (
    AnswerRow,
    BatchRow,
    EventRow,
    FlagRow,
    Link,
    OwnResult,
    PersonChange,
    Registration,
    Rescored,
    RosterRow,
    RunOfPeople,
    ShowHead,
    ShowRow,
    Stored,
)


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


class LifeSign(Protocol):
    """Where a process leaves a sign that it lives, for the next one to find."""

    def last(self) -> Stamp | None:
        """Return the last sign of the process before, None when there is none."""
        ...

    def leave(self, now: Stamp) -> None:
        """Leave a sign in place of the last. Never raises, never waits."""
        ...


class Reminders(Protocol):
    """Since when names of a run are known to be due, in UTC ms (`retention`)."""

    def read(self) -> dict[str, int]: ...
    def write(self, since_ms: Mapping[str, int]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a run (show and epoch), when the show was known as of `step`."""

    run: tuple[ShowCode, str]
    question: QuestionId
    step: int


class Unjudged(Protocol):
    """An answer as it came. Those of one moment share what was asked."""

    @property
    def asked(self) -> Asked: ...
    def judged(self, duration_ms: int | None = None) -> AnswerRow:
        """Return its row when its question is open for so long; None: as was known.

        Called on the writer's thread, which knows the ledger's newest lock or
        extension of the question (Source: R4.7).
        """
        ...

    def lost(self) -> AnswerRow:
        """Return a row of which only the key and the option mean anything."""
        ...


AnswerDone = Callable[[AnswerRow, Stored], None]
"""Called on the loop once the row's batch is durable.

With DUPLICATE the row is the one that was stored first (Source: R3.1); with
FAILED nothing is known to be stored and no receipt may leave; the row may be `lost`.
"""


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
    async def events(
        self, show: ShowCode, epoch: str | None = None, *, after: int = 0
    ) -> list[EventRow]:
        """The events of a show's newest (or the named) epoch after a step, by step."""
        ...

    async def append(
        self,
        event: EventRow,
        *,
        head: ShowHead | None = None,
        people: Sequence[PersonChange] = (),
    ) -> None:
        """Store one event; `head` updates the list of shows with it.

        `people` is changed in the same transaction; what is erased is gone from the
        ledger's files soon after (Source: R2.6). Raises StepTaken, LedgerDown.
        """
        ...

    async def append_seal(
        self,
        event: Callable[[Link], EventRow],
        *,
        show: ShowCode,
        epoch: str,
        question: QuestionId,
        head: ShowHead | None = None,
    ) -> None:
        """Store the event made from the head of the chain.

        After it no answer to the question is stored as accepted, whichever process
        took it. Raises as `append`.
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

    async def append_rescore(  # noqa: PLR0913 - what a recount depends on
        self,
        event: Callable[[Rescored], EventRow],
        *,
        show: ShowCode,
        epoch: str,
        keys: Mapping[QuestionId, OptionId],
        top: int,
        least_right: int,
        depth: int,
        head: ShowHead | None = None,
    ) -> Rescored:
        """Compute ranks and scores anew from the answers to `keys`.

        `keys` holds the questions that count: revealed, not void; the other
        values are those of `append` and `prize_lines`. The event is made from
        what was found; all in one transaction. Raises as `append`.
        """
        ...

    # answers
    def put_answer(self, answer: Unjudged, done: AnswerDone) -> None:
        """Queue an answer for the next batch. Never blocks.

        It is judged as the ledger's newest lock or extension of its question says,
        whichever process wrote that.
        """
        ...

    async def answers_to(
        self,
        show: ShowCode,
        epoch: str,
        question: QuestionId,
        participants: Iterable[ParticipantId] | None = None,
    ) -> list[AnswerRow]:
        """All answers to a question, by participant, or those of the named."""
        ...

    async def tally(
        self, show: ShowCode, epoch: str, question: QuestionId
    ) -> tuple[dict[OptionId, int], int]:
        """Accepted answers by option, and the number of late ones."""
        ...

    async def answers_of(
        self, show: ShowCode, epoch: str, participants: Iterable[ParticipantId]
    ) -> list[AnswerRow]:
        """All answers of the named participants, by question and participant."""
        ...

    def put_flag(self, row: FlagRow) -> None:
        """Queue a flag; the first of its key stays, one that fails is logged."""
        ...

    async def flags_of(self, show: ShowCode, epoch: str) -> list[FlagRow]: ...

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

    async def prize_lines(
        self, *, show: ShowCode, epoch: str, least_right: int, depth: int
    ) -> tuple[PrizeLine, ...]:
        """Who comes next for each prize, best first (Source: R5.4).

        A line for each revealed question, by id: the first ten, and of those
        with 300 ms or more and `least_right` right answers in the show the
        first `depth`. Then "show": the first `depth` with a right answer.
        """
        ...

    # the chain
    async def flush(self) -> None:
        """Return when all that was queued before is durable. Raises LedgerDown."""
        ...

    async def close_question(
        self, show: ShowCode, epoch: str, question: QuestionId
    ) -> None:
        """Return when every answer that this process got in time is durable.

        The other processes can see that then. Raises LedgerDown.
        """
        ...

    async def unclosed(self, show: ShowCode, epoch: str, question: QuestionId) -> int:
        """How many living processes have not closed a question."""
        ...

    @property
    def lived_ns(self) -> int | None:
        """When the last process lived, if all that share the ledger were away.

        On the monotonic clock. None for all but the first that is back.
        """
        ...

    async def beat(self, says: str) -> list[str]:
        """Tell the other processes that this one lives, and a text.

        Returns what those that live said last. Raises LedgerDown.
        """
        ...

    async def chain_head(self, show: ShowCode, epoch: str) -> Link:
        """The newest link of the run's chain (Source: R6.1)."""
        ...

    async def batches(self, show: ShowCode, epoch: str) -> list[BatchRow]:
        """The links of the run's chain, by number."""
        ...

    # participants
    async def register(self, registration: Registration) -> None:
        """Store a participant, or what changed of one. Raises RecoveryTaken."""
        ...

    async def registrations(self, show: ShowCode, epoch: str) -> list[Registration]:
        """Everybody who registered, by participant."""
        ...

    async def roster(
        self,
        show: ShowCode,
        epoch: str,
        participants: Iterable[ParticipantId] | None = None,
    ) -> list[RosterRow]:
        """Everybody who registered, or the named, as screens know them."""
        ...

    async def joined(self, show: ShowCode, epoch: str) -> dict[str, int]:
        """How many registered, by the label of the page they came from (R2.3)."""
        ...

    async def find_participant(
        self, show: ShowCode, epoch: str, participant: ParticipantId
    ) -> Registration | None: ...
    async def find_by_recovery(
        self, show: ShowCode, epoch: str, recovery_hash: str
    ) -> Registration | None: ...
    async def expired(self, before_ms: int) -> list[RunOfPeople]:
        """The runs that keep people's names, but ended before a moment (UTC, R2.7).

        A run that was never ended is as old as its last event.
        """
        ...

    async def forget_run(self, show: ShowCode, epoch: str) -> None:
        """Erase everybody of a run that is played no more. Raises LedgerDown."""
        ...

    async def forget_past_runs(self) -> None:
        """Erase everybody of the runs that were begun anew (R2.6). Raises LedgerDown.

        Whoever registered before this call, also in a run that was over, is among them.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something processes tell each other that is nowhere written down."""

    kind: str
    show: ShowCode
    texts: tuple[str, ...]
    serial: int = 0


class Bus(Protocol):
    """Carries events between processes; never the only copy of anything."""

    async def publish(self, event: EventRow) -> None: ...
    def subscribe(self, receive: Callable[[EventRow], None]) -> None: ...
    def whisper(self, note: Note) -> None:
        """Carry a note to every process, in one order for all; it may be lost."""
        ...

    def overhear(self, hear: Callable[[Note, bool], None]) -> None:
        """Call `hear` with each note, and whether this process sent it."""
        ...
