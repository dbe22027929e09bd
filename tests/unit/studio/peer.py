"""A small OBS made for the tests, from the published protocol of obs-websocket v5.

It speaks Hello, Identify with a password, and the requests that the bridge uses, over
a real socket; scenes and sources are kept in memory. What it does not know it refuses
with the codes that the protocol gives.
"""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.listening import take_no_more

SALT, CHALLENGE = "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI=", "+IxH4CnCiqpX1rM9"
DEFAULTS = {
    "is_local_file": False,
    "url": "https://obsproject.com/browser-source",
    "width": 800,
    "height": 600,
    "fps_custom": False,
    "reroute_audio": False,
    "shutdown": False,
    "restart_when_active": False,
}


class Wrong(Exception):
    """A request that is refused, with the protocol's code."""


@dataclass
class FakeObs:
    """The studio: its scenes, each with its sources, and what was asked of it."""

    password: str = ""
    canvas: tuple[int, int] = (1920, 1080)
    scenes: dict[str, list[str]] = field(default_factory=lambda: {"Scene": []})
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    placed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    program: str = "Scene"
    streaming: bool = False
    babbles: bool = False
    asked: list[str] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    port: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _server: Server | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"ws://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Open; on the same port again after `stop`."""
        self._server = await serve(
            self._talk,
            "127.0.0.1",
            self.port,
            subprotocols=["obswebsocket.json"],  # type: ignore[list-item]
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close, as when somebody quits OBS."""
        assert self._server is not None
        await take_no_more(self._server.sockets)
        self._server.close()
        await self._server.wait_closed()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that a request brings about."""
        async with asyncio.timeout(20):
            while not holds():
                self.news.clear()
                await self.news.wait()

    async def _talk(self, socket: ServerConnection) -> None:
        hello: dict[str, Any] = {"obsWebSocketVersion": "5.5.2", "rpcVersion": 1}
        if self.password:
            hello["authentication"] = {"challenge": CHALLENGE, "salt": SALT}
        try:
            await _say(socket, 0, hello)
            identify = json.loads(await socket.recv())["d"]
            if self.password and identify.get("authentication") != self._proof():
                await socket.close(4009, "Authentication failed.")
                return
            assert identify["rpcVersion"] == 1
            await _say(socket, 2, {"negotiatedRpcVersion": 1})
            async for text in socket:
                await self._answer(socket, json.loads(text)["d"])
        except ConnectionClosed:
            return

    def _proof(self) -> str:
        secret = _base64_sha256(self.password + SALT)
        return _base64_sha256(secret + CHALLENGE)

    async def _answer(self, socket: ServerConnection, asked: dict[str, Any]) -> None:
        name, fields = asked["requestType"], asked.get("requestData") or {}
        self.asked.append(name)
        if self.babbles:
            self.babbles = False
            await socket.send("no JSON")
            return
        said = {"requestType": name, "requestId": asked["requestId"]}
        # Other clients' events and answers come in between.
        await _say(socket, 5, {"eventType": "InputMuteStateChanged", "eventIntent": 8})
        try:
            made = getattr(self, f"_{name}")(**fields)
            status = {"result": True, "code": 100}
            said |= {"requestStatus": status, "responseData": made}
        except Wrong as wrong:
            code, comment = wrong.args
            said["requestStatus"] = {"result": False, "code": code, "comment": comment}
        await _say(socket, 7, said)
        self.news.set()

    # requests, by the name that the protocol gives them ------------------------

    def _GetVersion(self) -> dict[str, Any]:  # noqa: N802
        return {"obsVersion": "32.0.2", "rpcVersion": 1}

    def _GetVideoSettings(self) -> dict[str, Any]:  # noqa: N802
        return {"baseWidth": self.canvas[0], "baseHeight": self.canvas[1]}

    def _GetSceneList(self) -> dict[str, Any]:  # noqa: N802
        scenes = [{"sceneName": name} for name in self.scenes]
        return {"currentProgramSceneName": self.program, "scenes": scenes}

    def _CreateScene(self, sceneName: str) -> None:  # noqa: N802, N803
        if sceneName in self.scenes:
            raise Wrong(601, "A source already exists by that scene name.")
        self.scenes[sceneName] = []

    def _GetInputList(self, inputKind: str) -> dict[str, Any]:  # noqa: N802, N803
        assert inputKind == "browser_source"
        return {"inputs": [{"inputName": name} for name in self.inputs]}

    def _CreateInput(  # noqa: N802
        self,
        sceneName: str,  # noqa: N803
        inputName: str,  # noqa: N803
        inputKind: str,  # noqa: N803
        inputSettings: dict[str, Any],  # noqa: N803
        sceneItemEnabled: bool,  # noqa: N803
    ) -> dict[str, Any]:
        assert inputKind == "browser_source"
        assert sceneItemEnabled
        self.inputs[inputName] = inputSettings
        return self._CreateSceneItem(sceneName, inputName)

    def _GetInputDefaultSettings(self, inputKind: str) -> dict[str, Any]:  # noqa: N802, N803
        assert inputKind == "browser_source"
        return {"defaultInputSettings": DEFAULTS}

    def _GetInputSettings(self, inputName: str) -> dict[str, Any]:  # noqa: N802, N803
        return {"inputSettings": self._input(inputName)}

    def _SetInputSettings(  # noqa: N802
        self,
        inputName: str,  # noqa: N803
        inputSettings: dict[str, Any],  # noqa: N803
        overlay: bool,
    ) -> None:
        assert overlay
        self._input(inputName).update(inputSettings)

    def _GetSceneItemId(self, sceneName: str, sourceName: str) -> dict[str, Any]:  # noqa: N802, N803
        if sourceName not in self._scene(sceneName):
            raise Wrong(600, "No scene items were found.")
        return {"sceneItemId": self._scene(sceneName).index(sourceName) + 1}

    def _CreateSceneItem(self, sceneName: str, sourceName: str) -> dict[str, Any]:  # noqa: N802, N803
        self._input(sourceName)
        self._scene(sceneName).append(sourceName)
        return self._GetSceneItemId(sceneName, sourceName)

    def _SetSceneItemTransform(  # noqa: N802
        self,
        sceneName: str,  # noqa: N803
        sceneItemId: int,  # noqa: N803
        sceneItemTransform: dict[str, Any],  # noqa: N803
    ) -> None:
        source = self._scene(sceneName)[sceneItemId - 1]
        self.placed[sceneName, source] = sceneItemTransform

    def _PressInputPropertiesButton(  # noqa: N802
        self,
        inputName: str,  # noqa: N803
        propertyName: str,  # noqa: N803
    ) -> None:
        assert propertyName == "refreshnocache"
        self._input(inputName)
        self.refreshed.append(inputName)

    def _SetCurrentProgramScene(self, sceneName: str) -> None:  # noqa: N802, N803
        self._scene(sceneName)
        self.program = sceneName

    def _GetStreamStatus(self) -> dict[str, Any]:  # noqa: N802
        return {"outputActive": self.streaming}

    def _GetRecordStatus(self) -> dict[str, Any]:  # noqa: N802
        return {"outputActive": False}

    def _scene(self, name: str) -> list[str]:
        if name not in self.scenes:
            raise Wrong(600, f"No source was found by the name of `{name}`.")
        return self.scenes[name]

    def _input(self, name: str) -> dict[str, Any]:
        if name not in self.inputs:
            raise Wrong(600, f"No source was found by the name of `{name}`.")
        return self.inputs[name]


async def _say(socket: ServerConnection, op: int, fields: dict[str, Any]) -> None:
    await socket.send(json.dumps({"op": op, "d": fields}))


def _base64_sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
