"""Recovery codes that were wrong of late slow down every try at them in their show.

A code opens a name, a phone number and the power to erase them, so guessing has to be
slow. Nobody is refused, and no address is looked at: thousands share one (Source:
R2.4). Who mistypes waits for nothing; under a flood of guesses everybody waits some
seconds, right code or wrong, before it is looked up: the wait tells nothing.
"""

from collections import deque
from typing import Final

from quizserver.domain.ids import ShowCode
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock

WINDOW_NS: Final = 60_000 * NS_PER_MS
FREE: Final = 10
"""So many wrong codes in a minute slow down nobody."""

EACH_MS: Final = 50
"""What each further one adds."""

LONGEST_MS: Final = 3_000
_MOST: Final = FREE + LONGEST_MS // EACH_MS


class Guesses:
    """The wrong codes of the last minute, by show; bounded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wrong: dict[ShowCode, deque[int]] = {}

    async def wait(self, show: ShowCode) -> None:
        """Return when a code of this show may be looked up."""
        now_ns, wrong = self._clock.monotonic_ns(), self._wrong.get(show, deque())
        while wrong and wrong[0] <= now_ns - WINDOW_NS:
            wrong.popleft()
        delay_ms = max(0, len(wrong) - FREE) * EACH_MS
        await self._clock.sleep_until(now_ns + delay_ms * NS_PER_MS)

    def note(self, show: ShowCode) -> None:
        """Hear of a wrong code."""
        wrong = self._wrong.setdefault(show, deque(maxlen=_MOST))
        wrong.append(self._clock.monotonic_ns())
