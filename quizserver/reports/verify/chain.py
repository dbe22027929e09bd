"""The hash chain, rebuilt from an export: what was changed, and where (R6.1).

Each event, answer and flag has its place in the chain: `batch`, the number of a
link, and `line` in it. The row is put back into its canonical form, an array of
its kind and its columns, as compact JSON text; its digest is the sha256 of that.

    link n = sha256( link n-1 in hex + the digests of its rows in hex, by line )

Link 1 follows 64 zeros. A flipped digit, a missing, added or moved row breaks
the link it stands in, and every later one if somebody mends that link.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any, Final, NamedTuple

from quizserver.reports.verify.finding import Finding, Unreadable, at, line
from quizserver.reports.verify.pack import compact, sha256

Row = Mapping[str, Any]

START: Final = "0" * 64
"""What link 1 follows."""

EVIDENCE: Final = (
    "T_us", "E_us", "S_ns", "R_ns", "T0_ns", "S_rule", "c_ms", "tier", "duration_ms",
    "worker", "origin", "visible", "P_us", "rtt_before_us", "rtt_after_us",
    "rtt_min_us", "retrans", "ring_us", "M_us", "A_us",
)  # fmt: skip
"""The keys of an answer's evidence in the order in which it is stored."""

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_SEARCHED: Final = 64
"""In a link of so many rows, two that changed places are looked for."""

_NAMED: Final = 5


class Link(NamedTuple):
    """A link of the export, and the line of the file it stands on."""

    number: int
    no: int
    rows: int
    prev: str
    sha256: str


class Digest(NamedTuple):
    """A row's digest, and the line of the file it stands on."""

    number: int
    sha256: str


class Chain:
    """Gathers rows and links, then tells what does not fit."""

    def __init__(self) -> None:
        self.links: dict[int, Link] = {}
        self._rows: defaultdict[int, dict[int, Digest]] = defaultdict(dict)

    def add(self, number: int, row: Row, show: Row) -> Iterator[Finding]:
        """Put a row in its place; `number` is its line of the file."""
        digest = Digest(number, sha256(compact(canonical(row, show))))
        place = self._rows[row["batch"]]
        if row["line"] in place:
            claim = Finding(
                "verify.same_row",
                other=place[row["line"]].number,
                line=number,
                row=row["line"],
                link=row["batch"],
            )
            yield at(line(number), claim)
        else:
            place[row["line"]] = digest

    def add_link(self, link: Link) -> None:
        """Put a link in its place."""
        self.links.setdefault(link.no, link)

    def problems(self, head: Row) -> Iterator[Finding]:
        """Yield what does not fit; `head` is the last link's number and sha256."""
        last = head["no"]
        missing = _gaps(1, last, self.links)
        if missing:
            cut = missing[-1][-1] == last
            yield Finding(
                "verify.links_cut_off" if cut else "verify.links_taken_out",
                links=_ranges(missing),
            )
        for no, link in sorted(self.links.items()):
            yield from self._problems_of(link, self.sha256(no - 1))
            if no > last:
                yield at(line(link.number), Finding("verify.after_last", link=last))
            if no < 1:
                # Nothing links to it, so only its number tells.
                yield at(line(link.number), Finding("verify.before_first", link=no))
        if (last in self.links or last < 1) and self.sha256(last) != head["sha256"]:
            yield at(line(1), Finding("verify.other_head", link=last))
        for no in sorted(self._rows.keys() - self.links.keys()):
            if not 1 <= no <= last:
                yield at(_lines(self._rows[no]), Finding("verify.no_link", link=no))

    def _problems_of(self, link: Link, prev: str | None) -> Iterator[Finding]:
        if prev is not None and link.prev != prev:
            yield at(line(link.number), Finding("verify.not_next", link=link.no))
        rows = self._rows.get(link.no, {})
        where = Finding(
            "verify.link", link=link.no, lines=_lines(rows), line=link.number
        )
        missing = _gaps(0, link.rows - 1, rows)
        more = sorted(row for row in rows if not 0 <= row < link.rows)
        if missing:
            yield at(where, Finding("verify.rows_taken_out", rows=_ranges(missing)))
        if more:
            numbers = [rows[row].number for row in more]
            yield at(where, Finding("verify.lines_put_in", lines=_some(numbers)))
        digests = [rows[row].sha256 for row in sorted(rows)]
        if missing or more or _sha256(link.prev, digests) == link.sha256:
            return
        swapped = _swapped(link, digests)
        if swapped:
            pair = [rows[row].number for row in swapped]
            yield at(where, Finding("verify.lines_swapped", lines=_some(pair)))
        else:
            yield at(where, Finding("verify.link_changed"))

    def sha256(self, no: int) -> str | None:
        """Return a link's sha256; None when there is no such link."""
        return START if no == 0 else getattr(self.links.get(no), "sha256", None)


