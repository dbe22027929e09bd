"""Opens the ledger that a database URL names; the store's front door.

Says in one sentence what is wrong and what cures it when a database cannot be
opened. Chooses by the URL's scheme; everything behind it implements
`live.ports.Ledger`.
"""

import sqlite3
from pathlib import Path
from typing import Final

from quizserver.failures import Failure
from quizserver.live.clock import SystemClock
from quizserver.store.files import FileLock, make_private
from quizserver.store.migrate import is_current, upgrade
from quizserver.store.sqlite import SqliteLedger

_SQLITE: Final = "sqlite:///"


def open_ledger(
    database_url: str, *, secret: bytes, linger_ms: float = 2
) -> SqliteLedger:
    """Open the ledger, making or upgrading its schema; close it with `close`.

    Args:
        database_url: `sqlite:///relative/path`, `sqlite:////absolute/path`.
        secret: the server's secret, from which the key of personal data comes.
        linger_ms: longest wait for more answers before a commit, under load.

    Raises:
        Failure: the database cannot be opened; the text names path and cure.
    """
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
        raise Failure(_sentence(path, error)) from error
    except BaseException:
        lock.release()
        raise


def database_path(database_url: str) -> Path:
    """Return the file a URL names.

    Raises:
        Failure: the URL names no file.
    """
    if database_url.startswith("postgresql"):
        raise Failure(
            "PostgreSQL is not supported yet; leave QUIZ_DATABASE_URL unset "
            "to keep the show in a file"
        )
    path = database_url.removeprefix(_SQLITE).partition("?")[0]
    if not database_url.startswith(_SQLITE) or path in {"", ":memory:"}:
        raise Failure(
            "QUIZ_DATABASE_URL names no file; expected sqlite:///PATH, "
            "for example sqlite:////var/lib/quizserver/quiz.db"
        )
    return Path(path)


def _upgraded(database_url: str, path: Path) -> None:
    from alembic.util import CommandError  # noqa: PLC0415 - see `migrate`
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - see `migrate`

    try:
        upgrade(database_url)
    except CommandError:
        raise Failure(
            f"{path} was made by a newer quizserver; install that version again, "
            "or set QUIZ_DATA_DIR to another folder"
        ) from None
    except DBAPIError as error:
        raise Failure(_sentence(path, error.orig or error)) from error


def _sentence(path: Path, error: BaseException) -> str:
    return (
        f"cannot open the database {path} ({error}); make its folder writable, "
        "free some space, or restore the file from a backup"
    )
