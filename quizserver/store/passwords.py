"""Passwords: what one must be, how it is kept, and where it is checked.

argon2id on two threads of their own: each check takes a core and 19 MiB for some
hundredths of a second, so a flood of sign-ins must take neither the loop nor all the
memory. Who may have a check next is the web's concern, which knows addresses.
"""

import asyncio
import os
import secrets
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from quizserver.failures import Failure

T = TypeVar("T")

PASSWORD_MIN: Final = 10
"""Characters; length is what a guess costs."""

PASSWORD_MAX: Final = 200

_AT_ONCE: Final = 2

_NICE: Final = 2
"""Phones are served before passwords when the processor is busy."""

# OWASP's least for argon2id: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class AccountRefused(Failure, ValueError):
    """An account that cannot be made or changed.

    `code` is `name_taken`, `name_empty`, `password_short` or `password_long`, or
    for one that should be there `name_unknown` or `last_owner`. A ValueError, so
    that the ledger knows that it is well.
    """

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(f"failure.account.{code}", **values)
        self.code = code


class Passwords:
    """The two threads that hash and check."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(
            _AT_ONCE, thread_name_prefix="argon2", initializer=_step_back
        )
        self.decoy = _HASHER.hash(secrets.token_hex(16))
        """What an unknown name is checked against: the same work."""

    def close(self) -> None:
        """Stop the threads. Blocks; may be called again."""
        self._threads.shutdown(wait=True)

    async def hashed(self, password: str) -> str:
        """Return what is kept of a password."""
        return await self._on_thread(_hashed, password)

    async def verified(self, stored: str, password: str) -> bool:
        """Tell whether `stored` was made of this password."""
        return await self._on_thread(_verified, stored, password)

    async def _on_thread(self, call: Callable[..., T], *args: str) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, call, *args)


def plain(text: str) -> str:
    """Return what people see alike as one text: NFC, no space around it."""
    return unicodedata.normalize("NFC", text).strip()


def check_account(name: str, password: str) -> None:
    """Pass if an account can have this name and password. Raises AccountRefused."""
    if not name:
        raise AccountRefused("name_empty")
    length = len(password)
    if length < PASSWORD_MIN:
        raise AccountRefused("password_short", length=length, least=PASSWORD_MIN)
    if length > PASSWORD_MAX:
        raise AccountRefused("password_long", length=length, most=PASSWORD_MAX)


def _step_back() -> None:
    """Let the rest of the server go first; only Linux knows threads by number."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


def _hashed(password: str) -> str:
    return _HASHER.hash(password)


def _verified(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
