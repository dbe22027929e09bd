"""Who comes next for each prize, and what a recount finds of it (R5.4)."""

import asyncio
from collections.abc import Mapping
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizserver.domain.board import Board, Candidate, PrizeLine
from quizserver.domain.ids import ParticipantId, QuestionId
from quizserver.domain.ranking import rank_question, rank_show
from quizserver.live.ports import Ledger
from quizserver.live.rows import ShowHead
from tests.unit.store.conftest import Open
from tests.unit.store.rows import (
    EPOCH,
    SHOW,
    A,
    B,
    answer,
    event,
    put,
    rescore,
    reveal,
)


async def lines_of(
    ledger: Ledger, least_right: int = 0, depth: int = 50, epoch: str = EPOCH
) -> dict[str, list[str]]:
    """Return who stands in each line, in order."""
    lines = await ledger.prize_lines(
        show=SHOW, epoch=epoch, least_right=least_right, depth=depth
    )
    return {line.prize: [c.participant for c in line.candidates] for line in lines}


class TestLines:
    async def test_candidates_say_rank_time_and_right_answers(
        self, ledger: Ledger
    ) -> None:
        await put(ledger, [answer("an", "A", 2_000), answer("bình", "A", 2_004)])
        await put(ledger, [answer("an", "B", 10, question="q2")])
        await put(ledger, [answer("bình", "A", 900, question="q2")])
        await reveal(ledger, 1, A)
        await reveal(ledger, 2, A, question="q2")
        an, binh = ParticipantId("an"), ParticipantId("bình")
        lines = await ledger.prize_lines(show=SHOW, epoch=EPOCH, least_right=0, depth=5)
        assert lines == (
            PrizeLine(
                prize="q1",
                candidates=(
                    candidate(an, 1, 2_000, right=1, tied=True),
                    candidate(binh, 1, 2_004, right=2, tied=True),
                ),
            ),
            PrizeLine(prize="q2", candidates=(candidate(binh, 1, 900, right=2),)),
            PrizeLine(
                prize="show",
                candidates=(
                    candidate(binh, 1, 2_904, right=2),
                    candidate(an, 2, 2_000, right=1),
                ),
            ),
        )

    async def test_impossible_times_stand_only_among_the_first_ten(
        self, ledger: Ledger
    ) -> None:
        """R4.11: below 300 ms nobody wins; the panel still shows the first ten."""
        await put(ledger, [answer(f"a{n:02}", "A", 10 * n) for n in range(12)])
        await put(ledger, [answer("b300", "A", 300), answer("b299", "A", 299)])
        await reveal(ledger, 1, A)
        line = (await lines_of(ledger, depth=1))["q1"]
        assert line == [f"a{n:02}" for n in range(10)] + ["b300"]

    async def test_depth_counts_those_who_may_win(self, ledger: Ledger) -> None:
        await put(ledger, [answer(f"p{n:02}", "A", 280 + 10 * n) for n in range(20)])
        await reveal(ledger, 1, A)
        assert len((await lines_of(ledger, depth=3))["q1"]) == 10
        assert len((await lines_of(ledger, depth=12))["q1"]) == 2 + 12
        assert len((await lines_of(ledger, depth=99))["q1"]) == 20
        assert len((await lines_of(ledger, depth=12))["show"]) == 12

    async def test_least_right_counts_right_answers_in_the_show(
        self, ledger: Ledger
    ) -> None:
        await put(ledger, [answer(f"p{n:02}", "A", 1_000 + 10 * n) for n in range(15)])
        await put(ledger, [answer("p14", "A", question="q2")])
        await reveal(ledger, 1, A)
        await reveal(ledger, 2, A, question="q2")
        lines = await lines_of(ledger, least_right=2)
        assert lines["q1"] == [f"p{n:02}" for n in range(10)] + ["p14"]
        assert lines["q2"] == ["p14"]

    async def test_without_right_answers_only_the_shows_line_is_there(
        self, ledger: Ledger
    ) -> None:
        assert await lines_of(ledger) == {"show": []}
        await put(ledger, [answer("p1", "B"), answer("p2", "A", status="late")])
        await reveal(ledger, 1, A)
        assert await lines_of(ledger) == {"show": []}


