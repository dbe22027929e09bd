"""When a question's time is over: for phones, for answers, for every process.

Spans of `domain.timing` turned into moments of this process's clock, and the wait for
others before a seal. The conductor asks; nothing here decides or writes.
"""

import logging
from collections.abc import Callable
from typing import Final

from quizserver.domain.ids import QuestionId
from quizserver.domain.phases import Phase
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.live.ports import Clock, Ledger

_LOG: Final = logging.getLogger(__name__)

_CLOSING_NS: Final = 3_000 * NS_PER_MS
_CLOSED_AGAIN_NS: Final = 20 * NS_PER_MS

Span = Callable[[str, int], int]
"""How long after T0, in ms, by the timing rule and the question's duration."""


def after_ns(clock: Clock, show: Show, span: Span) -> int:
    """Return when, on this process's clock, a span from T0 of the question ends."""
    play = show.play
    assert play.opened_at is not None
    lasts_ms = span(show.rules.timing, play.duration_ms)
    return clock.resolve_ns(play.opened_at) + lasts_ms * NS_PER_MS


def lost_ms(clock: Clock, show: Show, away_since: Stamp) -> int:
    """Return how much of the open question's time passed since then (R1.6)."""
    play = show.play
    if show.phase is not Phase.OPEN or play.opened_at is None:
        return 0
    opened_ns = clock.resolve_ns(play.opened_at)
    ends_ns = opened_ns + play.duration_ms * NS_PER_MS
    began_ns = max(opened_ns, clock.resolve_ns(away_since))
    return (min(ends_ns, clock.monotonic_ns()) - began_ns) // NS_PER_MS


async def all_closed(
    ledger: Ledger, clock: Clock, show: Show, question: QuestionId
) -> None:
    """Wait, not for ever, until every living process has written its answers."""
    due = clock.monotonic_ns() + _CLOSING_NS
    while await ledger.unclosed(show.code, show.epoch, question):
        now = clock.monotonic_ns()
        if now >= due:
            _LOG.warning("a question is sealed without waiting any longer")
            return
        await clock.sleep_until(now + _CLOSED_AGAIN_NS)
