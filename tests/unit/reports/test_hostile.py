"""Files made by somebody who knows how they are read, and shows of an odd shape.

The edits of `test_tampering` are by chance; these are aimed at the reader itself
(Source: R6.1). An honest show, however odd, must never be told to be wrong.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from quizserver.domain import events as e
from quizserver.domain.ids import QuestionId
from quizserver.domain.rundown import Rules
from quizserver.reports.formats import FORMATS, to_json
from quizserver.reports.results import results_of
from quizserver.reports.verify import examine
from quizserver.reports.verify.chain import canonical
from quizserver.reports.verify.pack import compact, sha256
from quizserver.reports.verify.strict import parsed
from quizserver.store.sqlite import SqliteLedger
from tests.unit.reports.forged import Row
from tests.unit.reports.in_english import problems_of, verify
from tests.unit.reports.staged import CODE, Staged


class TestText:
    """JSON that programs read in different ways is no export."""

    @pytest.mark.parametrize(
        "text",
        ['{"a":1,"a":2}', '{"b":{"a":1,"a":1}}', "1.0", "1e3", "NaN", "-Infinity", "{"],
    )
    def test_text_that_can_mean_two_things_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            parsed(text)

    def test_whole_numbers_and_texts_are_taken_as_they_are(self) -> None:
        assert parsed('{"a":[-5,true,null,"é"]}'.encode()) == {
            "a": [-5, True, None, "é"]
        }

    def test_second_name_in_an_answer_is_found(self, lines: list[bytes]) -> None:
        """Whoever reads the line sees another person than the chain holds."""
        at = first(lines, "answer")
        lines[at] = lines[at].replace(
            b'"participant":', b'"participant":"px","participant":', 1
        )
        assert verify(lines) != []
        assert "'participant' stands there twice" in verify(lines)[0]

    @pytest.mark.parametrize(
        "line",
        [
            b"[" * 100_000,
            b'{"kind":"answer","question":' + b"9" * 5_000 + b"}",
            b'{"kind":"flag","question":"q1","participant":"\\ud800"}',
            b"\xff\xfe",
            b"null",
            b'"answer"',
            b'{"kind":["answer"]}',
            b'{"kind":"batch","no":{},"rows":[],"prev":0,"sha256":null}',
        ],
    )
    def test_line_of_nonsense_is_a_problem_and_no_crash(
        self, lines: list[bytes], line: bytes
    ) -> None:
        found = verify([*lines, line])
        assert any(p.startswith(f"line {len(lines) + 1}: ") for p in found), found

    @pytest.mark.parametrize("value", [None, "x", [], {}, -1, 10**30, True, "é\u0301"])
    @pytest.mark.parametrize("kind", ["header", "answer", "event", "batch", "question"])
    def test_value_of_another_kind_is_a_problem_and_no_crash(
        self, lines: list[bytes], kind: str, value: object
    ) -> None:
        at = first(lines, kind)
        row = json.loads(lines[at])
        for name in row:
            if name in ("kind", "title", "show") or row[name] == value:
                continue
            told = [*lines]
            told[at] = compact({**row, name: value}).encode()
            assert verify(told), (kind, name)

    @pytest.mark.parametrize("kind", ["header", "answer", "event", "batch", "question"])
    def test_value_that_is_not_there_is_a_problem_and_no_crash(
        self, lines: list[bytes], kind: str
    ) -> None:
        at = first(lines, kind)
        row = json.loads(lines[at])
        for name in row:
            told = [*lines]
            told[at] = compact({k: v for k, v in row.items() if k != name}).encode()
            assert verify(told), (kind, name)


class TestChain:
    @pytest.mark.parametrize("no", [0, -7])
    def test_link_before_the_first_is_found(self, lines: list[bytes], no: int) -> None:
        """Nothing follows it, so no other link breaks: a flag for the winner."""
        rows: list[Row] = [json.loads(line) for line in lines]
        flag = dict(next(row for row in rows if row["kind"] == "flag"))
        flag |= {"flag": "twins", "batch": no, "line": 0}
        start = "0" * 64
        made = sha256(start + sha256(compact(canonical(flag, rows[0]))))
        link = {"kind": "batch", "no": no, "rows": 1, "prev": start, "sha256": made}
        at = first(lines, "batch")
        there = next(n for n, row in enumerate(rows) if row["kind"] == "flag")
        rows[at:at] = [link]
        rows.insert(there + 1, flag)
        found = verify(map(compact, rows))
        assert [p for p in found if "the chain begins with link 1" in p], found

    def test_numbers_without_end_are_answered_at_once(self, lines: list[bytes]) -> None:
        rows: list[Row] = [json.loads(line) for line in lines]
        rows[0]["head"]["no"] = 10**15
        rows[first(lines, "batch")]["rows"] = 10**15
        found = verify(map(compact, rows))
        assert any("is missing: the end of the file was cut off" in p for p in found)
        assert any("are missing: taken out" in p for p in found)

    def test_header_that_ends_before_the_first_link_is_found(
        self, lines: list[bytes]
    ) -> None:
        rows: list[Row] = [json.loads(line) for line in lines]
        rows[0]["head"]["no"] = -1
        assert any(
            "link -1 is not what the header says" in p
            for p in verify(map(compact, rows))
        )

    def test_chain_of_another_run_does_not_fit(self, lines: list[bytes]) -> None:
        """The digests hold show and epoch: no row can be taken over."""
        rows: list[Row] = [json.loads(line) for line in lines]
        rows[0]["epoch"] = "e2"
        found = verify(map(compact, rows))
        assert any("epoch is e2, the events say e1" in p for p in found)
        assert any(p.startswith("link 1 ") for p in found)


def first(lines: list[bytes], kind: str) -> int:
    """Return the place of the first line of a kind."""
    return next(n for n, x in enumerate(lines) if json.loads(x)["kind"] == kind)


def without_a_question(told: Row) -> None:
    told["questions"].pop()


def with_a_question_twice(told: Row) -> None:
    told["questions"].append(told["questions"][0])


def with_a_winner_twice(told: Row) -> None:
    told["winners"].append(told["winners"][0])


def with_a_better_time(told: Row) -> None:
    told["winners"][0]["time_ms"] -= 10


def with_more_right(told: Row) -> None:
    told["winners"][-1]["right"] += 1


def without_a_tie(told: Row) -> None:
    winner = told["winners"][0]
    winner["tied"] = not winner.get("tied", False)


def without_the_last_of_the_standings(told: Row) -> None:
    told["standings"].pop()


def of_question(name: str, value: object) -> Callable[[Row], None]:
    def changed(told: Row) -> None:
        told["questions"][-1][name] = value

    return changed


def of_show(name: str, value: object) -> Callable[[Row], None]:
    def changed(told: Row) -> None:
        told["show"][name] = value

    return changed


@pytest.mark.parametrize(
    "change",
    [
        without_a_question,
        with_a_question_twice,
        with_a_winner_twice,
        with_a_better_time,
        with_more_right,
        without_a_tie,
        without_the_last_of_the_standings,
        of_question("late", 99),
        of_question("seal", "0000-0000-0000"),
        of_question("key_was", None),
        of_question("void", True),
        of_show("code", "CCHC9"),
        of_show("title", "Số khác"),
        of_show("timing", "received"),
        of_show("phase", "ended"),
        of_show("pack_hash", "f" * 64),
    ],
)
def test_whatever_is_changed_in_a_results_file_is_found(
    lines: list[bytes], results: Row, change: Callable[[Row], None]
) -> None:
    change(results)
    found = problems_of(lines, results=results)
    assert found
    assert all(p.startswith("results: ") for p in found)


@pytest.mark.parametrize("told", [[], {}, {"show": 1}, 7])
def test_results_file_of_another_kind_is_a_problem_and_no_crash(
    lines: list[bytes], told: Any
) -> None:
    (problem,) = problems_of(lines, results=told)
    assert problem.startswith("results: this cannot be read")


class TestOddShows:
    """Honest shows with nothing in them, or nobody: they add up, and can be written."""

    async def check(self, show: Staged, ledger: SqliteLedger) -> dict[str, Any]:
        await show.end()
        await show.confirm_all()
        await show.then(e.ResultsConfirmed())
        results = await results_of(ledger, CODE)
        told: dict[str, Any] = json.loads(to_json(results))
        assert examine(await show.export(), results=told).problems == []
        assert all(make(results) for make in FORMATS.values())
        return told

    async def test_show_without_a_question_played(self, ledger: SqliteLedger) -> None:
        show = Staged(ledger=ledger)
        await show.begin("CA")
        told = await self.check(show, ledger)
        assert (told["questions"], told["standings"], told["winners"]) == ([], [], [])

    async def test_show_without_participants(self, ledger: SqliteLedger) -> None:
        show = Staged(ledger=ledger)
        await show.begin("CA", people=0)
        await show.play("q1")
        told = await self.check(show, ledger)
        assert (told["standings"], told["winners"]) == ([], [])

    @pytest.mark.parametrize("least", [0, 2])
    async def test_question_that_nobody_got_right(
        self, ledger: SqliteLedger, least: int
    ) -> None:
        """R5.4: no prize, and no line for it; another question has one."""
        show = Staged(ledger=ledger, rules=Rules(prize_min_right=least))
        await show.begin("CA")
        q1 = await show.ask("q1")
        await show.answer(q1, [(who, "B", 2_000) for who in show.people])
        await show.close(q1)
        await show.reveal(q1)
        await show.play("q2")
        told = await self.check(show, ledger)
        assert told["questions"][0]["ranking"] == []
        assert {winner["prize"] for winner in told["winners"]} <= {"q2", "show"}
        assert len(told["standings"]) == len(show.people)

    async def test_show_in_which_nobody_was_right(self, ledger: SqliteLedger) -> None:
        """R5.2, R5.6: all are equal, as on the screens, and nobody wins."""
        show = Staged(ledger=ledger)
        await show.begin("CA", people=3)
        q1 = await show.ask("q1")
        await show.answer(q1, [(who, "B", 2_000) for who in show.people])
        await show.close(q1)
        await show.reveal(q1)
        told = await self.check(show, ledger)
        rows = [(row["rank"], row["tied"], row["right"]) for row in told["standings"]]
        assert rows == [(1, True, 0)] * 3
        assert told["winners"] == []
        top = show.show.leaderboard.top
        assert [(s.rank, s.tied, s.right) for s in top] == rows

    async def test_show_with_all_questions_void(self, ledger: SqliteLedger) -> None:
        show = Staged(ledger=ledger)
        await show.begin("CA")
        await show.play("q1")
        await show.play("q2")
        await show.void("q1")
        await show.void("q2")
        told = await self.check(show, ledger)
        assert (told["standings"], told["winners"]) == ([], [])

    async def test_questions_made_void_one_after_the_other_after_the_end(
        self, ledger: SqliteLedger
    ) -> None:
        show = Staged(ledger=ledger)
        await show.begin("CA")
        await show.play("q1")
        await show.play("q2")
        await show.end()
        await show.confirm_all()
        await show.void("q1")
        await show.void("q2")
        await show.then(e.ResultsConfirmed())
        assert verify(await show.export()) == []

    async def test_reserve_that_was_taken_and_never_played(
        self, ledger: SqliteLedger
    ) -> None:
        show = Staged(ledger=ledger)
        await show.begin("CA")
        await show.play("q1")
        q2 = await show.ask("q2")
        await show.void("q2")
        await show.then(e.ReserveTaken(question=QuestionId("r1"), replaces=q2))
        told = await self.check(show, ledger)
        assert [q["question"] for q in told["questions"]] == ["q1", "q2"]
