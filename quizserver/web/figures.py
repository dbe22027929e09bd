"""What each figure of `/metrics` means: its help text and its line in the docs.

Without the prefix `quizserver_`; names that end with `_total` are counters since
the start, the rest are gauges of this moment. docs/reference/metrics.md is held to
this table, and the table to what a running server tells, by tests.
"""

from collections.abc import Mapping
from typing import Final

FIGURES: Final[Mapping[str, str]] = {
    "phones_online": "Phones connected now, of all shows.",
    "hosts_online": "Host panels connected now.",
    "overlays_online": "Overlays connected now.",
    "overlays_refused": "Overlays refused of late, because their key was not good.",
    "phone_handshakes_total": "Phones that connected.",
    "phones_refused_total": "Phones that were refused a connection.",
    "phones_dead_total": "Phones whose connection was found dead.",
    "phone_resyncs_total": "Phones that were too slow and got a fresh state.",
    "loop_lag_ms": "How late the event loop was with its newest timer, in ms.",
    "loop_lag_p99_ms": "99 of 100 of these in the last minute were no later, in ms.",
    "loop_lag_worst_ms": "The latest of the last minute, in ms.",
    "ledger_ok": "1 while answers can be stored, 0 when the last write failed.",
    "ledger_queued": "Answers and other writes that wait for the writer.",
    "ledger_commit_ms": "How long the last commit took with its fsync, in ms.",
    "ledger_lag_ms": "How long the writer has been at the batch in hand, in ms.",
    "ledger_lag_worst_ms": "The longest it was at a batch in the last minute, in ms.",
    "ledger_commits_total": "Batches that were written.",
    "ledger_rows_total": "Answers, events and other writes that were stored.",
    "ledger_failures_total": "Batches that could not be written.",
    "disk_free_bytes": "Space left on the disk of the database, in bytes.",
    "backup_age_s": "Seconds since `quizserver backup`; -1: none. Not on PostgreSQL.",
    "bus_ok": "1 while events go from process to process at once, 0 without Redis.",
    "http_requests_total": "Finished HTTP requests, by method, route and status.",
}
