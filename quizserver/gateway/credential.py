"""What a screen is known by, and how its socket ends together with it.

A panel's socket lives for hours after the one moment at which it was let in. So it
listens for the end of its session or token (signed out, revoked, account removed) and
asks again now and then, because what ends by its age ends silently, and what another
process ended is told to nobody here (reliability P16).
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from quizserver.gateway.limits import SECOND, Limits
from quizserver.live.access import Accounts, Actor
from quizserver.live.ports import LedgerDown
from quizserver.wire.common import Close, WireError


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A session's or a bearer token's text."""

    accounts: Accounts
    text: str
    is_session: bool = False

    async def actor(self) -> Actor | None:
        """Return whose it is; None when it is good no more."""
        if self.is_session:
            return await self.accounts.session(self.text)
        return await self.accounts.bearer(self.text)

    async def expect(self) -> Actor:
        """Return whose it is.

        Raises:
            WireError: TOKEN.
        """
        actor = await self.actor()
        if actor is None:
            raise WireError(Close.TOKEN, "token not good")
        return actor

    async def end(self, limits: Limits) -> NoReturn:
        """Wait until it is good no more.

        Raises:
            WireError: TOKEN, when that is so.
        """
        ended = asyncio.Event()
        # Before the first look: what ends between the two is not missed.
        forget = self.accounts.on_end(self.text, ended.set)
        try:
            while not ended.is_set():
                # A ledger that cannot be read just now signs nobody out.
                with suppress(LedgerDown):
                    await self.expect()
                with suppress(TimeoutError):
                    async with asyncio.timeout(limits.recheck_ns / SECOND):
                        await ended.wait()
        finally:
            forget()
        raise WireError(Close.TOKEN, "signed out or revoked")
