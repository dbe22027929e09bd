"""What an answer's time was made of, kept with the answer.

The JSON text of an answer row (`rows.AnswerRow.evidence`): every number that
the timing rule used, so that `results verify` recomputes T from the export
alone (Source: R4.9). Names are those of docs/reference/wire.md §6; their order is
fixed, since the text is hashed into the chain of the run and a verifier makes it
again from the export (R6.1).
"""

from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType, field

from quizserver.domain.timing import Measured, Taken

WORKER: Final = 0
"""The process whose monotonic clock stamped an answer; there is one."""


class _Evidence(msgspec.Struct, gc=False):
    """The names and the order of the text; what a rule does not use is not in it."""

    t_us: int = field(name="T_us")
    e_us: int = field(name="E_us")
    sent_ns: int = field(name="S_ns")
    received_ns: int = field(name="R_ns")
    opened_ns: int = field(name="T0_ns")
    sent_rule: str = field(name="S_rule")
    claimed_ms: int | None = field(name="c_ms")
    tier: str
    duration_ms: int
    worker: int
    origin: str | None
    visible: bool
    # What the delay was proven with. P is that of R4.4, whether a pong or the ring's
    # median stood for it.
    p_us: int | UnsetType = field(default=UNSET, name="P_us")
    rtt_before_us: int | UnsetType | None = UNSET
    rtt_after_us: int | UnsetType | None = UNSET
    rtt_min_us: int | UnsetType | None = UNSET
    retrans: int | UnsetType = UNSET
    ring_us: tuple[int, ...] | UnsetType = UNSET
    m_us: int | UnsetType = field(default=UNSET, name="M_us")
    a_us: int | UnsetType = field(default=UNSET, name="A_us")


_FIELDS: Final = msgspec.structs.fields(_Evidence)

EVIDENCE_KEYS: Final = {
    "fair-1": tuple(one.encode_name for one in _FIELDS),
    "received": tuple(one.encode_name for one in _FIELDS if one.required),
}
"""The names in an answer's evidence by timing rule, in the order of its text."""

_ENCODE: Final = msgspec.json.Encoder().encode


def evidence_text(rule: str, measured: Measured, taken: Taken, duration_ms: int) -> str:
    """Return the evidence of one answer as JSON text, without spaces.

    `duration_ms` is the time in force when the answer was judged. Under
    `received` every clock starts at T0 and stops at R, so S is T0 and T is E;
    `c_ms`, what the phone says, is kept and never used.
    """
    trip, sent_rule, tier = measured.trip, rule, rule
    proof: tuple[Any, ...] = ()
    if rule != "received":
        sent_rule, tier = trip.sent_rule, trip.tier
        proof = (
            taken.p_us,
            trip.rtt_before_us,
            trip.rtt_after_us,
            trip.rtt_min_us,
            trip.retrans,
            trip.ring_us,
            taken.m_us,
            taken.a_us,
        )
    evidence = _Evidence(  # by position: it is made for every answer
        taken.t_us,
        taken.e_us,
        taken.sent_ns,
        measured.received_ns,
        measured.opened_ns,
        sent_rule,
        measured.claimed_ms,
        tier,
        duration_ms,
        WORKER,
        measured.origin,
        measured.visible,
        *proof,
    )
    return _ENCODE(evidence).decode()
