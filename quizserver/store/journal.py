"""The journal: one thread, one connection, one queue, one fsync per batch.

Everything that changes the ledger goes through here, in order of arrival. The
thread takes what queued while it wrote the last batch, writes it in one
transaction, commits, and only when the commit is on the disk do the results
travel back to the loop (Source: R3.4). An answer is a row; everything else is
a function that gets the open transaction and may fail by itself: each stands
in a savepoint, so that one refused event takes no receipt with it.

Waiting a little gathers more answers into one commit. It is done only under
load, which is when something had already queued during the last batch; a lone
answer is committed at once, and a host's command ends the wait, as does having
gathered enough.

When the disk fails, nothing of that batch is acknowledged: answers are FAILED,
other writes raise LedgerDown. The thread goes on; each next batch tries again,
and so does the thread by itself once a second, so the ledger is well again
when the disk is. What was not acknowledged is not stored (`writer` says why),
unless the process dies before it writes again; then the restart finds out, and
the key of an answer and the step of an event make that harmless.

The queue is bounded. When it is full an answer is FAILED at once and a write
raises LedgerDown; phones send again.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from quizserver.live.ports import AnswerDone, LedgerDown, Unjudged
from quizserver.live.rows import Stored
from quizserver.store.backend import Backend
from quizserver.store.deliveries import Call, Deliveries
from quizserver.store.writer import Item, QueuedAnswer, QueuedWrite, T, Work, Writer

BOUND: Final = 100_000
"""Most that may queue: some tens of megabytes, seconds of the greatest load."""

BATCH: Final = 4_096
"""Most in one commit."""

ENOUGH: Final = 64
"""So many wait for no more: each further one saves hardly anything (35 in a commit:
31 µs an answer; 70: 26; 140: 26; 280: 24), and their receipts are held up."""

_IDLE_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The journal in numbers, for metrics and the host's status bar.

    `error` is "" or why the last write failed: `disk_full`, `io_error`,
    `locked`, `corrupt`, `connection_lost`, `write_failed`. `commit_ns` is how long
    the last commit took, statements and fsync; `busy_ns` how long the writer has
    been at what it does now, 0 when it waits. Counts are since the start.
    """

    error: str
    queued: int
    commits: int
    rows: int
    failures: int
    commit_ns: int
    busy_ns: int


class Journal:
    """The one writer of the ledger. Used from the event loop; owns a thread."""

    def __init__(
        self,
        backend: Backend,
        *,
        linger_ms: float,
        now_ns: Callable[[], int],
        bound: int = BOUND,
    ) -> None:
        """Start the thread.

        Args:
            backend: the database as its one writer sees it.
            linger_ms: longest wait for more answers before a commit, under load.
            now_ns: a monotonic clock, for `Health` only.
            bound: most that may queue.
        """
        self._linger_s = linger_ms / 1000
        self._bound = bound
        self._queue: deque[Item] = deque()
        self._lock = threading.Lock()
        self._wake = threading.Condition(self._lock)
        self._idle = self._urgent = self._closing = False
        self._deliveries = Deliveries()
        self._writer = Writer(backend, now_ns)
        self._now_ns = now_ns
        self._began_ns: int | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    # --- on the loop --------------------------------------------------------------

    def put(self, answer: Unjudged, done: AnswerDone) -> None:
        """Queue an answer; `done` is called on the loop when it is durable."""
        if not self._deliveries.is_followed:
            self._follow()
        if not self._enqueue(QueuedAnswer(answer, done), urgent=False):
            self._deliveries.post([(done, answer.lost(), Stored.FAILED)])

    async def write(self, work: Work[T], *, urgent: bool = True) -> T:
        """Run `work` in the next batch; return its result when it is durable.

        Raises:
            LedgerDown: the batch was lost, the queue is full, or `close` was called.
            Exception: whatever `work` raised; nothing of it is stored.
        """
        return await self.submit(work, urgent=urgent)

    def submit(self, work: Work[T], *, urgent: bool = True) -> asyncio.Future[T]:
        """Queue `work` and return what `write` waits for.

        Raises:
            LedgerDown: the queue is full, or `close` was called.
        """
        loop = self._follow()
        future: asyncio.Future[T] = loop.create_future()
        if not self._enqueue(QueuedWrite(work, future), urgent=urgent):
            raise LedgerDown("closed" if self._closing else "queue_full")
        return future

    def health(self) -> Health:
        """Return the figures of this moment."""
        began_ns = self._began_ns
        return Health(
            error=self._writer.error,
            queued=len(self._queue),
            commits=self._writer.commits,
            rows=self._writer.rows,
            failures=self._writer.failures,
            commit_ns=self._writer.commit_ns,
            busy_ns=0 if began_ns is None else self._now_ns() - began_ns,
        )

    def scrub(self) -> None:
        """Have nothing of what was deleted left in the database's files, soon."""
        self._writer.scrub()

    def close(self) -> None:
        """Write what is queued, then close the file. May be called again."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._writer.stop()
        self._thread.join()

    def _follow(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.get_running_loop()
        self._deliveries.follow(loop)
        return loop

    def _enqueue(self, item: Item, *, urgent: bool) -> bool:
        with self._lock:
            if self._closing or len(self._queue) >= self._bound:
                return False
            self._queue.append(item)
            self._urgent = self._urgent or urgent
            if self._idle or self._urgent or len(self._queue) == ENOUGH:
                self._wake.notify()
        return True

    # --- on the thread: taking ------------------------------------------------------

    def _run(self) -> None:
        while (items := self._take()) is not None:
            self._began_ns = self._now_ns()
            calls = self._settled(items)
            self._began_ns = None
            if calls:
                self._deliveries.post(calls)
        self._writer.close()

    def _settled(self, items: list[Item]) -> list[Call]:
        """Write a batch, or use an idle second; return what to tell."""
        if items:
            return self._writer.settle(items)
        self._writer.rest()
        return []

    def _take(self) -> list[Item] | None:
        """Return the next batch; none after an idle second; None at the end."""
        with self._wake:
            if not self._queue and not self._closing:
                self._idle = True
                self._wake.wait(_IDLE_S)
                self._idle = False
            elif self._linger_s > 0:
                self._wake.wait_for(self._hurries, self._linger_s)
            if not self._queue:
                return None if self._closing else []
            size = min(len(self._queue), BATCH)
            self._urgent = self._urgent and size < len(self._queue)
            return [self._queue.popleft() for _ in range(size)]

    def _hurries(self) -> bool:
        return self._closing or self._urgent or len(self._queue) >= ENOUGH
