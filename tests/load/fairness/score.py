"""The scores of one run, from its records: pure arithmetic.

Every rule is scored on the same answers: `fair` is the server's T of rule `fair-1`,
`arrival` the moment of receipt, `sent` received minus sent. Times are milliseconds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from tests.load.fairness.people import NETWORKS, NS_PER_MS, SLOW, Kind
from tests.load.fairness.records import Log, Record, quantile

RULES: Final = ("fair", "arrival", "sent")
CHEATS: Final = (
    Kind.EDITED,
    Kind.HOLDER,
    Kind.SILENT,
    Kind.BOXED,
    Kind.MOVER,
    Kind.SECOND,
)
HONEST: Final = Kind.HONEST
SHOW: Final = 10
"""Questions of a usual show: blind tapping is judged show by show."""

Records = list[Record]
Scores = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Bias:
    """How far honest times lie from the truth, for all and by network."""

    common: float
    by_network: dict[int, float]

    def of(self, network: int) -> float:
        """Return the bias of one kind of network."""
        return self.by_network.get(network, self.common)


def scores(log: Log) -> Scores:
    """Return every score of a run."""
    honest = [r for r in log.records if r.phone.kind is HONEST]
    right = [r for r in honest if r.is_right]
    bias = _bias([r for r in honest if r.counts])
    return {
        "answers": len(honest),
        "unanswered_share": _share(not r.counts for r in honest),
        "top1": {rule: _top1(right, rule) for rule in RULES},
        "slow_wins": {rule: _slow(right, rule, 1) for rule in RULES},
        "slow_top10": {rule: _slow(right, rule, 10) for rule in RULES},
        "error": _errors(right, bias),
        "bias": {NETWORKS[n].name: round(ms, 1) for n, ms in bias.by_network.items()},
        "gain": {kind.name: _gain(log.records, kind, bias) for kind in CHEATS},
        "stolen": log.stolen,
        "stamps": _stamps(honest),
        "spread": _spread(honest),
        "tiers": dict(Counter(r.row["tier"] for r in honest if r.row)),
        "retransmitted_share": _share(r.row["retrans"] > 0 for r in honest if r.row),
        "blind": _blind(log.records),
        "flags": {kind.name: _flags(log.records, kind) for kind in (*CHEATS, HONEST)},
    }


def _share(facts: Iterable[bool]) -> float:
    known = list(facts)
    return round(sum(known) / len(known), 4) if known else 0.0


def _by_question(records: Records) -> Iterable[Records]:
    groups: dict[int, Records] = defaultdict(list)
    for record in records:
        groups[record.question].append(record)
    return groups.values()


def _bias(honest: Records) -> _Bias:
    groups: dict[int, list[float]] = defaultdict(list)
    for record in honest:
        groups[record.phone.network].append(record.error)
    return _Bias(
        quantile([r.error for r in honest], 0.5),
        {network: quantile(errors, 0.5) for network, errors in sorted(groups.items())},
    )


def _top1(right: Records, rule: str) -> float:
    """Return how often the truly fastest is a winner; equal hundredths all win."""
    return _share(_wins(asked, rule) for asked in _by_question(right))


def _wins(asked: Records, rule: str) -> bool:
    fastest = min(asked, key=lambda r: r.truth)
    best = min((_hundredths(r, rule) for r in asked if r.counts), default=None)
    return fastest.counts and _hundredths(fastest, rule) == best


def _hundredths(record: Record, rule: str) -> int:
    return int(record.time(rule) // 10)


def _slow(right: Records, rule: str, most: int) -> Scores:
    """Return the slow networks' share of the first `most`, by rule and in truth."""
    given = true = places = 0
    for asked in _by_question(right):
        taken = [r for r in asked if r.counts]
        given += _slow_among(taken, most, lambda r: r.time(rule))
        true += _slow_among(asked, most, lambda r: r.truth)
        places += min(most, len(asked))
    ratio = round(given / true, 2) if true else None
    return {"given": given, "true": true, "of": places, "ratio": ratio}


