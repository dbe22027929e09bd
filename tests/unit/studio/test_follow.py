"""The bridge beside a small OBS and a scripted show, over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from quizserver.live.clock import SystemClock
from quizserver.studio.follow import Bridge, Pace, picture_of
from quizserver.studio.plan import Overlay, Plan
from quizserver.wire.common import encode
from quizserver.wire.overlay import Outputs
from quizserver.wire.parts import OutputPart
from tests.listening import take_no_more
from tests.unit.studio.peer import FakeObs

SCENES = {"lobby": "Chờ", "asked": "Hỏi", "open": "Hỏi", "ended": "Hết"}
QUICK = Pace(
    report=0.02, look=0.02, back=0.02, refused=0.02, missing=0.1, refreshed=0.2
)
OURS = OutputPart(id="o1", view="stage", layout="16x9", obs="32.0.2")


@dataclass
class Show:
    """The server's end: what the bridge says, and what it is told."""

    outputs: tuple[OutputPart, ...] = (OURS,)
    state: dict[str, Any] = field(default_factory=lambda: state("lobby"))
    hellos: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    refuses: int = 0
    port: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _sockets: set[ServerConnection] = field(default_factory=set)
    _server: Server | None = None

    async def start(self) -> None:
        self._server = await serve(self._talk, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        await take_no_more(self._server.sockets)
        self._server.close()
        await self._server.wait_closed()

    async def say(self, **message: Any) -> None:
        for socket in self._sockets:
            await socket.send(json.dumps(message))

    async def _talk(self, socket: ServerConnection) -> None:
        self.hellos.append(json.loads(await socket.recv()))
        if self.refuses:
            await socket.close(self.refuses)
            return
        await socket.send(json.dumps(self.state))
        self._sockets.add(socket)
        async for text in socket:
            message = json.loads(text)
            if message["type"] == "outputs":
                await socket.send(encode(Outputs(outputs=self.outputs)).decode())
            else:
                self.reports.append(message)
            self.news.set()
        self._sockets.discard(socket)

    async def reported(self, **fields: Any) -> None:
        """Wait for a report that says so."""
        async with asyncio.timeout(20):
            while not (self.reports and fields.items() <= self.reports[-1].items()):
                self.news.clear()
                await self.news.wait()


@dataclass
class Night:
    """Both sides and what the operator was told."""

    obs: FakeObs
    show: Show
    told: list[str] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, key: str, **values: str) -> None:
        self.told.append(" ".join([key, *values.values()]))
        self.heard.set()

    async def hears(self, word: str) -> None:
        """Wait until the operator was told something that begins so."""
        async with asyncio.timeout(20):
            while not any(line.startswith(word) for line in self.told):
                self.heard.clear()
                await self.heard.wait()


def state(phase: str, **fields: Any) -> dict[str, Any]:
    return {"type": "state", "epoch": "e1", "step": 4, "phase": phase, **fields}


@asynccontextmanager
async def night(
    obs: FakeObs | None = None, show: Show | None = None, **changes: Any
) -> AsyncIterator[Night]:
    """Run the bridge between both; either may be started by the test itself."""
    obs, show = obs or FakeObs(), show or Show()
    for side in (obs, show):
        if not side.port:
            await side.start()
    password = changes.pop("password", obs.password)
    address = f"http://127.0.0.1:{show.port}/overlay/stage#k=o.key"
    overlay = Overlay(file=Path("/show/overlay-CCHC1.html"), address=address)
    fields: dict[str, Any] = {"overlay": overlay, "scenes": SCENES, "source": "Quiz"}
    plan = Plan(**(fields | changes))
    here = Night(obs=obs, show=show)
    bridge = Bridge(
        plan,
        address=obs.address,
        password=password,
        clock=SystemClock(),
        say=here.say,
        pace=QUICK,
    )
    running = asyncio.TaskGroup()
    async with running:
        task = running.create_task(bridge.run())
        yield here
        task.cancel()
    for side in (obs, show):
        await side.stop()


