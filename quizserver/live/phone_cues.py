"""What phones are told of a step: all of them the cue, each what is its own.

Its nonce, its answer, how it did: from results that are read once for all at a
reveal. The stage says when, and tells hosts and overlays; nothing that is somebody's
own reaches those (Source: R2.2, R3.6).
"""

import msgspec

from quizserver.domain import events as e
from quizserver.domain.ids import ParticipantId, QuestionId
from quizserver.domain.phases import QuestionState
from quizserver.domain.show import Show
from quizserver.live.audiences import FrameFor
from quizserver.live.intake import Intake
from quizserver.live.opening import open_frame_around
from quizserver.live.own import own_answer, own_result, own_standing
from quizserver.live.rows import OwnResult
from quizserver.live.surroundings import Surroundings
from quizserver.wire import phone as m
from quizserver.wire.common import encode, text_frame


class PhoneCues:
    """Tells the phones of one show in this process."""

    def __init__(self, around: Surroundings, intake: Intake) -> None:
        self._ledger = around.ledger
        self._phones = around.phones
        self._intake = intake
        self._results: dict[ParticipantId, OwnResult] = {}

    async def load(self, show: Show) -> None:
        """Read everybody's places, and results once they are revealed."""
        revealed = show.play.state is QuestionState.REVEALED
        rows = await self._ledger.own_results(
            show.code, show.epoch, show.current if revealed else None, None
        )
        self._results = {row.participant: row for row in rows}

    def forget(self) -> None:
        """Forget results: a question is on air whose are not out."""
        self._results = {}

    def state(self, show: Show, common: m.State, participant: ParticipantId) -> m.State:
        """Return the common snapshot with what is this participant's own."""
        question, result = common.question, common.result
        own = self._results.get(participant)
        given = self._intake.given(participant)
        if question is not None and question.options and show.current is not None:
            nonce = self._intake.nonce(participant, show.current)
            question = msgspec.structs.replace(question, nonce=nonce)
        if result is not None:
            result = msgspec.structs.replace(result, you=own_result(own, given))
        shows_place = common.standings is not None or result is not None
        return msgspec.structs.replace(
            common,
            question=question,
            result=result,
            your_answer=own_answer(given),
            you=own_standing(own.standing if own else None) if shows_place else None,
        )

    async def tell(
        self, show: Show, event: e.Event, cue: m.Cue, payload: bytes
    ) -> None:
        """Tell everybody of `event`; `payload` is the JSON text of `cue`."""
        if isinstance(cue, m.Open):
            await self._ask(show, cue)
        elif isinstance(cue, m.Roll) and _is_fair(show):
            # A ping three seconds before wakes radios and finds dead sockets.
            frame, seed = text_frame(payload), self._order_seed(show)
            await self._phones.tell_warm(show.code, frame, seed)
        elif isinstance(cue, m.Ended):
            await self._phones.tell_each(show.code, self._ended(cue))
        else:
            await self._phones.tell(show.code, text_frame(payload))
        if isinstance(event, e.AnswerRevealed):
            await self._phones.tell_each(show.code, self._revealed(event.question))

    async def _ask(self, show: Show, cue: m.Open) -> None:
        """Send the question; under fair-1 timed and in secret order (R4.10)."""
        frame_for = self._opened(show, cue)
        if _is_fair(show):
            seed = self._order_seed(show)
            await self._phones.tell_timed(show.code, frame_for, seed, self._intake.sent)
        else:
            await self._phones.tell_each(show.code, frame_for)

    def _order_seed(self, show: Show) -> bytes:
        assert show.current is not None
        return self._intake.order_seed(show.current)

    def _opened(self, show: Show, cue: m.Open) -> FrameFor:
        """Return the maker of open frames: one text, each with its own nonce."""
        head, tail = open_frame_around(cue)
        question = show.current
        assert question is not None

        def frame(participant: ParticipantId) -> bytes:
            return head + self._intake.nonce(participant, question).encode() + tail

        return frame

    def _revealed(self, question: QuestionId) -> FrameFor:
        """Return the maker of `you` frames: how each did in the question."""

        def frame(participant: ParticipantId) -> bytes:
            given = self._intake.given(participant)
            own = own_result(self._results.get(participant), given)
            message = m.You(
                question=question,
                right=own.right,
                show=own.show,
                time_ms=own.time_ms,
                rank=own.rank,
                tied=own.tied,
                status=own.status,
                timing=own.timing,
            )
            return text_frame(encode(message))

        return frame

    def _ended(self, cue: m.Ended) -> FrameFor:
        """Return the maker of `ended` frames: the cue, each with their own place."""

        def frame(participant: ParticipantId) -> bytes:
            own = self._results.get(participant)
            you = own_standing(own.standing if own else None)
            return text_frame(encode(msgspec.structs.replace(cue, you=you)))

        return frame


def _is_fair(show: Show) -> bool:
    return show.rules.timing == "fair-1"
