"""The schema: what the migrations make is what the tables say."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from quizserver.store import migrate
from quizserver.store.chain import ANSWER_COLUMNS, EVENT_COLUMNS
from quizserver.store.tables import METADATA


def names(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as db:
        return {row[0] for row in db.execute("select name from sqlite_master")}


def test_models_and_migrations_agree(empty_database: Path) -> None:
    engine = create_engine(f"sqlite:///{empty_database}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        difference = compare_metadata(context, METADATA)
    engine.dispose()
    assert difference == []


def test_answers_have_no_rowid(empty_database: Path) -> None:
    """One tree, not a table and an index: what Alembic does not compare."""
    with closing(sqlite3.connect(empty_database)) as db:
        found = db.execute("select sql from sqlite_master where name = 'answer'")
        assert "WITHOUT ROWID" in found.fetchone()[0]


def test_head_is_the_newest_migration() -> None:
    script = ScriptDirectory.from_config(migrate.alembic_settings())
    assert script.get_current_head() == migrate.HEAD


def test_hashed_columns_are_all_but_the_place_in_the_chain() -> None:
    place = {"batch", "line", "seq"}
    answer, event = (
        METADATA.tables[name].columns.keys() for name in ("answer", "event")
    )
    assert set(ANSWER_COLUMNS) == set(answer) - place
    assert set(EVENT_COLUMNS) == set(event) - place


def test_upgrade_may_be_repeated(tmp_path: Path) -> None:
    path = tmp_path / "quiz.db"
    migrate.upgrade(f"sqlite:///{path}")
    migrate.upgrade(f"sqlite:///{path}")
    assert migrate.is_current(path)


def test_downgrade_takes_everything_back(tmp_path: Path, empty_database: Path) -> None:
    from alembic import command  # noqa: PLC0415 - slow, and only here

    path = tmp_path / "quiz.db"
    path.write_bytes(empty_database.read_bytes())
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        settings = migrate.alembic_settings()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
    engine.dispose()
    assert names(path) == {"alembic_version", "sqlite_autoindex_alembic_version_1"}


def test_upgrade_cut_short_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a schema would keep the next start from making a whole one."""
    path = tmp_path / "quiz.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table token (hash text)")  # the last one but one made
    with pytest.raises(Exception, match="already exists"):
        migrate.upgrade(f"sqlite:///{path}")
    assert names(path) == {"token"}


@pytest.mark.parametrize("content", [None, b""], ids=["missing", "empty"])
def test_database_without_schema_is_not_current(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "quiz.db"
    if content is not None:
        path.write_bytes(content)
    assert not migrate.is_current(path)
