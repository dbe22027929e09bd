"""Events as rows of the journal, and back; and what is chained of them.

The event's JSON text is canonical: the same event always gives the same bytes,
which the hash chain needs (Source: R6.1). The chain holds `public_text`, not the
whole text: a seal code is shown on air before the reveal, so nothing in it may
depend on a key (R3.6), and whoever checks the export must be able to build it
from what may be exported. Keys come into the chain with the event that reveals
or corrects them.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from quizserver.domain.events import KINDS, Event, ShowCreated
from quizserver.domain.show import Show
from quizserver.live.rows import EventRow

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODERS = {name: msgspec.json.Decoder(kind) for name, kind in KINDS.items()}


def from_row(row: EventRow) -> Event:
    """Return the event of a row.

    Raises:
        msgspec.ValidationError: the text is not what this version wrote.
    """
    event: Event = _DECODERS[row.name].decode(row.data)
    return event


def public_text(row: EventRow) -> str:
    """Return the event's JSON text without secrets: what is chained and exported.

    ShowCreated without keys, explanations, sources, authors and salt; NameHidden
    without the alias, which is personal data, so that erasing it breaks no link.
    Every other event as it is stored. It is cut from the stored text, not from the
    event: a later version that adds a field must find the same text.

    Raises:
        msgspec.DecodeError, KeyError: the text is no event's.
    """
    cut = _CUT.get(row.name)
    if cut is None:
        return row.data
    return _ENCODER.encode(cut(msgspec.json.decode(row.data))).decode()


def next_row(show: Show, event: Event, *, at_ms: int, actor: str, ref: str) -> EventRow:
    """Return the row of the event that follows `show`; `at_ms` is UTC."""
    return EventRow(
        show=show.code,
        epoch=show.epoch,
        step=show.step + 1,
        at_ms=at_ms,
        name=type(event).__name__,
        actor=actor,
        ref=ref,
        data=_text(event),
    )


def first_row(event: ShowCreated, *, at_ms: int, actor: str) -> EventRow:
    """Return the row of step 1."""
    return EventRow(
        show=event.code,
        epoch=event.epoch,
        step=1,
        at_ms=at_ms,
        name=type(event).__name__,
        actor=actor,
        ref="",
        data=_text(event),
    )


def _text(event: Event) -> str:
    return _ENCODER.encode(event).decode()


def _created(event: Mapping[str, Any]) -> dict[str, object]:
    """Return what everybody may know of a show before it begins."""
    plan = event["rundown"]
    questions = [
        {
            "id": question["id"],
            "options": [option["id"] for option in question["options"]],
            "duration_ms": question["duration_ms"],
            "reserve": question["reserve"],
        }
        for question in plan["pack"]["questions"]
    ]
    return {
        "code": event["code"],
        "epoch": event["epoch"],
        "title": plan["title"],
        "lang": plan["lang"],
        "rules": plan["rules"],
        "questions": questions,
    }


def _hidden(event: Mapping[str, Any]) -> dict[str, object]:
    return {"participant": event["participant"], "hidden": event["hidden"]}


_CUT: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, object]]]] = {
    "ShowCreated": _created,
    "NameHidden": _hidden,
}
"""What is chained of the events that hold secrets; the others are chained whole."""
