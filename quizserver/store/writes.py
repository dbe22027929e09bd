"""What is written beside answers: events with their ranks, people.

Each function here is one write of the journal: it runs on the writer's thread
inside the transaction that is open, in a savepoint of its own. A reveal ranks
the question, adds to the scores, ranks the show and stores its event together,
so that no reader ever sees one without the others (Source: R5, R6.1).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from quizserver.domain.board import Board, Leaderboard, Placing, Standing
from quizserver.domain.ids import OptionId, QuestionId, ShowCode
from quizserver.domain.phases import Phase
from quizserver.live.ports import RecoveryTaken, StepTaken
from quizserver.live.rows import (
    AnswerStatus,
    EventRow,
    FlagRow,
    Link,
    PersonChange,
    Rescored,
    ShowHead,
)
from quizserver.store import queries
from quizserver.store.backend import Connection, Cursor
from quizserver.store.chain import Chained, event_row, flag_row
from quizserver.store.lines import LineRow, prize_lines
from quizserver.store.people import Values
from quizserver.store.rewriting import rewrite
from quizserver.store.writer import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a show: its code and epoch, the scope of every rank."""

    show: ShowCode
    epoch: str

    def values(self, **more: str | int) -> dict[str, str | int]:
        """Return the parameters that name this run, and `more`."""
        return {"show": self.show, "epoch": self.epoch, **more}

    @property
    def chained(self) -> Chained:
        """Whose chain its rows are in."""
        return self.show, self.epoch


_ACCEPTED: Final = AnswerStatus.ACCEPTED.value


def append(
    turn: Transaction,
    event: EventRow,
    head: ShowHead | None,
    people: Sequence[PersonChange] = (),
) -> None:
    """Store an event and, with it, the head of the show and what it says of people.

    Raises:
        StepTaken: the step or the ref is in use.
    """
    batch, line = turn.batch.add(event_row(event))
    values = {**asdict(event), "batch": batch, "line": line}
    try:
        turn.connection.execute(queries.ADD_EVENT, values)
    except turn.connection.IntegrityError:
        raise StepTaken from None
    if head is not None:
        turn.connection.execute(
            queries.PUT_HEAD,
            {
                "code": event.show,
                "title": head.title,
                "lang": head.lang,
                "epoch": event.epoch,
                "phase": head.phase,
                "created_ms": event.at_ms,
                "step": event.step,
            },
        )
    rewrite(turn, event.show, event.epoch, people)


def put_flag(turn: Transaction, flag: FlagRow) -> None:
    """Store a flag; one that is there already stays as it is."""
    mark = turn.batch.mark()
    batch, line = turn.batch.add(flag_row(flag))
    values = {**asdict(flag), "batch": batch, "line": line}
    if turn.connection.execute(queries.ADD_FLAG, values).rowcount == 0:
        turn.batch.cut(mark)


def append_reveal(
    turn: Transaction,
    event: Callable[[Board], EventRow],
    run: Run,
    question: QuestionId,
    key: OptionId,
    top: int,
) -> Board:
    """Rank a question, add to the scores, store the event made from the board.

    Raises:
        StepTaken: the step or the ref is in use, or the question was ranked.
    """
    db = turn.connection
    # Before any row of it: two processes would wait for each other.
    turn.batch.hold([run.chained])
    try:
        _count_in(db, run, question, key)
    except db.IntegrityError:
        raise StepTaken from None
    db.execute(queries.RANK_SHOW, run.values())
    board = _board(db, run, question, top)
    append(turn, event(board), None)
    db.execute(
        queries.PUT_PHASE,
        {"code": run.show, "epoch": run.epoch, "phase": Phase.REVEALED.value},
    )
    return board


