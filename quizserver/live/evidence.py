"""What an answer's time was made of, kept with the answer.

The JSON text of an answer row (`ports.AnswerRow.evidence`): every number that
the timing rule used, so that `results verify` recomputes T from the export
alone (Source: R4.9). Names are those of docs/reference/wire.md §7.
"""

import os
from typing import Final

import msgspec

from quizserver.domain.timing import Measured, Taken

_ENCODE: Final = msgspec.json.Encoder().encode
_WORKER: Final = str(os.getpid())
"""Whose socket and clock it was: a process of this machine."""


def evidence_text(measured: Measured, taken: Taken, duration_ms: int) -> str:
    """Return the evidence of one answer as JSON text.

    `duration_ms` is the time in force when the answer was judged: an early
    lock that is being written then does not yet bind it. `P_us` is P of R4.4,
    whether a pong or the ring's median stood for it.
    """
    trip = measured.trip
    return _ENCODE(
        {
            "T_us": taken.t_us,
            "E_us": taken.e_us,
            "S_ns": taken.sent_ns,
            "R_ns": measured.received_ns,
            "T0_ns": measured.opened_ns,
            "S_rule": trip.sent_rule,
            "c_ms": measured.claimed_ms,
            "P_us": taken.p_us,
            "rtt_before_us": trip.rtt_before_us,
            "rtt_after_us": trip.rtt_after_us,
            "retrans": trip.retrans,
            "ring_us": trip.ring_us,
            "tier": trip.tier,
            "M_us": taken.m_us,
            "A_us": taken.a_us,
            "duration_ms": duration_ms,
            "worker": _WORKER,
        }
    ).decode()
