"""The audit export: all that ranks depend on, as JSON Lines, without names.

`results verify` works from this file alone (Source: R4.9, R6). What is not
public yet is not in it: keys appear with the reveal. The frozen run-down is
cut down to what a recount needs, and texts typed about a person are left out.
Source: docs/reference/wire.md §7.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

import msgspec

from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Question
from quizserver.domain.show import Show
from quizserver.live.ports import AnswerRow, EventRow
from quizserver.reports.results import Reading, Record, read_record, was_revealed

FORMAT: Final = 1
"""Version of this export; a reader refuses one it does not know."""

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_CHUNK: Final = 1_000

Line = Mapping[str, object]


async def audit_of(ledger: Reading, code: ShowCode) -> AsyncIterator[bytes]:
    """Yield the export in chunks of whole lines. Raises NoSuchShow."""
    record = await read_record(ledger, code, with_answers=False)
    yield _lines([header(record), *(event_line(record.show, r) for r in record.rows)])
    for question in record.played:
        rows = await ledger.answers_to(code, record.show.epoch, question)
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            yield _lines(answer_line(record.show, row) for row in chunk)


def header(record: Record) -> Line:
    """Return the first line: what was played and by which rule."""
    show = record.show
    return {
        "kind": "header",
        "version": FORMAT,
        "show": show.code,
        "epoch": show.epoch,
        "title": show.title,
        "step": show.step,
        "phase": show.phase.value,
        "rule": show.rules.timing,
        "parameters": asdict(show.rules),
        "keys": {q: show.questions[q].key for q in record.played if _is_out(show, q)},
        "void": [q for q in record.played if show.plays[q].state.value == "void"],
    }


def event_line(show: Show, row: EventRow) -> Line:
    """Return one event; `data` without keys that are not out and without names."""
    return {
        "kind": "event",
        "step": row.step,
        "at": instant(row.at_ms),
        "name": row.name,
        "actor": row.actor,
        "ref": row.ref,
        "data": _without_secrets(show, row),
    }


def answer_line(show: Show, row: AnswerRow) -> Line:
    """Return one answer with its evidence; `right` once the key is out."""
    evidence: dict[str, object] = msgspec.json.decode(row.evidence or "{}")
    out = _is_out(show, row.question)
    right = row.option == show.questions[row.question].key if out else None
    return evidence | {
        "kind": "answer",
        "participant": row.participant,
        "question": row.question,
        "option": row.option,
        "right": right,
        "status": row.status,
        "receipt": row.receipt,
        "time_ms": row.time_ms,
        "at": instant(row.at_ms),
        "flags": row.flags.split(",") if row.flags else [],
    }


def instant(utc_ms: int) -> str:
    """Return RFC 3339 UTC with milliseconds."""
    moment = datetime.fromtimestamp(utc_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{utc_ms % 1000:03d}Z"


def _is_out(show: Show, question: str) -> bool:
    return any(q == question and was_revealed(p) for q, p in show.plays.items())


def _without_secrets(show: Show, row: EventRow) -> object:
    if row.name == "ShowCreated":
        return {
            "code": show.code,
            "epoch": show.epoch,
            "questions": [_bare(show, q) for q in show.questions.values()],
        }
    data: dict[str, object] = msgspec.json.decode(row.data)
    if row.name == "NameHidden":
        data["alias"] = bool(data.get("alias"))
    return data


def _bare(show: Show, question: Question) -> Line:
    bare: dict[str, object] = {
        "id": question.id,
        "options": [option.id for option in question.options],
        "duration_ms": show.duration_ms(question.id),
        "reserve": question.reserve,
    }
    return bare | ({"key": question.key} if _is_out(show, question.id) else {})


def _lines(lines: Iterable[Line]) -> bytes:
    return b"".join(_ENCODER.encode(line) + b"\n" for line in lines)
