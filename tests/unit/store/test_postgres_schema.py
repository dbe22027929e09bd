"""The schema on PostgreSQL: the same migrations, the same tables, order by bytes."""

from collections.abc import Iterator
from functools import partial

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from quizserver.store import migrate
from quizserver.store.ledger import bring_up, open_ledger
from quizserver.store.postgres import Target
from quizserver.store.tables import METADATA
from tests.postgres import Cluster
from tests.unit.store.conftest import SECRET
from tests.unit.store.recount import change, found
from tests.unit.store.rows import EPOCH, Q1, SHOW, A, answer, put, reveal


@pytest.fixture
def fresh(postgres: Cluster) -> Iterator[str]:
    """The URL of a database without any table."""
    yield postgres.make("fresh")
    postgres.run("drop database fresh with (force)")


@pytest.fixture
def connection(fresh: str) -> Iterator[Connection]:
    connect = partial(Target(fresh).connect, autocommit=False)
    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def tables(url: str) -> set[str]:
    rows = found(url, "select tablename from pg_tables where schemaname = 'public'")
    return {name for (name,) in rows}


def test_models_and_migrations_agree(fresh: str, connection: Connection) -> None:
    migrate.upgrade(fresh)
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, METADATA) == []


def test_database_is_brought_up_once(fresh: str) -> None:
    assert bring_up(fresh) == ("postgresql://quiz@/fresh", True)
    assert bring_up(fresh) == ("postgresql://quiz@/fresh", False)
    assert tables(fresh) == {*METADATA.tables, "alembic_version"}


def test_upgrade_cut_short_leaves_nothing(fresh: str) -> None:
    change(fresh, "create table token (hash text)")  # the last one but one made
    with pytest.raises(Exception, match="already exists"):
        migrate.upgrade(fresh)
    assert tables(fresh) == {"token"}


def test_downgrade_takes_everything_back(fresh: str, connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - slow, and only here

    migrate.upgrade(fresh)
    settings = migrate.alembic_settings()
    settings.attributes["connection"] = connection
    command.downgrade(settings, "base")
    connection.commit()
    assert tables(fresh) == {"alembic_version"}


def test_every_text_is_ordered_by_its_bytes(empty_schema: str) -> None:
    """A migration that adds a column must say so; a witness is never ordered."""
    others = found(
        empty_schema,
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'public' and data_type like 'character%'"
        " and coalesce(collation_name, '') <> 'C'"
        " and table_name not in ('alembic_version', 'witness')",
    )
    assert others == []


async def test_who_share_a_rank_stand_in_order_of_bytes(empty_schema: str) -> None:
    """As on SQLite; the database itself orders as Vietnamese does."""
    ledger = open_ledger(empty_schema, secret=SECRET)
    await put(ledger, [answer("Bình"), answer("an"), answer("Ăn"), answer("Zu")])
    await reveal(ledger, 1, A)
    rows = await ledger.answers_to(SHOW, EPOCH, Q1)
    board = await ledger.leaderboard(SHOW, EPOCH, 10)
    ledger.close()
    names = ["Bình", "Zu", "an", "Ăn"]
    assert [row.participant for row in rows] == names
    assert [row.participant for row in board.top] == names