async def test_it_makes_scenes_and_the_source_as_the_guide_says() -> None:
    async with night(FakeObs(password="bí mật")) as here:
        await here.hears("made")
        obs = here.obs
        assert set(obs.scenes) == {"Scene", "Chờ", "Hỏi", "Hết"}
        for scene in ("Chờ", "Hỏi", "Hết"):
            assert obs.scenes[scene] == ["Quiz"]
            placed = obs.placed[scene, "Quiz"]
            assert (placed["boundsWidth"], placed["boundsHeight"]) == (1920, 1080)
            assert placed["boundsType"] == "OBS_BOUNDS_SCALE_INNER"
        assert obs.scenes["Scene"] == []
        css = obs.inputs["Quiz"].pop("css")
        assert "rgba(0, 0, 0, 0)" in css
        assert obs.inputs["Quiz"] == {
            "is_local_file": True,
            "local_file": "/show/overlay-CCHC1.html",
            "width": 1920,
            "height": 1080,
            "fps_custom": False,
            "reroute_audio": False,
            "shutdown": False,
            "restart_when_active": False,
        }


@pytest.mark.parametrize(
    ("canvas", "size"),
    [
        ((720, 1280), (1080, 1920)),
        ((720, 900), (1080, 1350)),
        ((720, 720), (1080, 1080)),
        ((1024, 768), (1920, 1080)),
    ],
)
async def test_a_canvas_gets_the_picture_of_its_shape_and_own_css(
    canvas: tuple[int, int], size: tuple[int, int]
) -> None:
    obs = FakeObs(canvas=canvas)
    async with night(obs, css=":root { --q-primary: #5a1020; }") as here:
        await here.hears("made")
        source = obs.inputs["Quiz"]
        assert (source["width"], source["height"]) == size
        assert source["css"] == ":root { --q-primary: #5a1020; }"
        assert obs.placed["Chờ", "Quiz"]["boundsHeight"] == canvas[1]


async def test_what_a_person_arranged_stays_and_only_what_is_wrong_is_set() -> None:
    own = {"width": 1920, "height": 1080, "css": "p { color: red }", "shutdown": True}
    own |= {"is_local_file": True, "local_file": "/show/overlay-CCHC1.html"}
    obs = FakeObs(inputs={"Quiz": dict(own)})
    obs.scenes |= {"Chờ": ["Camera", "Quiz"], "Hỏi": ["Quiz"], "Hết": ["Quiz"]}
    async with night(obs) as here:
        await here.hears("made")
        assert here.told.count("made Quiz") == 1
        assert obs.inputs["Quiz"] == own | {"shutdown": False}
        assert obs.scenes["Chờ"] == ["Camera", "Quiz"]
        assert obs.placed == {}
    async with night(FakeObs(inputs=obs.inputs, scenes=obs.scenes)) as here:
        await here.hears("switched")
        assert "SetInputSettings" not in here.obs.asked
        assert not [line for line in here.told if line.startswith("made")]


async def test_the_scene_follows_the_show_and_leaves_the_rest_to_people() -> None:
    async with night() as here:
        obs, show = here.obs, here.show
        await obs.until(lambda: obs.program == "Chờ")
        await show.say(type="asked", epoch="e1", step=5, question={})
        await obs.until(lambda: obs.program == "Hỏi")
        obs.program = "Scene"
        await show.say(type="open", epoch="e1", step=6, question={})
        await here.obs.until(lambda: obs.program == "Hỏi")
        obs.program = "Scene"
        await show.say(type="presence", online=3)
        await show.say(type="revealed", epoch="e1", step=7, question="q1")
        await show.reported(scene="revealed", step=7, obs="32.0.2", streaming=False)
        assert obs.program == "Scene", "there is no scene for it"
        await show.say(type="ended", epoch="e1", step=8)
        await obs.until(lambda: obs.program == "Hết")
        assert show.hellos[0] | {"key": "o.key", "view": "obs-bridge"} == show.hellos[0]


