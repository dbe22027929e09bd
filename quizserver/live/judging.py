"""An answer that is in order, and what becomes of it: in time or late, and its T.

How long the question is open may be told after the answer came, by a lock or an
extension that another process wrote. So an answer is kept as it was measured, and
judged when it goes into the ledger, which knows (`ports.Unjudged`).
"""

import msgspec

from quizserver.domain.flags import answer_flags
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode
from quizserver.domain.show import Show
from quizserver.domain.timing import Measured, take
from quizserver.live.evidence import evidence_text
from quizserver.live.rows import AnswerRow, AnswerStatus

# A Struct, and unseen by the collector, since one is made for every answer: what a
# closure takes for it is 6 µs and eleven objects to go through at each collection.


class Case(msgspec.Struct, gc=False):
    """An answer to a question of `show`, the show as it was known when it came.

    `at_ms` is UTC; `receipt` the short code on the receipt (R3.4).
    """

    show: Show
    question: QuestionId
    participant: ParticipantId
    option: OptionId
    measured: Measured
    at_ms: int
    receipt: str

    @property
    def run(self) -> tuple[ShowCode, str]:
        """The show and its epoch."""
        return self.show.code, self.show.epoch

    @property
    def step(self) -> int:
        """The last step of the show that was known."""
        return self.show.step

    def judged(self, duration_ms: int | None = None) -> AnswerRow:
        """Return its row when its question is open for so long; None: as was known."""
        show, measured = self.show, self.measured
        rule = show.rules.timing
        if duration_ms is None:
            duration_ms = show.plays[self.question].duration_ms
        taken = take(rule, measured, duration_ms)
        return AnswerRow(
            show=show.code,
            epoch=show.epoch,
            question=self.question,
            participant=self.participant,
            option=self.option,
            status=AnswerStatus.ACCEPTED if taken.in_time else AnswerStatus.LATE,
            time_ms=taken.time_ms,
            received_ns=measured.received_ns,
            at_ms=self.at_ms,
            receipt=self.receipt,
            evidence=evidence_text(rule, measured, taken, duration_ms),
            flags=",".join(answer_flags(rule, measured, taken)),
        )

    def lost(self) -> AnswerRow:
        """Return a row of which only the key and the option mean anything."""
        return AnswerRow(
            show=self.show.code,
            epoch=self.show.epoch,
            question=self.question,
            participant=self.participant,
            option=self.option,
            status="",
            time_ms=0,
            received_ns=0,
            at_ms=0,
            receipt="",
            evidence="",
        )
