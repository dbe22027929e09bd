"""Accounts, sessions and tokens in the ledger (`live.access.Accounts`).

Only hashes are stored: argon2id of passwords, sha256 of tokens that are 256
random bits themselves. A password is checked on one of two threads, so that a
flood of sign-ins takes neither the loop nor all the memory, and takes the same
work whether the name exists or not. How often somebody may try is the web's
concern, which knows addresses.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from quizserver.domain.ids import ShowCode
from quizserver.live.access import Account, Actor, Role, TokenRow
from quizserver.store import account_queries
from quizserver.store.passwords import AccountRefused, Passwords, check_account, plain
from quizserver.store.people import Values
from quizserver.store.sql_ledger import SqlLedger
from quizserver.store.watches import Watches
from quizserver.store.writer import Transaction

IDLE_MS: Final = 12 * 3_600_000
"""A session ends after twelve hours without a request."""

LONGEST_MS: Final = 7 * 24 * 3_600_000
"""And after seven days in any case."""

_SEEN_EVERY_MS: Final = 5 * 60_000
"""A session's last request is written down this often, not each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Password:
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    name: str
    role: Role
    created_ms: int
    seen_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    role: Role
    show: str
    label: str
    expires_ms: int


class StoredAccounts:
    """Accounts kept in the same database as the shows."""

    def __init__(self, ledger: SqlLedger, utc_ms: Callable[[], int]) -> None:
        """Use an open ledger; `utc_ms` tells the time of day."""
        self._journal = ledger.journal
        self._readers = ledger.readers
        self._utc_ms = utc_ms
        self._passwords = Passwords()
        self._watches = Watches()

    def close(self) -> None:
        """Stop the threads. Blocks; may be called again."""
        self._passwords.close()

    # --- accounts -----------------------------------------------------------------

    async def accounts(self) -> list[Account]:
        """Return all accounts by name."""
        return await self._readers.read(account_queries.ACCOUNTS, {}, Account)

    async def add_account(self, name: str, password: str, role: Role) -> None:
        """Make an account.

        Raises:
            AccountRefused: a ValueError with a plain sentence and a code.
        """
        account = await self._made(name, password, role)
        await self._journal.write(lambda turn: _add_account(turn, account))

    async def set_password(self, name: str, password: str) -> None:
        """Set another password and end the account's sessions.

        Raises:
            AccountRefused: there is no such account, or the password is weak.
        """
        account, secret = plain(name), plain(password)
        check_account(account, secret)
        hashed = await self._passwords.hashed(secret)
        values: Values = {"account": account, "password": hashed}
        ended = await self._journal.write(lambda turn: _set_password(turn, values))
        self._watches.ended(ended)

    async def remove_account(self, name: str) -> None:
        """End an account and its sessions.

        Raises:
            AccountRefused: there is no such account, or it is the last owner's.
        """
        account: Values = {"account": plain(name)}
        ended = await self._journal.write(lambda turn: _remove(turn, account))
        self._watches.ended(ended)

    async def sign_in(self, name: str, password: str) -> str | None:
        """Return a new session token, or None; the same work for unknown names."""
        account = plain(name)
        found = await self._readers.read(
            account_queries.PASSWORD, {"name": account}, _Password
        )
        stored = found[0].password if found else self._passwords.decoy
        right = await self._passwords.verified(stored, plain(password))
        if not found or not right:
            return None
        return await self._begin_session(account)

    # --- sessions -----------------------------------------------------------------

    async def sign_out(self, session: str) -> None:
        """End a session; one that is not there has ended already."""
        ended: Values = {"hash": _digest(session)}
        await self._journal.write(
            lambda turn: _run(turn, account_queries.END_SESSION, ended), urgent=False
        )
        self._watches.ended([_digest(session)])

    async def session(self, session: str) -> Actor | None:
        """Return who a session token belongs to, while it lasts."""
        key, now = _digest(session), self._utc_ms()
        found = await self._readers.read(
            account_queries.SESSION, {"hash": key}, _Session
        )
        if not found or not _lasts(found[0], now):
            return None
        if now - found[0].seen_ms >= _SEEN_EVERY_MS:
            seen: Values = {"hash": key, "now": now}
            await self._journal.write(
                lambda turn: _run(turn, account_queries.SEE_SESSION, seen), urgent=False
            )
        return Actor(name=found[0].name, role=found[0].role)

    # --- bearer tokens --------------------------------------------------------------

    async def add_token(
        self, role: Role, show: ShowCode | None, label: str, *, lasts_ms: int = 0
    ) -> str:
        """Return a new bearer token, `qs_<role>_<random>`; only its hash is kept.

        It lasts `lasts_ms`, or until it is revoked when that is 0.
        """
        token, row = self._new_token(role, show, label, lasts_ms)
        await self._journal.write(
            lambda turn: _run(turn, account_queries.ADD_TOKEN, row)
        )
        return token

    async def renew_token(self, role: Role, show: ShowCode, label: str) -> str:
        """Return a new token; end all of its role and show, and tell who waits.

        One transaction: when it cannot be written, the old ones stay.
        """
        token, row = self._new_token(role, show, label)

        def renew(turn: Transaction) -> list[str]:
            ended = _ended(turn, account_queries.END_TOKENS_OF, row)
            _run(turn, account_queries.ADD_TOKEN, row)
            return ended

        self._watches.ended(await self._journal.write(renew))
        return token

    async def tokens(self) -> list[TokenRow]:
        """Return all tokens, oldest first, also those that have expired."""
        return await self._readers.read(account_queries.TOKENS, {}, TokenRow)

    async def revoke(self, token_id: str) -> bool:
        """End a token and tell who waits for that; False when there is none."""
        wanted: Values = {"id": token_id}
        ended = await self._journal.write(
            lambda turn: _ended(turn, account_queries.END_TOKEN, wanted)
        )
        self._watches.ended(ended)
        return bool(ended)

    async def bearer(self, token: str) -> Actor | None:
        """Return who a bearer token belongs to, while it lasts."""
        found = await self._readers.read(
            account_queries.TOKEN, {"hash": _digest(token)}, _Token
        )
        if not found or 0 < found[0].expires_ms <= self._utc_ms():
            return None
        show = ShowCode(found[0].show) if found[0].show else None
        return Actor(name=found[0].label, role=found[0].role, show=show, is_script=True)

    def on_end(self, credential: str, call: Callable[[], None]) -> Callable[[], None]:
        """Call `call` when this session or token is ended; return how to stop it."""
        return self._watches.add(_digest(credential), call)

    # --- the first account ------------------------------------------------------------

    async def setup_code(self) -> str | None:
        """Return a fresh one-time code; earlier ones no longer work.

        None once there is an account: nobody else can make a first one.
        """
        code = secrets.token_urlsafe(16)
        values: Values = {"hash": _digest(code), "now": self._utc_ms()}
        fresh = await self._journal.write(lambda turn: _put_setup(turn, values))
        return code if fresh else None

    async def use_setup_code(self, code: str, name: str, password: str) -> str | None:
        """Make the first owner and return a session, or None (wrong, used).

        Raises:
            AccountRefused: as `add_account`; the code can be used again.
        """
        key: Values = {"hash": _digest(code)}
        if not await self._readers.read(account_queries.SETUP, key, _Number):
            return None
        account = await self._made(name, password, Role.OWNER)
        used = await self._journal.write(lambda turn: _use_setup(turn, key, account))
        return await self._begin_session(plain(name)) if used else None

    # --- steps --------------------------------------------------------------------

    def _new_token(
        self, role: Role, show: ShowCode | None, label: str, lasts_ms: int = 0
    ) -> tuple[str, Values]:
        """Return a new token and its row."""
        token, now = f"qs_{role}_{secrets.token_urlsafe(32)}", self._utc_ms()
        return token, {
            "hash": _digest(token),
            "role": role.value,
            "show": show or "",
            "label": label,
            "now": now,
            "expires": now + lasts_ms if lasts_ms else 0,
        }

    async def _made(self, name: str, password: str, role: Role) -> Values:
        """Return the row of a new account, its password hashed."""
        account, secret = plain(name), plain(password)
        check_account(account, secret)
        return {
            "name": account,
            "role": role.value,
            "password": await self._passwords.hashed(secret),
            "created_ms": self._utc_ms(),
        }

    async def _begin_session(self, account: str) -> str:
        token, now = secrets.token_urlsafe(32), self._utc_ms()
        values: Values = {"hash": _digest(token), "account": account, "now": now}
        old: Values = {"idle": now - IDLE_MS, "oldest": now - LONGEST_MS}

        def begin(turn: Transaction) -> None:
            _run(turn, account_queries.END_OLD_SESSIONS, old)
            _run(turn, account_queries.ADD_SESSION, values)

        await self._journal.write(begin)
        return token