async def test_a_scene_that_is_not_there_is_said_and_the_show_goes_on() -> None:
    async with night(builds=False) as here:
        await here.hears("no_scene Chờ")
        here.obs.scenes["Hết"] = []
        await here.show.say(type="ended", epoch="e1", step=8)
        await here.obs.until(lambda: here.obs.program == "Hết")
        assert "CreateScene" not in here.obs.asked


async def test_it_may_be_told_not_to_switch() -> None:
    async with night(switches=False) as here:
        await here.hears("made")
        await here.show.reported(scene="lobby")
        assert here.obs.program == "Scene"


async def test_on_air_nothing_is_cut_until_the_show_moves() -> None:
    obs, show = FakeObs(streaming=True), Show()
    await obs.start()
    await show.start()
    async with night(obs, show) as here:
        await show.reported(scene="lobby", streaming=True)
        await here.hears("obs_here")
        moved = [line for line in here.told if line.startswith("switched")]
        assert moved in ([], ["switched Chờ"]), "the show may have come after OBS"
        await show.say(type="asked", epoch="e1", step=5, question={})
        await obs.until(lambda: obs.program == "Hỏi")


async def test_a_source_that_does_not_register_is_loaded_anew() -> None:
    elsewhere = OutputPart(id="o2", view="stage", layout="9x16", obs="32.0.2")
    browser = OutputPart(id="o3", view="stage", layout="16x9")
    gone = OutputPart(id="o4", view="stage", layout="16x9", obs="32.0.2", lost=True)
    show = Show(outputs=(elsewhere, browser, gone))
    async with night(show=show) as here:
        await here.obs.until(lambda: here.obs.refreshed == ["Quiz"])
        await here.obs.until(lambda: here.obs.refreshed == ["Quiz", "Quiz"])
        here.obs.inputs.clear()
        await here.hears("no_source Quiz")


async def test_a_source_that_is_there_is_left_alone() -> None:
    async with night() as here:
        await here.hears("made")
        asked = len(here.obs.asked)
        await here.obs.until(lambda: len(here.obs.asked) > asked + 30)
        assert here.obs.refreshed == []


async def test_either_side_may_come_late_go_and_come_back() -> None:
    obs, show = FakeObs(), Show()
    await obs.start()
    await show.start()
    await obs.stop()
    await show.stop()
    async with night(obs, show) as here:
        await here.hears("obs_away")
        await here.hears("show_away")
        await obs.start()
        await here.hears("obs_here 32.0.2")
        await show.start()
        await here.hears("show_here")
        await obs.until(lambda: obs.program == "Chờ")
        await obs.stop()
        obs.program = "Scene"
        show.state = state("ended")
        await show.stop()
        await show.start()
        await show.reported(scene="ended", visible=False)
        await obs.start()
        await obs.until(lambda: obs.program == "Hết")


async def test_an_obs_that_talks_nonsense_is_called_again() -> None:
    async with night(FakeObs(babbles=True), Show()) as here:
        await here.hears("obs_away")
        await here.hears("obs_here 32.0.2")


async def test_a_wrong_password_and_a_bad_key_are_said_once() -> None:
    obs, show = FakeObs(password="đúng"), Show(refuses=4401)
    async with night(obs, show, password="sai") as here:
        await here.hears("wrong_password")
        await here.hears("show_refused")
        while len(show.hellos) < 4:
            await _turn()
        assert sorted(here.told) == ["show_refused", "wrong_password"]
        assert "o.key" not in " ".join(here.told)


async def _turn() -> None:
    loop = asyncio.get_running_loop()
    turned = loop.create_future()
    loop.call_later(0.005, turned.set_result, None)
    await turned


@pytest.mark.parametrize(
    ("message", "picture"),
    [
        (state("draft"), None),
        (state("published"), "ended"),
        (state("open", paused=True), "paused"),
        ({"type": "resumed", "phase": "standings"}, "standings"),
        ({"type": "roll"}, "asked"),
        ({"type": "voided"}, "before"),
        ({"type": "paused"}, "paused"),
    ],
)
def test_each_message_says_what_the_show_is_at(
    message: dict[str, Any], picture: str | None
) -> None:
    assert picture_of(message, "before") == picture
