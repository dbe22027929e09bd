"""What the events told is recomputed as of their moment (R5.6).

Each test changes an event of a played show and makes the chain fit again, so
that only the recomputing can find it.
"""

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from quizserver.domain.board import Candidate as Row
from quizserver.domain.board import PrizeLine
from quizserver.domain.ids import ParticipantId
from quizserver.domain.phases import Phase, QuestionState
from quizserver.domain.prizes import awards
from quizserver.domain.rundown import Rules
from quizserver.domain.show import Decision, Play, Show
from quizserver.reports.verify import examine
from quizserver.reports.verify.pack import compact
from quizserver.reports.verify.prizes import Candidate, Word, claims
from quizserver.reports.verify.story import Story
from tests.shows import board, new_show
from tests.unit.reports import forged
from tests.unit.reports.in_english import problems_of, said, verify

Event = dict[str, Any]


@pytest.fixture
def rows(lines: list[bytes]) -> list[Event]:
    """The export, to be changed."""
    return [json.loads(line) for line in lines]


def event(rows: list[Event], name: str) -> Event:
    """Return the data of the last event of a kind."""
    data: Event = next(r["data"] for r in reversed(rows) if r.get("name") == name)
    return data


def found(rows: list[Event]) -> list[str]:
    forged.relinked(rows, with_seals=True)
    return verify(compact(row) for row in rows)


def test_nothing_changed_is_nothing_found(rows: list[Event]) -> None:
    assert found(rows) == []


def test_rules_of_prizes_count_as_they_were_set_last(rows: list[Event]) -> None:
    """R5.8: made with another number, set before the lobby; lines fit the latter."""
    event(rows, "PrizeRulesSet")["prize_min_right"] = 5
    problems = found(rows)
    assert any("to the prize r1 was passed then" in problem for problem in problems)
    assert any("parameters is {" in problem for problem in problems)


def test_rules_of_prizes_set_after_the_lobby_opened_are_found() -> None:
    story = Story({}, {})
    rules = {"prize_min_right": 0, "max_prizes_per_person": 0}
    told = [
        ("ShowCreated", {"questions": [], "rules": rules}),
        ("PrizeRulesSet", rules | {"prize_min_right": 8}),
        ("LobbyOpened", {}),
    ]
    for step, (name, data) in enumerate(told, 1):
        assert not list(story.follow({"step": step, "name": name, "data": data}))
    assert story.rules["prize_min_right"] == 8
    late = {"step": 4, "name": "PrizeRulesSet", "data": rules}
    assert said(story.follow(late)) == [
        "the rules of prizes were set when the show was lobby"
    ]


def test_board_with_another_time_is_found(rows: list[Event]) -> None:
    fastest = event(rows, "AnswerRevealed")["board"]["fastest"]
    fastest[0]["time_ms"] -= 1
    assert ["the board of q3 has at place 1" in p for p in found(rows)] == [True]


def test_board_that_leaves_somebody_out_is_found(rows: list[Event]) -> None:
    event(rows, "AnswerRevealed")["board"]["fastest"].pop()
    assert any("nobody, recomputed rank" in p for p in found(rows))


def test_counts_that_were_changed_are_found(rows: list[Event]) -> None:
    event(rows, "AnswerRevealed")["board"]["counts"][0][1] += 1
    assert any("the board of q3 counts" in p for p in found(rows))


def test_standings_of_the_moment_are_recomputed(rows: list[Event]) -> None:
    """The order after two questions, though a third and a recount came later."""
    event(rows, "StandingsShown")["leaderboard"]["top"][1]["total_ms"] += 10
    assert any("the standings has at place 2" in p for p in found(rows))


def test_number_of_participants_is_recomputed(rows: list[Event]) -> None:
    event(rows, "ShowEnded")["leaderboard"]["participants"] += 1
    assert any("participants, recomputed" in p for p in found(rows))


def test_line_for_a_prize_is_recomputed(rows: list[Event]) -> None:
    line = event(rows, "KeyCorrected")["lines"][0]
    line["candidates"][0]["participant"] = "px"
    assert any(f"the line for {line['prize']} has" in p for p in found(rows))


def test_a_missing_line_is_found(rows: list[Event]) -> None:
    event(rows, "ShowEnded")["lines"].pop()
    assert any("there are lines for" in p for p in found(rows))