# --- on the writer's thread -------------------------------------------------------


def _run(turn: Transaction, sql: str, values: Values) -> None:
    turn.connection.execute(sql, values)


def _ended(turn: Transaction, sql: str, values: Values) -> list[str]:
    """Delete credentials; return their digests."""
    return [digest for (digest,) in turn.connection.execute(sql, values).fetchall()]


def _set_password(turn: Transaction, values: Values) -> list[str]:
    if turn.connection.execute(account_queries.SET_PASSWORD, values).rowcount != 1:
        raise _unknown(values)
    return _ended(turn, account_queries.END_SESSIONS, values)


def _remove(turn: Transaction, account: Values) -> list[str]:
    is_last = turn.connection.execute(account_queries.LAST_OWNER, account).fetchall()
    ended = _ended(turn, account_queries.END_SESSIONS, account)
    if turn.connection.execute(account_queries.REMOVE_ACCOUNT, account).rowcount != 1:
        raise _unknown(account)
    if is_last:
        raise AccountRefused("last_owner", name=str(account["account"]))
    return ended


def _unknown(values: Values) -> AccountRefused:
    return AccountRefused("name_unknown", name=str(values["account"]))


def _add_account(turn: Transaction, account: Values) -> None:
    """Store an account; with the first one every setup code is dead."""
    turn.connection.execute(account_queries.FORGET_SETUP)
    try:
        turn.connection.execute(account_queries.ADD_ACCOUNT, account)
    except turn.connection.IntegrityError:
        raise AccountRefused("name_taken", name=str(account["name"])) from None


def _put_setup(turn: Transaction, values: Values) -> bool:
    """Replace the code, unless there is an account; tell which."""
    ((number,),) = turn.connection.execute(account_queries.COUNT_ACCOUNTS).fetchall()
    if number:
        return False
    turn.connection.execute(account_queries.FORGET_SETUP)
    turn.connection.execute(account_queries.ADD_SETUP, values)
    return True


def _use_setup(turn: Transaction, key: Values, account: Values) -> bool:
    """Use up the code and make the account; False when the code is not there."""
    if turn.connection.execute(account_queries.USE_SETUP, key).rowcount != 1:
        return False
    _add_account(turn, account)
    return True


# --- small rules ------------------------------------------------------------------


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


def _lasts(session: _Session, now: int) -> bool:
    return now - session.seen_ms < IDLE_MS and now - session.created_ms < LONGEST_MS
