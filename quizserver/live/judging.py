"""An answer that is in order, and what becomes of it: in time or late, and its T.

How long the question is open may be told after the answer came, by a lock or an
extension that another process wrote. So an answer is kept as it was measured, and
judged when it goes into the ledger, which knows (`ports.Unjudged`).
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from quizserver.domain.flags import answer_flags
from quizserver.domain.ids import OptionId
from quizserver.domain.timing import Measured, Trip, sent_rule, take
from quizserver.live.evidence import evidence_text
from quizserver.live.ports import Asked
from quizserver.live.rows import AnswerRow, AnswerStatus
from quizserver.live.secrets import Seat, Signer
from quizserver.wire.phone import Answer

LONGEST_MS: Final = 3_600_000
"""What a phone says about its own time is kept up to an hour; more is nonsense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedHere(Asked):
    """What all answers to a question share until the show's next step.

    `rule` is the show's timing rule (R4), `duration_ms` how long the question is
    open as far as is known, `opened_ns` its T0.
    """

    rule: str
    duration_ms: int
    opened_ns: int
    options: frozenset[OptionId]
    signer: Signer


# A Struct, and unseen by the collector, since one is made for every answer: what a
# closure takes for it is 6 µs and eleven objects to go through at each collection.


class Case(msgspec.Struct, gc=False):
    """An answer to a question that is or was open.

    `received_ns` is R, `first_ns` the participant's first S, None when no socket was
    sent the question; `trip` what the socket measured (R4.1, R4.2). `at_ms` is UTC.
    """

    asked: AskedHere
    seat: Seat
    message: Answer
    received_ns: int
    first_ns: int | None
    trip: Trip
    at_ms: int

    def judged(self, duration_ms: int | None = None) -> AnswerRow:
        """Return its row when its question is open for so long; None: as was known."""
        asked, seat, measured = self.asked, self.seat, self._measured()
        question, option = asked.question, OptionId(self.message.option)
        rule = asked.rule
        if duration_ms is None:
            duration_ms = asked.duration_ms
        taken = take(rule, measured, duration_ms)
        return AnswerRow(
            show=seat.show,
            epoch=seat.epoch,
            question=question,
            participant=seat.participant,
            option=option,
            status=AnswerStatus.ACCEPTED if taken.in_time else AnswerStatus.LATE,
            time_ms=taken.time_ms,
            received_ns=measured.received_ns,
            at_ms=self.at_ms,
            receipt=asked.signer.receipt(seat, question, option),
            evidence=evidence_text(rule, measured, taken, duration_ms),
            flags=",".join(answer_flags(rule, measured, taken)),
        )

    def lost(self) -> AnswerRow:
        """Return a row of which only the key and the option mean anything."""
        return AnswerRow(
            show=self.seat.show,
            epoch=self.seat.epoch,
            question=self.asked.question,
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
        message, trip, opened_ns = self.message, self.trip, self.asked.opened_ns
        rule = sent_rule(self.first_ns, trip.sent_ns, opened_ns)
        claimed_ms = message.elapsed_ms
        if claimed_ms is not None and not 0 <= claimed_ms <= LONGEST_MS:
            claimed_ms = None
        origin = self.asked.signer.origin(*self.asked.run, trip.network)
        whole = Trip(self.first_ns, rule, *trip[2:])
        return Measured(
            opened_ns, self.received_ns, claimed_ms, whole, origin, message.visible
        )
