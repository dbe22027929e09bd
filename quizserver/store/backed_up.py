"""When the last backup was made, as a mark in the data folder.

`quizserver backup` is another process and may write its archive anywhere, so it
leaves this mark where the server looks. Wall clock on both sides; a restored folder
has none.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

MARK: Final = "backed-up"

NEVER_S: Final = -1.0
"""The age of a backup that nobody has made."""


def note(folder: Path, at_ms: int) -> None:
    """Leave word in the data folder that a backup was finished at `at_ms`, UTC.

    Whoever may read the folder but not write to it has their backup all the same.
    """
    mark, at_s = folder / MARK, at_ms / 1000
    with suppress(OSError):
        mark.touch()
        os.utime(mark, (at_s, at_s))


def age_s(folder: Path, now_ms: int) -> float:
    """Return the seconds since the last backup; `NEVER_S` when there is none."""
    try:
        made_s = (folder / MARK).stat().st_mtime
    except OSError:
        return NEVER_S
    return max(0.0, round(now_ms / 1000 - made_s))
