"""How many right answers in a row everybody has now stands beside the scores.

Scores that are there begin at none: a show that is played while its server changes
counts from here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "score",
        sa.Column("streak", sa.Integer(), nullable=False, server_default="0"),
    )


def downgrade() -> None:
    op.drop_column("score", "streak")
