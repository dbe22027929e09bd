"""Results follow R5, checked by the contest's own examples and by recount."""

import random
from collections import defaultdict
from collections.abc import Iterable

from quizserver.domain import events as e
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId
from quizserver.live.rows import FlagRow
from quizserver.reports.results import compute
from quizserver.wire.results import QuestionResult, StandingRow
from tests.unit.reports.played import Played


class TestQuestion:
    """A8, A9: the fastest right answer of a question."""

    def test_equal_hundredths_share_first_place_and_the_next_rank_skips(self) -> None:
        played = Played()
        played.play(
            "q1",
            {
                "An": ("C", 3_482),
                "Bình": ("B", 1_020),
                "Chi": ("C", 2_915),
                "Dũng": ("C", 2_915),
            },
        )
        result = compute(played.record)
        ranking = [
            (r.name, r.rank, r.tied, r.time_ms) for r in result.questions[0].ranking
        ]
        assert ranking == [
            ("Chi", 1, True, 2_915),
            ("Dũng", 1, True, 2_915),
            ("An", 3, False, 3_482),
        ]
        statuses = {w.name: w.status for w in result.winners}
        assert statuses == {"Chi": "undecided", "Dũng": "undecided"}

    def test_nobody_right_means_no_winner(self) -> None:
        played = Played()
        played.play("q1", {"An": ("A", 900), "Bình": ("B", 1_000)})
        result = compute(played.record)
        assert result.questions[0].ranking == ()
        assert result.winners == ()
        assert result.questions[0].counts == {"A": 1, "B": 1, "C": 0, "D": 0}

    def test_late_answer_is_counted_as_late_and_never_ranked(self) -> None:
        played = Played()
        played.play("q1", {"An": ("C", 15_000), "Bình": ("C", 14_999)})
        question = compute(played.record).questions[0]
        assert [row.name for row in question.ranking] == ["Bình"]
        assert question.late == 1
        assert question.counts["C"] == 1

    def test_key_is_missing_until_the_reveal(self) -> None:
        """R3.6: not even the ranking, which would tell the key."""
        played = Played()
        played.play("q1", {"An": ("C", 900)}, reveal=False)
        question = compute(played.record).questions[0]
        assert (question.correct, question.correct_text) == (None, None)
        assert question.ranking == ()


class TestShow:
    """A10 to A12: the order of the show."""

    def test_more_right_answers_win_then_less_time(self) -> None:
        played = Played()
        played.play("q1", {"A": ("C", 4_000), "B": ("C", 3_500), "C": ("C", 100)})
        played.play("q2", {"A": ("A", 2_410), "B": ("A", 2_405), "C": ("B", 100)})
        rows = compute(played.record).standings
        assert [(r.name, r.rank, r.right, r.total_ms) for r in rows] == [
            ("B", 1, 2, 5_905),
            ("A", 2, 2, 6_410),
            ("C", 3, 1, 100),
        ]

    def test_equal_sums_share_a_rank_and_block_the_prize(self) -> None:
        played = Played()
        played.play("q1", {"D": ("C", 4_000), "E": ("C", 1_000), "F": ("C", 9_000)})
        played.play("q2", {"D": ("A", 1_000), "E": ("A", 4_000)})
        played.end()
        result = compute(played.record)
        assert [(r.name, r.rank, r.tied) for r in result.standings] == [
            ("D", 1, True),
            ("E", 1, True),
            ("F", 3, False),
        ]
        of_show = [w for w in result.winners if w.prize == "show"]
        assert {w.status for w in of_show} == {"undecided"}

    def test_who_was_never_right_stands_last_as_on_the_screens(self) -> None:
        """R5.2, R5.6: everybody who answered has a rank, and the late ones have not."""
        played = Played()
        played.play(
            "q1",
            {"A": ("C", 900), "B": ("A", 700), "C": ("B", 100), "D": ("C", 15_000)},
        )
        played.play("q2", {"E": ("B", 100)}, reveal=False)
        rows = compute(played.record).standings
        assert [(r.name, r.rank, r.tied, r.right, r.total_ms) for r in rows] == [
            ("A", 1, False, 1, 900),
            ("B", 2, True, 0, 0),
            ("C", 2, True, 0, 0),
        ]

    def test_wrong_answers_add_no_time(self) -> None:
        played = Played()
        played.play("q1", {"F": ("C", 4_500)})
        played.play("q2", {"F": ("B", 14_900)})
        assert compute(played.record).standings[0].total_ms == 4_500


class TestVoid:
    """R1.6: a void question counts for nobody, its answers stay."""

    def test_void_question_leaves_the_ranking_and_the_sum(self) -> None:
        played = Played()
        played.play("q1", {"An": ("C", 900), "Bình": ("A", 800)})
        played.play("q2", {"Bình": ("A", 700)})
        played.then(
            e.QuestionVoided(
                question=QuestionId("q1"), reason="Đáp án sai", leaderboard=None
            )
        )
        result = compute(played.record)
        void = result.questions[0]
        assert (void.void, void.void_reason, void.ranking) == (True, "Đáp án sai", ())
        assert void.counts == {"A": 1, "B": 0, "C": 1, "D": 0}
        assert [row.name for row in result.standings] == ["Bình"]

    def test_reserve_is_listed_after_the_question_it_replaces(self) -> None:
        played = Played()
        played.play("q1", {"An": ("C", 900)}, reveal=False)
        q1 = QuestionId("q1")
        played.then(e.QuestionVoided(question=q1, reason="Sai", leaderboard=None))
        played.then(e.ReserveTaken(question=QuestionId("r1"), replaces=q1))
        played.play("r1", {"An": ("D", 1_200)})
        rows = [
            (q.question, q.number, q.void) for q in compute(played.record).questions
        ]
        assert rows == [("q1", 1, True), ("r1", 1, False)]