def _slow_among(asked: Records, most: int, key: Callable[[Record], float]) -> int:
    return sum(r.phone.network in SLOW for r in sorted(asked, key=key)[:most])


def _errors(right: Records, bias: _Bias) -> Scores:
    """Return how far T is from the truth around the common bias."""
    counted = [r for r in right if r.counts]
    near: Records = []
    for asked in _by_question(counted):
        first = max(10, len(asked) // 50)
        near += sorted(asked, key=lambda r: r.truth)[:first]
    off = [abs(r.error - bias.common) for r in counted]
    near_off = [abs(r.error - bias.common) for r in near]
    return {
        "common_bias": round(bias.common, 1),
        "p50": _round(off, 0.5),
        "p99": _round(off, 0.99),
        "contenders_p50": _round(near_off, 0.5),
        "contenders_p95": _round(near_off, 0.95),
        "contenders_p99": _round(near_off, 0.99),
    }


def _round(values: list[float], share: float) -> float:
    return round(quantile(values, share), 1)


def _gain(records: Records, kind: Kind, bias: _Bias) -> Scores:
    """Return what a cheat was given beyond an honest phone on such a network."""
    cheats = [r for r in records if r.phone.kind is kind and r.counts]
    gained = [
        (r.phone.network, r.truth + bias.of(r.phone.network) - r.time("fair"))
        for r in cheats
    ]
    gains = [gain for _, gain in gained]
    return {
        "answers": len(gains),
        "wifi_median": _round([gain for network, gain in gained if network == 0], 0.5),
        "median": _round(gains, 0.5),
        "p99": _round(gains, 0.99),
        "most": _round(gains, 1),
    }


def _stamps(honest: Records) -> Scores:
    """Return how far the server's stamps are from the path's moments."""
    return {
        "sent": _offs([r.sent_off for r in honest]),
        "received": _offs([r.received_off for r in honest]),
    }


def _offs(offs: list[float | None]) -> Scores:
    known = [abs(off) for off in offs if off is not None]
    quantiles = {f"p{s * 100:g}": round(quantile(known, s), 2) for s in (0.5, 0.99)}
    return {
        "compared": len(known),
        **quantiles,
        "most": round(max(known, default=0), 2),
    }


def _spread(honest: Records) -> Scores:
    """Return how long sending the question to everybody took, by question."""
    lasted = []
    for asked in _by_question(honest):
        sent = [r.row["S_ns"] for r in asked if r.row and r.row["S_rule"] == "live"]
        lasted.append((max(sent) - min(sent)) / NS_PER_MS if sent else 0.0)
    return {"p50": _round(lasted, 0.5), "p99": _round(lasted, 0.99)}


def _flags(records: Records, kind: Kind) -> Scores:
    """Return on what share of a kind's answers each flag stands."""
    rows = [r.row for r in records if r.phone.kind is kind and r.row]
    found = Counter(flag for row in rows for flag in row["flags"])
    return {flag: round(count / len(rows), 4) for flag, count in found.most_common()}


def _blind(records: Records) -> Scores:
    """Return the share of question prizes that blind tappers take.

    `free`: the fastest right answer wins. `8_of_10`: the fastest of those who have
    at least 8 right answers in their show of ten.
    """
    players = [r for r in records if r.phone.kind in (Kind.HONEST, Kind.BLIND)]
    right = [r for r in players if r.is_right and r.counts]
    known = Counter((r.phone.number, (r.question - 1) // SHOW) for r in right)
    sure = [r for r in right if known[r.phone.number, (r.question - 1) // SHOW] >= 8]
    return {
        "phones": len({r.phone.number for r in players if r.phone.kind is Kind.BLIND}),
        "free": _blind_prizes(right),
        "8_of_10": _blind_prizes(sure),
    }


def _blind_prizes(right: Records) -> float:
    return _share(
        min(asked, key=lambda r: r.time("fair")).phone.kind is Kind.BLIND
        for asked in _by_question(right)
    )
