"""The gallery: overlays as OBS shows them, and a judge in front of every monitor.

A monitor is a page of a real Chromium at the size of the picture, opened directly
or through the loader's local file. Each look takes a screenshot with its alpha and
what the page says of itself, and finds what television would not forgive.
"""

import asyncio
import base64
import io
import json
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.async_api import (
    Browser,
    CDPSession,
    Error,
    Frame,
    Page,
    ViewportSize,
)

from tests.e2e.overlays import broadcast
from tests.e2e.overlays.scenarios import LAYOUTS

Facts = dict[str, Any]

LOADER: Final = Path("overlays/_kit/loader.html")
_SIGHT: Final = (Path(__file__).parent / "sight.js").read_text("utf-8")
_LOOK: Final = f"() => ({{ ...({_SIGHT})(), found: ({broadcast.FINDINGS})() }})"
_PATIENCE_MS: Final = 60_000
_DRAWS: Final = "new Promise((drawn) => requestAnimationFrame(() => drawn({})))"
CAMERA_S: Final = 5.0
"""A picture takes a tenth of a second; a busy machine may need some seconds."""
_READY: Final = "document.querySelector('iframe[data-ready]') !== null"
_BLANK: Final = {"r": 0, "g": 0, "b": 0, "a": 0}
SAMPLE: Final = 30
"""One good picture of so many is kept, too."""

_STEADY_S: Final = 1.5
"""A picture that has said the same for so long has arrived: nothing comes or goes."""

_WALL: Final = 0.7
"""No overlay covers more of the picture; a browser's own page covers all."""

_FOREIGN: Final = re.compile(
    r"ERR_|\bError\b|error:|undefined|\bNaN\b|\[object|overlay\.[a-z]|127\.0\.0\.1 "
)


def loader_file(path: Path, address: str) -> str:
    """Write the loader as the panel does; return the address of the local file."""
    text = LOADER.read_text("utf-8").replace('"{{address}}"', json.dumps(address))
    path.write_text(text, "utf-8")
    return path.resolve().as_uri()


class Unheard(Exception):
    """A page gave no answer."""


class CameraStuck(Exception):
    """The page answers and draws, and Chromium gives no picture of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One look at one monitor."""

    monitor: str
    at: float
    facts: Facts | None
    faults: tuple[str, ...]


