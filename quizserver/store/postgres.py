"""PostgreSQL as the ledger: how its connections are opened, and what is asked of it.

What `queries` says runs here as it stands; `named` turns its `:names` into the
driver's. A server whose commits may return before they are on the disk is
refused: a receipt would not be worth what it says (Source: R3.4).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from quizserver.failures import Failure

LEAST_VERSION: Final = 130_000
"""PostgreSQL 13, the oldest of which the tests' statements are known to run."""

LOCK_S: Final = 2
"""Longest that a statement waits for a lock before its batch is lost."""

FROZEN_S: Final = 1
"""How long one of several processes may say nothing within a transaction. Shorter
than `LOCK_S`: what one that froze holds is let go before others lose a batch."""

_OWNER: Final = 0x7175_697A
"""First half of the advisory lock that the one server of a ledger holds."""

_OPTIONS: Final = (
    f"lock_timeout={LOCK_S * 1_000}",
    # A server whose machine has vanished lets its locks go after about ten seconds.
    "tcp_keepalives_idle=5",
    "tcp_keepalives_interval=2",
    "tcp_keepalives_count=3",
    # Compiling a query of ten milliseconds takes a hundred.
    "jit=off",
)

_UNLESS_SAID: Final[Mapping[str, str]] = {
    "application_name": "quizserver",
    "connect_timeout": "2",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""Of the connection, where the URL does not say otherwise."""

_ABOUT: Final = """
select current_setting('server_version_num')::int,
    current_setting('server_encoding'), current_setting('synchronous_commit'),
    current_setting('fsync'), current_setting('full_page_writes')
"""


class Unfit(Failure):
    """This PostgreSQL cannot keep a ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What matters of a PostgreSQL server, as it is for our connection."""

    version: int
    encoding: str
    synchronous_commit: str
    fsync: str
    full_page_writes: str

    def flaw(self) -> Unfit | None:
        """Return why no ledger can be kept here, if there is such a thing."""
        if self.version < LEAST_VERSION:
            return Unfit("failure.old_postgresql", version=self.shown)
        if self.encoding != "UTF8":
            return Unfit("failure.encoding", encoding=self.encoding)
        for name in ("synchronous_commit", "fsync", "full_page_writes"):
            if getattr(self, name) == "off":
                return Unfit("failure.loses_commits", setting=name)
        return None

    @property
    def shown(self) -> str:
        """The version as people write it."""
        return f"{self.version // 10_000}.{self.version % 10_000}"


@dataclass(frozen=True, slots=True)
class Target:
    """A database that a URL names; never prints the password."""

    url: str = field(repr=False)

    @property
    def shown(self) -> str:
        """The URL without password and parameters."""
        parts = self._parts()
        user, host = parts.get("user"), parts.get("host", "")
        place = "" if host.startswith("/") else host
        who = f"{user}@" if user else ""
        return f"postgresql://{who}{place}/{parts.get('dbname', '')}"

    def connect(
        self, *options: str, autocommit: bool = True
    ) -> "psycopg.Connection[Any]":
        """Open a connection; with `autocommit` each statement stands for itself.

        `options` are settings of the session, `name=value`.

        Raises:
            psycopg.OperationalError: it cannot be reached, or does not let us in.
        """
        parts = {**_UNLESS_SAID, **self._parts()}
        asked = [f"-c {option}" for option in (*_OPTIONS, *options)]
        parts["options"] = " ".join([str(parts.get("options", "")), *asked])
        return psycopg.connect(make_conninfo("", **parts), autocommit=autocommit)

    def within(self, schema: str) -> "Target":
        """Return the same database, seen from another schema."""
        parts = self._parts()
        seen = f"{parts.pop('options', '')} -c search_path={schema}"
        return Target(
            f"postgresql:///?{urlencode({**parts, 'options': seen}, quote_via=quote)}"
        )

    def _parts(self) -> dict[str, Any]:
        try:
            return conninfo_to_dict(self.url)
        except psycopg.ProgrammingError:
            raise Failure("failure.database_url") from None


def about(db: "psycopg.Connection[Any]") -> About:
    """Ask a server what matters of it."""
    found = db.execute(_ABOUT).fetchone()
    assert found is not None
    names = ("version", "encoding", "synchronous_commit", "fsync", "full_page_writes")
    return About(**dict(zip(names, found, strict=True)))


def own(db: "psycopg.Connection[Any]", *, shared: bool = False) -> None:
    """Take the ledger for this connection, until it ends; alone, or with its like.

    Raises:
        psycopg.errors.LockNotAvailable: another server has it.
    """
    form = "_shared" if shared else ""
    db.execute(
        f"select pg_advisory_lock{form}(%s, hashtext(current_schema()))",
        [_OWNER],
    ).fetchone()
    if shared:
        db.execute(f"set idle_in_transaction_session_timeout = {FROZEN_S * 1_000}")


def succeed(db: "psycopg.Connection[Any]", process: str) -> None:
    """Wait until the process's connection before is over, committed or not.

    Several hold the ledger together (`own`), so that lock alone does not say so.

    Raises:
        psycopg.errors.LockNotAvailable: it is not yet.
    """
    db.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [process]).fetchone()


@cache
def named(sql: str) -> str:
    """Return a statement of `queries` with the driver's form of its `:names`."""
    return re.sub(r"(?<!:):([a-z_][a-z0-9_]*)", r"%(\1)s", sql.replace("%", "%%"))
