"""What an answer's time was made of, kept with the answer.

The JSON text of an answer row (`ports.AnswerRow.evidence`): every number that
the timing rule used, so that `results verify` recomputes T from the export
alone (Source: R4.9). Names are those of docs/reference/wire.md §6; their order is
fixed, since the text is hashed into the chain of the run and a verifier makes it
again from the export (R6.1).
"""

from typing import Final

import msgspec

from quizserver.domain.timing import Measured, Taken

WORKER: Final = 0
"""The process whose monotonic clock stamped an answer; there is one."""

_COMMON: Final = (
    *("T_us", "E_us", "S_ns", "R_ns", "T0_ns", "S_rule", "c_ms", "tier"),
    *("duration_ms", "worker", "origin", "visible"),
)
_CREDIT: Final = (
    *("P_us", "rtt_before_us", "rtt_after_us", "rtt_min_us", "retrans"),
    *("ring_us", "M_us", "A_us"),
)

EVIDENCE_KEYS: Final = {"fair-1": (*_COMMON, *_CREDIT), "received": _COMMON}
"""The names in an answer's evidence by timing rule, in the order of its text."""

_ENCODE: Final = msgspec.json.Encoder().encode


def evidence_text(rule: str, measured: Measured, taken: Taken, duration_ms: int) -> str:
    """Return the evidence of one answer as JSON text, without spaces.

    `duration_ms` is the time in force when the answer was judged. Under
    `received` every clock starts at T0 and stops at R, so S is T0 and T is E;
    `c_ms`, what the phone says, is kept and never used.
    """
    is_fair = rule != "received"
    trip = measured.trip
    common = {
        "T_us": taken.t_us,
        "E_us": taken.e_us,
        "S_ns": taken.sent_ns,
        "R_ns": measured.received_ns,
        "T0_ns": measured.opened_ns,
        "S_rule": trip.sent_rule if is_fair else rule,
        "c_ms": measured.claimed_ms,
        "tier": trip.tier if is_fair else rule,
        "duration_ms": duration_ms,
        "worker": WORKER,
        "origin": measured.origin,
        "visible": measured.visible,
    }
    return _ENCODE(common | (_credit(measured, taken) if is_fair else {})).decode()


def _credit(measured: Measured, taken: Taken) -> dict[str, object]:
    """Return what the delay was proven with.

    `P_us` is P of R4.4, whether a pong or the ring's median stood for it.
    """
    trip = measured.trip
    return {
        "P_us": taken.p_us,
        "rtt_before_us": trip.rtt_before_us,
        "rtt_after_us": trip.rtt_after_us,
        "rtt_min_us": trip.rtt_min_us,
        "retrans": trip.retrans,
        "ring_us": trip.ring_us,
        "M_us": taken.m_us,
        "A_us": taken.a_us,
    }
