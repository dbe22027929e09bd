"""How many are here and have answered, told between all that matters more.

A presence to ten thousand phones is a quarter of a second of the loop. Overlays hear
of every change; phones only while no cue is told, and so rarely that it takes a fifth
of the time at most, and not while everybody comes back, or answers: the loop is theirs.
"""

from typing import Final

from quizserver.domain.ids import ShowCode
from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.audiences import Phones, Screens
from quizserver.live.ports import Clock
from quizserver.wire.common import encode, text_frame
from quizserver.wire.phone import Presence

RETURNS_PER_S: Final = 4_000
"""So many phones may come back in a second after the server was away: somewhat more
than one core lets in (`make bench`), so that it never waits for them; they wait."""

LEAST_SPREAD_MS: Final = 300
"""The shortest spread worth telling: a phone's own first wait is up to as long."""

QUIET_NS: Final = 10_000 * NS_PER_MS
"""Longest time between two presences: a page that hears nothing for longer knows
that its link is dead on one side."""

RUSH: Final = 500
"""So many more here, or who have answered, than at the last pulse: everybody is coming
or answering, and a count that is old before all have heard it would keep them waiting.
(10,000 answers in two seconds took 107 and 128 µs each so, 129 and 151 with counts.)"""

_REST: Final = 4
"""After a presence to all phones, so many times as long as it took without one."""


def spread_ms(phones: int) -> int | None:
    """Return over how long so many phones shall come back; None: as they like."""
    needed_ms = phones * 1_000 // RETURNS_PER_S
    return needed_ms if needed_ms > LEAST_SPREAD_MS else None


class Presences:
    """Tells one show's presence; asked once a second."""

    def __init__(
        self, show: ShowCode, clock: Clock, phones: Phones, overlays: Screens
    ) -> None:
        self._show = show
        self._clock = clock
        self._phones = phones
        self._overlays = overlays
        self._shown = _Told(clock)
        self._heard = _Told(clock)
        self._rests_until_ns = 0
        self._online = 0
        self._answered: int | None = None

    async def tell(self, presence: Presence) -> None:
        """Tell what changed, and what did not when `QUIET_NS` have passed."""
        payload = encode(presence)
        if self._shown.is_due(payload):
            self._shown.note(payload)
            self._overlays.tell(self._show, payload)
        is_rush = self._is_rush(presence)
        if is_rush and not self._heard.is_old():
            return
        began_ns = self._clock.monotonic_ns()
        if began_ns < self._rests_until_ns or not self._heard.is_due(payload):
            return
        if await self._phones.tell_in_passing(self._show, text_frame(payload)):
            self._heard.note(payload)
        ended_ns = self._clock.monotonic_ns()
        rest_ns = min(_REST * (ended_ns - began_ns), QUIET_NS // 2)
        self._rests_until_ns = ended_ns + rest_ns

    def _is_rush(self, presence: Presence) -> bool:
        """Tell whether many come or answer, or a question has just opened.

        The quickest answers come then, and nobody can show yet how many there are.
        """
        online, answered = presence.online, presence.answered
        came, self._online = online - self._online, online
        before, self._answered = self._answered, answered
        if answered is None:
            return came > RUSH
        return before is None or max(came, answered - before) > RUSH


class _Told:
    """What was told last, and when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._payload = b""
        self._at_ns = clock.monotonic_ns()

    def is_due(self, payload: bytes) -> bool:
        return payload != self._payload or self.is_old()

    def is_old(self) -> bool:
        return self._clock.monotonic_ns() - self._at_ns >= QUIET_NS

    def note(self, payload: bytes) -> None:
        self._payload, self._at_ns = payload, self._clock.monotonic_ns()