@dataclass(slots=True)
class Monitor:
    """A page in which an overlay is seen; `blind` when its key is not good."""

    name: str
    layout: str
    browser: Browser
    source: str
    blind: bool = False
    page: Page = field(init=False)
    session: CDPSession = field(init=False)
    sights: list[Sight] = field(default_factory=list)
    _same: tuple[object, ...] = ()
    _since: float = 0.0
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_loader(self) -> bool:
        """Whether the overlay is in the local file's frame."""
        return self.source.startswith("file:")

    async def switch_on(self) -> None:
        """Begin with a new page of the picture's size that has loaded nothing yet."""
        width, height = LAYOUTS[self.layout]
        size = ViewportSize(width=width, height=height)
        context = await self.browser.new_context(viewport=size)
        self.page = await context.new_page()
        self.session = await context.new_cdp_session(self.page)
        transparent = {"color": _BLANK}
        override = "Emulation.setDefaultBackgroundColorOverride"
        await self.session.send(override, transparent)

    async def load(self) -> None:
        """Open the source, or open it again, as OBS does."""
        async with self._changing:
            await self._load()

    async def replace(self) -> None:
        """Delete the source in OBS and add it anew."""
        async with self._changing:
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(CAMERA_S):
                    await self.page.context.close()
            await self.switch_on()
            await self._load()

    async def _load(self) -> None:
        self._same = ()
        await self.page.goto(self.source, wait_until="commit", timeout=_PATIENCE_MS)

    async def facts(self) -> Facts | None:
        """Return what the overlay shows; None: there is none to be seen.

        Raises:
            Unheard: the page does not answer; that says nothing of the picture.
        """
        found = await self._asked(_LOOK)
        # A page without a scene has not begun: it is as good as none.
        return found if found and found["scene"] else None

    async def said(self) -> Facts:
        """Return the words on the overlay's root; none when it is not there."""
        with suppress(Unheard):
            return await self._asked("({...document.documentElement.dataset})") or {}
        return {}

    async def look(self, keep: Path) -> Sight:
        """Take a picture and judge it; one with faults is kept in the folder.

        Raises:
            Unheard: no picture could be taken, or nobody says what it shows.
            CameraStuck: no picture comes of a page that draws.
        """
        before = await self.facts()
        taken = await self._taken()
        after = await self.facts()
        at = time.monotonic()
        steady = self._is_steady(before, after, at)
        picture = await asyncio.to_thread(_decoded, taken)
        is_there = before is not None or after is not None
        faults = await asyncio.to_thread(
            judged,
            picture,
            after,
            steady=steady,
            unseen=self.blind or not is_there,
            snows=any(said and said["confetti"] for said in (before, after)),
        )
        sight = Sight(monitor=self.name, at=at, facts=after, faults=tuple(faults))
        self.sights.append(sight)
        number = len(self.sights)
        if faults:
            self._keep(picture, keep / "bad", number)
            why = [*faults, json.dumps(before), json.dumps(after)]
            note = keep / "bad" / f"{self.name.replace(' ', '-')}-{number:05}.txt"
            note.write_text("\n".join(why), "utf-8")
        elif number % SAMPLE == 1:
            self._keep(picture, keep / "samples", number)
        return sight

    def _keep(self, picture: Image.Image, folder: Path, number: int) -> None:
        """Keep a picture for people to look at, over a grey scene."""
        folder.mkdir(parents=True, exist_ok=True)
        over = Image.new("RGBA", picture.size, (96, 108, 118, 255))
        over.alpha_composite(picture)
        name = f"{self.name.replace(' ', '-')}-{number:05}.png"
        over.convert("RGB").reduce(2).save(folder / name)

    async def _taken(self) -> str:
        """Return a screenshot. Chromium leaves some without an answer, for ever."""
        how = {"format": "png", "optimizeForSpeed": True}
        try:
            async with asyncio.timeout(CAMERA_S):
                taken = await self.session.send("Page.captureScreenshot", how)
        except Error as error:
            raise Unheard from error
        except TimeoutError as error:
            # A page that does not draw any more is worse than one without a picture.
            await self._asked(_DRAWS)
            raise CameraStuck from error
        return str(taken["data"])

    async def _asked(self, script: str) -> Facts | None:
        try:
            async with asyncio.timeout(20):
                frame = await self._frame()
                found = await frame.evaluate(script) if frame is not None else None
        except (Error, TimeoutError) as error:
            raise Unheard from error
        return None if found is None else dict(found)

    async def _frame(self) -> Frame | None:
        if not self.is_loader:
            return self.page.main_frame
        if not await self.page.evaluate(_READY):
            return None
        inside = self.page.main_frame.child_frames
        return inside[-1] if inside else None

    def _is_steady(self, before: Facts | None, after: Facts | None, at: float) -> bool:
        """Tell whether nothing has changed for a while, this look included."""
        same = _said(after)
        if same != self._same or _said(before) != same:
            self._same, self._since = same, at
        return at - self._since >= _STEADY_S


def _said(facts: Facts | None) -> tuple[object, ...]:
    keys = ("epoch", "step", "scene", "conn", "moving", "leaving")
    return ("none",) if facts is None else tuple(facts[key] for key in keys)


def _decoded(data: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA")


def judged(
    picture: Image.Image,
    facts: Facts | None,
    *,
    steady: bool,
    unseen: bool,
    snows: bool,
) -> list[str]:
    """Return what must not be on air.

    `unseen`: nothing may be; `snows`: confetti fell before or after the picture.
    """
    alpha = picture.getchannel("A")
    histogram = alpha.histogram()
    seen = histogram[0] < picture.width * picture.height
    if unseen:
        return ["something is seen without a good key or an overlay"] if seen else []
    found = []
    if not snows:
        found += [f"{corner} corner not free" for corner in broadcast.corners(picture)]
    if histogram[255] > _WALL * picture.width * picture.height:
        found.append("a wall")
    if facts is not None:
        if foreign := _FOREIGN.search(facts["words"]):
            found.append(f"not our words: {foreign[0]}")
        if steady:
            found += _arrived(facts, seen=seen)
    return found


def _arrived(facts: Facts, *, seen: bool) -> list[str]:
    """Return what is wrong with a picture in which nothing comes or goes."""
    found = []
    is_empty = facts["scene"] == "empty" and not facts["notice"]
    if is_empty and seen:
        found.append("an empty scene is seen")
    if not is_empty and not seen:
        found.append(f"blank in scene {facts['scene']}")
    if facts["unstyled"]:
        found.append("a style sheet is missing")
    found += [f"broken picture {source}" for source in facts["broken"]]
    if not facts["moving"] and not facts["leaving"]:
        found += [f"half-drawn: {one}" for one in facts["found"]]
        found += ["a picture is cut"] if facts["cut"] else []
    return found
