"""Brings a database to the schema of this version, and does nothing else.

Called before the journal opens the file. A database that is already there is
recognised by one look at its version, without importing Alembic: a server
that comes back in the middle of a question has seconds, not a second to spare.
"""

import logging
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

from quizserver.store.files import open_reader

HEAD: Final = "0007"
"""The revision that `tables` describes; a test compares it with Alembic's."""

SCRIPTS: Final = Path(__file__).parent / "migrations"
"""Where Alembic finds the migrations, in a checkout and in a wheel."""


def upgrade(url: str) -> None:
    """Create or upgrade the schema of the database at `url`, in one transaction.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database cannot be written.
    """
    # Alembic tells of its plugins while it is imported, and of each step it takes.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from alembic import command  # noqa: PLC0415 - half a second, seldom needed
    from sqlalchemy import create_engine  # noqa: PLC0415 - as above
    from sqlalchemy.pool import NullPool  # noqa: PLC0415 - as above

    if url.startswith("postgresql:"):
        from quizserver.store.postgres import Target  # noqa: PLC0415 - an extra

        # Its own parser: SQLAlchemy reads some of libpq's URLs in another way.
        connect = partial(Target(url).connect, autocommit=False)
        engine = create_engine(
            "postgresql+psycopg://", creator=connect, poolclass=NullPool
        )
    else:
        engine = create_engine(url, poolclass=NullPool)
        _begin_for_real(engine)
    with engine.begin() as connection:
        settings = alembic_settings()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def is_current(path: Path) -> bool:
    """Tell whether the SQLite file at `path` has this version's schema.

    Raises:
        sqlite3.Error: the file is no database, or cannot be read.
    """
    if not path.exists():
        return False
    with closing(open_reader(path)) as connection:
        try:
            rows = connection.execute("select version_num from alembic_version")
            return rows.fetchall() == [(HEAD,)]
        except sqlite3.OperationalError:
            return False


def alembic_settings() -> Any:
    """Return Alembic's configuration (`alembic.config.Config`) of this package."""
    from alembic.config import Config  # noqa: PLC0415 - half a second, seldom needed

    settings = Config()
    settings.set_main_option("script_location", SCRIPTS.as_posix())
    return settings


def _begin_for_real(engine: Any) -> None:
    """Make SQLite's changes of schema part of the transaction.

    Python's driver begins a transaction only before a change of rows, and so
    would leave half a schema behind when an upgrade is cut short.
    """
    from sqlalchemy import event  # noqa: PLC0415 - half a second, seldom needed

    @event.listens_for(engine, "connect")
    def _no_implicit_begin(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("begin immediate")
