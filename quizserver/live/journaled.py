"""Events as rows of the journal, and back.

The event's JSON text is canonical: the same event always gives the same bytes,
which the hash chain needs (Source: R6.1).
"""

import msgspec

from quizserver.domain.events import KINDS, Event, ShowCreated
from quizserver.domain.show import Show
from quizserver.live.ports import EventRow

_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODERS = {name: msgspec.json.Decoder(kind) for name, kind in KINDS.items()}


def from_row(row: EventRow) -> Event:
    """Return the event of a row.

    Raises:
        msgspec.ValidationError: the text is not what this version wrote.
    """
    event: Event = _DECODERS[row.name].decode(row.data)
    return event


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
