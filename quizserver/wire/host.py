"""Messages of `/ws/host` and of the command call.

Source: docs/reference/wire.md §4. The host state is sent whole after each
event; `live` carries what changes between events, once a second.
"""

from typing import Literal

import msgspec

from quizserver.wire.common import Error, Message, decode
from quizserver.wire.parts import (
    FlagPart,
    OptionPart,
    OutputPart,
    Part,
    Reaction,
    SettingsPart,
    StandingPart,
    StreamPart,
    WinnerPart,
)


class HostHello(Message, tag="hello"):
    """First message of a host; `token` only where there is no session cookie."""

    v: int
    show: str
    token: str | None = None
    epoch: str | None = None
    step: int | None = None


class CommandMessage(Message, tag="command"):
    """A host's command; also the body of `POST /api/shows/{code}/commands`.

    `step` is the last step the host has seen, `ref` the host's own id of this
    request (Source: R1.4). The other fields belong to single commands:
    `question` (void, reserve, confirm, skip), `reason` (void, skip, pause),
    `ms` (extend), `participant`/`hidden`/`name` (hide_name), `hidden` (hold_names),
    `on` (cheer), `text` (notice), `prize` (confirm_winner, skip_winner: "show" or a
    question's id), `option` (correct_key), `eligible` (set_eligible), `look` (look),
    `name` (drive), `aligned`, `delays` and `sync` (stream; what is missing stays),
    `order` (reorder: the questions not asked yet), `picture` and `question` (reshow),
    `output`, an overlay's place, and `settings` (set_output), `question` and
    `position` (place; without one as each output says), `prize_min_right` and
    `max_prizes_per_person` (prize_rules; what is missing stays).
    """

    command: str
    ref: str
    step: int | None = None
    question: str | None = None
    reason: str | None = None
    ms: int | None = None
    participant: str | None = None
    hidden: bool | None = None
    on: bool | None = None
    name: str | None = None
    text: str | None = None
    prize: str | None = None
    option: str | None = None
    eligible: bool | None = None
    look: Literal["live", "clear", "hold"] | None = None
    aligned: bool | None = None
    delays: dict[str, int] | None = None
    sync: bool | None = None
    order: tuple[str, ...] | None = None
    picture: Literal["live", "question", "reveal", "standings"] | None = None
    output: str | None = None
    settings: SettingsPart | None = None
    position: Literal["lower", "side", "full"] | None = None
    prize_min_right: int | None = None
    max_prizes_per_person: int | None = None


class OutputOrder(Message, tag="output"):
    """A host's word to one overlay, or to all: not of the show, so without a step.

    `identify` shows its number for some seconds, `reload` opens its page anew.
    """

    do: Literal["identify", "reload"]
    output: str | None = None


class You(Message, tag="you"):
    """Who the server takes this host for; it follows the first state.

    `commands` are those that the role may give, whatever the show allows now.
    """

    name: str
    role: str
    commands: tuple[str, ...]


class Reply(Message, tag="reply"):
    """The answer to a command; `error` is a rejection's code."""

    ref: str
    step: int
    phase: str
    error: str | None = None
    message: str | None = None


class NextPart(Part):
    """The one step that comes next, as the big button says it."""

    command: str
    label: str
    number: int | None = None
    seconds: int | None = None


class RundownRow(Part):
    """One question of the run-down, as the host's list shows it.

    `options` are there once it is revealed: a host may correct the key (R1.6).
    `unread`: nobody but its authors has reviewed it. `position` is where overlays
    draw it, missing where they do as they would.
    """

    id: str
    number: int | None
    text: str
    state: str
    reserve: bool = False
    void_reason: str | None = None
    key: str | None = None
    key_was: str | None = None
    seal: str | None = None
    lost_ms: int = 0
    answered: int | None = None
    right: int | None = None
    options: tuple[OptionPart, ...] = ()
    unread: bool = False
    position: str | None = None


class HostQuestion(Part):
    """The current question with its key: for hosts only."""

    id: str
    number: int
    total: int
    state: str
    text: str
    options: tuple[OptionPart, ...]
    key: str
    explanation: str
    source: str
    duration_ms: int
    as_of: str = ""
    image: str | None = None
    lost_ms: int = 0