def append_seal(
    turn: Transaction,
    event: Callable[[Link], EventRow],
    run: Run,
    question: QuestionId,
    head: ShowHead | None,
) -> None:
    """Seal a question: store the event made from the head of the chain.

    The chain is held from before its head is read: what another process writes
    comes before that link, or finds the question sealed (Source: R6.1).

    Raises:
        StepTaken: the step is in use, or the question is sealed.
    """
    link = turn.batch.follows(run.chained)
    values = run.values(question=question)
    try:
        turn.connection.execute(queries.ADD_SEALED, values)
    except turn.connection.IntegrityError:
        raise StepTaken from None
    append(turn, event(link), head)
    turn.connection.execute(queries.FORGET_CLOSED, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """What a recount is made with, as `live.ports.Ledger.append_rescore` says."""

    run: Run
    keys: Mapping[QuestionId, OptionId]
    top: int
    least_right: int
    depth: int


def append_rescore(
    turn: Transaction,
    event: Callable[[Rescored], EventRow],
    recount: Recount,
    head: ShowHead | None,
) -> Rescored:
    """Compute all ranks and scores anew, store the event made from them.

    Answers stay as they are (Source: R1.6). Raises StepTaken as `append`.
    """
    # First, or what another process counts meanwhile would be counted twice.
    turn.batch.hold([recount.run.chained])
    found = _recounted(turn.connection, recount)
    append(turn, event(found), head)
    return found


def _recounted(db: Connection, recount: Recount) -> Rescored:
    run, top = recount.run, recount.top
    db.execute(queries.FORGET_PLACINGS, run.values())
    db.execute(queries.FORGET_SCORES, run.values())
    for question, key in recount.keys.items():
        _count_in(db, run, question, key)
    db.execute(queries.RANK_SHOW, run.values())
    values = run.values(least_right=recount.least_right, depth=recount.depth)
    return Rescored(
        leaderboard=_leaderboard(db, run, top),
        boards={question: _board(db, run, question, top) for question in recount.keys},
        lines=prize_lines(
            _line_rows(db.execute(queries.PRIZE_CANDIDATES, values)),
            _line_rows(db.execute(queries.SHOW_CANDIDATES, values)),
        ),
    )


def _line_rows(found: Cursor) -> list[LineRow]:
    return [
        LineRow(
            prize=prize,
            participant=participant,
            rank=rank,
            tied=bool(tied),
            time_ms=time_ms,
            right=right,
        )
        for prize, participant, rank, tied, time_ms, right in found.fetchall()
    ]


def register(turn: Transaction, participant: Values, person: Values) -> None:
    """Store a participant and the person, or what changed of them.

    Raises:
        RecoveryTaken: another participant has the recovery code.
    """
    try:
        turn.connection.execute(queries.PUT_PARTICIPANT, participant)
    except turn.connection.IntegrityError:
        raise RecoveryTaken from None
    turn.connection.execute(queries.PUT_PERSON, person)


def _count_in(db: Connection, run: Run, question: QuestionId, key: OptionId) -> None:
    """Rank a question and add its answers to the scores, in the order of play."""
    values = run.values(question=question, key=key)
    db.execute(queries.RANK_QUESTION, values)
    db.execute(queries.END_STREAKS, run.values(question=question))
    db.execute(queries.ADD_SCORES, values)


def _board(db: Connection, run: Run, question: QuestionId, top: int) -> Board:
    tally = db.execute(queries.TALLY, run.values(question=question)).fetchall()
    fastest = db.execute(queries.FASTEST, run.values(question=question, top=top))
    return Board(
        counts=tuple((option, n) for status, option, n in tally if status == _ACCEPTED),
        fastest=tuple(
            Placing(participant=participant, rank=rank, tied=bool(tied), time_ms=ms)
            for participant, rank, tied, ms in fastest.fetchall()
        ),
    )


def _leaderboard(db: Connection, run: Run, top: int) -> Leaderboard:
    ((number,),) = db.execute(queries.PARTICIPANTS_SCORED, run.values()).fetchall()
    rows = db.execute(queries.STANDINGS, run.values(top=top)).fetchall()
    return Leaderboard(
        top=tuple(
            Standing(
                participant=participant,
                rank=rank,
                tied=bool(tied),
                right=right,
                total_ms=total,
            )
            for participant, rank, tied, right, total in rows
        ),
        participants=number,
    )
