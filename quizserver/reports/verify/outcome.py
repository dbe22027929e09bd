"""A results.json held to what the audit export gives (R5.6)."""

from collections.abc import Iterator, Mapping
from typing import Any

from quizserver.reports.verify.ranks import counts, places
from quizserver.reports.verify.story import Story

Row = Mapping[str, Any]


def ranks(results: Row) -> int:
    """Return how many ranks a results.json tells."""
    return len(results["standings"]) + sum(
        len(question["ranking"]) for question in results["questions"]
    )


def problems(results: Row, header: Row, story: Story) -> Iterator[str]:
    """Yield every rank, key and prize that is told otherwise."""
    show = results["show"]
    for name in ("epoch", "step"):
        if show[name] != header[name]:
            yield f"they are of another moment: {name} {show[name]}, {header[name]}"
    for question in results["questions"]:
        for problem in _question_problems(question, story):
            yield f"question {question['question']}: {problem}"
    told = [_row(row, "right", "total_ms") for row in results["standings"]]
    order = [row for row in story.standings() if row.right]
    expected = [(r.rank, r.tied, r.participant, r.right, r.total_ms) for r in order]
    yield from _differences("the show", told, expected)
    yield from _winner_problems(results, story)


def _question_problems(question: Row, story: Story) -> Iterator[str]:
    id_ = question["question"]
    given = story.answers.get(id_, ())
    key = story.keys.get(id_)
    if question["correct"] != key:
        yield f"its key is {question['correct']}, the export says {key}"
    if question["void"] != (id_ in story.void):
        yield f"void is {question['void']}, the export says otherwise"
    chosen = {option: n for option, n in question["counts"].items() if n}
    if chosen != counts(given):
        yield f"its counts are {chosen}, recomputed {counts(given)}"
    counting = key is not None and id_ not in story.void
    told = [_row(row, "time_ms") for row in question["ranking"]]
    expected = [tuple(p) for p in places(given, key)] if counting and key else []
    yield from _differences("the ranking", told, expected)


def _winner_problems(results: Row, story: Story) -> Iterator[str]:
    told = {
        (w["prize"], w.get("participant"), w["status"], w.get("rank", 1))
        for w in results["winners"]
    }
    expected = {
        (prize, c.candidate.participant, c.status, c.candidate.rank)
        for prize, line in story.claims().items()
        for c in line
    }
    for prize, who, status, rank in sorted(told ^ expected, key=str):
        side = "told" if (prize, who, status, rank) in told else "not told"
        yield f"prize {prize}: {side} is {who}, rank {rank}, {status}"


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
