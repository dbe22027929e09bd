"""The audit export: all that ranks and the hash chain depend on, as JSON Lines.

`results verify` works from this file alone (Source: R4.9, R6). It holds what was
stored, in the places of the chain it was stored in, and nothing about people:
pseudonyms, no names. What is not public yet is not in it: a key appears with its
reveal, and of a question that was never played only the commitment.
Source: docs/reference/wire.md §6.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

import msgspec

from quizserver.domain.events import QuestionSealed
from quizserver.domain.ids import ShowCode
from quizserver.domain.phases import QuestionState
from quizserver.domain.show import Show
from quizserver.live.commitment import (
    question_commitment,
    question_salt,
    question_text,
    seal_code,
)
from quizserver.live.journaled import public_text
from quizserver.live.rows import AnswerRow, BatchRow, EventRow, FlagRow, Link
from quizserver.reports.results import (
    NoSuchShow,
    Reading,
    Record,
    record_of,
    was_revealed,
)

FORMAT: Final = 2
"""Version of this export; a reader refuses one it does not know."""

_ENCODER: Final = msgspec.json.Encoder()
_CHUNK: Final = 1_000

Line = Mapping[str, object]


async def audit_of(ledger: Reading, code: ShowCode) -> AsyncIterator[bytes]:
    """Yield the export in chunks of whole lines. Raises NoSuchShow.

    A show may go on meanwhile: the export ends with the link that was the newest
    when it began, and leaves out what came after it. The answers of one question
    are in memory at a time.
    """
    first = await ledger.events(code)
    if not first:
        raise NoSuchShow(code)
    epoch = first[0].epoch
    links = await ledger.batches(code, epoch)
    last = len(links)
    events = [row for row in await ledger.events(code, epoch) if row.batch <= last]
    record = record_of(events)
    yield _lines(_head(record, links))
    for question, play in record.show.plays.items():
        if play.state is QuestionState.WAITING:
            continue
        rows = await ledger.answers_to(code, epoch, question)
        rows = [row for row in rows if row.batch <= last]
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            yield _lines(answer_line(record.show, row) for row in chunk)
    flags = [row for row in await ledger.flags_of(code, epoch) if row.batch <= last]
    yield _lines(_tail(record, flags, links))


def _head(record: Record, links: list[BatchRow]) -> Iterator[Line]:
    yield header(record, links)
    yield from question_lines(record)
    yield from (event_line(row) for row in record.rows)


def _tail(
    record: Record, flags: Iterable[FlagRow], links: list[BatchRow]
) -> Iterator[Line]:
    places = {question: at for at, question in enumerate(record.show.plays)}
    ordered = sorted(
        flags, key=lambda f: (places.get(f.question, -1), f.participant, f.flag)
    )
    yield from (flag_line(row) for row in ordered)
    yield from ({"kind": "batch", **asdict(link)} for link in links)
    yield from seal_lines(record)


def header(record: Record, links: list[BatchRow]) -> Line:
    """Return the first line: what was played, by which rule, to which link."""
    show = record.show
    last = links[-1] if links else Link()
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
        "pack_hash": record.pack_hash,
        "head": {"no": last.no, "sha256": last.sha256},
    }


def question_lines(record: Record) -> Iterator[Line]:
    """Yield the questions' commitments, opened once they are out (R6.2).

    What was committed to is the question as authored, with its first key.
    """
    salt = record.show.salt
    for question in record.authored:
        line: dict[str, object] = {
            "kind": "question",
            "question": question.id,
            "commitment": question_commitment(salt, question),
        }
        if _is_out(record.show, question.id):
            line["salt"] = question_salt(salt, question.id)
            line["authored"] = msgspec.Raw(question_text(question).encode())
        yield line


def event_line(row: EventRow) -> Line:
    """Return one event; `data` is what the chain holds of it, as it is."""
    return {
        "kind": "event",
        "step": row.step,
        "at": instant(row.at_ms),
        "name": row.name,
        "actor": row.actor,
        "ref": row.ref,
        "data": msgspec.Raw(public_text(row).encode()),
        "batch": row.batch,
        "line": row.line,
    }


def answer_line(show: Show, row: AnswerRow) -> Line:
    """Return one answer with its evidence; `right` once the key is out."""
    evidence: dict[str, object] = msgspec.json.decode(row.evidence or "{}")
    out = _is_out(show, row.question)
    right = row.option == show.questions[row.question].key if out else None
    return {
        "kind": "answer",
        "question": row.question,
        "participant": row.participant,
        "option": row.option,
        "right": right,
        "status": row.status,
        "time_ms": row.time_ms,
        "receipt": row.receipt,
        "at": instant(row.at_ms),
        "flags": row.flags.split(",") if row.flags else [],
        **evidence,
        "batch": row.batch,
        "line": row.line,
    }


def flag_line(row: FlagRow) -> Line:
    """Return a remark on an answer that came after it (Source: R4.11)."""
    return {
        "kind": "flag",
        "question": row.question,
        "participant": row.participant,
        "flag": row.flag,
        "at": instant(row.at_ms),
        "batch": row.batch,
        "line": row.line,
    }


def seal_lines(record: Record) -> Iterator[Line]:
    """Yield the seals with the codes that screens could show (R6.1)."""
    for event in record.events:
        if isinstance(event, QuestionSealed):
            yield {
                "kind": "seal",
                **asdict(event),
                "code": seal_code(event.sha256),
            }


def instant(utc_ms: int) -> str:
    """Return RFC 3339 UTC with milliseconds."""
    moment = datetime.fromtimestamp(utc_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{utc_ms % 1000:03d}Z"


def _is_out(show: Show, question: str) -> bool:
    return any(q == question and was_revealed(p) for q, p in show.plays.items())


def _lines(lines: Iterable[Line]) -> bytes:
    return b"".join(_ENCODER.encode(line) + b"\n" for line in lines)