class TestFlags:
    """R4.11: remarks on an answer, on what came after it, on the whole show."""

    def played(self) -> Played:
        played = Played(keys=("C",) * 6)
        for n in range(1, 7):
            question = f"q{n}"
            played.play(question, {"An": ("C", 900), "Bo": ("C", 700 + 900 * n)})
        played.answers[QuestionId("q1")][0].flags = "fast,resent"
        played.flags.append(
            FlagRow(
                show=played.show.code,
                epoch="e1",
                question=QuestionId("q2"),
                participant=ParticipantId("p-An"),
                flag="changed",
                at_ms=0,
            )
        )
        return played

    def test_answer_has_its_own_flags_and_those_that_came_after(self) -> None:
        questions = compute(self.played().record).questions
        flags = [dict((r.name, r.flags) for r in q.ranking)["An"] for q in questions]
        assert flags[:3] == [("fast", "resent"), ("changed",), ()]

    def test_person_has_the_flags_of_the_whole_show(self) -> None:
        """An took the same time six times: a metronome."""
        rows = {row.name: row.flags for row in compute(self.played().record).standings}
        assert set(rows["An"]) == {"fast", "resent", "changed", "metronome"}
        assert rows["Bo"] == ()


class TestProof:
    def test_seal_is_the_code_of_its_link(self) -> None:
        """R6.1."""
        played = Played()
        played.play("q1", {"An": ("C", 900)}, reveal=False)
        link = "f" * 64
        played.then(e.QuestionSealed(question=QuestionId("q1"), link=3, sha256=link))
        (question,) = compute(played.record).questions
        assert question.seal == "ZZZZ-ZZZZ-ZZZZ"

    def test_hash_is_that_of_the_questions_as_authored(self) -> None:
        """R6.2: a corrected key changes nothing of it."""
        played = Played(salt="5a17")
        played.play("q1", {"An": ("C", 900)})
        before = compute(played.record).show.pack_hash
        played.then(
            e.KeyCorrected(
                question=QuestionId("q1"),
                key=OptionId("A"),
                reason="Nhầm",
                board=played.board(QuestionId("q1")),
                leaderboard=played.show.leaderboard,
            )
        )
        result = compute(played.record)
        assert result.show.pack_hash == before != ""
        assert (result.questions[0].correct, result.questions[0].key_was) == ("A", "C")

    def test_show_without_a_salt_has_no_hash(self) -> None:
        assert compute(Played().record).show.pack_hash == ""


class TestSummary:
    def test_air_date_is_the_day_in_vietnam_of_the_first_open_question(self) -> None:
        played = Played(aired_ms=1_697_735_000_000)  # 17:03 UTC = 00:03 next day
        played.play("q1", {})
        assert compute(played.record).show.aired_on == "2023-10-20"

    def test_joins_are_counted_by_page(self) -> None:
        """A15."""
        played = Played()
        for n, via in enumerate(["cchc"] * 7 + ["ktv"] * 3 + [""]):
            played.join(f"N{n}", via=via)
        summary = compute(played.record).show
        assert summary.via == {"": 1, "cchc": 7, "ktv": 3}
        assert summary.participants == 11


def test_ranks_equal_an_independent_count_over_random_shows() -> None:
    """R5.1, R5.2, counted here by comparing everybody with everybody."""
    chance = random.Random(20231019)
    for _ in range(20):
        keys = tuple(chance.choice("ABCD") for _ in range(4))
        played = Played(keys=keys)
        people = [f"N{n}" for n in range(25)]
        for n in range(1, 5):
            given = {
                who: (chance.choice("ABCD"), chance.randrange(0, 15_500, 5))
                for who in people
                if chance.random() < 0.9
            }
            played.play(f"q{n}", given)
        result = compute(played.record)
        _check_questions(played, result.questions)
        _check_standings(played, result.standings)


def _check_questions(played: Played, questions: Iterable[QuestionResult]) -> None:
    for question in questions:
        key = played.show.questions[QuestionId(question.question)].key
        times = {
            row.participant: row.time_ms // 10
            for row in played.answers[QuestionId(question.question)]
            if row.option == key and row.time_ms < 15_000
        }
        expected = {
            who: 1 + sum(other < mine for other in times.values())
            for who, mine in times.items()
        }
        assert {row.participant: row.rank for row in question.ranking} == expected


def _check_standings(played: Played, standings: Iterable[StandingRow]) -> None:
    right: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    for question, rows in played.answers.items():
        for row in rows:
            if row.time_ms < 15_000:
                is_right = row.option == played.show.questions[question].key
                right[row.participant] += is_right
                total[row.participant] += row.time_ms * is_right
    expected = {
        who: 1 + sum((-right[o], total[o]) < (-right[who], total[who]) for o in right)
        for who in right
    }
    assert {row.participant: row.rank for row in standings} == expected
