"""The bridge between a show and an OBS: it follows the one and works the other.

Each side has its own loop, which comes back for ever: OBS may start late, be closed
and opened again, the server may restart; the other side goes on meanwhile. What a
person does in OBS stands until the show moves on: a scene is put on program once for
each change of picture, never again and again.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.ports import Clock
from quizserver.studio.obs import Away, Obs, WrongPassword, studio
from quizserver.studio.plan import Plan
from quizserver.studio.protocol import Refused
from quizserver.studio.rig import Rig, build, on_air, refresh, survey, switch
from quizserver.wire.common import VERSION, Close, encode
from quizserver.wire.overlay import AskOutputs, Output, Outputs, OverlayHello
from quizserver.wire.parts import OutputPart

VIEW: Final = "obs-bridge"
"""What the panel knows the bridge by."""

Say = Callable[..., None]
"""Tells the operator something: the text's key and its values."""

_PHASES: Final[Mapping[str, str]] = {
    **{name: name for name in ("lobby", "asked", "open", "locked", "revealed")},
    "standings": "standings",
    **dict.fromkeys(("ended", "confirmed", "published"), "ended"),
}
_CUES: Final[Mapping[str, str]] = {
    **_PHASES,
    "roll": "asked",
    "paused": "paused",
}
_REFUSED: Final = {Close.TOKEN, Close.FORBIDDEN, Close.NO_SHOW}
_NS_PER_S: Final = 1_000 * NS_PER_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long the bridge waits, in seconds."""

    report: float = 5.0
    look: float = 2.0
    back: float = 2.0
    refused: float = 30.0
    missing: float = 10.0
    refreshed: float = 30.0


@dataclass(slots=True)
class _Seen:
    """What each side last said; `overlays` None: nobody knows."""

    picture: str | None = None
    step: int | None = None
    overlays: tuple[OutputPart, ...] | None = None
    rig: Rig | None = None
    streaming: bool | None = None
    recording: bool | None = None
    said: dict[str, str] = field(default_factory=dict)


class Bridge:
    """One show, one OBS. `run` goes on until it is cancelled."""

    def __init__(
        self,
        plan: Plan,
        *,
        address: str,
        password: str,
        clock: Clock,
        say: Say,
        pace: Pace | None = None,
    ) -> None:
        self._plan = plan
        self._address = address
        self._password = password
        self._clock = clock
        self._tell = say
        self._pace = pace or Pace()
        self._seen = _Seen()
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Follow the show and work OBS."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hear_show())
            tasks.create_task(self._work_obs())

    def _say(self, side: str, key: str, **values: str) -> None:
        """Tell the operator what is new of a side, once."""
        if self._seen.said.get(side) != key:
            self._seen.said[side] = key
            self._tell(key, **values)

    async def _pause(self, seconds: float) -> None:
        now = self._clock.monotonic_ns()
        await self._clock.sleep_until(now + int(seconds * _NS_PER_S))

    # --- the show ---------------------------------------------------------------

    async def _hear_show(self) -> None:
        while True:
            wait = self._pace.back
            try:
                async with connect(self._plan.overlay.socket) as socket:
                    await self._follow(socket)
            except ConnectionClosed as closed:
                if closed.rcvd is not None and closed.rcvd.code in _REFUSED:
                    self._say("show", "show_refused")
                    wait = self._pace.refused
                else:
                    self._say("show", "show_away")
            except (OSError, TimeoutError, InvalidHandshake):
                self._say("show", "show_away")
            self._seen.overlays = None
            await self._pause(wait)

    async def _follow(self, socket: ClientConnection) -> None:
        await socket.send(encode(self._hello()).decode())
        due_ns = 0
        while True:
            left_ns = due_ns - self._clock.monotonic_ns()
            if left_ns <= 0:
                await socket.send(encode(self._report()).decode())
                await socket.send(encode(AskOutputs()).decode())
                left_ns = int(self._pace.report * _NS_PER_S)
                due_ns = self._clock.monotonic_ns() + left_ns
            try:
                async with asyncio.timeout(left_ns / _NS_PER_S):
                    text = await socket.recv()
            except TimeoutError:
                continue
            self._take(msgspec.json.decode(text))

    def _hello(self) -> OverlayHello:
        return OverlayHello(v=VERSION, key=self._plan.overlay.key, view=VIEW, layout="")

    def _report(self) -> Output:
        seen = self._seen
        return Output(
            obs=seen.rig.version if seen.rig else None,
            visible=seen.rig is not None,
            scene=seen.picture,
            step=seen.step,
            streaming=seen.streaming,
            recording=seen.recording,
        )

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "outputs":
            self._seen.overlays = msgspec.convert(message, Outputs).outputs
            return
        self._seen.step = message.get("step", self._seen.step)
        if message["type"] == "state":
            self._say("show", "show_here")
        picture = picture_of(message, self._seen.picture)
        if picture != self._seen.picture:
            self._seen.picture = picture
            self._changed.set()

    # --- OBS --------------------------------------------------------------------

    async def _work_obs(self) -> None:
        while True:
            wait = self._pace.back
            try:
                async with studio(self._address, self._password) as obs:
                    await self._serve(obs)
            except WrongPassword:
                self._say("obs", "wrong_password")
                wait = self._pace.refused
            except Away:
                self._say("obs", "obs_away", address=self._address)
            except Refused as refused:
                self._say("obs", "obs_refused", reason=str(refused))
            self._seen.rig = self._seen.streaming = self._seen.recording = None
            await self._pause(wait)

    async def _serve(self, obs: Obs) -> None:
        plan, seen = self._plan, self._seen
        rig = seen.rig = await survey(obs, plan)
        self._say("obs", "obs_here", version=rig.version)
        made = await build(obs, plan, rig) if plan.builds else []
        if made:
            self._tell("made", names=", ".join(made))
        # On air nobody wants a cut because the bridge was started or came back.
        seen.streaming, seen.recording = await on_air(obs)
        shown = seen.picture if seen.streaming or seen.recording else None
        alone_ns: int | None = None
        while True:
            if seen.picture != shown:
                shown = seen.picture
                await self._switch(obs, shown)
            alone_ns = await self._refresh_if_stuck(obs, rig, alone_ns)
            await self._rest()
            seen.streaming, seen.recording = await on_air(obs)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._pace.look):
                await self._changed.wait()
        except TimeoutError:
            return
        self._changed.clear()

    async def _switch(self, obs: Obs, picture: str | None) -> None:
        scene = self._plan.scenes.get(picture or "")
        if scene is None or not self._plan.switches:
            return
        try:
            await switch(obs, scene)
        except Refused as refused:
            self._tell("no_scene", scene=scene, reason=str(refused))
        else:
            self._tell("switched", scene=scene)

    async def _refresh_if_stuck(
        self, obs: Obs, rig: Rig, alone_ns: int | None
    ) -> int | None:
        """Return since when the overlay has been missing; press its refresh then."""
        now = self._clock.monotonic_ns()
        if self._seen.overlays is None or any(
            is_ours(one, rig) for one in self._seen.overlays
        ):
            return None
        if alone_ns is None or now - alone_ns < self._pace.missing * _NS_PER_S:
            return now if alone_ns is None else alone_ns
        try:
            await refresh(obs, self._plan.source)
        except Refused as refused:
            self._tell("no_source", source=self._plan.source, reason=str(refused))
        else:
            self._tell("refreshed", source=self._plan.source)
        return now + int((self._pace.refreshed - self._pace.missing) * _NS_PER_S)


def picture_of(message: Mapping[str, Any], before: str | None) -> str | None:
    """Return what the show is at after a message; None: nothing to be seen yet."""
    kind = message["type"]
    if kind == "state" and message.get("paused"):
        return "paused"
    if kind in {"state", "resumed"}:
        return _PHASES.get(message["phase"])
    return _CUES.get(kind, before)


def is_ours(output: OutputPart, rig: Rig) -> bool:
    """Tell whether this is the overlay in an OBS, in the shape that ours has."""
    return bool(
        output.obs
        and not output.lost
        and output.view != VIEW
        and output.layout == rig.layout
    )
