"""Recomputes a show from its audit export alone: its front door.

On purpose nothing in this folder imports anything of the server, and nothing
but Python's standard library: times, ranks, prizes and the hash chain are written
here a second time, so that a mistake or a change in one of them shows as a
difference. Anybody may carry the folder elsewhere and run `verify` on the lines
of an `audit.jsonl` (Source: R4.9, R5.6, R6, docs/reference/wire.md §7). What it finds
is said in words by the server's catalogues (`finding`).
"""

from quizserver.reports.verify.export import Found, examine, verify
from quizserver.reports.verify.finding import Finding, Unreadable

__all__ = ["Finding", "Found", "Unreadable", "examine", "verify"]
