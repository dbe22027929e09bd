"""A sign of life in the data folder, for the process that comes after this one.

One small file is written over once a second and never flushed: a kill -9 leaves
it to the kernel, and after a power cut an older sign only makes the time that
was lost look longer than it was (`live.ports.LifeSign`).
"""

import logging
import os
from pathlib import Path

import msgspec

from quizserver.domain.stamps import Stamp

_LOG = logging.getLogger(__name__)
_SIZE = 256


class FileLifeSign:
    """The sign in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_failing = False

    def last(self) -> Stamp | None:
        """Return the sign that was left; None when there is none to be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Stamp)
        except (OSError, msgspec.MsgspecError):
            return None

    def leave(self, now: Stamp) -> None:
        """Write over the last sign; a disk that does not take it is said once."""
        text = msgspec.json.encode(now).ljust(_SIZE)
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.pwrite(file, text, 0)
            finally:
                os.close(file)
        except OSError as error:
            if not self._is_failing:
                _LOG.warning("no sign of life can be left: %s", error.strerror)
            self._is_failing = True
        else:
            self._is_failing = False
