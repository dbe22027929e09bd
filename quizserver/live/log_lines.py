"""A line of the panel's log, made of an event: what was done, by whom, and why.

Where one event stands for several acts of a host, `what` tells which. No name of a
participant comes in, and nothing of a key.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from quizserver.live.clock import rfc3339
from quizserver.live.journaled import from_row
from quizserver.live.rows import EventRow
from quizserver.wire.host import AuditPart


def log_line(row: EventRow) -> AuditPart:
    """Return what the panel's log says of an event."""
    at = rfc3339(row.at_ms)
    more = _MORE.get(row.name)
    if more is None:
        return AuditPart(at=at, actor=row.actor, name=row.name)
    what, text = more(from_row(row))
    return AuditPart(at=at, actor=row.actor, name=row.name, what=what, text=text)


def _name(event: Any) -> tuple[str, str]:
    if event.hidden:
        return "hidden", ""
    return ("renamed" if event.alias else "passed"), ""


def _reason(event: Any) -> tuple[str, str]:
    return "", event.reason


_MORE: Final[Mapping[str, Callable[[Any], tuple[str, str]]]] = {
    "CheeringSet": lambda event: ("on" if event.on else "off", ""),
    "LookSet": lambda event: ("take" if event.take else event.look.value, ""),
    "NameHidden": _name,
    "NameHoldSet": lambda event: ("on" if event.hold else "off", ""),
    "NoticePosted": lambda event: ("" if event.text else "gone", event.text),
    "QuestionVoided": _reason,
    "ShowPaused": _reason,
    "StreamSet": lambda event: ("measured" if event.sync_at else "", ""),
    "WinnerSkipped": _reason,
}
"""By the event's name: the word for what was done, and what the host wrote to it."""
