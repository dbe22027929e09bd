"""The arithmetic of R4 a second time: T from what an answer's row holds.

Whole numbers only, with the names of the audit export: `…_ns` nanoseconds of one
monotonic clock, `…_us` microseconds, `…_ms` milliseconds. On purpose this is not
`domain.timing`: a mistake in one of them shows as a difference.
"""

from collections.abc import Mapping
from typing import Any, Final

Row = Mapping[str, Any]

_MS: Final = 1_000
"""A millisecond in microseconds; a microsecond in nanoseconds."""


def times(rule: str, row: Row) -> dict[str, Any]:
    """Return T, its parts and the status as `rule` makes them of the row."""
    t0, r = row["T0_ns"], row["R_ns"]
    if rule == "received":
        t = max(0, r - t0) // _MS
        return {"S_ns": t0, "E_us": t, **_result(row, t, 0)}
    s = min(max(row["S_ns"], t0), t0 + 300 * _MS * _MS)  # R4.1
    if row["S_rule"] == "absent":
        s = t0  # no socket showed it in time: the clock ran from the opening
    e = max(0, r - s) // _MS  # R4.2
    p, m = proven(row), margin(row["ring_us"])
    a = min(p + m, 500 * _MS)  # R4.6
    c = claim(row)
    if c is None:
        c = e - min(p, 400 * _MS)  # R4.3
    t = max(0, min(max(c, e - a), e))  # R4.6
    # R4.7: 300 + 500 + 300 ms after the duration the question closes.
    return {"S_ns": s, "E_us": e, "M_us": m, "A_us": a, **_result(row, t, 1_100)}


def proven(row: Row) -> int:
    """Return P*, the round trip that the server can vouch for (R4.4)."""
    p: int = row["P_us"]
    before: int | None = row["rtt_before_us"]
    after: int | None = row["rtt_after_us"]
    if row["tier"] != "kernel" or before is None or after is None or row["retrans"] > 0:
        return p
    return max(0, min(p, 8 * after - 7 * before + 10 * _MS))


def margin(ring: list[int]) -> int:
    """Return M, from the upper quartile of the ring by nearest rank (R4.5)."""
    if not ring:
        return 40 * _MS
    ordered = sorted(ring)
    p75 = ordered[(3 * len(ordered) + 3) // 4 - 1]
    return min(max(40 * _MS + p75 - ordered[0], 40 * _MS), 100 * _MS)


def claim(row: Row) -> int | None:
    """Return c where it counts, None where it does not (R4.3)."""
    shown_once = row["S_rule"] in ("live", "capped") and row["tier"] != "http"
    c: int | None = row["c_ms"]
    return c * _MS if shown_once and c is not None and c >= 0 else None


def _result(row: Row, t: int, more_ms: int) -> dict[str, Any]:
    """Return T and whether it counts (R4.7)."""
    duration = row["duration_ms"]
    waited = row["R_ns"] - row["T0_ns"]
    in_time = t < duration * _MS and waited <= (duration + more_ms) * _MS * _MS
    status = "accepted" if in_time else "late"
    return {"T_us": t, "time_ms": t // _MS, "status": status}
