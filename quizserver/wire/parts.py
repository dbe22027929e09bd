"""The pieces that messages of every audience share.

Optional fields that hold their default are left out of the JSON text, so a
field's absence and its default mean the same thing.
"""

from typing import Annotated, Literal

import msgspec

Reaction = Literal["clap", "heart", "fire", "star"]
"""What people can tap to cheer (Source: R1.11)."""


class Part(msgspec.Struct, omit_defaults=True):
    """Base of the objects inside messages."""


class OptionPart(Part):
    """An option as everybody sees it."""

    id: str
    text: str


class QuestionPart(Part):
    """A question without its key.

    `text` is missing in `roll`, `options` before it is open,
    `nonce` for everyone but the phone it was made for (Source: R3.2).
    `state` is `asked`, `open`, `locked`, `revealed` or `void`, and then
    `void_reason` says why. `seal` is the seal code, once no answer can come any
    more (Source: R6.1). `position` is for overlays, where a host has chosen one.
    """

    id: str
    number: int
    total: int
    text: str | None = None
    options: tuple[OptionPart, ...] = ()
    nonce: str | None = None
    image: str | None = None
    duration_ms: int | None = None
    state: str | None = None
    void_reason: str | None = None
    seal: str | None = None
    position: str | None = None


class FlagPart(Part):
    """Something to look at in an answer, as a code and a sentence (R4.11)."""

    code: str
    text: str


class TimingPart(Part):
    """How a participant's time came about, in milliseconds (Source: R4.3 to R4.6).

    `elapsed_ms` is E, sent to received; `claimed_ms` is c, painted to tapped, as
    the phone says; `most_ms` is A, what may be credited at most; `credited_ms` is
    E − T, what was; `time_ms` is T. `tier` and `sent` are those of the audit
    export.
    """

    elapsed_ms: int
    time_ms: int
    credited_ms: int = 0
    most_ms: int = 0
    claimed_ms: int | None = None
    tier: str = ""
    sent: str = ""


class FastestPart(Part):
    """A right answer in the order of its time; equal hundredths are `tied`."""

    name: str
    time_ms: int
    rank: int = 0
    tied: bool = False
    unit: str | None = None


class StandingPart(Part):
    """A row of the show's standings (Source: R5.2)."""

    rank: int
    tied: bool
    name: str
    right: int
    total_ms: int
    unit: str | None = None


class OwnStandingPart(Part):
    """A participant's own row; `rank` is missing before the first right answer.

    `streak` is how many right answers in a row there are now (Source: R5.7).
    """

    right: int
    total_ms: int
    rank: int | None = None
    tied: bool = False
    streak: int = 0


class StandingsPart(Part):
    """The shown top of the standings and how many take part."""

    top: tuple[StandingPart, ...]
    participants: int


class OwnAnswerPart(Part):
    """What this participant answered to the current question."""

    question: str
    option: str
    status: str
    receipt: str
    time_ms: int | None = None


class OwnResultPart(Part):
    """How this participant did in the revealed question.

    `status` is that of the answer, missing when there was none.
    """

    right: bool
    show: OwnStandingPart
    time_ms: int | None = None
    rank: int | None = None
    tied: bool = False
    status: str | None = None
    timing: TimingPart | None = None


class RevealPart(Part):
    """The revealed question: the key, how all answered, and who was fastest."""

    question: str
    correct: str
    counts: dict[str, int]
    fastest: tuple[FastestPart, ...]
    explanation: str | None = None
    source: str | None = None
    you: OwnResultPart | None = None


class WinnerPart(Part):
    """A winner of the show (`prize` = "show") or of a question (its id).

    `status` is `provisional`, `confirmed`, `skipped` (by a host), `passed` (by a
    rule) or `undecided`; `reason` is a sentence, `notes` are for hosts, and so is
    `shown`: what screens show where that is not the name.
    """

    prize: str
    name: str
    status: str
    number: int | None = None
    unit: str | None = None
    right: int | None = None
    time_ms: int | None = None
    rank: int = 1
    tied: bool = False
    participant: str | None = None
    reason: str | None = None
    notes: tuple[FlagPart, ...] = ()
    shown: str = ""


class StreamPart(Part):
    """How late the stream's picture is, in ms by page ("" is everybody else's).

    `aligned`: overlays run ahead, and phones hold back what would spoil it. `sync_ms`
    is for how long the overlays have been counting for the calibration, missing
    while they do not.
    """

    aligned: bool = False
    delays: dict[str, int] = {}
    sync_ms: int | None = None


class ShowPart(Part):
    """What a screen has to know about the show itself."""

    code: str
    title: str
    questions: int
    lang: str
    join_url: str | None = None
    pack_hash: str | None = None


Word = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,40}$")]
"""A name as it may stand in an overlay's address."""


class SettingsPart(msgspec.Struct, omit_defaults=True, frozen=True):
    """How one output draws the show; what is missing it does by itself.

    `hide` are layers of the stage that it leaves out.
    """

    theme: Word | None = None
    lang: Literal["vi", "en"] | None = None
    layout: Word | None = None
    position: Word | None = None
    delay_ms: Annotated[int, msgspec.Meta(ge=0, le=60_000)] | None = None
    safe: bool | None = None
    mute: bool | None = None
    hide: Annotated[tuple[Word, ...], msgspec.Meta(max_length=16)] = ()


class OutputWord(Part):
    """What an overlay is called, and what a host has set for it."""

    place: str
    settings: SettingsPart


class OutputPart(Part):
    """An overlay and its health; `lost` when its connection is.

    `number` is its own while it is here and for some minutes after. `scene` is
    what it draws, at `step` of the show; `lag_ms` is how long the last event took
    to be drawn and reported, without the `delay_ms` that it is set to wait.
    `seen_ms` is since it was last heard of; `fonts`: every font it wants has come.
    `streaming`, `recording` and `control`, what OBS lets it do (0 to 5), are OBS's
    words, where it says them. `place` is its name for settings, the same after a
    reload; `has` is how it draws, and `fixed` the settings that stand in its address,
    which wins.
    """

    id: str
    view: str
    layout: str
    visible: bool = True
    active: bool | None = None
    obs: str | None = None
    frame_p95_ms: float | None = None
    build: str | None = None
    seen_ms: int = 0
    number: int = 0
    lost: bool = False
    scene: str | None = None
    step: int | None = None
    lag_ms: int | None = None
    delay_ms: int = 0
    size: str | None = None
    streaming: bool | None = None
    recording: bool | None = None
    control: int | None = None
    fonts: bool | None = None
    place: str = ""
    name: str | None = None
    bus: str = "program"
    has: SettingsPart | None = None
    fixed: tuple[str, ...] = ()
