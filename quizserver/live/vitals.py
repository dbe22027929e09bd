"""How the server is: its figures, and in words what is wrong with them.

One place decides what is wrong, for the panel's status bar, `/readyz` and
`/metrics` alike: `LIMITS` and `ERRORS` are the whole list. The sentences are in
the catalogue, `host.concern.<code>`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.disk import LEAST_BYTES, LOW_BYTES, Disk
from quizserver.live.watch import Watchdog, Writing
from quizserver.texts.catalogue import text
from quizserver.texts.formats import integer, size

Unit = Literal["bytes", "ms", "count", ""]
Level = Literal["warning", "bad"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something that is wrong now.

    A "warning" is to be looked at before it hurts; what is "bad" hurts the show.
    `gauge` is the figure that says so, `value` its value in `unit`.
    """

    code: str
    level: Level
    gauge: str
    value: float = 0
    unit: Unit = ""

    def sentence(self, lang: str) -> str:
        """Return what is wrong and what to do, in plain words."""
        shown = size if self.unit == "bytes" else integer
        value = shown(lang, int(self.value))
        return text(lang, f"host.concern.{self.code}", value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """The figures of one moment, by name, and the concerns, the worst first."""

    numbers: Mapping[str, float]
    concerns: tuple[Concern, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """From which value on a figure is a concern; `falling`: below which."""

    gauge: str
    unit: Unit
    warning: float
    warns: str
    bad: float
    alarms: str
    falling: bool = False

    def concern(self, value: float) -> Concern | None:
        """Return what `value` means, or None when all is well."""
        if self._is_past(self.bad, value):
            return self._concern("bad", self.alarms, value)
        if self._is_past(self.warning, value):
            return self._concern("warning", self.warns, value)
        return None

    def _is_past(self, limit: float, value: float) -> bool:
        return value < limit if self.falling else value >= limit

    def _concern(self, level: Level, code: str, value: float) -> Concern:
        return Concern(
            code=code, level=level, gauge=self.gauge, value=value, unit=self.unit
        )


LIMITS: Final = (
    Limit(
        gauge="ledger_lag_worst_ms",
        unit="ms",
        warning=500,
        warns="writer_slow",
        bad=2_000,
        alarms="writer_stuck",
    ),
    Limit(
        gauge="ledger_queued",
        unit="count",
        warning=10_000,
        warns="queue_long",
        bad=50_000,
        alarms="queue_full",
    ),
    Limit(
        gauge="disk_free_bytes",
        unit="bytes",
        warning=LOW_BYTES,
        warns="disk_low",
        bad=LEAST_BYTES,
        alarms="disk_out",
        falling=True,
    ),
    Limit(
        gauge="loop_lag_worst_ms",
        unit="ms",
        warning=250,
        warns="loop_slow",
        bad=1_000,
        alarms="loop_stuck",
    ),
)
"""Every limit. The loop's are what a phone's tap may wait unnoticed and what a
host sees as a stuck clock; the writer's likewise for receipts; half the queue is
half of what it may hold (`store.journal.BOUND`)."""

ERRORS: Final = ("disk_full", "io_error", "locked", "corrupt", "connection_lost")
"""Errors of the ledger that have a sentence of their own; the rest share one."""


class Ledger(Writing, Protocol):
    """What is looked at of the ledger (`store.journal.Health`)."""

    @property
    def error(self) -> str:
        """Why the last write failed; empty when it did not."""
        ...

    @property
    def queued(self) -> int:
        """How many writes wait."""
        ...

    @property
    def rows(self) -> int:
        """How many were stored."""
        ...

    @property
    def failures(self) -> int:
        """How many batches were lost."""
        ...


def stops_phones(concern: Concern, *, on_air: bool) -> bool:
    """Tell whether phones cannot join because of it.

    Answers cannot be stored, or there is no room to open a show and none is on
    air: one that is goes on, and nothing may send its phones away.
    """
    if concern.gauge == "ledger_ok":
        return True
    return concern.code == "disk_out" and not on_air


class VitalSigns:
    """Reads the vitals of one process. Made once by `app`."""

    def __init__(
        self,
        *,
        ledger: Callable[[], Ledger],
        disk: Disk,
        watchdog: Watchdog,
        audience: Mapping[str, Callable[[], int]],
        is_carried: Callable[[], bool] = lambda: True,
        backup_age_s: Callable[[], float] | None = None,
    ) -> None:
        """Read from these; `audience` counts who is connected, by gauge.

        `is_carried` says that the bus brings events from process to process.
        `backup_age_s` tells how old the last backup is, where that can be known.
        """
        self._ledger = ledger
        self._disk = disk
        self._watchdog = watchdog
        self._audience = audience
        self._is_carried = is_carried
        self._backup_age_s = backup_age_s

    def read(self) -> Vitals:
        """Return the figures of this moment and what is wrong with them."""
        ledger = self._ledger()
        numbers = self._numbers(ledger)
        found = [*_failing(ledger.error), *_past_limits(numbers)]
        if not numbers["bus_ok"]:
            found.append(Concern(code="bus_away", level="warning", gauge="bus_ok"))
        found.sort(key=lambda concern: concern.level != "bad")
        return Vitals(numbers=numbers, concerns=tuple(found))

    def _numbers(self, ledger: Ledger) -> dict[str, float]:
        loop, writer = self._watchdog.loop, self._watchdog.writer
        age_s = self._backup_age_s
        return {
            "loop_lag_ms": round(loop.last, 2),
            "loop_lag_p99_ms": round(loop.p99, 2),
            "loop_lag_worst_ms": round(loop.worst, 2),
            "ledger_ok": float(not ledger.error),
            "ledger_queued": float(ledger.queued),
            "ledger_commit_ms": round(ledger.commit_ns / NS_PER_MS, 2),
            "ledger_lag_ms": round(ledger.busy_ns / NS_PER_MS, 2),
            "ledger_lag_worst_ms": round(writer.worst, 2),
            "ledger_commits_total": float(ledger.commits),
            "ledger_rows_total": float(ledger.rows),
            "ledger_failures_total": float(ledger.failures),
            "disk_free_bytes": float(self._disk.free()),
            "bus_ok": float(self._is_carried()),
            **({"backup_age_s": age_s()} if age_s is not None else {}),
        } | {gauge: float(count()) for gauge, count in self._audience.items()}


def _failing(error: str) -> Iterator[Concern]:
    if error:
        cause = error if error in ERRORS else "write_failed"
        yield Concern(code=f"ledger_{cause}", level="bad", gauge="ledger_ok")


def _past_limits(numbers: Mapping[str, float]) -> Iterator[Concern]:
    for limit in LIMITS:
        concern = limit.concern(numbers[limit.gauge])
        if concern is not None:
            yield concern
