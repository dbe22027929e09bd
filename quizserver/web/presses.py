"""When each cue was last pressed: two presses within 400 ms are one.

As on the panel's big button: a key that bounces, or two people at once, must not take
the show two steps on (Source: R1.4).
"""

import secrets
from typing import Final

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.orders import COMMANDS

GUARD_NS: Final = 400 * NS_PER_MS


class Presses:
    """The last press of each cue; made once for a site."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[int, str]] = {}

    def ref(self, show: str, command: str, now_ns: int) -> str:
        """Return a new `ref`, or that of a press just before: it is the same one."""
        at_ns, ref = self._last.get((show, command), (now_ns - GUARD_NS, ""))
        if now_ns - at_ns < GUARD_NS:
            return ref
        ref = f"cue-{secrets.token_hex(8)}"
        if command in COMMANDS:
            self._last[show, command] = now_ns, ref
        return ref
