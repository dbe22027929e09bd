"""The verifier's parts, each against what the rules say or the server does."""

import hashlib
import random
import subprocess
import sys
from pathlib import Path

import pytest

from quizserver import reports
from quizserver.domain.ids import OptionId, ParticipantId
from quizserver.domain.ranking import rank_question, rank_show
from quizserver.live import commitment
from quizserver.live.evidence import EVIDENCE_KEYS
from quizserver.reports.verify import chain, pack
from quizserver.reports.verify.ranks import Given, places, standings
from quizserver.reports.verify.times import margin, times
from tests.unit.reports.in_english import verify
from tests.unit.reports.played import a_question

FOLDER = Path(reports.__file__).parent / "verify"


def test_keys_of_the_evidence_are_hashed_in_the_order_they_are_stored_in() -> None:
    for rule, keys in EVIDENCE_KEYS.items():
        assert tuple(key for key in chain.EVIDENCE if key in keys) == keys, rule


def test_code_of_a_seal_is_the_one_on_the_screens() -> None:
    chance = random.Random(3)
    for _ in range(1_000):
        link = f"{chance.getrandbits(256):064x}"
        assert chain.seal_code(link) == commitment.seal_code(link)


def test_commitment_opens_by_the_documented_steps() -> None:
    question = a_question("q1")
    salt = commitment.question_salt("5a17", question.id)
    made = commitment.question_commitment("5a17", question)
    text = commitment.question_text(question)
    assert made == hashlib.sha256((salt + text).encode()).hexdigest()
    hashed = commitment.pack_hash("5a17", [question])
    assert hashed == pack.pack_hash([made])


@pytest.mark.parametrize("text", ['"\\/\b\f\n\r\t', "\x00\x1f\x7f\u2028", "Đỗ 🎉 é"])
def test_compact_text_is_the_text_that_was_hashed(text: str) -> None:
    import msgspec  # noqa: PLC0415 - what the server writes with

    value = {"b": [text, 1, None, True], "a": {"é": -5}}
    assert pack.compact(value) == msgspec.json.encode(value).decode()


def test_moments_go_back_to_milliseconds() -> None:
    assert chain.utc_ms("2023-10-19T14:00:00.007Z") == 1_697_724_000_007
    with pytest.raises(ValueError, match="no_moment"):
        chain.utc_ms("2023-10-19 14:00:00Z")


def test_margin_is_that_of_the_rules_own_example() -> None:
    """R4.5: 40 ms and p75 − min by nearest rank, between 40 and 100 ms."""
    assert margin([]) == 40_000
    assert margin([60_000]) == 40_000
    assert margin([60_000, 61_000, 70_000, 90_000]) == 50_000
    assert margin([10_000, 500_000]) == 100_000


def test_clock_of_whoever_was_absent_runs_from_the_opening() -> None:
    """R4.1: coming late must not start it later."""
    row = {
        "T0_ns": 0, "S_ns": 200_000_000, "R_ns": 2_000_000_000, "S_rule": "absent",
        "tier": "pong", "c_ms": None, "P_us": 0, "rtt_before_us": None,
        "rtt_after_us": None, "retrans": 0, "ring_us": [], "duration_ms": 15_000,
    }  # fmt: skip
    found = times("fair-1", row)
    assert (found["S_ns"], found["E_us"], found["T_us"]) == (0, 2_000_000, 2_000_000)
    found = times("fair-1", row | {"S_rule": "resent"})
    assert (found["S_ns"], found["E_us"]) == (200_000_000, 1_800_000)


def test_ranks_equal_the_servers_over_random_answers() -> None:
    """R5.1, R5.2: written twice, the same orders."""
    chance = random.Random(8)
    for _ in range(30):
        questions = [
            [
                Given(f"p{n}", chance.choice("ABCD"), chance.randrange(0, 300))
                for n in range(40)
                if chance.random() < 0.8
            ]
            for _ in range(3)
        ]
        for given in questions:
            right = [
                (ParticipantId(g.participant), g.time_ms)
                for g in given
                if g.option == "A"
            ]
            served = rank_question(right)
            assert [tuple(p) for p in places(given, "A")] == [
                (p.rank, p.tied, p.participant, p.time_ms) for p in served
            ]
        everybody = sorted({g.participant for given in questions for g in given})
        scores = []
        for who in everybody:
            ms = [
                g.time_ms
                for given in questions
                for g in given
                if g.participant == who and g.option == OptionId("A")
            ]
            scores.append((ParticipantId(who), len(ms), sum(ms)))
        counting = [(given, "A") for given in questions]
        assert [tuple(s) for s in standings(counting)] == [
            (s.rank, s.tied, s.participant, s.right, s.total_ms)
            for s in rank_show(scores)
        ]


def test_what_is_no_export_is_told_so() -> None:
    assert verify([]) == ["line 1: the file is empty"]
    assert "no audit export of version 2" in verify([b'{"kind":"event"}'])[0]
    assert (
        "no audit export of version 2" in verify([b'{"kind":"header","version":1}'])[0]
    )


def test_the_verifier_runs_without_the_server_and_its_libraries(tmp_path: Path) -> None:
    """Carried elsewhere, it needs Python alone: `-S` has no packages of ours."""
    target = tmp_path / "quizserver" / "reports" / "verify"
    target.mkdir(parents=True)
    for file in FOLDER.glob("*.py"):
        (target / file.name).write_bytes(file.read_bytes())
    said = subprocess.run(
        [sys.executable, "-S", "-E", "-c",
         "from quizserver.reports.verify import verify; print(verify([]))"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "verify.line(line='1'), what=verify.file_empty()" in said.stdout
