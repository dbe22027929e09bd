"""A results.json held to what the audit export gives (R5.6)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quizserver.reports.verify.chain import seal_code
from quizserver.reports.verify.finding import Finding, at
from quizserver.reports.verify.prizes import Claim
from quizserver.reports.verify.ranks import counts, places
from quizserver.reports.verify.story import Story

Row = Mapping[str, Any]


def ranks(results: Row) -> int:
    """Return how many ranks a results.json tells."""
    return len(results["standings"]) + sum(
        len(question["ranking"]) for question in results["questions"]
    )


def problems(results: Row, header: Row, story: Story) -> Iterator[Finding]:
    """Yield every rank, key, count and prize that is told otherwise, or not at all."""
    yield from _show_problems(results["show"], header)
    told = sorted(question["question"] for question in results["questions"])
    if told != sorted(story.played):
        played = sorted(story.played)
        yield Finding("verify.told_questions", told=told, value=played)
    for question in results["questions"]:
        where = Finding("verify.question", question=question["question"])
        for problem in _question_problems(question, story):
            yield at(where, problem)
    standings = [_row(row, "right", "total_ms") for row in results["standings"]]
    expected = [
        (r.rank, r.tied, r.participant, r.right, r.total_ms) for r in story.standings()
    ]
    yield from _differences(Finding("verify.show"), standings, expected)
    yield from _winner_problems(results["winners"], story)


def _show_problems(show: Row, header: Row) -> Iterator[Finding]:
    for name in ("epoch", "step"):
        if show[name] != header[name]:
            told, value = show[name], header[name]
            yield Finding("verify.other_moment", name=name, told=told, value=value)
    same = {"code": "show", "title": "title", "phase": "phase", "timing": "rule"}
    for name, in_header in same.items():
        if show[name] != header[in_header]:
            told, value = show[name], header[in_header]
            yield Finding("verify.told_show", name=name, told=told, value=value)
    if show["pack_hash"] not in ("", header["pack_hash"]):
        yield Finding("verify.told_pack_hash")


def _question_problems(question: Row, story: Story) -> Iterator[Finding]:
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
            told = question[name]
            yield Finding("verify.told_question", name=name, told=told, value=value)
    chosen = {option: n for option, n in question["counts"].items() if n}
    if chosen != counts(given):
        yield Finding("verify.told_counts", told=chosen, value=counts(given))
    counting = key is not None and id_ not in story.void
    rows = [_row(row, "time_ms") for row in question["ranking"]]
    ranking = [tuple(p) for p in places(given, key)] if counting and key else []
    yield from _differences(Finding("verify.ranking"), rows, ranking)


def _winner_problems(winners: Iterable[Row], story: Story) -> Iterator[Finding]:
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
        claim = Finding(
            "verify.claim_tied" if tied else "verify.claim",
            participant=who, rank=rank, status=status, time_ms=time_ms, right=right,
        )  # fmt: skip
        side = Finding(
            "verify.claim_told"
            if told[row] > expected[row]
            else "verify.claim_not_told",
            claim=claim,
        )
        yield at(Finding("verify.prize", prize=prize), side)


def _claimed(claim: Claim) -> tuple[Any, ...]:
    who = claim.candidate
    place = (who.participant, claim.status, who.rank, who.tied)
    return *place, who.time_ms, who.right


def _row(row: Row, *figures: str) -> tuple[Any, ...]:
    place = (row["rank"], row["tied"], row["participant"])
    return place + tuple(row[figure] for figure in figures)


def _differences(
    what: Finding, told: list[tuple[Any, ...]], expected: list[tuple[Any, ...]]
) -> Iterator[Finding]:
    """Yield each rank that is told otherwise."""
    for one, other in zip(told, expected, strict=False):
        if one != other:
            yield at(what, Finding("verify.told_rank", told=one, value=other))
    if len(told) != len(expected):
        ranked = Finding("verify.told_ranks", told=len(told), value=len(expected))
        yield at(what, ranked)
