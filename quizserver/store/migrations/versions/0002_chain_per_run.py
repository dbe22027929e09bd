"""A hash chain for each run of a show instead of one over all; flags.

The rows stay as they are; only their place (`batch`, `line`) and the links are
made anew: each old batch becomes one link in the chain of each run that has rows
in it, its rows in the order they had. No link of the old chain was ever shown to
anybody, so nothing outside the database rests on one. A chain made anew fits its
rows whatever happened to them before, so the old one is recomputed first and the
log says when it did not fit.

The hashing stands here in full: a migration must go on doing what it did.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Callable
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LOG = logging.getLogger("quizserver.store.migrations")

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_START = "0" * 64

_COLUMNS = {
    "answer": (
        "show",
        "epoch",
        "question",
        "participant",
        "option",
        "status",
        "time_ms",
        "received_ns",
        "at_ms",
        "receipt",
        "evidence",
        "flags",
    ),
    "event": ("show", "epoch", "step", "at_ms", "name", "actor", "ref", "data"),
}
"""What is hashed of a row, in order."""

_KEYS = {
    "answer": ("show", "epoch", "question", "participant"),
    "event": ("show", "epoch", "step"),
}

_ADD_LINK = sa.text(
    "insert into batch (show, epoch, no, rows, sha256, prev) "
    "values (:show, :epoch, :no, :rows, :sha256, :prev)"
)


def upgrade() -> None:
    rows = _rows()
    _warn_of_a_broken_chain(rows)
    op.drop_table("batch")
    _make_tables()
    _chain(rows)


def downgrade() -> None:
    if _rows():
        raise NotImplementedError("restore the backup of before the upgrade instead")
    op.drop_table("flag")
    op.drop_table("batch")
    op.create_table(
        "batch",
        sa.Column("no", _BIG, autoincrement=False, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        *_text("sha256", "prev"),
        sa.PrimaryKeyConstraint("no", name="pk_batch"),
    )


# --- the tables -------------------------------------------------------------------


def _make_tables() -> None:
    op.create_table(
        "batch",
        *_text("show", "epoch"),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        *_text("sha256", "prev"),
        sa.PrimaryKeyConstraint("show", "epoch", "no", name="pk_batch"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "flag",
        *_text("show", "epoch", "question", "participant", "flag"),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "show", "epoch", "question", "participant", "flag", name="pk_flag"
        ),
        sqlite_with_rowid=False,
    )


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


# --- the chain --------------------------------------------------------------------

Row = dict[str, Any]


def _rows() -> list[Row]:
    """Return every event and answer in the order in which they were chained."""
    connection = op.get_bind()
    rows: list[Row] = []
    for kind, columns in _COLUMNS.items():
        select = f"select {', '.join(columns)}, batch, line from {kind}"  # noqa: S608
        found = connection.execute(sa.text(select))
        rows += ({"kind": kind, **row} for row in found.mappings())
    return sorted(rows, key=itemgetter("batch", "line"))


def _warn_of_a_broken_chain(rows: list[Row]) -> None:
    """Say in the log where the old chain does not fit its rows."""
    links = op.get_bind().execute(sa.text("select no, sha256 from batch order by no"))
    stored = {no: sha for no, sha in links}
    prev = _START
    for no, batch in groupby(rows, key=itemgetter("batch")):
        text = _compact([_canonical(row, row.get("data", "")) for row in batch])
        prev = _hash(prev + text)
        if stored.get(no) != prev:
            _LOG.warning("the chain of the old database breaks at its link %d", no)
            return


def _chain(rows: list[Row]) -> None:
    """Give each run its chain, and each row its place in it."""
    runs: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        runs[row["show"], row["epoch"]].append(row)
    for (show, epoch), chained in runs.items():
        prev = _START
        batches = [list(b) for _, b in groupby(chained, key=itemgetter("batch"))]
        for no, batch in enumerate(batches, 1):
            for line, row in enumerate(batch):
                row |= {"batch": no, "line": line}
            sha = _hash(prev + "".join(_digest(row) for row in batch))
            link = {"show": show, "epoch": epoch, "no": no, "rows": len(batch)}
            op.get_bind().execute(_ADD_LINK, {**link, "prev": prev, "sha256": sha})
            prev = sha
    _write_places(rows)


def _write_places(rows: list[Row]) -> None:
    for kind, key in _KEYS.items():
        named = (*key, "batch", "line")
        places = [{n: row[n] for n in named} for row in rows if row["kind"] == kind]
        where = " and ".join(f"{name} = :{name}" for name in key)
        if places:
            to = "batch = :batch, line = :line"
            update = f"update {kind} set {to} where {where}"  # noqa: S608
            op.get_bind().execute(sa.text(update), places)


def _digest(row: Row) -> str:
    cut = _CUT.get(row.get("name", ""))
    data = _compact(cut(json.loads(row["data"]))) if cut else row.get("data", "")
    return _hash(_compact(_canonical(row, data)))


def _canonical(row: Row, data: str) -> list[Any]:
    """Return the kind and columns of a row, with `data` for those of an event."""
    columns = {**row, "data": data}
    return [row["kind"], *(columns[name] for name in _COLUMNS[row["kind"]])]


def _created(event: Row) -> Row:
    """Return what everybody may know of a show before it begins."""
    plan = event["rundown"]
    questions = [
        {
            "id": question["id"],
            "options": [option["id"] for option in question["options"]],
            "duration_ms": question["duration_ms"],
            "reserve": question["reserve"],
        }
        for question in plan["pack"]["questions"]
    ]
    return {
        "code": event["code"],
        "epoch": event["epoch"],
        "title": plan["title"],
        "lang": plan["lang"],
        "rules": plan["rules"],
        "questions": questions,
    }


def _hidden(event: Row) -> Row:
    return {"participant": event["participant"], "hidden": event["hidden"]}


_CUT: dict[str, Callable[[Row], Row]] = {"ShowCreated": _created, "NameHidden": _hidden}


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
