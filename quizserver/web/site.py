"""Everything the pages and calls need, in one value made by `app`.

Handlers get it with each visit and look nothing up themselves. It holds the
running shows, the accounts, the ledger and the functions of `reports`, which
`web` may not import: they come as callables.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quizserver.domain.commands import CorrectKey, VoidQuestion
from quizserver.domain.ids import ShowCode
from quizserver.domain.rejections import Rejected
from quizserver.domain.rundown import Pack
from quizserver.live.access import Accounts
from quizserver.live.ports import Clock, Ledger
from quizserver.web.meter import Meter
from quizserver.web.presses import Presses
from quizserver.web.seams import Admission, Shows
from quizserver.web.static import Assets
from quizserver.web.throttle import Throttle
from quizserver.wire.results import Recount, Results


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the server is: `ready` means that phones can join now.

    `problems`, which say why not, and `warnings` are plain sentences without
    personal data; `numbers` are gauges by name ("phones_online",
    "answers_total"), shown by /metrics.
    """

    ready: bool
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)


ResultsOf = Callable[[ShowCode], Awaitable[Results]]
"""The results of a show as they stand now (`reports.results`)."""

RecountOf = Callable[
    [ShowCode, VoidQuestion | CorrectKey], Awaitable[Recount | Rejected]
]
"""What a change would do to the ranks (`reports.recount`)."""

Format = Callable[[Results], bytes]
"""Results as a file (`reports.formats`); slow for large shows, no I/O."""

Rehearse = Callable[[ShowCode, int], None]
"""Lets so many simulated phones join a show, in a process of their own; 0: takes
them away (`app`)."""

Picture = Callable[[str], Path | None]
"""The file of a question's picture, by the name its pack gives it."""

AuditOf = Callable[[ShowCode], AsyncIterator[bytes]]
"""The audit export in chunks of whole lines (`reports.audit`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """For how many days after a show names are kept, by whom, and whom to ask.

    Empty: the Organising Committee, and nobody else.
    """

    days: int = 90
    organiser: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a visit can reach.

    `formats` has the keys "json", "csv" and "xlsx". `secret` keys the CSRF
    tokens. `public_url` has no slash at its end; empty means "as asked".
    `pack_folders` are where packs lie; the first is written to. `hosts` are the
    names the server answers to besides its public one; addresses and localhost are
    always answered.
    """

    shows: Shows
    admission: Admission
    accounts: Accounts
    ledger: Ledger
    clock: Clock
    packs: Callable[[], Sequence[Pack]]
    results: ResultsOf
    recount: RecountOf
    formats: Mapping[str, Format]
    audit: AuditOf
    picture: Picture
    health: Callable[[], Health]
    assets: Assets
    throttle: Throttle
    rehearse: Rehearse
    secret: bytes
    keeping: Keeping = Keeping()
    pack_folders: Sequence[Path] = ()
    public_url: str = ""
    hosts: tuple[str, ...] = ()
    presses: Presses = field(default_factory=Presses)
    meter: Meter = field(default_factory=Meter)
