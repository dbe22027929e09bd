"""A results.json held to what the audit export gives (R5.6)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quizserver.reports.verify.chain import seal_code
from quizserver.reports.verify.prizes import Claim
from quizserver.reports.verify.ranks import counts, places
from quizserver.reports.verify.story import Story

Row = Mapping[str, Any]


def ranks(results: Row) -> int:
    """Return how many ranks a results.json tells."""
    return len(results["standings"]) + sum(
        len(question["ranking"]) for question in results["questions"]
    )


def problems(results: Row, header: Row, story: Story) -> Iterator[str]:
    """Yield every rank, key, count and prize that is told otherwise, or not at all."""
    yield from _show_problems(results["show"], header)
    told = sorted(question["question"] for question in results["questions"])
    if told != sorted(story.played):
        yield f"the questions are {told}, the export says {sorted(story.played)}"
    for question in results["questions"]:
        for problem in _question_problems(question, story):
            yield f"question {question['question']}: {problem}"
    standings = [_row(row, "right", "total_ms") for row in results["standings"]]
    expected = [
        (r.rank, r.tied, r.participant, r.right, r.total_ms) for r in story.standings()
    ]
    yield from _differences("the show", standings, expected)
    yield from _winner_problems(results["winners"], story)


def _show_problems(show: Row, header: Row) -> Iterator[str]:
    for name in ("epoch", "step"):
        if show[name] != header[name]:
            yield f"they are of another moment: {name} {show[name]}, {header[name]}"
    same = {"code": "show", "title": "title", "phase": "phase", "timing": "rule"}
    for name, in_header in same.items():
        if show[name] != header[in_header]:
            yield f"the {name} is {show[name]}, the export says {header[in_header]}"
    if show["pack_hash"] not in ("", header["pack_hash"]):
        yield "the hash of the questions is not the export's"


def _question_problems(question: Row, story: Story) -> Iterator[str]:
    id_ = question["question"]
    given, key = story.answers.get(id_, ()), story.keys.get(id_)
    seal = next((s["sha256"] for s in story.seals if s["question"] == id_), None)
    expected = {
        "correct": key,
        "key_was": story.first_keys[id_] if id_ in story.corrected else None,
        "void": id_ in story.void,
        "late": story.late.get(id_, 0),
        "seal": seal and seal_code(seal),
    }
    for name, value in expected.items():
        if question[name] != value:
            yield f"{name} is {question[name]}, the export says {value}"
    chosen = {option: n for option, n in question["counts"].items() if n}
    if chosen != counts(given):
        yield f"its counts are {chosen}, recomputed {counts(given)}"
    counting = key is not None and id_ not in story.void
    told = [_row(row, "time_ms") for row in question["ranking"]]
    ranking = [tuple(p) for p in places(given, key)] if counting and key else []
    yield from _differences("the ranking", told, ranking)


def _winner_problems(winners: Iterable[Row], story: Story) -> Iterator[str]:
    """Compare the claims; the file leaves out what has its usual value."""
    told = Counter(
        (
            *(w["prize"], w.get("participant"), w["status"], w.get("rank", 1)),
            *(w.get("tied", False), w.get("time_ms"), w.get("right")),
        )
        for w in winners
    )
    expected = Counter(
        (prize, *_claimed(claim))
        for prize, line in story.claims().items()
        for claim in line
    )
    for row in sorted((told - expected) + (expected - told), key=str):
        prize, who, status, rank, tied, time_ms, right = row
        side = "told" if told[row] > expected[row] else "not told"
        equal = ", tied" if tied else ""
        yield (
            f"prize {prize}: {side} is {who}, rank {rank}{equal}, {status}, "
            f"{time_ms} ms, {right} right"
        )


def _claimed(claim: Claim) -> tuple[Any, ...]:
    who = claim.candidate
    place = (who.participant, claim.status, who.rank, who.tied)
    return *place, who.time_ms, who.right


def _row(row: Row, *figures: str) -> tuple[Any, ...]:
    place = (row["rank"], row["tied"], row["participant"])
    return place + tuple(row[figure] for figure in figures)


def _differences(
    what: str, told: list[tuple[Any, ...]], expected: list[tuple[Any, ...]]
) -> Iterator[str]:
    """Yield each rank that is told otherwise."""
    for one, other in zip(told, expected, strict=False):
        if one != other:
            yield f"{what}: {one} is told, recomputed {other}"
    if len(told) != len(expected):
        yield f"{what}: {len(told)} ranks are told, recomputed {len(expected)}"
