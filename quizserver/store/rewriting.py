"""Corrects and erases what is kept of people (Source: R2.6, R2.7).

Only `person` and the names that moderators gave (in events, where the chain does not
hold them) say who somebody is. Answers, events and ranks are pseudonyms' and stay.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

import msgspec

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.live.rows import Correction, Erasure, PersonChange
from quizserver.store import queries
from quizserver.store.backend import Connection
from quizserver.store.people import Values
from quizserver.store.writer import Transaction

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


def rewrite(
    turn: Transaction, show: ShowCode, epoch: str, people: Iterable[PersonChange]
) -> None:
    """Carry the changes out in the open transaction; phone numbers come sealed."""
    db = turn.connection
    run: Values = {"show": show, "epoch": epoch}
    gone: set[ParticipantId | None] = set()
    for change in people:
        match change:
            case Correction():
                db.execute(queries.CORRECT_PERSON, run | asdict(change))
            case Erasure(participant=None):
                db.execute(queries.ERASE_EVERYBODY, run)
                gone.add(None)
            case Erasure(participant=who):
                assert who is not None
                db.execute(queries.ERASE_PERSON, run | {"participant": who})
                gone.add(who)
    if gone:
        _erase_aliases(db, run, gone)


def forget_past_runs(turn: Transaction) -> int:
    """Erase everybody of runs that were begun anew; return how many runs had any.

    Which runs those are says the database alone: what a process knew of them may be
    old.
    """
    runs = turn.connection.execute(queries.PAST_RUNS, {}).fetchall()
    for show, epoch in runs:
        rewrite(turn, show, epoch, [Erasure()])
    return len(runs)


def _erase_aliases(
    db: Connection, run: Values, gone: set[ParticipantId | None]
) -> None:
    """Take the names that a moderator gave to somebody out of the events."""
    for seq, data in db.execute(queries.ALIASES, run).fetchall():
        event = msgspec.json.decode(data)
        if event["alias"] and (event["participant"] in gone or None in gone):
            bare = _ENCODER.encode(event | {"alias": ""}).decode()
            db.execute(queries.PUT_ALIAS, {"seq": seq, "data": bare})
