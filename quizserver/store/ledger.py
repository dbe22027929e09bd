"""Opens the ledger that a database URL names; the store's front door.

Says in one sentence what is wrong and what cures it when a database cannot be
opened. Chooses by the URL's scheme; everything behind it implements
`live.ports.Ledger`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from quizserver.failures import Failure
from quizserver.live.clock import SystemClock
from quizserver.store.files import FileLock, make_private
from quizserver.store.migrate import is_current, upgrade
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.sqlite import SqliteLedger

_SQLITE: Final = "sqlite:///"
_POSTGRES: Final = "postgresql:"


def open_ledger(
    database_url: str, *, secret: bytes, linger_ms: float = 10, shared: bool = False
) -> SqlLedger:
    """Open the ledger, making or upgrading its schema; close it with `close`.

    Args:
        database_url: `sqlite:///relative/path`, `sqlite:////absolute/path`, or
            `postgresql://…` as libpq reads it.
        secret: the server's secret, from which the key of personal data comes.
        linger_ms: longest wait for more answers before a commit, under load.
        shared: other processes write to it too; on PostgreSQL only.

    Raises:
        Failure: the database cannot be opened; the text names it and the cure.
    """
    if not on_postgres(database_url):
        if shared:
            raise Failure("failure.redis_alone")
        return _opened_file(database_url, secret, linger_ms)
    from quizserver.store import postgres_ledger  # noqa: PLC0415 - an extra

    opened = postgres_ledger.open_shared if shared else postgres_ledger.open_ledger
    return opened(
        database_url,
        secret=secret,
        linger_ms=linger_ms,
        now_ns=SystemClock().monotonic_ns,
    )


def prepare_shared(database_url: str, *, secret: bytes) -> None:
    """Have a database ready for the processes that will share it.

    Raises:
        Failure: as `open_ledger`.
    """
    from quizserver.store import postgres_ledger  # noqa: PLC0415 - an extra

    postgres_ledger.prepare_shared(database_url, secret=secret)


def bring_up(database_url: str) -> tuple[str, bool]:
    """Bring a database that nobody uses to this version.

    Returns its name as people write it, and whether anything changed.

    Raises:
        Failure: as `open_ledger`.
    """
    if on_postgres(database_url):
        from quizserver.store import postgres_ledger  # noqa: PLC0415 - an extra

        return postgres_ledger.brought_up(database_url)
    path = database_path(database_url)
    lock = FileLock(path)
    try:
        changed = not is_current(path)
        if changed:
            _upgraded(database_url, path)
    except sqlite3.Error as error:
        raise _unopened(path, error) from error
    finally:
        lock.release()
    return str(path), changed


@contextmanager
def temporary(database_url: str, folder: Path) -> Iterator[str]:
    """Lend the URL of an empty database that is gone at the end.

    On PostgreSQL it is a schema of its own beside the real one, else a file in
    `folder`.

    Raises:
        Failure: PostgreSQL cannot be reached, or does not let us make it.
    """
    if on_postgres(database_url):
        from quizserver.store import postgres_ledger  # noqa: PLC0415 - an extra

        with postgres_ledger.temporary(database_url) as lent:
            yield lent
    else:
        yield f"{_SQLITE}{folder.absolute() / 'quiz.db'}"


def on_postgres(database_url: str) -> bool:
    """Tell whether a URL names a database of PostgreSQL.

    Raises:
        Failure: it does, and PostgreSQL's driver is not installed.
    """
    if not database_url.startswith(_POSTGRES):
        return False
    if find_spec("psycopg") is None:
        raise Failure("failure.no_driver")
    return True


def database_path(database_url: str) -> Path:
    """Return the file a URL names.

    Raises:
        Failure: the URL names no file.
    """
    path = database_url.removeprefix(_SQLITE).partition("?")[0]
    if not database_url.startswith(_SQLITE) or path in {"", ":memory:"}:
        raise Failure("failure.no_file_in_url")
    return Path(path)


def home(database_url: str, data_dir: Path) -> Path:
    """Return the folder whose disk must have room: the file's, or the data's."""
    if on_postgres(database_url):
        return data_dir
    return database_path(database_url).parent


def _opened_file(database_url: str, secret: bytes, linger_ms: float) -> SqliteLedger:
    path = database_path(database_url)
    lock = FileLock(path)
    try:
        if not is_current(path):
            make_private(path)
            _upgraded(database_url, path)
        return SqliteLedger(
            path,
            lock=lock,
            secret=secret,
            linger_ms=linger_ms,
            now_ns=SystemClock().monotonic_ns,
        )
    except sqlite3.Error as error:
        lock.release()
        raise _unopened(path, error) from error
    except BaseException:
        lock.release()
        raise


def _upgraded(database_url: str, path: Path) -> None:
    from alembic.util import CommandError  # noqa: PLC0415 - see `migrate`
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - see `migrate`

    try:
        upgrade(database_url)
    except CommandError:
        raise Failure("failure.newer_database", file=str(path)) from None
    except DBAPIError as error:
        raise _unopened(path, error.orig or error) from error


def _unopened(path: Path, error: BaseException) -> Failure:
    return Failure("failure.database_unopened", file=str(path), cause=str(error))
