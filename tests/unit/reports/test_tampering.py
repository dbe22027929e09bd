"""Whoever changes an export is found, and told where.

The export is of a show that was really played (`staged`): hundreds of random edits
of its file, each of which `verify` must report and locate: by a line of the file,
or by the link that holds the row (Source: R6.1).
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from quizserver.reports.verify import examine
from quizserver.reports.verify.pack import compact
from quizserver.reports.verify.times import times
from tests.unit.reports.forged import Row, relinked
from tests.unit.reports.in_english import problems_of, verify

EDITS = 25
"""Random edits of each kind."""


def test_a_whole_show_adds_up(lines: list[bytes]) -> None:
    found = examine(lines)
    assert found.problems == []
    assert found.counts["seal"] == 3
    assert found.counts["boards"] == 4
    assert found.counts["standings"] == 5
    assert found.counts["lines"] == 6
    assert found.counts["flag"] == 1
    assert found.counts["answer"] > 30


@dataclass(frozen=True)
class Edit:
    """A changed file; `numbers` are the lines of it where the change can be seen."""

    lines: list[bytes]
    numbers: tuple[int, ...]
    batch: int | None = None


def flip(chance: random.Random, lines: list[bytes]) -> Edit:
    """Turn a digit anywhere into another one."""
    at = chance.randrange(len(lines))
    digits = [match.start() for match in re.finditer(rb"\d", lines[at])]
    place = chance.choice(digits)
    other = chance.choice([d for d in b"0123456789" if d != lines[at][place]])
    line = bytearray(lines[at])
    line[place] = other
    changed = [*lines[:at], bytes(line), *lines[at + 1 :]]
    return Edit(changed, (at + 1,), batch_of(lines[at]))


def delete(chance: random.Random, lines: list[bytes]) -> Edit:
    """Take a line out."""
    at = chance.randrange(1, len(lines))
    batch = batch_of(lines[at])
    return Edit([*lines[:at], *lines[at + 1 :]], (at, at + 1), batch)


def insert(chance: random.Random, lines: list[bytes]) -> Edit:
    """Put a copy of a line in anywhere."""
    at, to = chance.randrange(1, len(lines)), chance.randrange(1, len(lines))
    return Edit([*lines[:to], lines[at], *lines[to:]], (to + 1,), batch_of(lines[at]))


def swap(chance: random.Random, lines: list[bytes]) -> Edit:
    """Let two lines change places."""
    one, other = chance.sample(range(1, len(lines)), 2)
    changed = list(lines)
    changed[one], changed[other] = changed[other], changed[one]
    return Edit(changed, (one + 1, other + 1))


def truncate(chance: random.Random, lines: list[bytes]) -> Edit:
    """Cut the end off, at a line or within one."""
    at = chance.randrange(1, len(lines))
    part = [lines[at][: chance.randrange(1, len(lines[at]))]]
    kept = lines[:at] + (part if chance.random() < 0.5 else [])
    return Edit(kept, (len(kept),))


def rename(chance: random.Random, lines: list[bytes]) -> Edit:
    """Let somebody else have done it."""
    at, row = pick(chance, lines, "event")
    row["actor"] = "Lan"
    return edited(lines, at, row)


def retell(chance: random.Random, lines: list[bytes]) -> Edit:
    """Give an answer another option, status or person."""
    at, row = pick(chance, lines, "answer")
    name, values = chance.choice(
        [("option", "ABCD"), ("status", ["accepted", "late"]), ("participant", ["px"])]
    )
    row[name] = chance.choice([value for value in values if value != row[name]])
    return edited(lines, at, row)


def rekey(chance: random.Random, lines: list[bytes]) -> Edit:
    """Change a key, where it stands: in the header, a question or an event."""
    keyed = [
        (at, row)
        for at, row in enumerate(map(json.loads, lines))
        if row["kind"] == "header"
        or "authored" in row
        or row.get("name") in ("AnswerRevealed", "KeyCorrected")
    ]
    at, row = chance.choice(keyed)
    place = {"header": "keys", "question": "authored", "event": "data"}[row["kind"]]
    name = "q3" if row["kind"] == "header" else "key"
    others = [option for option in "ABCD" if option != row[place][name]]
    row[place][name] = chance.choice(others)
    return edited(lines, at, row)


def move(chance: random.Random, lines: list[bytes]) -> Edit:
    """Let two rows of one link change places in the chain."""
    at, row = pick(chance, lines, "answer")
    other = next(
        (n, r)
        for n, r in enumerate(map(json.loads, lines))
        if r.get("batch") == row["batch"] and r["line"] != row["line"]
    )
    row["line"], other[1]["line"] = other[1]["line"], row["line"]
    once = edited(lines, at, row)
    twice = edited(once.lines, *other)
    return Edit(twice.lines, (at + 1, other[0] + 1), row["batch"])


def pick(chance: random.Random, lines: list[bytes], kind: str) -> tuple[int, Row]:
    rows = list(enumerate(map(json.loads, lines)))
    return chance.choice([(at, row) for at, row in rows if row["kind"] == kind])


def edited(lines: list[bytes], at: int, row: Row) -> Edit:
    text = compact(row).encode()
    return Edit([*lines[:at], text, *lines[at + 1 :]], (at + 1,), row.get("batch"))


def batch_of(line: bytes) -> int | None:
    row: Row = json.loads(line)
    return row["no"] if row["kind"] == "batch" else row.get("batch")


KINDS: list[Callable[[random.Random, list[bytes]], Edit]] = [
    flip, delete, insert, swap, truncate, rename, retell, rekey, move,
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_edit_is_found_and_located(
    kind: Callable[[random.Random, list[bytes]], Edit], lines: list[bytes]
) -> None:
    for seed in range(EDITS):
        edit = kind(random.Random(seed), lines)
        problems = verify(edit.lines)
        assert problems, (kind.__name__, seed)
        assert is_located(problems, edit), (kind.__name__, seed, edit.numbers, problems)


def is_located(problems: list[str], edit: Edit) -> bool:
    """Tell whether a problem names the line, one beside it, or the row's link."""
    near = {n + d for n in edit.numbers for d in (-1, 0, 1)}
    return any(
        not near.isdisjoint(named("line", problem))
        or edit.batch in {*named("link", problem)}
        or "cut off" in problem
        for problem in problems
    )


