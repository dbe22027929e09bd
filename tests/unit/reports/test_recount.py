"""What a recount would do, held to what the ledger then does (R1.6)."""

import random
from typing import Any

import pytest

from quizserver.domain import commands as c
from quizserver.domain.ids import OptionId, QuestionId
from quizserver.domain.prizes import LINE
from quizserver.domain.rejections import Reason, Rejected
from quizserver.domain.rundown import Rules
from quizserver.reports.recount import (
    MOVED,
    Change,
    lines_of,
    order_of,
    preview,
    recount_of,
)
from quizserver.reports.results import NoSuchShow, Record, read_record
from quizserver.store.sqlite import SqliteLedger
from quizserver.wire.results import Recount
from tests.unit.reports.played import Played
from tests.unit.reports.staged import CODE, EPOCH, Staged


def void(question: str) -> c.VoidQuestion:
    return c.VoidQuestion(question=QuestionId(question), reason="-")


def correct(question: str, key: str) -> c.CorrectKey:
    return c.CorrectKey(question=QuestionId(question), key=OptionId(key), reason="-")


def previewed(record: Record, change: Change) -> Recount:
    found = preview(record, change)
    assert isinstance(found, Recount)
    return found


class TestPreview:
    """A small show by hand."""

    def played(self) -> Played:
        played = Played()
        played.play("q1", {"An": ("C", 900), "Bo": ("A", 700), "Cu": ("C", 1_200)})
        played.play("q2", {"An": ("A", 2_000), "Bo": ("A", 1_000), "Cu": ("B", 100)})
        return played

    def test_void_takes_its_right_answers_away(self) -> None:
        found = previewed(self.played().record, void("q1"))
        moved = {row.name: row for row in found.moved}
        assert (found.action, found.key_was, found.key) == ("void", "C", None)
        assert (moved["An"].rank_was, moved["An"].rank) == (1, 2)
        assert (moved["An"].right_was, moved["An"].right) == (2, 1)
        assert (moved["Bo"].rank_was, moved["Bo"].rank) == (2, 1)
        assert (moved["Cu"].rank_was, moved["Cu"].rank) == (3, None)
        assert (moved["Cu"].place_was, moved["Cu"].place) == (2, None)
        assert found.participants == 3

    def test_corrected_key_makes_others_right(self) -> None:
        found = previewed(self.played().record, correct("q1", "A"))
        assert (found.key_was, found.key) == ("C", "A")
        assert [row.name for row in found.fastest_was] == ["An", "Cu"]
        assert [row.name for row in found.fastest] == ["Bo"]
        assert [(p.prize, p.number, p.was, p.now) for p in found.prizes] == [
            ("q1", 1, ("An",), ("Bo",))
        ]

    def test_prize_of_the_show_changes_hands_after_the_end(self) -> None:
        played = self.played()
        played.end()
        found = previewed(played.record, correct("q1", "A"))
        assert [(p.prize, p.was, p.now) for p in found.prizes] == [
            ("q1", ("An",), ("Bo",)),
            ("show", ("An",), ("Bo",)),
        ]

    def test_nobody_moves_for_a_question_that_was_not_revealed(self) -> None:
        played = self.played()
        played.play("q3", {"An": ("B", 900)}, reveal=False)
        found = previewed(played.record, void("q3"))
        assert (found.moved, found.prizes, found.participants) == ((), (), 0)

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (void("q9"), Reason.UNKNOWN_QUESTION),
            (correct("q1", "Z"), Reason.UNKNOWN_OPTION),
            (correct("q1", "C"), Reason.SAME_KEY),
            (correct("q3", "A"), Reason.NOT_REVEALED),
        ],
    )
    def test_what_the_command_would_refuse_is_refused(
        self, change: Change, reason: Reason
    ) -> None:
        assert preview(self.played().record, change) == Rejected(reason)

    def test_many_who_move_are_counted_and_the_best_are_named(self) -> None:
        played = Played()
        crowd = {f"N{n}": ("C", 1_000 + 10 * n) for n in range(MOVED + 50)}
        played.play("q1", crowd)
        found = previewed(played.record, void("q1"))
        assert (len(found.moved), found.participants) == (MOVED, MOVED + 50)
        assert found.moved[0].name == "N0"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("over", [False, True])
async def test_ranks_after_the_command_are_those_of_the_preview(
    ledger: SqliteLedger, seed: int, over: bool
) -> None:
    """Every rank, total and prize; from the ledger's tables and its events."""
    rules = Rules(prize_min_right=seed, max_prizes_per_person=2)
    show = Staged(ledger=ledger, chance=random.Random(seed), rules=rules)
    await show.begin(people=40)
    for question in ("q1", "q2", "q3"):
        await show.play(question)
    if over:
        await show.end()
        await show.confirm_all()
    for change in (correct("q2", "D"), void("q1"), correct("q3", "A")):
        found = await recount_of(ledger, CODE, change)
        assert isinstance(found, Recount)
        if isinstance(change, c.VoidQuestion):
            await show.void("q1")
        else:
            await show.correct(change.question or "", change.key)
        await _check_ledger(ledger, show, found)


async def _check_ledger(ledger: SqliteLedger, show: Staged, told: Recount) -> None:
    own = {row.participant: row for row in await _own(ledger, told.question)}
    for row in told.moved:
        stands = own[show.people[int(row.participant[1:])]]
        standing, placing = stands.standing, stands.placing
        right = standing.right if standing else 0
        total = standing.total_ms if standing else 0
        assert (row.right, row.total_ms) == (right, total)
        assert row.rank == (standing.rank if standing and right else None)
        assert row.place == (placing.rank if placing else None)
    record = await read_record(ledger, CODE)
    order = order_of(record, record.show)
    least = record.show.rules.prize_min_right
    assert lines_of(order, least) == await ledger.prize_lines(
        show=CODE, epoch=EPOCH, least_right=least, depth=LINE
    )
    assert tuple(order.standings[:10]) == record.show.leaderboard.top


async def _own(ledger: SqliteLedger, question: str) -> list[Any]:
    return await ledger.own_results(CODE, EPOCH, QuestionId(question), None)


async def test_unknown_show_is_told_so(ledger: SqliteLedger) -> None:
    with pytest.raises(NoSuchShow):
        await recount_of(ledger, CODE, void("q1"))


def test_preview_changes_nothing() -> None:
    played = Played()
    played.play("q1", {"An": ("C", 900)})
    before = played.show
    preview(played.record, void("q1"))
    assert played.record.show == before
