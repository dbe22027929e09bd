"""The first schema: shows, events, answers, people, ranks, accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _shows()
    _answers()
    _people()
    _ranks()
    _accounts()


def downgrade() -> None:
    for table in (
        "setup",
        "token",
        "session",
        "account",
        "score",
        "placing",
        "person",
        "participant",
        "batch",
        "answer",
        "event",
        "show",
    ):
        op.drop_table(table)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _big(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _int(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _flag(*names: str) -> list[sa.Column[bool]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def _shows() -> None:
    op.create_table(
        "show",
        *_text("code", "title", "lang", "epoch", "phase"),
        *_big("created_ms"),
        sa.PrimaryKeyConstraint("code", name="pk_show"),
    )
    op.create_table(
        "event",
        sa.Column("seq", _BIG, nullable=False),
        *_text("show", "epoch"),
        *_int("step"),
        *_big("at_ms"),
        *_text("name", "actor", "ref", "data"),
        *_big("batch"),
        *_int("line"),
        sa.PrimaryKeyConstraint("seq", name="pk_event"),
        sa.UniqueConstraint("show", "epoch", "step", name="uq_event_show_epoch_step"),
    )
    op.create_index(
        "uq_event_ref",
        "event",
        ["show", "epoch", "ref"],
        unique=True,
        sqlite_where=sa.text("ref <> ''"),
        postgresql_where=sa.text("ref <> ''"),
    )


def _answers() -> None:
    op.create_table(
        "answer",
        *_text("show", "epoch", "question", "participant", "option", "status"),
        *_int("time_ms"),
        *_big("received_ns", "at_ms"),
        *_text("receipt", "evidence", "flags"),
        *_big("batch"),
        *_int("line"),
        sa.PrimaryKeyConstraint(
            "show", "epoch", "question", "participant", name="pk_answer"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "batch",
        sa.Column("no", _BIG, autoincrement=False, nullable=False),
        *_int("rows"),
        *_text("sha256", "prev"),
        sa.PrimaryKeyConstraint("no", name="pk_batch"),
    )


def _people() -> None:
    op.create_table(
        "participant",
        *_text("show", "epoch", "participant", "recovery", "via"),
        *_flag("hidden"),
        *_text("alias"),
        *_flag("not_eligible"),
        sa.PrimaryKeyConstraint("show", "epoch", "participant", name="pk_participant"),
        sa.UniqueConstraint(
            "show", "epoch", "recovery", name="uq_participant_show_epoch_recovery"
        ),
    )
    op.create_table(
        "person",
        *_text("show", "epoch", "participant", "name", "unit", "phone"),
        *_text("consent_version"),
        *_flag("consent_play", "consent_show_name", "consent_contact"),
        *_big("consent_ms"),
        sa.PrimaryKeyConstraint("show", "epoch", "participant", name="pk_person"),
    )


def _ranks() -> None:
    op.create_table(
        "placing",
        *_text("show", "epoch", "question", "participant"),
        *_int("rank"),
        *_flag("tied"),
        *_int("time_ms"),
        sa.PrimaryKeyConstraint(
            "show", "epoch", "question", "participant", name="pk_placing"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "score",
        *_text("show", "epoch", "participant"),
        *_int("right_count"),
        *_big("total_ms"),
        *_int("rank"),
        *_flag("tied"),
        sa.PrimaryKeyConstraint("show", "epoch", "participant", name="pk_score"),
        sqlite_with_rowid=False,
    )


def _accounts() -> None:
    op.create_table(
        "account",
        *_text("name", "role", "password"),
        *_big("created_ms"),
        sa.PrimaryKeyConstraint("name", name="pk_account"),
    )
    op.create_table(
        "session",
        *_text("hash", "account"),
        *_big("created_ms", "seen_ms"),
        sa.PrimaryKeyConstraint("hash", name="pk_session"),
        sa.ForeignKeyConstraint(
            ["account"],
            ["account.name"],
            name="fk_session_account",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_session_account", "session", ["account"])
    op.create_table(
        "token",
        *_text("hash", "role", "show", "label"),
        *_big("created_ms"),
        sa.PrimaryKeyConstraint("hash", name="pk_token"),
    )
    op.create_table(
        "setup",
        *_text("hash"),
        *_big("created_ms"),
        sa.PrimaryKeyConstraint("hash", name="pk_setup"),
    )
