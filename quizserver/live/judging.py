"""An answer that is in order, and what becomes of it: in time or late, and its T.

How long the question is open may be told after the answer came, by a lock or an
extension that another process wrote. So an answer is kept as it was measured, and
judged when it goes into the ledger, which knows (`ports.Unjudged`).
"""

from typing import Final

import msgspec

from quizserver.domain.flags import answer_flags
from quizserver.domain.ids import OptionId, QuestionId, ShowCode
from quizserver.domain.show import Show
from quizserver.domain.timing import Measured, Trip, sent_rule, take
from quizserver.live.evidence import evidence_text
from quizserver.live.rows import AnswerRow, AnswerStatus
from quizserver.live.secrets import Seat, Signer
from quizserver.wire.phone import Answer

LONGEST_MS: Final = 3_600_000
"""What a phone says about its own time is kept up to an hour; more is nonsense."""

# A Struct, and unseen by the collector, since one is made for every answer: what a
# closure takes for it is 6 µs and eleven objects to go through at each collection.


class Case(msgspec.Struct, gc=False):
    """An answer to a question of `show`, the show as it was known when it came.

    `opened_ns` is T0, `received_ns` R, `first_ns` the participant's first S, None
    when no socket was sent the question; `trip` what the socket measured (R4.1, R4.2).
    `at_ms` is UTC.
    """

    show: Show
    signer: Signer
    seat: Seat
    message: Answer
    opened_ns: int
    received_ns: int
    first_ns: int | None
    trip: Trip
    at_ms: int

    @property
    def run(self) -> tuple[ShowCode, str]:
        """The show and its epoch."""
        return self.show.code, self.show.epoch

    @property
    def question(self) -> QuestionId:
        """What is answered."""
        return QuestionId(self.message.question)

    @property
    def step(self) -> int:
        """The last step of the show that was known."""
        return self.show.step

    def judged(self, duration_ms: int | None = None) -> AnswerRow:
        """Return its row when its question is open for so long; None: as was known."""
        show, seat, measured = self.show, self.seat, self._measured()
        question, option = self.question, OptionId(self.message.option)
        rule = show.rules.timing
        if duration_ms is None:
            duration_ms = show.plays[question].duration_ms
        taken = take(rule, measured, duration_ms)
        return AnswerRow(
            show=show.code,
            epoch=show.epoch,
            question=question,
            participant=seat.participant,
            option=option,
            status=AnswerStatus.ACCEPTED if taken.in_time else AnswerStatus.LATE,
            time_ms=taken.time_ms,
            received_ns=measured.received_ns,
            at_ms=self.at_ms,
            receipt=self.signer.receipt(seat, question, option),
            evidence=evidence_text(rule, measured, taken, duration_ms),
            flags=",".join(answer_flags(rule, measured, taken)),
        )

    def lost(self) -> AnswerRow:
        """Return a row of which only the key and the option mean anything."""
        return AnswerRow(
            show=self.show.code,
            epoch=self.show.epoch,
            question=self.question,
            participant=self.seat.participant,
            option=OptionId(self.message.option),
            status="",
            time_ms=0,
            received_ns=0,
            at_ms=0,
            receipt="",
            evidence="",
        )

    def _measured(self) -> Measured:
        message, trip = self.message, self.trip
        rule = sent_rule(self.first_ns, trip.sent_ns, self.opened_ns)
        claimed_ms = message.elapsed_ms
        if claimed_ms is not None and not 0 <= claimed_ms <= LONGEST_MS:
            claimed_ms = None
        origin = self.signer.origin(self.show.code, self.show.epoch, trip.network)
        whole = Trip(self.first_ns, rule, *trip[2:])
        return Measured(
            self.opened_ns, self.received_ns, claimed_ms, whole, origin, message.visible
        )