def test_winner_without_a_claim_is_found(rows: list[Event]) -> None:
    event(rows, "WinnerConfirmed")["participant"] = "px"
    problems = found(rows)
    assert any("px had no claim to the prize" in p for p in problems)
    assert any("when the results were confirmed" in p for p in problems)


def test_winner_whom_a_rule_passes_over_is_found(rows: list[Event]) -> None:
    """R2.5: somebody not eligible was confirmed."""
    winner = event(rows, "WinnerConfirmed")["participant"]
    event(rows, "EligibilitySet")["participant"] = winner
    assert any(f"the claim of {winner} to" in p and "passed" in p for p in found(rows))


def test_void_question_told_as_one_that_counted_is_found(rows: list[Event]) -> None:
    voided = next(r["data"] for r in rows if r.get("name") == "QuestionVoided")
    voided["leaderboard"] = {"top": [], "participants": 0}
    assert any("q2 had not counted before" in p for p in found(rows))


def test_answer_after_its_seal_is_found(rows: list[Event]) -> None:
    """R6.1: it was put into a later link, and everything made to fit."""
    seal = next(r["data"] for r in rows if r.get("name") == "QuestionSealed")
    links = {row["no"]: row for row in rows if row["kind"] == "batch"}
    late = next(
        row
        for row in reversed(rows)
        if row["kind"] == "answer"
        and row["question"] == seal["question"]
        and row["status"] == "accepted"
        and row["line"] == links[row["batch"]]["rows"] - 1
    )
    links[late["batch"]]["rows"] -= 1
    late["batch"] = seal["link"] + 1
    late["line"] = links[late["batch"]]["rows"]
    links[late["batch"]]["rows"] += 1
    assert any("came after q1 was sealed" in p for p in found(rows))


def test_results_file_is_compared_rank_by_rank(
    lines: list[bytes], results: Event
) -> None:
    whole = examine(lines, results=results)
    assert whole.problems == []
    assert whole.counts["ranks"] > 10
    results["standings"][0]["rank"] = 2
    results["questions"][-1]["ranking"][0]["time_ms"] += 10
    results["questions"][0]["counts"]["A"] += 1
    results["winners"].pop()
    problems = problems_of(lines, results=results)
    assert [p.split(": ")[1].split(" ")[0] for p in problems] == [
        "question", "question", "the", "prize",
    ]  # fmt: skip


def test_results_of_another_moment_are_told_so(
    lines: list[bytes], results: Event
) -> None:
    results["show"]["step"] -= 1
    problems = problems_of(lines, results=results)
    assert problems == [
        f"results: they are of another moment: step {results['show']['step']}, "
        f"{results['show']['step'] + 1}"
    ]


class TestClaims:
    """R5.4, R5.5: the claims are those of the server, over lines by chance."""

    def test_claims_are_the_servers(self) -> None:
        chance = random.Random(5)
        statuses = set()
        for _ in range(3_000):
            show = self.show_by_chance(chance)
            served = {
                (a.prize, a.participant, a.status.value, a.rank) for a in awards(show)
            }
            statuses |= {status for _, _, status, _ in served}
            assert self.of(show) == served
        assert statuses == {
            "provisional", "undecided", "confirmed", "skipped", "passed",
        }  # fmt: skip

    def of(self, show: Show) -> set[tuple[str, str, str, int]]:
        """Return what the verifier makes of the same lines and words."""
        lines = {
            line.prize: [
                Candidate(c.rank, c.tied, c.participant, c.time_ms, c.right)
                for c in line.candidates
            ]
            for line in show.lines
        }
        words = [
            Word(d.prize, d.participant, None if d.confirmed else d.reason)
            for d in show.decisions
        ]
        rules = {
            "prize_min_right": show.rules.prize_min_right,
            "max_prizes_per_person": show.rules.max_prizes_per_person,
        }
        return {
            (prize, c.candidate.participant, c.status, c.candidate.rank)
            for prize, line in claims(lines, words, show.not_eligible, rules).items()
            for c in line
        }

    def show_by_chance(self, chance: random.Random) -> Show:
        """Return an ended show with lines and words of all kinds."""
        rules = Rules(
            prize_min_right=chance.choice((0, 2)),
            max_prizes_per_person=chance.choice((0, 1)),
        )
        show = new_show(rules)
        people = [ParticipantId(f"p{n}") for n in range(5)]
        prizes = [*show.order, "show"]
        lines = tuple(self.line_by_chance(chance, prize, people) for prize in prizes)
        words = tuple(
            Decision(
                prize=chance.choice(prizes),
                participant=chance.choice(people),
                confirmed=chance.random() < 0.5,
                reason="Vắng",
            )
            for _ in range(chance.randrange(4))
        )
        play = Play(state=QuestionState.REVEALED, board=board())
        return replace(
            show,
            phase=Phase.ENDED,
            plays=dict.fromkeys(show.plays, play),
            lines=lines,
            decisions=words,
            not_eligible=dict.fromkeys(people[: chance.randrange(2)], "Ban Tổ chức"),
        )

    def line_by_chance(
        self, chance: random.Random, prize: str, people: list[ParticipantId]
    ) -> PrizeLine:
        ranks = sorted(chance.choice((1, 2, 4)) for _ in people)
        return PrizeLine(
            prize=prize,
            candidates=tuple(
                Row(
                    participant=who,
                    rank=rank,
                    tied=ranks.count(rank) > 1,
                    time_ms=chance.choice((250, 900, 4_000)),
                    right=chance.randrange(1, 4),
                )
                for who, rank in zip(
                    chance.sample(people, len(people)), ranks, strict=True
                )
            ),
        )


