"""Messages of `/ws/phone` and of the HTTP calls that do the same.

Source: docs/reference/wire.md §3. Messages that change what a phone shows
carry `epoch` and `step`; the others (`receipt`, `you`, `presence`, `error`)
may come at any time.
"""

import msgspec

from quizserver.wire.common import Error, Message, decode
from quizserver.wire.parts import (
    FastestPart,
    OutputWord,
    OwnAnswerPart,
    OwnStandingPart,
    Part,
    QuestionPart,
    RevealPart,
    ShowPart,
    StandingPart,
    StandingsPart,
    StreamPart,
    TimingPart,
    WinnerPart,
)


class Hello(Message, tag="hello"):
    """The first message of a phone, within five seconds."""

    v: int
    show: str
    token: str
    epoch: str | None = None
    step: int | None = None


class Answer(Message, tag="answer"):
    """A tap. `elapsed_ms` runs from the painted question to the tap (R4.3)."""

    question: str
    option: str
    nonce: str = ""
    elapsed_ms: int | None = None
    copy: int = 0
    visible: bool = True


class Bye(Message, tag="bye"):
    """The phone leaves on purpose."""


class Seen(Message, tag="seen"):
    """The number that the viewer sees in the stream now, during the calibration."""

    number: int


class Cheer(Message, tag="cheer"):
    """How often the viewer tapped each reaction since the last one of these (R1.11).

    One that we do not know is passed over.
    """

    counts: dict[str, int]


class YouPart(Part):
    """Who this phone is; `hidden` when the moderator hid the name (R2.5)."""

    id: str
    name: str


class State(Message, tag="state"):
    """Everything a screen shows, from nothing (Source: R2.2).

    `phase` is a `domain.phases.Phase`, seen behind the curtain while `paused`;
    `closes_in_ms` and `opens_in_ms` run from the moment the message was made;
    `result` stands from the reveal on. `your_answer` and `you` are for phones,
    `show`, `online`, `answered`, `look` and `output` for overlays; `held` is what those
    stand still at that are held, `coming` what previews show. `stream` is missing
    while nothing is known of it, `cheering` unless a host has switched it on.
    """

    epoch: str
    step: int
    phase: str
    question: QuestionPart | None = None
    opens_in_ms: int | None = None
    closes_in_ms: int | None = None
    your_answer: OwnAnswerPart | None = None
    result: RevealPart | None = None
    standings: StandingsPart | None = None
    you: OwnStandingPart | None = None
    winner: tuple[WinnerPart, ...] = ()
    notice: str | None = None
    paused: bool = False
    show: ShowPart | None = None
    online: int | None = None
    answered: int | None = None
    look: str | None = None
    stream: StreamPart | None = None
    cheering: bool = False
    output: OutputWord | None = None
    held: "State | None" = None
    coming: "Coming | None" = None


class Coming(Message, tag="coming"):
    """What overlays show next, for previews; `command` and `label` say by what.

    Without a `state` it is not told yet: the key, the winners. `show` where nobody
    has told it before.
    """

    command: str
    label: str
    state: State | None = None
    show: ShowPart | None = None


class Welcome(Message, tag="welcome"):
    """The answer to `hello`: a full snapshot."""

    v: int
    epoch: str
    step: int
    you: YouPart
    show: ShowPart
    state: State


class Cue(Message):
    """Base of the messages that carry a show forward by one step."""

    epoch: str
    step: int


class Lobby(Cue, tag="lobby"):
    """The lobby is open."""


class Roll(Cue, tag="roll"):
    """The question opens in `in_ms`: get ready."""

    question: QuestionPart
    in_ms: int


class Asked(Cue, tag="asked"):
    """The question's text, while the host reads it aloud."""

    question: QuestionPart


class Open(Cue, tag="open"):
    """The options; the clock starts when the phone has painted them."""

    question: QuestionPart
    duration_ms: int


class Extended(Cue, tag="extended"):
    """The open question got more time: `duration_ms` is the new whole."""

    question: str
    duration_ms: int
    closes_in_ms: int


class Locked(Cue, tag="locked"):
    """No more answers to this question."""

    question: str


class Sealed(Cue, tag="sealed"):
    """No answer can count any more; `code` binds all of them (Source: R6.1)."""

    question: str
    code: str