class HostFastest(Part):
    """A right answer to the current question, provisional until confirmed.

    `shown` is what screens show where that is not the name: initials of who did not
    agree to be named or still waits, an alias, or that the name is hidden.
    """

    participant: str
    name: str
    unit: str
    rank: int
    tied: bool
    time_ms: int
    flags: tuple[str, ...] = ()
    notes: tuple[FlagPart, ...] = ()
    shown: str = ""


class FairPart(Part):
    """A page's share in the current question: round trips, and answers too late.

    `measured` round trips have the median `p50_ms`; 95 of 100 are within `p95_ms`.
    """

    measured: int
    p50_ms: int | None = None
    p95_ms: int | None = None
    late: int = 0


class WaitingName(Part):
    """Somebody whose name waits to be passed; meanwhile screens show initials."""

    participant: str
    name: str
    unit: str


class AuditPart(Part):
    """One line of the log: who did what, when, and why.

    `name` is the event's; where that stands for several acts, `what` tells which.
    """

    at: str
    actor: str
    name: str
    what: str = ""
    text: str = ""


class ConcernPart(Part):
    """Something that is wrong with the server now.

    `level` is `warning` or `bad`; `gauge` is the figure of `health` that says so,
    `value` what it is, in `unit`: `bytes`, `ms`, `count` or none.
    """

    code: str
    level: str
    gauge: str
    value: float = 0
    unit: str = ""


class DelayPart(Part):
    """How late a page's viewers see the picture, as they say it: milliseconds.

    Half of them are within `spread_ms` of the median.
    """

    count: int
    median_ms: int
    spread_ms: int


class LivePart(Part):
    """What changes while nothing happens: numbers and the provisional order.

    `rehearsal_trouble` is why simulated phones stopped; "" when nobody knows. `cheers`
    is what people tapped in the last second.
    """

    online: int
    joined: int
    answered: int = 0
    counts: dict[str, int] = {}
    accepted: int = 0
    late: int = 0
    rejected: int = 0
    fastest: tuple[HostFastest, ...] = ()
    via: dict[str, int] = {}
    delays: dict[str, DelayPart] = {}
    outputs: tuple[OutputPart, ...] = ()
    waiting: tuple[WaitingName, ...] = ()
    fair: dict[str, FairPart] = {}
    health: dict[str, float] = {}
    concerns: tuple[ConcernPart, ...] = ()
    rehearsal_trouble: str | None = None
    cheers: dict[Reaction, int] = {}


class AgainPart(Part):
    """What overlays show once more: a question's picture, or the standings."""

    picture: str
    question: str | None = None


class HostState(Message, tag="state"):
    """Everything a host panel shows; `outputs` is what was set for each place."""

    epoch: str
    step: int
    phase: str
    code: str
    title: str
    lang: str
    timing: str
    questions: tuple[RundownRow, ...]
    allowed: tuple[str, ...]
    live: LivePart
    join_url: str = ""
    next: NextPart | None = None
    question: HostQuestion | None = None
    opens_in_ms: int | None = None
    closes_in_ms: int | None = None
    paused: bool = False
    standings: tuple[StandingPart, ...] = ()
    winners: tuple[WinnerPart, ...] = ()
    notice: str | None = None
    pack_hash: str | None = None
    prize_min_right: int = 0
    max_prizes_per_person: int = 0
    audit: tuple[AuditPart, ...] = ()
    look: str | None = None
    driver: str | None = None
    names_held: bool = False
    cheering: bool = False
    again: AgainPart | None = None
    stream: StreamPart | None = None
    names_until: str | None = None
    outputs: dict[str, SettingsPart] = {}


class Live(Message, tag="live"):
    """The numbers again."""

    live: LivePart


HostOut = HostState | Live | Reply | You | Error
HostIn = HostHello | CommandMessage | OutputOrder


_HOST: msgspec.json.Decoder[HostIn] = msgspec.json.Decoder(HostIn)
_COMMAND: msgspec.json.Decoder[CommandMessage] = msgspec.json.Decoder(CommandMessage)


def decode_host(payload: bytes | str) -> HostIn:
    """Return the message a host panel sent; raises WireError."""
    return decode(_HOST, payload)


def decode_command(payload: bytes | str) -> CommandMessage:
    """Return the body of `POST …/commands`; raises WireError."""
    return decode(_COMMAND, payload)
