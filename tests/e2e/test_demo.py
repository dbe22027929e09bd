"""`quizserver demo`: a whole show by itself, whose results can be recomputed."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from quizserver.domain.ids import ParticipantId
from quizserver.domain.ranking import rank_question, rank_show

PHONES, QUESTIONS = 25, 2

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a demonstration left behind: its words and its exports."""
    path = tmp_path_factory.mktemp("demo")
    played = f"--phones {PHONES} --questions {QUESTIONS} --speed 15 --export".split()
    done = subprocess.run(
        [sys.executable, "-m", "quizserver", "demo", *played, str(path), "--json"],
        check=True,
        capture_output=True,
        text=True,
        timeout=90,
    )
    (path / "said.json").write_text(done.stdout)
    return path


@pytest.fixture(scope="module")
def results(folder: Path) -> dict[str, Any]:
    """The results as the organiser gets them."""
    told: dict[str, Any] = json.loads((folder / "results.json").read_text())
    return told


@pytest.fixture(scope="module")
def answers(folder: Path) -> Rows:
    """The answers of the audit export."""
    lines = (folder / "audit.jsonl").read_text().splitlines()
    return [row for row in map(json.loads, lines) if row["kind"] == "answer"]


def right_answers(answers: Rows, question: str) -> list[tuple[ParticipantId, int]]:
    """Return who was right in time, and their T."""
    return [
        (ParticipantId(row["participant"]), row["time_ms"])
        for row in answers
        if row["question"] == question and row["right"] and row["status"] == "accepted"
    ]


def test_every_tap_got_its_receipt_and_the_files_are_there(folder: Path) -> None:
    said = json.loads((folder / "said.json").read_text())
    assert said["ok"] is True
    assert said["phones"] == PHONES
    assert 0 < said["taps"] == said["receipts"]
    assert [Path(name).name for name in said["files"]] == [
        "results.json",
        "results.csv",
        "results.xlsx",
        "audit.jsonl",
    ]
    assert all(Path(name).stat().st_size for name in said["files"])


def test_no_answer_that_had_a_receipt_is_missing(folder: Path, answers: Rows) -> None:
    """R3.4: as many receipts as rows."""
    said = json.loads((folder / "said.json").read_text())
    assert len(answers) == said["receipts"]
    assert len({(row["question"], row["participant"]) for row in answers}) == len(
        answers
    )


def test_the_ranks_are_those_that_a_stranger_computes_from_the_export(
    results: dict[str, Any], answers: Rows
) -> None:
    """R5.6: live, stored and recomputed ranks are the same."""
    totals: dict[ParticipantId, list[int]] = defaultdict(list)
    assert len(results["questions"]) == QUESTIONS
    for question in results["questions"]:
        right = right_answers(answers, question["question"])
        for who, ms in right:
            totals[who].append(ms)
        assert [
            (row["participant"], row["rank"], row["tied"], row["time_ms"])
            for row in question["ranking"]
        ] == [(p.participant, p.rank, p.tied, p.time_ms) for p in rank_question(right)]
        counts = Counter(
            row["option"]
            for row in answers
            if row["question"] == question["question"] and row["status"] == "accepted"
        )
        assert {o: n for o, n in question["counts"].items() if n} == counts
    order = rank_show((who, len(ms), sum(ms)) for who, ms in totals.items())
    assert [
        (row["participant"], row["rank"], row["right"], row["total_ms"])
        for row in results["standings"]
        if row["right"]
    ] == [(s.participant, s.rank, s.right, s.total_ms) for s in order]


def test_the_winner_is_the_first_of_the_standings(
    folder: Path, results: dict[str, Any]
) -> None:
    said = json.loads((folder / "said.json").read_text())
    first = [row["name"] for row in results["standings"] if row["rank"] == 1]
    assert said["winner"] == first
