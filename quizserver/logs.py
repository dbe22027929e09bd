"""What the server writes about itself: one line per fact, and nothing private.

A line is made from an allow-list: what happened, ids, counts and durations.
Names, phone numbers, tokens, questions and messages cannot get in, not even by
an exception's text, which often quotes what it choked on: of an exception a
line tells its type and where it came from. Lines go to standard error.

    _LOG.info("a show was reset", extra={"show": code})
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final

FIELDS: Final = (
    "show",
    "epoch",
    "step",
    "event_name",
    "question",
    "participant",
    "connection",
    "code",
    "count",
    "duration_ms",
    "address",
)
"""What may be given in `extra`; `event_name` is that of a show event."""

_TALKATIVE: Final = ("uvicorn", "uvicorn.error", "asyncio", "alembic")
"""Libraries whose own news interest only somebody who looks for a fault."""

_FRAMES: Final = 8


def configure(level: str, form: str) -> None:
    """Send the log to standard error.

    Args:
        level: the least important that is written: debug, info, warning, error.
        form: "text" for people, "json" for machines, one object a line.
    """
    line = logging.StreamHandler()
    line.setFormatter(JsonLine() if form == "json" else TextLine())
    logging.basicConfig(level=level.upper(), handlers=[line], force=True)
    for name in _TALKATIVE:
        quiet = logging.NOTSET if level == "debug" else logging.WARNING
        logging.getLogger(name).setLevel(quiet)


class JsonLine(logging.Formatter):
    """Writes a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts: dict[str, object] = {
            "at": _instant(record.created),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        return json.dumps(facts | _given(record) | _fault(record), ensure_ascii=False)


class TextLine(logging.Formatter):
    """Writes a record as words: time, level, what happened, then the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts = _given(record) | _fault(record)
        said = "".join(f" {name}={value}" for name, value in facts.items())
        level = f"{record.levelname.lower():<7}"
        return f"{_instant(record.created)} {level} {record.getMessage()}{said}"


def _instant(created: float) -> str:
    moment = datetime.fromtimestamp(created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _given(record: logging.LogRecord) -> dict[str, object]:
    given = vars(record)
    return {name: given[name] for name in FIELDS if name in given}


def _fault(record: logging.LogRecord) -> dict[str, object]:
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return {}
    while isinstance(error, BaseExceptionGroup):
        # What failed in a task says more than the group that ended with it.
        error = error.exceptions[0]
    return {"fault": type(error).__name__, "at_code": _places(error.__traceback__)}


def _places(trace: TracebackType | None) -> str:
    """Return the last places of a traceback, without any line of code or value."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in reversed(frames)
    )
