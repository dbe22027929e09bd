"""Recomputes a show from its audit export alone, in whole numbers.

On purpose this imports nothing of the server: the arithmetic of R4 and R5 is
written here a second time, so that a mistake or a change in one of them shows
as a difference. Anybody may carry this one file elsewhere and run `verify` on
the lines of an `audit.jsonl` (Source: R4.9, R5.6, docs/reference/wire.md §6).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

Row = dict[str, Any]

VERSION = 1
"""The format of the export that is understood."""

_CLOCK_STARTS = ("QuestionOpened", "QuestionExtended", "QuestionLocked")
_ORDERS = ("ShowEnded", "QuestionVoided")


def verify(lines: Iterable[bytes | str]) -> list[str]:
    """Return what does not add up, one sentence each; none: all is right.

    `lines` are those of an audit export, the header first.
    """
    rows = [json.loads(line) for line in lines if line.strip()]
    if not rows or rows[0].get("kind") != "header" or rows[0]["version"] != VERSION:
        return ["this is no audit export of version 1: its first line is no header"]
    header, events = rows[0], [row for row in rows if row["kind"] == "event"]
    answers = [row for row in rows if row["kind"] == "answer"]
    durations: defaultdict[str, set[int]] = defaultdict(set)
    for event in events:
        if event["name"] in _CLOCK_STARTS:
            durations[event["data"]["question"]].add(event["data"]["duration_ms"])
    problems = [
        f"answer of {row['participant']} to {row['question']}: {problem}"
        for row in answers
        for problem in answer_problems(header, row, durations[row["question"]])
    ]
    return problems + list(_rank_problems(header, events, answers))


def answer_problems(header: Row, row: Row, durations: set[int]) -> Iterator[str]:
    """Yield how an answer's row differs from what its own numbers say."""
    expected = times(header["rule"], row)
    key = header["keys"].get(row["question"])
    expected["right"] = None if key is None else row["option"] == key
    for name, value in expected.items():
        if row[name] != value:
            yield f"{name} is {row[name]}, recomputed {value}"
    if row["duration_ms"] not in durations:
        yield f"the question was never open for {row['duration_ms']} ms"


def times(rule: str, row: Row) -> Row:
    """Return T and its parts as R4 makes them from the row's measurements."""
    t0, r, s = row["T0_ns"], row["R_ns"], row["S_ns"]
    duration_us, window_us = row["duration_ms"] * 1000, row["duration_ms"] * 1000
    if rule == "received":
        s, m, a = t0, 0, 0
        t = e = max(0, r - t0) // 1000
    else:
        s = min(max(s, t0), t0 + 300_000_000)  # R4.1
        e = max(0, r - s) // 1000
        p = row["P_us"]  # R4.4
        if row["tier"] == "kernel" and row["retrans"] <= 0:
            k = 8 * row["rtt_after_us"] - 7 * row["rtt_before_us"]
            p = max(0, min(p, k + 10_000))
        ring, m = sorted(row["ring_us"]), 40_000  # R4.5
        if ring:
            p75 = ring[(3 * len(ring) + 3) // 4 - 1]
            m = min(max(40_000 + p75 - ring[0], 40_000), 100_000)
        a = min(p + m, 500_000)  # R4.6
        c = row["c_ms"]  # R4.3
        shown_once = row["S_rule"] in ("live", "capped") and row["tier"] != "http"
        believed = shown_once and c is not None and c >= 0
        c = c * 1000 if believed else e - min(p, 400_000)
        t = max(0, min(max(c, e - a), e))
        window_us += 1_100_000  # R4.7: 300 + 500 + 300
    in_time = t < duration_us and r - t0 <= window_us * 1000
    status = "accepted" if in_time else "late"
    found = {"S_ns": s, "E_us": e, "T_us": t, "time_ms": t // 1000, "status": status}
    return found if rule == "received" else found | {"M_us": m, "A_us": a}


def ranked(rows: Iterable[tuple[Any, str, Any]]) -> list[Any]:
    """Return (rank, tied, who, shown) of rows (key, who, shown).

    Equal keys share a rank and the next rank skips (R5.1).
    """
    placings: list[Any] = []
    for _, same in groupby(sorted(rows), key=lambda row: row[0]):
        group = list(same)
        rank, tied = len(placings) + 1, len(group) > 1
        placings += [(rank, tied, who, shown) for _, who, shown in group]
    return placings


def _rank_problems(header: Row, events: list[Row], answers: list[Row]) -> Iterator[str]:
    """Yield how boards and standings differ from the answers (R5.1, R5.2)."""
    right: defaultdict[str, list[Row]] = defaultdict(list)
    for row in answers:
        key = header["keys"].get(row["question"])
        if row["status"] == "accepted" and row["option"] == key:
            right[row["question"]].append(row)
    boards = {
        event["data"]["question"]: event["data"]["board"]["fastest"]
        for event in events
        if event["name"] == "AnswerRevealed"
    }
    for question, board in boards.items():
        told = [(*_place(row), row["time_ms"]) for row in board]
        times_ms = [(row["time_ms"], row["participant"]) for row in right[question]]
        expected = ranked((ms // 10, who, ms) for ms, who in times_ms)
        yield from _differences(f"question {question}", told, expected)
    orders = [
        event["data"]["leaderboard"]["top"]
        for event in events
        if event["name"] in _ORDERS and event["data"].get("leaderboard")
    ]
    if orders:
        # Who had nothing right stands below everybody and changes no rank.
        top = [row for row in orders[-1] if row["right"] > 0]
        told = [(*_place(row), (row["right"], row["total_ms"])) for row in top]
        counting = [right[question] for question in boards.keys() - {*header["void"]}]
        yield from _differences("the show", told, _standings(counting))


def _standings(counting: list[list[Row]]) -> list[Any]:
    """Rank everybody by most right answers, then by the least time (R5.2)."""
    times_ms: defaultdict[str, list[int]] = defaultdict(list)
    for rows in counting:
        for row in rows:
            times_ms[row["participant"]].append(row["time_ms"])
    return ranked(
        ((-len(ms), sum(ms)), who, (len(ms), sum(ms))) for who, ms in times_ms.items()
    )


def _place(row: Row) -> tuple[int, bool, str]:
    return row["rank"], row["tied"], row["participant"]


def _differences(what: str, told: list[Any], expected: list[Any]) -> Iterator[str]:
    """Compare the places that were told with the first ones recomputed."""
    if told != expected[: len(told)]:
        yield f"ranks of {what} are {told}, recomputed {expected[: len(told)]}"
