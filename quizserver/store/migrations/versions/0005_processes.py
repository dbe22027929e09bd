"""What several processes with one ledger need: who lives, what is closed and sealed.

Questions that were sealed before stay without a row in `sealed`: their show has one
process, which kept late answers out by itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        text = sa.String(collation="C")
    else:
        text = sa.String()
    op.create_table(
        "process",
        sa.Column("id", text, nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("says", text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_process"),
    )
    op.create_table(
        "closed",
        sa.Column("show", text, nullable=False),
        sa.Column("epoch", text, nullable=False),
        sa.Column("question", text, nullable=False),
        sa.Column("process", text, nullable=False),
        sa.PrimaryKeyConstraint(
            "show", "epoch", "question", "process", name="pk_closed"
        ),
    )
    op.create_table(
        "sealed",
        sa.Column("show", text, nullable=False),
        sa.Column("epoch", text, nullable=False),
        sa.Column("question", text, nullable=False),
        sa.PrimaryKeyConstraint("show", "epoch", "question", name="pk_sealed"),
    )


def downgrade() -> None:
    op.drop_table("sealed")
    op.drop_table("closed")
    op.drop_table("process")
