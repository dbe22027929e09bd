"""What a running show needs of its process; made once by `app`."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from quizserver.domain.ids import ShowCode
from quizserver.live.audiences import Phones, Screens
from quizserver.live.cheers import Cheers
from quizserver.live.disk import Disk
from quizserver.live.neighbours import Neighbours
from quizserver.live.ports import Bus, Clock, Ledger, LifeSign
from quizserver.live.secrets import Signer
from quizserver.live.vitals import Vitals

Start = Callable[[Coroutine[None, None, None]], Callable[[], None]]
"""Runs a coroutine in the process's task group; returns what cancels it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The ledger, the bus, the clock, the sockets, the disk, the task group.

    `public_url` is where phones reach the server, without a slash at its end;
    `vitals` gives what the panel's status bar shows; `life` is the sign of life;
    `trouble` says why a show's simulated phones stopped ("" when they did not say it),
    None while all is well. `is_shared` says that other processes may write to the same
    ledger; `neighbours` is what they say. `is_held` tells of a name whether a host
    has to pass it first (Source: R2.5). Names are kept for `keep_days` after the end
    of a show (Source: R2.7).
    """

    ledger: Ledger
    bus: Bus
    clock: Clock
    signer: Signer
    phones: Phones
    overlays: Screens
    hosts: Screens
    start: Start
    public_url: str
    vitals: Callable[[], Vitals]
    life: LifeSign
    disk: Disk
    cheers: Cheers
    is_shared: bool = False
    keep_days: int = 90
    neighbours: Neighbours = field(default_factory=Neighbours)
    trouble: Callable[[ShowCode], str | None] = lambda code: None
    is_held: Callable[[str], bool] = lambda name: False
