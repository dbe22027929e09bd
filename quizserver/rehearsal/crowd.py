"""Many simulated phones at once, and what they can tell afterwards."""

import asyncio
import ssl
from dataclasses import dataclass, replace

from quizserver.rehearsal.people import invent
from quizserver.rehearsal.phone import Hints, SimulatedPhone, join_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a crowd measured; times are milliseconds.

    `taps` were sent, `receipts` came back; `spread` is how long after the
    first phone the last one had the options, for the worst question.
    """

    phones: int
    taps: int
    receipts: int
    receipt_p50: float
    receipt_p99: float
    receipt_max: float
    connect_p50: float
    connect_max: float
    spread: float
    reconnects: int


class Crowd:
    """`count` phones in one show; the same people for the same seed."""

    def __init__(
        self,
        address: str,
        show: str,
        *,
        count: int,
        seed: int,
        hints: Hints,
        via: str = "",
    ) -> None:
        """`via` is the page they come from; each their own when it is empty."""
        self._address = address
        self._trust: ssl.SSLContext | None = None
        self.phones = [
            SimulatedPhone(
                address,
                show,
                replace(person, via=via or person.via),
                hints,
                seed * 1_000_003 + number,
            )
            for number, person in enumerate(invent(count, seed))
        ]

    def trust(self, server: ssl.SSLContext) -> None:
        """Speak TLS with a server that no authority vouches for."""
        self._trust = server
        for phone in self.phones:
            phone.trust = server

    async def join(self) -> None:
        """Register everybody. Raises Refused, OSError."""
        await join_all(self._address, self.phones, trust=self._trust)

    async def run(self) -> None:
        """Stay in the show until it ends."""
        async with asyncio.TaskGroup() as tasks:
            for phone in self.phones:
                tasks.create_task(phone.run())

    def figures(self) -> Figures:
        """Return what was measured so far."""
        taps = [tap for phone in self.phones for tap in phone.log.taps.values()]
        waits = sorted(_ms(t.receipt_ns - t.sent_ns) for t in taps if t.receipt)
        connects = sorted(_ms(ns) for p in self.phones for ns in p.log.connect_ns)
        return Figures(
            phones=len(self.phones),
            taps=len(taps),
            receipts=len(waits),
            receipt_p50=_quantile(waits, 0.50),
            receipt_p99=_quantile(waits, 0.99),
            receipt_max=_quantile(waits, 1.0),
            connect_p50=_quantile(connects, 0.50),
            connect_max=_quantile(connects, 1.0),
            spread=self._spread(),
            reconnects=sum(max(0, len(p.log.connect_ns) - 1) for p in self.phones),
        )

    def _spread(self) -> float:
        seen: dict[str, list[int]] = {}
        for phone in self.phones:
            for question, at_ns in phone.log.opens.items():
                seen.setdefault(question, []).append(at_ns)
        return max((_ms(max(at) - min(at)) for at in seen.values()), default=0.0)


def _ms(ns: int) -> float:
    return ns / 1e6


def _quantile(ordered: list[float], share: float) -> float:
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
