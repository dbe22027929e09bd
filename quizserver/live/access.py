"""Who may do what: roles as an allow-list, accounts as a port.

`web` and `gateway` ask `may` before anything else; what is not listed is
refused (Source: docs/reference/wire.md §6, roles). Secrets never come here:
the store keeps hashes, the callers hold tokens for one call only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from quizserver.domain.ids import ShowCode


class Role(StrEnum):
    """A credential's rights; phones have their own tokens (`live.admission`)."""

    OWNER = "owner"
    HOST = "host"
    MODERATOR = "moderator"
    AUDITOR = "auditor"
    OVERLAY = "overlay"


class Right(StrEnum):
    """What can be allowed."""

    WATCH_HOST = "watch_host"
    WATCH_OVERLAY = "watch_overlay"
    CONDUCT = "conduct"
    MODERATE = "moderate"
    EXPORT = "export"
    AUDIT = "audit"
    ADMINISTER = "administer"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.OWNER: frozenset(Right),
    Role.HOST: frozenset(
        {
            Right.WATCH_HOST,
            Right.WATCH_OVERLAY,
            Right.CONDUCT,
            Right.MODERATE,
            Right.EXPORT,
        }
    ),
    Role.MODERATOR: frozenset({Right.WATCH_HOST, Right.MODERATE}),
    Role.AUDITOR: frozenset({Right.WATCH_HOST, Right.EXPORT, Right.AUDIT}),
    Role.OVERLAY: frozenset({Right.WATCH_OVERLAY}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who signed in, or a script with a token.

    `show` limits the credential to one show; None means every show. A script acts
    for the hosts: who drives the show does not keep it out.
    """

    name: str
    role: Role
    show: ShowCode | None = None
    is_script: bool = False

    def may(self, right: Right, show: ShowCode | None = None) -> bool:
        """Tell whether this actor may use `right` (on `show`)."""
        if self.show is not None and show is not None and self.show != show:
            return False
        return right in RIGHTS[self.role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as lists show it."""

    name: str
    role: Role
    created_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A bearer token as lists show it, by an id that is no secret.

    `show` "" means every show, `expires_ms` (UTC) 0 that it has no end.
    """

    id: str
    role: Role
    show: str
    label: str
    created_ms: int
    expires_ms: int


class Accounts(Protocol):
    """Accounts, sessions and tokens (`store.accounts`); secrets kept as hashes."""

    async def accounts(self) -> list[Account]: ...
    async def add_account(self, name: str, password: str, role: Role) -> None:
        """Raises Failure: name taken, weak password."""
        ...

    async def set_password(self, name: str, password: str) -> None:
        """Set it and end the account's sessions.

        Raises Failure: no such account, weak password.
        """
        ...

    async def remove_account(self, name: str) -> None:
        """End the account and its sessions.

        Raises Failure: none of this name, the last owner.
        """
        ...

    async def sign_in(self, name: str, password: str) -> str | None:
        """Return a new session token, or None; the same work for unknown names."""
        ...

    async def sign_out(self, session: str) -> None: ...
    async def session(self, session: str) -> Actor | None: ...
    async def add_token(
        self, role: Role, show: ShowCode | None, label: str, *, lasts_ms: int = 0
    ) -> str:
        """Return a new bearer token; only its hash is kept. 0: it has no end."""
        ...

    async def renew_token(self, role: Role, show: ShowCode, label: str) -> str:
        """End all tokens of this role for the show; return a new one. Both or none."""
        ...

    async def tokens(self) -> list[TokenRow]: ...
    async def revoke(self, token_id: str) -> bool:
        """End the token of this id; False when there is none."""
        ...

    async def bearer(self, token: str) -> Actor | None: ...
    def on_end(self, credential: str, call: Callable[[], None]) -> Callable[[], None]:
        """Call `call` when this session or token is ended; return how to stop it.

        What ends by its age ends silently: ask `session` or `bearer` again.
        """
        ...

    async def setup_code(self) -> str | None:
        """A fresh one-time code for the first account; None once there is one."""
        ...

    async def use_setup_code(self, code: str, name: str, password: str) -> str | None:
        """Make the first owner and return a session, or None (wrong, used)."""
        ...
