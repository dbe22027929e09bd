"""The room that is left for answers, on the file system they are written to.

A show is not opened where its answers may not fit; one that is on air goes on,
because stopping it would lose more than a full disk does: answers that cannot
be written get no receipt, and phones send them again (Source: R3.4).
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock
from quizserver.texts.formats import size

_LOG: Final = logging.getLogger(__name__)

LOW_BYTES: Final = 1_000_000_000
"""Below this the operator is warned: room for about a million answers is left."""

LEAST_BYTES: Final = 200_000_000
"""Below this no show is opened: a large show with its log and a backup beside it
would no longer fit."""

EVERY_NS: Final = 60_000 * NS_PER_MS


class Disk:
    """The file system of one folder. Measured anew each time it is asked."""

    def __init__(self, folder: Path, free_bytes: Callable[[Path], int]) -> None:
        """Watch `folder`; `free_bytes` measures what is left there."""
        self.folder = folder
        self._free_bytes = free_bytes

    def free(self) -> int:
        """Return the bytes that are left; 0 where the disk does not say."""
        try:
            return self._free_bytes(self.folder)
        except OSError:
            return 0

    def has_room(self) -> bool:
        """Tell whether a show may be opened."""
        return self.free() >= LEAST_BYTES

    def words(self, lang: str) -> dict[str, str]:
        """Return the placeholders of the sentence that refuses to open a show."""
        return {
            "folder": str(self.folder),
            "free": size(lang, self.free()),
            "least": size(lang, LEAST_BYTES),
        }

    async def watch(self, clock: Clock) -> None:
        """Write to the log when room gets short and when it is back, for ever.

        Looked at once now, then every minute.
        """
        said = "enough"
        while True:
            said = self._said(said)
            await clock.sleep_until(clock.monotonic_ns() + EVERY_NS)

    def _said(self, before: str) -> str:
        free = self.free()
        now = (
            "none" if free < LEAST_BYTES else "little" if free < LOW_BYTES else "enough"
        )
        if now != before:
            level, sentence = _LINES[now]
            _LOG.log(level, sentence, self.folder, size("en", free))
        return now


_LINES: Final = {
    "none": (
        logging.ERROR,
        "the disk of %s has %s left: no show can be opened; free some space",
    ),
    "little": (logging.WARNING, "the disk of %s has %s left; free some space"),
    "enough": (logging.INFO, "the disk of %s has room again, %s"),
}
