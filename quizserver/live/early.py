"""Answers to a question that this process has not heard is open.

Somebody who was sent the question by another process may answer here a moment too
soon: the nonce, which is given with the open question and not before, proves it
(Source: R3.2). A refusal would be final for the phone; so the answer waits.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from quizserver.domain.ids import ParticipantId
from quizserver.domain.timing import Trip
from quizserver.wire.phone import Answer

MOST: Final = 8
"""Answers that wait for one participant; others resend."""

Came = tuple[ParticipantId, Answer, int, Callable[[bytes], None], Trip]
"""Whose answer, the answer, R, who takes the reply, what was measured."""


class Early:
    """What waits for the show's next state."""

    def __init__(self) -> None:
        self._waiting: defaultdict[ParticipantId, list[Came]] = defaultdict(list)

    def keep(self, came: Came) -> None:
        """Keep an answer."""
        if len(self._waiting[came[0]]) < MOST:
            self._waiting[came[0]].append(came)

    def taken(self) -> list[Came]:
        """Return what waited, each participant's in its order; nothing waits now."""
        waiting, self._waiting = self._waiting, defaultdict(list)
        return [came for one in waiting.values() for came in one]
