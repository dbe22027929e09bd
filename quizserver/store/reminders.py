"""Since when names are known to be due, in one small file of the data folder.

The wall clock alone takes nobody's name: one that was wrong for an evening would take
all of them (`live.retention`). A file that cannot be read or written is as one that
was never written: names stay a week longer.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

_LOG: Final = logging.getLogger(__name__)

NAME: Final = "names-due"

_SINCE: Final = msgspec.json.Decoder(dict[str, int])


class FileReminders:
    """UTC milliseconds by run (`live.ports.Reminders`)."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def read(self) -> dict[str, int]:
        """Return what was written last."""
        try:
            return _SINCE.decode(self._path.read_bytes())
        except (OSError, msgspec.MsgspecError):
            return {}

    def write(self, since_ms: Mapping[str, int]) -> None:
        """Write this in place of it; whole or not at all."""
        new = self._path.with_name(f"{NAME}.new")
        try:
            new.write_bytes(msgspec.json.encode(since_ms))
            new.replace(self._path)
        except OSError as error:
            _LOG.warning("no reminder of names can be written: %s", error.strerror)
