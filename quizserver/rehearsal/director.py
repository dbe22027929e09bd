"""Plays a show by itself: a host made of HTTP commands.

Speaks only the wire, with a host's bearer token. It waits for the server's own
deadline, as a host who reads aloud would.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from quizserver.rehearsal.calls import Caller, Refused
from quizserver.rehearsal.phone import Hints

_LOOK_S: Final = 0.1
_LONGEST_LOOK_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long the director stays on each picture, in seconds."""

    lobby: float = 4.0
    asked: float = 3.0
    locked: float = 1.5
    revealed: float = 5.0
    standings: float = 4.0

    def faster(self, speed: float) -> "Pace":
        """Return the pace `speed` times as fast."""
        return Pace(
            lobby=self.lobby / speed,
            asked=self.asked / speed,
            locked=self.locked / speed,
            revealed=self.revealed / speed,
            standings=self.standings / speed,
        )


class Director:
    """Drives one show from draft to its end."""

    def __init__(self, caller: Caller, show: str, hints: Hints, pace: Pace) -> None:
        self._caller = caller
        self._show = show
        self._hints = hints
        self._pace = pace
        self.on_step: Callable[[dict[str, Any]], None] = lambda state: None

    async def state(self) -> dict[str, Any]:
        """Return the host state."""
        state = await self._caller.get(f"/api/shows/{self._show}/state")
        assert isinstance(state, dict)
        return state

    async def command(self, command: str, **fields: object) -> dict[str, Any]:
        """Send one command, with a fresh ref. Raises Refused."""
        body = {"command": command, "ref": secrets.token_hex(8), **fields}
        reply = await self._caller.post(f"/api/shows/{self._show}/commands", body)
        assert isinstance(reply, dict)
        return reply

    async def play(self, questions: int | None = None) -> None:
        """Play until the run-down is done, or `questions` were played."""
        played: set[str] = set()
        while True:
            state = await self.state()
            self.on_step(state)
            if state["phase"] == "revealed":
                played.add(state["question"]["id"])
            command = self._next(state, len(played), questions)
            if command is None:
                return
            await self._wait(state["phase"])
            await self._advance(command, state)

    def _next(
        self, state: dict[str, Any], played: int, questions: int | None
    ) -> str | None:
        if state["phase"] == "ended":
            return None
        if state.get("question"):
            self._hints.keys[state["question"]["id"]] = state["question"]["key"]
        step = state.get("next", {}).get("command")
        if questions is not None and played >= questions and step in ("next", "ask"):
            return "end"
        return "wait" if step in (None, "lock") else str(step)

    async def _advance(self, command: str, state: dict[str, Any]) -> None:
        """Send the command, unless the show moves by itself now."""
        if command == "wait":
            # A look costs the server something; few before the next thing is due.
            due_s = state.get("opens_in_ms", state.get("closes_in_ms", 0)) / 1000
            await asyncio.sleep(min(max(_LOOK_S, due_s), _LONGEST_LOOK_S))
            return
        try:
            await self.command(command, step=state["step"])
        except Refused as refused:
            if refused.status != 409:
                raise

    async def _wait(self, phase: str) -> None:
        seconds = {
            "lobby": self._pace.lobby,
            "asked": self._pace.asked,
            "locked": self._pace.locked,
            "revealed": self._pace.revealed,
            "standings": self._pace.standings,
        }.get(phase, 0.0)
        await asyncio.sleep(seconds)
