"""One record for each answer: what was true, what the server made of it.

Joins the server's audit export with the phones' own log (the truth) and with the
path's log (when packets really passed). Times are milliseconds unless a name says
otherwise; moments are nanoseconds of this machine's monotonic clock.
"""

import json
import struct
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.load.fairness.files import Files
from tests.load.fairness.people import KEY, NS_PER_MS, Phone

_TAP: Final = struct.Struct("<2i4q2i")
"""As `struct done` of phones.c."""

_PASSED: Final = struct.Struct("<2q2i")
"""As `struct entry` of path.c."""

_QUESTION_IN, _ANSWER_OUT, _DROPPED = 1, 2, (3, 4)

Row = dict[str, Any]
"""An answer of the audit export."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One tap. `row` is None when the server has no answer to it.

    `sent_off` and `received_off` are how far the server's two stamps are from the
    path's, None where they cannot be compared.
    """

    phone: Phone
    question: int
    truth: float
    is_right: bool
    row: Row | None
    sent_off: float | None = None
    received_off: float | None = None

    @property
    def counts(self) -> bool:
        """Whether the server took it in time."""
        return self.row is not None and self.row["status"] == "accepted"

    def time(self, rule: str) -> float:
        """Return how long it took by `rule`: fair, arrival or sent."""
        assert self.row is not None
        if rule == "arrival":
            return float(self.row["R_ns"] - self.row["T0_ns"]) / NS_PER_MS
        return float(self.row["T_us" if rule == "fair" else "E_us"]) / 1_000

    @property
    def error(self) -> float:
        """How far T is from the truth."""
        return self.time("fair") - self.truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """All taps of a run, and what was accepted of phones that never tapped."""

    records: list[Record]
    stolen: int


def read(files: Files) -> Log:
    """Return what a run has left in its files."""
    people = files.plan.people()
    names = json.loads((files.folder / "server" / "participants.json").read_text())
    numbers = {name: number for number, name in enumerate(names)}
    rows = _rows(files.audit, numbers)
    passed = _Passed(files.seen)
    taps = list(_TAP.iter_unpack(files.taps.read_bytes()))
    tapped = {(tap[0], tap[1]) for tap in taps}
    records = [_record(people[tap[0]], tap, rows, passed) for tap in taps]
    stolen = sum(
        row["status"] == "accepted" for key, row in rows.items() if key not in tapped
    )
    return Log(records=records, stolen=stolen)


def _rows(audit: Path, numbers: dict[str, int]) -> dict[tuple[int, int], Row]:
    """Return the answers by phone and number of the question."""
    rows: dict[tuple[int, int], Row] = {}
    with audit.open("rb") as lines:
        for line in lines:
            row = json.loads(line)
            if row["kind"] == "answer":
                phone = numbers[row["participant"]]
                rows[phone, int(row["question"].removeprefix("q"))] = row
    return rows


def _record(
    phone: Phone,
    tap: tuple[int, ...],
    rows: dict[tuple[int, int], Row],
    passed: "_Passed",
) -> Record:
    number, question, _, painted, tapped, sent, _, option = tap
    row = rows.get((number, question))
    sent_off, received_off = passed.compare(number, row, sent) if row else (None, None)
    return Record(
        phone=phone,
        question=question,
        truth=(tapped - painted) / NS_PER_MS,
        is_right=chr(option) == KEY,
        row=row,
        sent_off=sent_off,
        received_off=received_off,
    )


class _Passed:
    """What the path saw of each phone, by moment."""

    def __init__(self, seen: Path) -> None:
        self._questions: dict[int, list[int]] = defaultdict(list)
        self._answers: dict[int, list[int]] = defaultdict(list)
        self._dropped: dict[int, list[int]] = defaultdict(list)
        for at, _, phone, kind in _PASSED.iter_unpack(seen.read_bytes()):
            if kind in _DROPPED:
                self._dropped[phone].append(at)
            else:
                to = self._questions if kind == _QUESTION_IN else self._answers
                to[phone].append(at)

    def compare(
        self, phone: int, row: Row, tapped_ns: int
    ) -> tuple[float | None, float | None]:
        """Return how far S and R are from the path's own moments.

        S is compared with the question's entry into the path, where the row's S is
        a stamp and not a bound; R with the delivery of the answer's first packet,
        unless something was dropped since S: then TCP hands it over later.
        """
        sent_ns, received_ns = row["S_ns"], row["R_ns"]
        entered = _next(self._questions[phone], sent_ns)
        came = _next(self._answers[phone], tapped_ns)
        lost = _next(self._dropped[phone], sent_ns)
        sent_off = received_off = None
        if row["S_rule"] == "live" and entered is not None:
            sent_off = (entered - sent_ns) / NS_PER_MS
        if came is not None and (lost is None or lost > received_ns):
            received_off = (received_ns - came) / NS_PER_MS
        return sent_off, received_off


def _next(moments: list[int], since: int) -> int | None:
    at = bisect_left(moments, since)
    return moments[at] if at < len(moments) else None


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value below which `share` of them lie; 0 of none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