# --- the run-down -----------------------------------------------------------------


def named(rows: list[Event], name: str) -> list[Event]:
    """Return the events of a kind."""
    return [row for row in rows if row.get("name") == name]


def test_a_question_out_of_order_is_found(rows: list[Event]) -> None:
    """R1.7."""
    asked = named(rows, "QuestionAsked")
    created = event(rows, "ShowCreated")["questions"]
    created.insert(0, created.pop(1))
    assert any("was asked, the run-down has" in p for p in found(rows)), asked


def story(*events: tuple[str, Event]) -> list[str]:
    """Return what is odd about the events of a show of three questions."""
    told = Story({}, {})
    plan = [{"id": q, "reserve": q == "r1"} for q in ("q1", "q2", "q3", "r1")]
    created = ("ShowCreated", {"questions": plan, "rules": {}})
    return [
        problem
        for step, (name, data) in enumerate([created, *events], 1)
        for problem in said(told.follow({"step": step, "name": name, "data": data}))
    ]


def asked(question: str) -> tuple[str, Event]:
    return "QuestionAsked", {"question": question}


def back(phase: str, unasked: str | None = None) -> tuple[str, Event]:
    data = {"phase": phase, "current": None, "unasked": unasked}
    return "StepReversed", data


def test_a_new_order_is_followed() -> None:
    new = ("QuestionsReordered", {"order": ["q3", "q2"]})
    assert story(asked("q1"), new, asked("q3"), asked("q2")) == []
    assert story(asked("q1"), new, asked("q2")) == [
        "q2 was asked, the run-down has ['q3'] there"
    ]


@pytest.mark.parametrize("order", [["q1", "q2", "q3"], ["q2"], ["q2", "q3", "r1"]])
def test_an_order_of_other_questions_than_wait_is_found(order: list[str]) -> None:
    new = ("QuestionsReordered", {"order": order})
    assert "waited" in story(asked("q1"), new)[0]


def test_a_question_that_was_taken_back_is_asked_again() -> None:
    assert story(asked("q1"), back("lobby", "q1"), asked("q1"), asked("q2")) == []


def test_what_counted_cannot_be_taken_back() -> None:
    opened = ("QuestionOpened", {"question": "q1"})
    assert "taken back" in story(asked("q1"), opened, back("lobby", "q1"))[0]
    assert "taken back" in story(asked("q1"), opened, back("lobby"))[0]


def test_a_reserve_takes_the_place_of_a_void_question_only() -> None:
    taken = ("ReserveTaken", {"question": "r1", "replaces": "q1"})
    void = ("QuestionVoided", {"question": "q1", "leaderboard": None})
    assert story(asked("q1"), void, taken, asked("r1"), asked("q2")) == []
    assert "took the place" in story(asked("q1"), taken)[0]
