"""The door for answers: one per show and process.

An answer never passes the conductor. It is checked against the open window
here, timed by `domain.timing`, put into the journal, and its receipt leaves
when the journal says that it is durable (Source: R3.4). All of the window can
be rebuilt from the ledger (`restore`). No method waits.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from quizserver.domain.flags import Flag
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId
from quizserver.domain.phases import QuestionState
from quizserver.domain.show import Show
from quizserver.domain.timing import NO_TRIP, Trip
from quizserver.live.early import Came, Early
from quizserver.live.judging import Case
from quizserver.live.rows import AnswerRow, AnswerStatus, FlagRow, Stored
from quizserver.live.secrets import Seat
from quizserver.live.surroundings import Surroundings
from quizserver.live.trips import Trips
from quizserver.live.window import Tally, Window
from quizserver.texts.catalogue import text
from quizserver.wire.common import Error, encode
from quizserver.wire.phone import Answer, Receipt

Reply = Callable[[bytes], None]
"""Takes the JSON text of the one message that answers; called at most once."""

MAX_WAITING: Final = 8
"""Most repeats of one unfinished answer that get the receipt; others resend."""


@dataclass(slots=True)
class Given:
    """A participant's answer to the current question; without a row on its way.

    `is_changed`: they tapped another option afterwards.
    """

    option: OptionId
    row: AnswerRow | None = None
    is_changed: bool = False
    waiting: list[Reply] = field(default_factory=list)


class Intake:
    """Takes answers to one show. `follow` keeps it at the show's state."""

    def __init__(self, show: Show, around: Surroundings) -> None:
        self._show = show
        self._ledger = around.ledger
        self._signer = around.signer
        self._clock = around.clock
        self._is_shared = around.is_shared
        self._window: Window | None = None
        self._given: dict[ParticipantId, Given] = {}
        self._sent: dict[ParticipantId, int] = {}
        self._early = Early()
        self.tally = Tally({})
        self.trips = Trips()

    def follow(self, show: Show) -> None:
        """Take the show's new state: open, extend, lock or void the window."""
        self._move(show)
        for came in self._early.taken():
            self.answer(*came)

    def _move(self, show: Show) -> None:
        self._show = show
        play = show.play
        if show.current is None or play.opened_at is None:
            # Nothing of the question before may show through while the next one
            # is read: a restart would not know it either.
            self._window, self._given, self.tally = None, {}, Tally({})
            self.trips = Trips()
            return
        if self._window is None or self._window.question != show.current:
            options = _option_ids(show, show.current)
            self._window = Window(
                question=show.current,
                options=options,
                opened_ns=self._clock.resolve_ns(play.opened_at),
                duration_ms=play.duration_ms,
            )
            self._given = {}
            self._sent = {}
            self.tally = Tally(dict.fromkeys(sorted(options), 0))
            self.trips = Trips()
        self._window.duration_ms = play.duration_ms
        self._window.void = play.state is QuestionState.VOID

    async def restore(self) -> None:
        """Load the answers to the current question, after a restart."""
        window = self._window
        if window is None:
            return
        await self._load(window)
        show = self._show
        for flag in await self._ledger.flags_of(show.code, show.epoch):
            given = self._given.get(flag.participant)
            if given is not None and window.question == flag.question:
                given.is_changed |= flag.flag == Flag.CHANGED

    async def look_up(self, participants: Iterable[ParticipantId]) -> None:
        """Load what these may have answered at another process."""
        missing = [one for one in participants if one not in self._given]
        if self._is_shared and self._window is not None and missing:
            await self._load(self._window, missing)

    async def _load(
        self, window: Window, participants: Iterable[ParticipantId] | None = None
    ) -> None:
        show = self._show
        rows = await self._ledger.answers_to(
            show.code, show.epoch, window.question, participants
        )
        for row in rows:
            if self._window is window and row.participant not in self._given:
                self._given[row.participant] = Given(row.option, row)
                self._count(row)

    async def recount(self) -> None:
        """Have the ledger count the answers to the current question, of everybody."""
        show, window = self._show, self._window
        if window is None:
            return
        counts, late = await self._ledger.tally(show.code, show.epoch, window.question)
        if self._window is window:
            self.tally.counts |= counts
            self.tally.accepted, self.tally.late = sum(counts.values()), late

    def given(self, participant: ParticipantId) -> AnswerRow | None:
        """Return this participant's durable answer to the current question."""
        given = self._given.get(participant)
        return None if given is None else given.row

    def flags(self, participant: ParticipantId) -> tuple[str, ...]:
        """Return what a host should look at in an answer (Source: R3.1, R4.11)."""
        given = self._given.get(participant)
        if given is None:
            return ()
        noted = given.row.flags.split(",") if given.row and given.row.flags else []
        return (*noted, Flag.CHANGED) if given.is_changed else tuple(noted)

    def seat(self, participant: ParticipantId) -> Seat:
        """Return the participant's seat in this run of the show."""
        return Seat(self._show.code, self._show.epoch, participant)

    def nonce(self, participant: ParticipantId, question: QuestionId) -> str:
        """Return the nonce this participant's open frame carries (R3.2)."""
        return self._signer.nonce(self.seat(participant), question)

    def order_seed(self, question: QuestionId) -> bytes:
        """Return the key of the order in which this question is sent (R4.10)."""
        return self._signer.order_seed(self._show.code, self._show.epoch, question)

    def sent(self, participant: ParticipantId, sent_ns: int) -> None:
        """Note S: the current question was about to be written to this phone.

        The first S stands, whatever is shown later and on whichever device:
        going away and coming back starts no clock anew (Source: R4.1).
        """
        self._sent.setdefault(participant, sent_ns)

    def sent_here(
        self, participants: Iterable[ParticipantId]
    ) -> tuple[QuestionId | None, dict[ParticipantId, int]]:
        """Return the current question, and S − T0 in ns of those who have an S."""
        if self._window is None:
            return None, {}
        opened_ns, sent = self._window.opened_ns, self._sent
        after_ns = {one: sent[one] - opened_ns for one in participants if one in sent}
        return self._window.question, after_ns

    def sent_elsewhere(
        self, question: QuestionId, after_ns: Mapping[ParticipantId, int]
    ) -> None:
        """Note S of some whom another process sent the question; the first stands."""
        if self._window is None or self._window.question != question:
            return
        for participant, after in after_ns.items():
            there_ns = self._window.opened_ns + after
            here_ns = self._sent.get(participant, there_ns)
            self._sent[participant] = min(here_ns, there_ns)

    def answer(
        self,
        participant: ParticipantId,
        message: Answer,
        received_ns: int,
        reply: Reply,
        trip: Trip = NO_TRIP,
    ) -> None:
        """Take an answer; `reply` gets its receipt or error, now or later.

        `received_ns` is R, the monotonic stamp at the first byte (R4.2);
        `trip` is what the socket measured, over HTTP the network alone. When the
        journal fails nothing is replied and the phone sends again.
        """
        question = QuestionId(message.question)
        play = self._show.plays.get(question)
        if play is None or play.opened_at is None:
            self._not_open((participant, message, received_ns, reply, trip))
            return
        if play.state is QuestionState.VOID:
            self._refuse(message, AnswerStatus.VOID, reply)
            return
        current = self._window is not None and self._window.question == question
        given = self._given.get(participant) if current else None
        if given is not None:
            if message.option != given.option:
                self._note_change(given, OptionId(message.option))
            self._repeat(given, reply)
            return
        case = self._case(participant, message, received_ns, reply, trip)
        if case is None:
            return
        if current:
            rtt_us = trip.pong_us if trip.pong_us is not None else trip.rtt_after_us
            self.trips.note(participant, rtt_us)
            self._given[participant] = Given(OptionId(message.option), waiting=[reply])
            self._ledger.put_answer(case, self._stored)
        else:
            self._ledger.put_answer(case, partial(self._stored_late, reply))

    def _not_open(self, came: Came) -> None:
        """Refuse an answer, unless its nonce proves that it is open elsewhere."""
        participant, message, reply = came[0], came[1], came[3]
        nonce = self.nonce(participant, QuestionId(message.question))
        if self._is_shared and message.nonce == nonce:
            self._early.keep(came)
        else:
            self._refuse(message, AnswerStatus.NOT_OPEN, reply)

    def _case(
        self,
        participant: ParticipantId,
        message: Answer,
        received_ns: int,
        reply: Reply,
        trip: Trip,
    ) -> Case | None:
        """Return what is to be judged of a well-formed answer; else refuse it."""
        question, option = QuestionId(message.question), OptionId(message.option)
        if option not in self._options(question):
            self._error(message, "bad_option", reply)
            return None
        seat = self.seat(participant)
        if message.nonce != self._signer.nonce(seat, question):
            self._error(message, "bad_nonce", reply)
            return None
        window = self._window
        if window is not None and window.question == question:
            opened_ns, first_ns = window.opened_ns, self._sent.get(participant)
        else:
            opened_at = self._show.plays[question].opened_at
            assert opened_at is not None
            opened_ns, first_ns = self._clock.resolve_ns(opened_at), None
        return Case(
            show=self._show,
            signer=self._signer,
            seat=seat,
            message=message,
            opened_ns=opened_ns,
            received_ns=received_ns,
            first_ns=first_ns,
            trip=trip,
            at_ms=self._clock.utc_ms(),
        )

    def _options(self, question: QuestionId) -> frozenset[OptionId]:
        if self._window is not None and self._window.question == question:
            return self._window.options
        return _option_ids(self._show, question)

    def _stored(self, row: AnswerRow, how: Stored) -> None:
        """Finish an answer to the current question (called by the journal)."""
        given, window = self._given.get(row.participant), self._window
        if given is None or window is None or window.question != row.question:
            return  # the next question opened meanwhile; the phone asks again
        waiting, given.waiting = given.waiting, []
        if how is Stored.FAILED:
            del self._given[row.participant]
            return
        # The option stored first may be another than the one that came here.
        given.is_changed |= row.option != given.option
        given.option, given.row = row.option, row
        self._count(row)
        if row.status == AnswerStatus.LATE:
            self.trips.note_late(row.participant)
        if given.is_changed:
            self._put_change(row)
        first = how is Stored.NEW
        for reply in waiting:
            reply(receipt_text(row, duplicate=not first))
            first = False

    def _stored_late(self, reply: Reply, row: AnswerRow, how: Stored) -> None:
        if how is not Stored.FAILED:
            reply(receipt_text(row, duplicate=how is Stored.DUPLICATE))

    def _note_change(self, given: Given, option: OptionId) -> None:
        """Remember once that somebody tapped another option (R3.1, R4.11).

        The ledger is told when it has the answer, so that none has only a flag.
        """
        assert self._window is not None
        if given.is_changed or option not in self._window.options:
            return
        given.is_changed = True
        if given.row is not None:
            self._put_change(given.row)

    def _put_change(self, row: AnswerRow) -> None:
        flag = FlagRow(
            show=row.show,
            epoch=row.epoch,
            question=row.question,
            participant=row.participant,
            flag=Flag.CHANGED,
            at_ms=self._clock.utc_ms(),
        )
        self._ledger.put_flag(flag)

    def _repeat(self, given: Given, reply: Reply) -> None:
        """Answer a repeat with the first receipt, whatever it says (R3.1)."""
        if given.row is not None:
            reply(receipt_text(given.row, duplicate=True))
        elif len(given.waiting) < MAX_WAITING:
            given.waiting.append(reply)

    def _count(self, row: AnswerRow) -> None:
        if self._is_shared:
            return  # the ledger counts, which knows of all processes
        if row.status == AnswerStatus.ACCEPTED:
            self.tally.accepted += 1
            self.tally.counts[row.option] += 1
        else:
            self.tally.late += 1

    def _refuse(self, message: Answer, status: AnswerStatus, reply: Reply) -> None:
        self.tally.rejected += 1
        refusal = Receipt(
            question=message.question, option=message.option, status=status
        )
        reply(encode(refusal))

    def _error(self, message: Answer, code: str, reply: Reply) -> None:
        self.tally.rejected += 1
        sentence = text(self._show.lang, f"live.answer.{code}")
        reply(encode(Error(code=code, message=sentence, ref=message.question)))


def _option_ids(show: Show, question: QuestionId) -> frozenset[OptionId]:
    return frozenset(one.id for one in show.questions[question].options)


def receipt_text(row: AnswerRow, *, duplicate: bool) -> bytes:
    """Return the receipt of a durable answer as JSON text (Source: R3.4)."""
    receipt = Receipt(
        question=row.question,
        option=row.option,
        status=row.status,
        receipt=row.receipt,
        time_ms=row.time_ms,
        duplicate=duplicate,
    )
    return encode(receipt)
