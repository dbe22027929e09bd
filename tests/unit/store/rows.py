"""Rows for tests of the ledger, and a way to wait for receipts."""

import asyncio
import threading
from collections.abc import Awaitable, Iterable
from functools import cache
from typing import NamedTuple

from quizserver.domain.board import Board
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode
from quizserver.live.ports import Asked, Ledger
from quizserver.live.rows import (
    AnswerRow,
    Consent,
    EventRow,
    FlagRow,
    Registration,
    Rescored,
    ShowHead,
    Stored,
)
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.writer import Transaction

SHOW = ShowCode("CCHC1")
EPOCH = "e1"
Q1 = QuestionId("q1")
A, B, C, D = (OptionId(letter) for letter in "ABCD")


def answer(
    participant: str,
    option: str = "A",
    time_ms: int = 1_000,
    *,
    question: str = "q1",
    status: str = "accepted",
    epoch: str = EPOCH,
    evidence: str = '{"T0_ns":1,"R_ns":2}',
) -> AnswerRow:
    """Return an answer row; the receipt tells it from others of its key."""
    return AnswerRow(
        show=SHOW,
        epoch=epoch,
        question=QuestionId(question),
        participant=ParticipantId(participant),
        option=OptionId(option),
        status=status,
        time_ms=time_ms,
        received_ns=9_007_199_254_740_993 + time_ms,
        at_ms=1_697_720_400_000 + time_ms,
        receipt=f"{option}{time_ms}",
        evidence=evidence,
    )


class Judged(NamedTuple):
    """Implements `live.ports.Unjudged` by a row that stands."""

    row: AnswerRow

    @property
    def asked(self) -> Asked:
        """As of a step that nothing follows."""
        return asked((self.row.show, self.row.epoch), self.row.question)

    def judged(self, duration_ms: int | None = None) -> AnswerRow:
        """Return the row."""
        assert duration_ms is None
        return self.row

    def lost(self) -> AnswerRow:
        """Return the row."""
        return self.row


@cache
def asked(run: tuple[ShowCode, str], question: QuestionId, step: int = 999) -> Asked:
    """Return the same of the same."""
    return Asked(run=run, question=question, step=step)


def event(
    step: int,
    *,
    name: str = "LobbyOpened",
    ref: str = "",
    data: str = "{}",
    epoch: str = EPOCH,
    at_ms: int = 5,
) -> EventRow:
    """Return an event row."""
    return EventRow(
        show=SHOW,
        epoch=epoch,
        step=step,
        at_ms=at_ms,
        name=name,
        actor="Hoa",
        ref=ref,
        data=data,
    )


def flag(
    participant: str,
    code: str = "changed",
    *,
    question: str = "q1",
    at_ms: int = 1_697_720_401_000,
) -> FlagRow:
    """Return a flag on an answer."""
    return FlagRow(
        show=SHOW,
        epoch=EPOCH,
        question=QuestionId(question),
        participant=ParticipantId(participant),
        flag=code,
        at_ms=at_ms,
    )


def registration(
    participant: str, recovery: str = "", phone: str = "0905 123 456"
) -> Registration:
    """Return a participant with a person's data in Vietnamese."""
    return Registration(
        show=SHOW,
        epoch=EPOCH,
        participant=ParticipantId(participant),
        name="Nguyễn Thị Phương Thảo",
        unit="Sở Nội vụ",
        phone=phone,
        via="cchc",
        recovery_hash=recovery or f"code-of-{participant}",
        consent=Consent(version="1", play=True, show_name=True, contact=False, at_ms=7),
    )


async def put(
    ledger: Ledger, rows: Iterable[AnswerRow]
) -> list[tuple[AnswerRow, Stored]]:
    """Offer rows in one turn of the loop; return what became of each, in order."""
    offered = list(rows)
    results: list[tuple[AnswerRow, Stored]] = []
    settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def done(row: AnswerRow, stored: Stored) -> None:
        results.append((row, stored))
        if len(results) == len(offered):
            settled.set_result(None)

    for row in offered:
        ledger.put_answer(Judged(row), done)
    if offered:
        await settled
    return results


async def in_one_batch(ledger: SqlLedger, *offers: Awaitable[object]) -> None:
    """Settle offers that queue up while the journal's thread is held in a write.

    However busy the machine is, the thread then takes them all at once.
    """
    begun, done = threading.Event(), threading.Event()

    def hold(_turn: Transaction) -> None:
        begun.set()
        # A test that has failed lets nothing go, and its ledger must close.
        done.wait(30)

    async def let_go() -> None:
        done.set()
        await held

    held = ledger.journal.submit(hold)
    await asyncio.to_thread(begun.wait, 30)
    # Tasks begin in their order: all offers are queued when the last lets go.
    await asyncio.gather(*offers, let_go())


async def reveal(
    ledger: Ledger, step: int, key: OptionId, question: str = "q1", top: int = 10
) -> Board:
    """Rank a question and store an event that quotes the board."""
    return await ledger.append_reveal(
        lambda board: event(step, name="AnswerRevealed", data=repr(board)),
        show=SHOW,
        epoch=EPOCH,
        question=QuestionId(question),
        key=key,
        top=top,
    )


async def rescore(
    ledger: Ledger,
    step: int,
    keys: dict[str, str],
    *,
    least_right: int = 0,
    depth: int = 50,
    head: ShowHead | None = None,
) -> Rescored:
    """Rank everything anew by `keys`; the event quotes what was found."""
    return await ledger.append_rescore(
        lambda found: event(step, name="QuestionVoided", data=repr(found)),
        show=SHOW,
        epoch=EPOCH,
        keys={QuestionId(q): OptionId(key) for q, key in keys.items()},
        top=10,
        least_right=least_right,
        depth=depth,
        head=head,
    )
