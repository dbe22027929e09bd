"""What PostgreSQL needs: texts in order of their bytes, and proof of a commit.

SQLite orders texts by their bytes; PostgreSQL by the language that its database
was made with, unless a column says otherwise. Ranks would be the same, but not the
order of those who share one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXTS = {
    "show": ("code", "title", "lang", "epoch", "phase"),
    "event": ("show", "epoch", "name", "actor", "ref", "data"),
    "answer": (
        "show",
        "epoch",
        "question",
        "participant",
        "option",
        "status",
        "receipt",
        "evidence",
        "flags",
    ),
    "flag": ("show", "epoch", "question", "participant", "flag"),
    "batch": ("show", "epoch", "sha256", "prev"),
    "participant": ("show", "epoch", "participant", "recovery", "via", "alias"),
    "person": (
        "show",
        "epoch",
        "participant",
        "name",
        "unit",
        "phone",
        "consent_version",
    ),
    "placing": ("show", "epoch", "question", "participant"),
    "score": ("show", "epoch", "participant"),
    "account": ("name", "role", "password"),
    "session": ("hash", "account"),
    "token": ("hash", "role", "show", "label"),
    "setup": ("hash",),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in _TEXTS.items():
            changes = (
                f'alter column {name} type varchar collate "C"' for name in columns
            )
            op.execute(f'alter table "{table}" {", ".join(changes)}')
    op.create_table(
        "witness",
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("process", name="pk_witness"),
    )


def downgrade() -> None:
    # The order of bytes does no harm to what was before.
    op.drop_table("witness")
