"""Answers lie in the file in the order in which they came, found by an index.

Before, SQLite kept them in order of their key, so each answer of a batch changed a
page of its own. PostgreSQL always kept them as they came; nothing changes there.
While this runs the answers need three times their room (200,000: 250 MB more, 2 s);
afterwards the file keeps twice, of which the next answers fill the free half.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rebuild(with_rowid=True)


def downgrade() -> None:
    _rebuild(with_rowid=False)


def _rebuild(*, with_rowid: bool) -> None:
    """Make the table of answers anew, with every row that it has."""
    if op.get_bind().dialect.name != "sqlite":
        return
    columns = _columns()
    names = ", ".join(column.name for column in columns)
    op.rename_table("answer", "answer_before")
    op.create_table(
        "answer",
        *columns,
        sa.PrimaryKeyConstraint(
            "show", "epoch", "question", "participant", name="pk_answer"
        ),
        sqlite_with_rowid=with_rowid,
    )
    # In order of the key, in which both tables are written quickest.
    op.execute(
        f"insert into answer ({names}) select {names} from answer_before "  # noqa: S608
        "order by show, epoch, question, participant"
    )
    # Every row lies in the new table, so there is nothing to wipe out: zeros over the
    # old one would double what is written.
    op.execute("pragma secure_delete = fast")
    op.drop_table("answer_before")
    op.execute("pragma secure_delete = on")


def _columns() -> list[sa.Column[str] | sa.Column[int]]:
    return [
        *_text("show", "epoch", "question", "participant", "option", "status"),
        sa.Column("time_ms", sa.Integer(), nullable=False),
        sa.Column("received_ns", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        *_text("receipt", "evidence", "flags"),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
    ]


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