def canonical(row: Row, show: Row) -> list[Any]:
    """Return a row of the export as the array that was hashed."""
    head = [row["kind"], show["show"], show["epoch"]]
    at_ms = utc_ms(row["at"])
    if row["kind"] == "event":
        names = ("step", "name", "actor", "ref")
        step, name, actor, ref = (row[key] for key in names)
        return [*head, step, at_ms, name, actor, ref, compact(row["data"])]
    head += [row["question"], row["participant"]]
    if row["kind"] == "flag":
        return [*head, row["flag"], at_ms]
    return [
        *head,
        row["option"],
        row["status"],
        row["time_ms"],
        row["R_ns"],
        at_ms,
        row["receipt"],
        compact({key: row[key] for key in EVIDENCE if key in row}),
        _joined(row["flags"]),
    ]


def _joined(flags: Any) -> str:
    """Return flags as they were hashed; what else would join to the same is none."""
    if not isinstance(flags, list) or any("," in flag for flag in flags):
        raise Unreadable(Finding("verify.no_flags", flags=repr(flags)))
    return ",".join(flags)


def utc_ms(moment: str) -> int:
    """Return UTC milliseconds of `2026-11-22T19:30:00.000Z`. Raises ValueError."""
    if not _MOMENT.fullmatch(moment):
        raise Unreadable(Finding("verify.no_moment", moment=repr(moment)))
    since = datetime.fromisoformat(moment) - datetime(1970, 1, 1, tzinfo=UTC)
    return since // timedelta(milliseconds=1)


def seal_code(sha256_hex: str) -> str:
    """Return the first 60 bits of a link in Crockford's base 32: XXXX-XXXX-XXXX."""
    bits = int(sha256_hex[:15], 16)
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    text = "".join(letters[bits >> 5 * at & 31] for at in range(11, -1, -1))
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def _sha256(prev: str, digests: list[str]) -> str:
    return sha256(prev + "".join(digests))


def _swapped(link: Link, digests: list[str]) -> tuple[int, int] | None:
    """Return the two rows that must change places for the link to fit."""
    for one, other in combinations(range(len(digests[:_SEARCHED])), 2):
        tried = list(digests)
        tried[one], tried[other] = tried[other], tried[one]
        if _sha256(link.prev, tried) == link.sha256:
            return one, other
    return None


def _lines(rows: Mapping[int, Digest]) -> Finding:
    if not rows:
        return Finding("verify.no_lines")
    numbers = sorted(row.number for row in rows.values())
    return Finding("verify.lines", lines=_some(numbers))


def _gaps(first: int, last: int, there: Iterable[int]) -> list[tuple[int, int]]:
    """Return what is missing of `first` to `last`, as ranges.

    Never longer than what is there: a forged file may say that a billion are missing.
    """
    gaps: list[tuple[int, int]] = []
    at = first
    for number in sorted(n for n in there if first <= n <= last):
        if number > at:
            gaps.append((at, number - 1))
        at = number + 1
    return [*gaps, (at, last)] if at <= last else gaps


def _some(numbers: Iterable[int]) -> str:
    """Return sorted numbers as ranges."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return _ranges(ranges)


def _ranges(ranges: Iterable[tuple[int, int]]) -> str:
    """Return ranges as text, "3, 7–9"; of very many the first and the last."""
    texts = [f"{a}" if a == b else f"{a}–{b}" for a, b in ranges]
    if len(texts) > _NAMED:
        texts = [*texts[:_NAMED], "…", texts[-1]]
    return ", ".join(texts)
