"""Writes answers and events to a ledger until it is killed; run as a program.

    python -m tests.faults.store_writer DATABASE PREFIX [SYNCHRONOUS]

Prints a line for each outcome, at once and unbuffered: `+PARTICIPANT` for an
answer that was acknowledged, `-PARTICIPANT` for one that failed, `!STEP` for an
event that was acknowledged. DATABASE is a file or a URL. SYNCHRONOUS replaces the
store's own, which is how the tests seed the defect they must catch.
"""

import asyncio
import os
import sys
from itertools import count

from quizserver.live.ports import LedgerDown
from quizserver.live.rows import AnswerRow, Stored
from quizserver.store import files
from quizserver.store.ledger import open_ledger
from quizserver.store.sql_ledger import SqlLedger
from tests.unit.store.rows import Judged, answer, event

OUTSTANDING = 200


async def main(database: str, prefix: str) -> None:
    """Keep `OUTSTANDING` answers on their way, and an event now and then."""
    url = database if "://" in database else f"sqlite:///{database}"
    ledger = open_ledger(url, secret=b"0" * 32)
    wake = asyncio.Semaphore(OUTSTANDING)

    def done(row: AnswerRow, stored: Stored) -> None:
        say("-" if stored is Stored.FAILED else "+", row.participant)
        wake.release()

    async with asyncio.TaskGroup() as group:
        group.create_task(events(ledger, prefix))
        for number in count():
            await wake.acquire()
            ledger.put_answer(Judged(offered(f"{prefix}-{number}")), done)


async def events(ledger: SqlLedger, epoch: str) -> None:
    """Append events one after another; a failed one is tried again."""
    for step in count(1):
        while True:
            try:
                await ledger.append(event(step, epoch=epoch))
                break
            except LedgerDown:
                await asyncio.sleep(0.01)
        say("!", str(step))
        await asyncio.sleep(0.005)


def offered(participant: str) -> AnswerRow:
    """Return the answer of a participant: the same whoever asks."""
    return answer(participant, time_ms=len(participant) * 100)


def say(mark: str, what: str) -> None:
    """Print in one write: what was said before a kill was said whole."""
    os.write(1, f"{mark}{what}\n".encode())


if __name__ == "__main__":
    if len(sys.argv) > 3:
        files.SYNCHRONOUS = sys.argv[3]  # type: ignore[misc] # the seeded defect
    asyncio.run(main(sys.argv[1], sys.argv[2]))
