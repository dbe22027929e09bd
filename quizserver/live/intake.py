"""The door for answers: one per show and process.

An answer never passes the conductor. It is checked against the open window
here, timed by `domain.timing`, put into the journal, and its receipt leaves
when the journal says that it is durable (Source: R3.4). All of the window can
be rebuilt from the ledger (`restore`). No method waits.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

import msgspec

from quizserver.domain.flags import Flag
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId
from quizserver.domain.phases import QuestionState
from quizserver.domain.show import Show
from quizserver.domain.timing import NO_TRIP, Trip
from quizserver.live.early import Came, Early
from quizserver.live.judging import AskedHere, Case
from quizserver.live.rows import AnswerRow, AnswerStatus, FlagRow, Stored
from quizserver.live.secrets import Seat
from quizserver.live.surroundings import Surroundings
from quizserver.live.tally import Tally
from quizserver.live.trips import Trips
from quizserver.texts.catalogue import text
from quizserver.wire.common import Error, encode
from quizserver.wire.phone import Answer, Receipt

Reply = Callable[[bytes], None]
"""Takes the JSON text of the one message that answers; called at most once."""

MAX_WAITING: Final = 8
"""Most repeats of one unfinished answer that get the receipt; others resend."""


# A Struct, and unseen by the collector, as what it holds for long: it is kept for
# every answer, and the fewer there are to look through, the less often it looks.


class Given(msgspec.Struct, gc=False):
    """A participant's answer to the current question; without a row on its way.

    `is_changed`: they tapped another option afterwards.
    """

    option: OptionId
    row: AnswerRow | None = None
    is_changed: bool = False
    waiting: tuple[Reply, ...] = ()


class Intake:
    """Takes answers to one show. `follow` keeps it at the show's state."""

    def __init__(self, show: Show, around: Surroundings) -> None:
        self._show = show
        self._ledger = around.ledger
        self._signer = around.signer
        self._clock = around.clock
        self._is_shared = around.is_shared
        self._current: AskedHere | None = None
        self._asked: dict[QuestionId, AskedHere] = {}
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
        self._show, self._asked = show, {}
        before, question, opened_at = self._current, show.current, show.play.opened_at
        if question is None or opened_at is None:
            # Nothing of the question before may show through while the next one
            # is read: a restart would not know it either.
            self._current, self._given, self.tally = None, {}, Tally({})
            self.trips = Trips()
        elif before is None or before.question != question:
            opened_ns = self._clock.resolve_ns(opened_at)
            self._current = self._asked_here(question, opened_ns)
            self._given = {}
            self._sent = {}
            self.tally = Tally(dict.fromkeys(sorted(self._current.options), 0))
            self.trips = Trips()
        else:
            self._current = self._asked_here(question, before.opened_ns)

    async def restore(self) -> None:
        """Load the answers to the current question, after a restart."""
        current = self._current
        if current is None:
            return
        await self._load(current)
        for flag in await self._ledger.flags_of(*current.run):
            given = self._given.get(flag.participant)
            if given is not None and current.question == flag.question:
                given.is_changed |= flag.flag == Flag.CHANGED

    async def look_up(self, participants: Iterable[ParticipantId]) -> None:
        """Load what these may have answered at another process."""
        missing = [one for one in participants if one not in self._given]
        if self._is_shared and self._current is not None and missing:
            await self._load(self._current, missing)

    async def _load(
        self, asked: AskedHere, participants: Iterable[ParticipantId] | None = None
    ) -> None:
        question = asked.question
        rows = await self._ledger.answers_to(*asked.run, question, participants)
        for row in rows:
            if self._is_current(question) and row.participant not in self._given:
                self._given[row.participant] = Given(row.option, row)
                self._count(row)

    async def recount(self) -> None:
        """Have the ledger count the answers to the current question, of everybody."""
        current = self._current
        if current is None:
            return
        counts, late = await self._ledger.tally(*current.run, current.question)
        if self._is_current(current.question):
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
        if self._current is None:
            return None, {}
        opened_ns, sent = self._current.opened_ns, self._sent
        after_ns = {one: sent[one] - opened_ns for one in participants if one in sent}
        return self._current.question, after_ns

    def sent_elsewhere(
        self, question: QuestionId, after_ns: Mapping[ParticipantId, int]
    ) -> None:
        """Note S of some whom another process sent the question; the first stands."""
        if self._current is None or self._current.question != question:
            return
        for participant, after in after_ns.items():
            there_ns = self._current.opened_ns + after
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
        question, option = QuestionId(message.question), OptionId(message.option)
        asked = self._asked.get(question) or self._ask(question)
        if not isinstance(asked, AskedHere):
            self._not_open((participant, message, received_ns, reply, trip), asked)
            return
        is_current = asked is self._current
        given = self._given.get(participant) if is_current else None
        if given is not None:
            if option != given.option:
                self._note_change(given, option)
            self._repeat(given, reply)
            return
        seat = self.seat(participant)
        if option not in asked.options:
            self._error(message, "bad_option", reply)
            return
        if message.nonce != self._signer.nonce(seat, question):
            self._error(message, "bad_nonce", reply)
            return
        first_ns = self._sent.get(participant) if is_current else None
        at_ms = self._clock.utc_ms()
        case = Case(asked, seat, message, received_ns, first_ns, trip, at_ms)
        if is_current:
            rtt_us = trip.pong_us if trip.pong_us is not None else trip.rtt_after_us
            self.trips.note(participant, rtt_us)
            self._given[participant] = Given(option, waiting=(reply,))
            self._ledger.put_answer(case, self._stored)
        else:
            self._ledger.put_answer(case, partial(self._stored_late, reply))

    def _ask(self, question: QuestionId) -> AskedHere | AnswerStatus:
        """Return, and keep, what answers to it share; or why there can be none."""
        play = self._show.plays.get(question)
        if play is None or play.opened_at is None:
            return AnswerStatus.NOT_OPEN
        if play.state is QuestionState.VOID:
            return AnswerStatus.VOID
        if self._current is not None and self._current.question == question:
            asked = self._current
        else:
            opened_ns = self._clock.resolve_ns(play.opened_at)
            asked = self._asked_here(question, opened_ns)
        self._asked[question] = asked
        return asked

    def _asked_here(self, question: QuestionId, opened_ns: int) -> AskedHere:
        show = self._show
        return AskedHere(
            run=(show.code, show.epoch),
            question=question,
            step=show.step,
            rule=show.rules.timing,
            duration_ms=show.plays[question].duration_ms,
            opened_ns=opened_ns,
            options=frozenset(one.id for one in show.questions[question].options),
            signer=self._signer,
        )

    def _is_current(self, question: QuestionId) -> bool:
        return self._current is not None and self._current.question == question

    def _not_open(self, came: Came, why: AnswerStatus) -> None:
        """Refuse an answer, unless its nonce proves that it is open elsewhere."""
        participant, message, reply = came[0], came[1], came[3]
        nonce = self.nonce(participant, QuestionId(message.question))
        is_early = self._is_shared and why is AnswerStatus.NOT_OPEN
        if is_early and message.nonce == nonce:
            self._early.keep(came)
        else:
            self._refuse(message, why, reply)

    def _stored(self, row: AnswerRow, how: Stored) -> None:
        """Finish an answer to the current question (called by the journal)."""
        given = self._given.get(row.participant)
        if given is None or not self._is_current(row.question):
            return  # the next question opened meanwhile; the phone asks again
        waiting, given.waiting = given.waiting, ()
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
        assert self._current is not None
        if given.is_changed or option not in self._current.options:
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
            given.waiting += (reply,)

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