def named(what: str, problem: str) -> Iterator[int]:
    """Yield the numbers of lines or links that a sentence names, ranges too."""
    for text in re.findall(rf"\b{what}s? \[?([\d–, …]+)", problem):
        for first, last in re.findall(r"(\d+)(?:–(\d+))?", text):
            yield from range(int(first), int(last or first) + 1)


class TestForgery:
    """Edits that agree with each other, made by somebody who has the code."""

    def test_time_and_rank_that_fit_a_changed_claim_break_the_chain(
        self, lines: list[bytes]
    ) -> None:
        rows, at = self.forged(lines)
        problems = verify(map(compact, rows))
        batch = rows[at]["batch"]
        assert [p for p in problems if f"link {batch} (" in p], problems
        assert not [p for p in problems if p.startswith(f"line {at + 1}:")]

    def test_links_made_anew_do_not_end_at_the_head(self, lines: list[bytes]) -> None:
        rows, _ = self.forged(lines)
        head = dict(rows[0]["head"])
        relinked(rows, with_seals=True)
        rows[0]["head"] = head
        assert any("line 1: link" in p for p in verify(map(compact, rows)))

    def test_links_made_anew_do_not_fit_the_seals(self, lines: list[bytes]) -> None:
        rows, _ = self.forged(lines)
        relinked(rows, with_seals=False)
        assert any(
            "is not the one that sealed" in p for p in verify(map(compact, rows))
        )

    def test_whole_chain_and_seals_made_anew_miss_the_code_on_the_screen(
        self, lines: list[bytes]
    ) -> None:
        """Only what people saw is out of a forger's reach."""
        code = next(r["code"] for r in map(json.loads, lines) if r["kind"] == "seal")
        assert examine(lines, codes=[code, code.lower()]).problems == []
        rows, _ = self.forged(lines)
        relinked(rows, with_seals=True)
        told = [compact(row) for row in rows]
        assert [p for p in verify(told) if "link" in p or "seal" in p] == []
        found = problems_of(told, codes=[code])
        assert any(f"the seal {code} is none of this chain" in p for p in found)

    def forged(self, lines: list[bytes]) -> tuple[list[Row], int]:
        """Return rows in which an answer to q1 says a smaller c, and its place."""
        rows: list[Row] = [json.loads(line) for line in lines]
        at = next(
            at
            for at, row in enumerate(rows)
            if row["kind"] == "answer"
            and row["question"] == "q1"
            and row["S_rule"] == "live"
            and row["tier"] != "http"
            and (row["c_ms"] or 0) * 1000 > row["E_us"] - row["A_us"]
        )
        rows[at]["c_ms"] = 0
        rows[at] |= times("fair-1", rows[at])
        return rows, at


def test_truncation_names_where_the_file_ends(lines: list[bytes]) -> None:
    for at in range(1, len(lines)):
        problems = verify(lines[:at])
        assert any(
            "the end of the file was cut off" in p or "the file ends" in p
            for p in problems
        ), at
