"""What an answer's time was made of, kept with the answer.

The JSON text of an answer row (`rows.AnswerRow.evidence`): every number that
the timing rule used, so that `results verify` recomputes T from the export
alone (Source: R4.9). Names are those of docs/reference/wire.md §6; their order is
fixed, since the text is hashed into the chain of the run and a verifier makes it
again from the export (R6.1).
"""

from typing import Final

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
    is_fair = rule != "received"
    trip = measured.trip
    evidence = _Evidence(
        t_us=taken.t_us,
        e_us=taken.e_us,
        sent_ns=taken.sent_ns,
        received_ns=measured.received_ns,
        opened_ns=measured.opened_ns,
        sent_rule=trip.sent_rule if is_fair else rule,
        claimed_ms=measured.claimed_ms,
        tier=trip.tier if is_fair else rule,
        duration_ms=duration_ms,
        worker=WORKER,
        origin=measured.origin,
        visible=measured.visible,
    )
    if is_fair:
        evidence.p_us, evidence.m_us, evidence.a_us = taken.p_us, taken.m_us, taken.a_us
        evidence.rtt_before_us = trip.rtt_before_us
        evidence.rtt_after_us = trip.rtt_after_us
        evidence.rtt_min_us = trip.rtt_min_us
        evidence.retrans = trip.retrans
        evidence.ring_us = trip.ring_us
    return _ENCODE(evidence).decode()