class TestRecount:
    async def test_finds_boards_order_and_lines(self, ledger: Ledger) -> None:
        await put(ledger, [answer("p1", "A", 1_000), answer("p2", "B", 2_000)])
        await put(ledger, [answer("p2", "A", 3_000, question="q2")])
        await put(ledger, [answer("p1", "A", 10, question="q3")])
        board = await reveal(ledger, 1, A)
        other = await reveal(ledger, 2, A, question="q2")
        await reveal(ledger, 3, A, question="q3")
        found = await rescore(ledger, 4, {"q1": "A", "q2": "A"})
        assert found.boards == {"q1": board, "q2": other}
        assert found.leaderboard == await ledger.leaderboard(SHOW, EPOCH, 10)
        lines = await ledger.prize_lines(
            show=SHOW, epoch=EPOCH, least_right=0, depth=50
        )
        assert found.lines == lines
        assert [line.prize for line in lines] == ["q1", "q2", "show"]

    async def test_corrected_key_makes_another_board(self, ledger: Ledger) -> None:
        await put(ledger, [answer("p1", "A", 1_000), answer("p2", "B", 2_000)])
        await reveal(ledger, 1, A)
        boards: Mapping[QuestionId, Board] = (
            await rescore(ledger, 2, {"q1": "B"})
        ).boards
        (board,) = boards.values()
        assert [p.participant for p in board.fastest] == ["p2"]
        assert board.counts == ((A, 1), (B, 1))

    async def test_lines_are_as_strict_and_deep_as_was_asked(
        self, ledger: Ledger
    ) -> None:
        await put(ledger, [answer(f"p{n:02}", "A", 1_000 + 10 * n) for n in range(15)])
        await put(ledger, [answer("p14", "A", question="q2")])
        keys = {"q1": "A", "q2": "A"}
        found = await rescore(ledger, 1, keys, least_right=2, depth=1)
        assert [len(line.candidates) for line in found.lines] == [11, 1, 1]

    async def test_head_updates_the_list_of_shows(self, ledger: Ledger) -> None:
        """A recount after the results were final takes the show back."""
        head = ShowHead(title="Số 1", lang="vi", phase="published")
        await ledger.append(event(1), head=head)
        await rescore(ledger, 2, {})
        assert [row.phase for row in await ledger.shows()] == ["published"]
        back = ShowHead(title="Số 1", lang="vi", phase="ended")
        await rescore(ledger, 3, {}, head=back)
        assert [row.phase for row in await ledger.shows()] == ["ended"]


def candidate(
    participant: ParticipantId,
    rank: int,
    time_ms: int,
    *,
    right: int,
    tied: bool = False,
) -> Candidate:
    return Candidate(
        participant=participant, rank=rank, tied=tied, time_ms=time_ms, right=right
    )


_EPOCHS = count()

_TIMES = st.dictionaries(st.integers(0, 25), st.integers(20, 40), max_size=25)


@given(st.lists(_TIMES, min_size=1, max_size=3), st.integers(0, 3), st.integers(1, 14))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_lines_are_those_of_the_rules(
    opened: Open, play: list[dict[int, int]], least_right: int, depth: int
) -> None:
    """Against plain Python; times about 300 ms, many of them equal."""
    ledger = opened()
    try:
        asyncio.run(_compare(ledger, play, least_right, depth))
    finally:
        ledger.close()


async def _compare(
    ledger: Ledger, play: list[dict[int, int]], least_right: int, depth: int
) -> None:
    epoch = f"l{next(_EPOCHS)}"
    sums: dict[str, tuple[int, int]] = {}
    expected: dict[str, list[str]] = {}
    for number, times in enumerate(play):
        rows = [
            answer(f"p{n:02}", "A", 10 * t, question=f"q{number}", epoch=epoch)
            for n, t in times.items()
        ]
        await put(ledger, rows)
        await ledger.append_reveal(
            lambda _, step=number + 1: event(step, epoch=epoch),  # type: ignore[misc]
            show=SHOW,
            epoch=epoch,
            question=QuestionId(f"q{number}"),
            key=A,
            top=1,
        )
        for row in rows:
            right, total = sums.get(row.participant, (0, 0))
            sums[row.participant] = (right + 1, total + row.time_ms)
    for number, times in enumerate(play):
        order = rank_question(
            (ParticipantId(f"p{n:02}"), 10 * t) for n, t in times.items()
        )
        may = [
            p.participant
            for p in order
            if p.time_ms >= 300 and sums[p.participant][0] >= least_right
        ]
        kept = {p.participant for p in order[:10]} | set(may[:depth])
        if order:
            expected[f"q{number}"] = [
                p.participant for p in order if p.participant in kept
            ]
    standings = rank_show((ParticipantId(p), n, t) for p, (n, t) in sums.items())
    expected["show"] = [s.participant for s in standings[:depth]]
    assert await lines_of(ledger, least_right, depth, epoch) == expected