class Revealed(Cue, tag="revealed"):
    """The key, the counts and the fastest right answers."""

    question: str
    correct: str
    counts: dict[str, int]
    fastest: tuple[FastestPart, ...]
    explanation: str | None = None
    source: str | None = None


class Voided(Cue, tag="voided"):
    """The question does not count; the reason is for everybody to read."""

    question: str
    reason: str


class Standings(Cue, tag="standings"):
    """The top of the show's standings."""

    top: tuple[StandingPart, ...]
    participants: int


class Paused(Cue, tag="paused"):
    """A technical pause."""

    text: str = ""


class Resumed(Cue, tag="resumed"):
    """The pause is over; `phase` is what was behind it."""

    phase: str


class Ended(Cue, tag="ended"):
    """The show is over."""

    winner: tuple[WinnerPart, ...]
    you: OwnStandingPart | None = None


class Notice(Cue, tag="notice"):
    """A sentence for everybody; empty takes the last one away."""

    text: str


class Stream(Cue, tag="stream"):
    """How late the picture is, and whether the overlays count."""

    stream: StreamPart


class Step(Cue, tag="step"):
    """A step that changes nothing on this screen; it keeps the count dense.

    `look` is for overlays: `clear` shows nothing, `hold` stands still, `live` goes on,
    which a state leaves out. With `take` they stand still at this step's picture.
    `position` is where they draw the asked question from now on, "" as they would.
    With `cheering` people may cheer from now on, or no longer.
    """

    look: str | None = None
    take: bool = False
    position: str | None = None
    cheering: bool | None = None


class Receipt(Message, tag="receipt"):
    """The answer is in the ledger (`accepted`, `late`) or was refused (R3.3)."""

    question: str
    option: str
    status: str
    receipt: str = ""
    time_ms: int | None = None
    duplicate: bool = False


class You(Message, tag="you"):
    """This participant's own result of the revealed question."""

    question: str
    right: bool
    show: OwnStandingPart
    time_ms: int | None = None
    rank: int | None = None
    tied: bool = False
    status: str | None = None
    timing: TimingPart | None = None


class Presence(Message, tag="presence"):
    """How many are here; at most one a second, carries no step.

    `spread_ms`: should the server go away and a first try to come back fail, every
    further one is made at a random moment within so long, for they are many.
    """

    online: int
    answered: int | None = None
    spread_ms: int | None = None


PhoneOut = (
    Welcome
    | State
    | Lobby
    | Roll
    | Asked
    | Open
    | Extended
    | Locked
    | Sealed
    | Revealed
    | Voided
    | Standings
    | Paused
    | Resumed
    | Ended
    | Notice
    | Stream
    | Step
    | Receipt
    | You
    | Presence
    | Error
)
PhoneIn = Hello | Answer | Seen | Cheer | Bye

_DECODER: msgspec.json.Decoder[PhoneIn] = msgspec.json.Decoder(PhoneIn)


def decode_phone(payload: bytes | str) -> PhoneIn:
    """Return the message a phone sent.

    Raises:
        WireError: not JSON, an unknown `type`, or a field of another type.
    """
    return decode(_DECODER, payload)


class ConsentBody(msgspec.Struct, frozen=True):
    """What the participant ticked; `version` is that of the text shown (R2.1)."""

    version: str
    play: bool
    show_name: bool = False
    contact: bool = False


class JoinBody(msgspec.Struct, frozen=True):
    """Body of `POST /api/shows/{code}/participants`."""

    name: str
    unit: str = ""
    consent: ConsentBody | None = None
    phone: str | None = None
    via: str | None = None


class Joined(msgspec.Struct, frozen=True, omit_defaults=True):
    """Its answer, and that of `…/recover`."""

    participant: str
    name: str
    token: str
    recovery_code: str


class RecoverBody(msgspec.Struct, frozen=True):
    """Body of `POST /api/shows/{code}/recover`."""

    recovery_code: str


class Field(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a call was refused: a code, the field it is about, a sentence."""

    code: str
    message: str
    field: str | None = None


class Refused(msgspec.Struct, frozen=True):
    """Body of every refusal over HTTP."""

    error: Field
