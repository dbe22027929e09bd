"""Messages of `/ws/overlay`, but for the phones' cues, which overlays are told too.

Source: docs/reference/wire.md §4. Nothing here is anybody's own, and no key.
"""

from typing import Annotated, Literal

import msgspec

from quizserver.wire.common import Message, decode
from quizserver.wire.parts import (
    OutputPart,
    OutputWord,
    QuestionPart,
    Reaction,
    SettingsPart,
)
from quizserver.wire.phone import Coming


class OverlayHello(Message, tag="hello"):
    """First message of an overlay; `key` is its read-only token.

    `layout` is what its address and window make, `name` stands in its address; `place`
    is what it was called before. `page` names it, also when it is reloaded: one that
    comes again takes the place of its last line. A preview is told what comes next.
    """

    v: int
    key: str
    view: str = "stage"
    layout: str = "16x9"
    build: str | None = None
    obs: str | None = None
    name: str | None = None
    place: str | None = None
    page: str | None = None
    bus: Literal["program", "preview"] = "program"


class Output(Message, tag="output"):
    """An overlay's report of its own health; the fields are those of `OutputPart`.

    `place` is what it was told that it is called: a show that begins anew asks.
    """

    visible: bool = True
    active: bool | None = None
    obs: str | None = None
    frame_p95_ms: float | None = None
    build: str | None = None
    scene: str | None = None
    step: int | None = None
    delay_ms: Annotated[int, msgspec.Meta(ge=0, le=60_000)] = 0
    size: str | None = None
    streaming: bool | None = None
    recording: bool | None = None
    control: int | None = None
    fonts: bool | None = None
    place: str | None = None
    has: SettingsPart | None = None
    fixed: Annotated[tuple[str, ...], msgspec.Meta(max_length=16)] = ()


class AskOutputs(Message, tag="outputs"):
    """A bridge to OBS asks which overlays are here (docs/how-to/obs.md)."""


class Outputs(Message, tag="outputs"):
    """The answer: every overlay of the show."""

    outputs: tuple[OutputPart, ...]


class Identify(Message, tag="identify"):
    """Show your number for some seconds."""

    number: int


class Reload(Message, tag="reload"):
    """Open your page anew."""


class Settings(Message, tag="settings"):
    """A host has set something else for this overlay."""

    output: OutputWord


class Ahead(Message, tag="ahead"):
    """In the aligned mode: show this phase before the phones do.

    `phase` is `open`, with the whole question, or `locked`. It is no step of the
    show; the cues `open` and `extended` of the same question come as `step`.
    """

    epoch: str
    phase: str
    question: QuestionPart | None = None
    duration_ms: int | None = None
    closes_in_ms: int | None = None


class Cheers(Message, tag="cheers"):
    """What people tapped in the last second, all together; only if somebody did.

    `totals` are since they may, begun anew after each question.
    """

    counts: dict[Reaction, int]
    totals: dict[Reaction, int]


OverlayIn = OverlayHello | Output | AskOutputs
OverlayOut = Outputs | Identify | Reload | Settings | Coming | Ahead | Cheers
"""What only overlays are told; the rest are the phones' cues."""

_OVERLAY: msgspec.json.Decoder[OverlayIn] = msgspec.json.Decoder(OverlayIn)


def decode_overlay(payload: bytes | str) -> OverlayIn:
    """Return the message an overlay sent; raises WireError."""
    return decode(_OVERLAY, payload)
