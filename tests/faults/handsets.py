"""Phones that do what a test tells them, and a history that can be judged.

A handset speaks only the wire. Everything it sends and everything it is told
goes into a `History`; `judge` compares that with what the server exports.
"""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from quizserver.rehearsal.calls import Caller

GONE: Final = (OSError, ConnectionClosed, InvalidHandshake, TimeoutError, EOFError)
"""What a phone sees of a server that was killed."""

_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer as it left a phone; the time is monotonic, ns."""

    participant: str
    question: str
    option: str
    sent_ns: int


@dataclass(slots=True)
class History:
    """Everything that phones sent, and every receipt that reached one."""

    sent: list[Sent] = field(default_factory=list)
    receipts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def receipts_of(self, participant: str, question: str) -> list[dict[str, Any]]:
        """Return what a participant was told about a question, oldest first."""
        return [
            said
            for who, said in self.receipts
            if who == participant and said["question"] == question
        ]


@dataclass(slots=True)
class Verdict:
    """What is wrong between what phones were told and what is stored; all empty."""

    lost: list[str] = field(default_factory=list)
    phantom: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    split: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.phantom or self.double or self.split)

    def counts(self) -> str:
        """Return how many of each, in the order of the fields."""
        every = (self.lost, self.phantom, self.double, self.split)
        return ", ".join(str(len(wrong)) for wrong in every)


def judge(history: History, stored: Iterable[dict[str, Any]]) -> Verdict:
    """Compare the history with the stored answers of an export.

    Lost: a receipt without its row, or with another one. Phantom: a row that
    nobody sent. Double: two rows for one key. Split: two receipts for one key
    that do not say the same.
    """
    rows: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in stored:
        rows[row["participant"], row["question"]].append(row)
    verdict = Verdict()
    offered = {(s.participant, s.question, s.option) for s in history.sent}
    for key, found in rows.items():
        if len(found) > 1:
            verdict.double.append(str(found))
        if any((*key, row["option"]) not in offered for row in found):
            verdict.phantom.append(str(found))
    _judge_receipts(history, rows, verdict)
    return verdict


def _judge_receipts(
    history: History,
    rows: Mapping[tuple[str, str], list[dict[str, Any]]],
    verdict: Verdict,
) -> None:
    first: dict[tuple[str, str], tuple[object, ...]] = {}
    for who, receipt in history.receipts:
        if receipt["status"] not in {"accepted", "late"}:
            continue
        key, told = (who, receipt["question"]), told_by(receipt)
        if first.setdefault(key, told) != told:
            verdict.split.append(f"{key}: {first[key]} and {told}")
        if told not in [told_by(row) for row in rows.get(key, ())]:
            verdict.lost.append(f"{key}: {told}")


def told_by(receipt: dict[str, Any]) -> tuple[object, ...]:
    """Return what a receipt promises, without whether it is the first."""
    return tuple(receipt.get(k) for k in ("option", "status", "receipt", "time_ms"))


class Handset:
    """One participant's phone. Knows the wire, and nothing of the server."""

    def __init__(
        self, address: str, show: str, seat: dict[str, Any], history: History
    ) -> None:
        self.participant = str(seat["participant"])
        self.token = str(seat["token"])
        self.show = show
        self.history = history
        self.heard: list[dict[str, Any]] = []
        self.at_ns: list[int] = []
        """When each of `heard` came, monotonic."""
        self.closes: list[int] = []
        self.question = self.nonce = ""
        self.address = address
        self._news = asyncio.Event()
        self._sockets: list[ClientConnection] = []
        self._listeners = 0

    @asynccontextmanager
    async def online(self) -> AsyncIterator[ClientConnection]:
        """Connect and say hello; listen until the end of the block."""
        url = self.address.replace("http", "ws", 1) + "/ws/phone"
        async with (
            connect(
                url, compression=None, proxy=None, ping_interval=None, open_timeout=10
            ) as socket,
            asyncio.TaskGroup() as tasks,
        ):
            hello = {"type": "hello", "v": 1, "show": self.show, "token": self.token}
            await socket.send(json.dumps(hello))
            self._sockets.append(socket)
            self._listeners += 1
            listening = tasks.create_task(self._listen(socket))
            # Not at the end of `_listen`: a task may be cancelled unbegun.
            listening.add_done_callback(self._ended)
            try:
                yield socket
            finally:
                self._sockets.remove(socket)
                listening.cancel()

    async def hears(
        self, kind: str, *, since: int = 0, count: int = 1
    ) -> dict[str, Any]:
        """Wait for the `count`th message of a kind, after the first `since` of all."""
        async with asyncio.timeout(20):
            while True:
                told = [m for m in self.heard[since:] if m["type"] == kind]
                if len(told) >= count:
                    return told[count - 1]
                await self.news()

    async def news(self) -> None:
        """Wait until anything comes, or a socket ends.

        Raises:
            EOFError: no socket is left that anything could come over.
        """
        if not self._listeners:
            raise EOFError("every socket of this phone has ended")
        self._news.clear()
        await self._news.wait()

    async def answer(
        self, option: str, *, socket: ClientConnection | None = None, **more: object
    ) -> None:
        """Send an answer over a socket: the newest, unless one is given."""
        carrier = socket or self._sockets[-1]
        message = self._message(option) | more
        self._note(message)
        await carrier.send(json.dumps(message))

    async def answer_by_call(self, option: str, **more: object) -> dict[str, Any]:
        """Send an answer over HTTP; return its receipt. Raises Refused, OSError."""
        message = self._message(option) | more
        self._note(message)
        async with Caller(self.address, self.token) as caller:
            receipt: dict[str, Any] = await caller.post("/api/phone/answers", message)
        self._take(receipt)
        return receipt

    async def receipt(self, count: int = 1) -> dict[str, Any]:
        """Wait until `count` receipts for the newest question came; return the last."""
        async with asyncio.timeout(20):
            while True:
                told = self.history.receipts_of(self.participant, self.question)
                if len(told) >= count:
                    return told[-1]
                await self.news()

    def has_receipt(self) -> bool:
        """Tell whether there is a receipt for the newest question."""
        return bool(self.history.receipts_of(self.participant, self.question))

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            async for text in socket:
                self._hear(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self.closes.append(socket.close_code or 1006)

    def _ended(self, _: object) -> None:
        self._listeners -= 1
        self._news.set()

    def _hear(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        self.at_ns.append(time.monotonic_ns())
        state = message.get("state") if message["type"] == "welcome" else message
        asked = state.get("question") if isinstance(state, dict) else None
        if isinstance(asked, dict) and asked.get("nonce"):
            self.question, self.nonce = asked["id"], asked["nonce"]
        if message["type"] == "receipt":
            self._take(message)
        self._news.set()

    def _message(self, option: str) -> dict[str, object]:
        return {
            "type": "answer",
            "question": self.question,
            "option": option,
            "nonce": self.nonce,
            "elapsed_ms": 1_000,
            "copy": 0,
        }

    def _note(self, message: dict[str, object]) -> None:
        question, option = str(message["question"]), str(message["option"])
        self.history.sent.append(
            Sent(self.participant, question, option, time.monotonic_ns())
        )

    def _take(self, receipt: dict[str, Any]) -> None:
        if receipt.get("question") and receipt.get("status"):
            self.history.receipts.append((self.participant, receipt))


async def join(
    address: str, show: str, names: Iterable[str], history: History
) -> list[Handset]:
    """Register people over HTTP; return their phones in the same order."""
    waiting = list(enumerate(names))
    joined: dict[int, Handset] = {}

    async def register() -> None:
        async with Caller(address) as caller:
            while waiting:
                number, name = waiting.pop()
                form = {
                    "name": name,
                    "unit": "Thôn Hạ",
                    "consent": {"version": "1", "play": True, "show_name": True},
                }
                seat = await caller.post(f"/api/shows/{show}/participants", form)
                joined[number] = Handset(address, show, seat, history)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(min(_AT_ONCE, len(waiting))):
            tasks.create_task(register())
    return [joined[number] for number in sorted(joined)]


def crowd_names(count: int, prefix: str = "Thử") -> list[str]:
    """Return names of people who do not exist."""
    return [f"{prefix} {number}" for number in range(count)]


def statuses(history: History) -> Counter[str]:
    """Count the receipts by status."""
    return Counter(str(receipt["status"]) for _, receipt in history.receipts)


def accounted(history: History, verdict: Verdict) -> dict[str, object]:
    """Return the figures of a history and what is wrong with it, by name."""
    return {
        "answers sent": len(history.sent),
        "receipts": dict(statuses(history)),
        "lost, phantom, double, split": verdict.counts(),
    }
