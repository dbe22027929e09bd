"""Nothing that breaks is ever on air: overlays in a storm (reliability P8).

A real server, real Chromium with overlays in both shapes, directly and through the
loader's local file, and a show that plays itself. Faults come by a seed that is
printed; a look at every monitor each second finds error pages, blank or half-drawn
pictures, and scenes that never were. `CHAOS_MINUTES` sets the length of the long form.
"""

import asyncio
import os
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import pytest
from playwright.async_api import Browser, async_playwright

from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.director import Pace
from tests.chromium import chromium
from tests.faults.airing import CODE, Aired, Showrunner, aired, untrue
from tests.faults.gallery import CameraStuck, Monitor, Unheard, loader_file
from tests.faults.onair import FaultyServer, assert_calm, figures
from tests.faults.storm import Line, Storm

MINUTES: Final = float(os.environ.get("CHAOS_MINUTES", "60"))
SEED: Final = int(os.environ.get("CHAOS_SEED", "8"))
EVERY_S: Final = 1.0
PART: Final = 0.8
"""Of the seconds of the long form; whoever has fewer pictures was not watched."""

SCENES: Final = 4
"""Fewer would show nothing: the show did not go on."""

SHORT: Final = ("OBS first", "cut", "freeze", "kill", "hush", "reload")


@dataclass
class Night:
    """Everything that runs while a storm goes over a show."""

    folder: Path
    place: Aired
    server: FaultyServer
    storm: Storm
    runner: Showrunner
    monitors: list[Monitor]
    filmed_s: float = 0.0
    missed: int = 0
    replaced: Counter[str] = field(default_factory=Counter)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def film(self, screen: Monitor) -> None:
        """Look at a monitor each second; one second late is caught up."""
        due = time.monotonic()
        while not self.over.is_set():
            due = max(due + EVERY_S, time.monotonic())
            try:
                await screen.look(self.folder)
            except Unheard:
                self.missed += 1
            except CameraStuck:
                self.replaced[screen.name] += 1
                async with self.storm.calm:  # a source is added while there is a server
                    await screen.replace()
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def weather(self, faults: tuple[str, ...], until: float) -> None:
        """Let faults come: these, and then any until the time is over."""
        waiting, began = list(faults), time.monotonic()
        await self.storm.all_right()
        while waiting or time.monotonic() < until:
            await asyncio.sleep(self.storm.chance.uniform(0.5, 1.0 if faults else 8.0))
            await self.storm.strike(waiting.pop(0) if waiting else self.storm.next())
        await asyncio.sleep(EVERY_S)
        self.filmed_s = time.monotonic() - began
        self.over.set()

    def scenes(self) -> Counter[str]:
        """Count what was seen on the monitors with a good key."""
        return Counter(
            str(sight.facts["scene"])
            for screen in self.monitors
            for sight in screen.sights
            if sight.facts and not screen.blind
        )

    def unwatched(self) -> list[str]:
        """Return whoever has too few pictures: its page or this machine stood still."""
        least = PART * self.filmed_s / EVERY_S
        return [screen.name for screen in self.monitors if len(screen.sights) < least]

    def bad(self) -> list[str]:
        """Return every fault of every look, and everything shown that never was."""
        found = []
        for screen in self.monitors:
            for number, sight in enumerate(screen.sights, start=1):
                faults = list(sight.faults)
                if sight.facts and not screen.blind:
                    lie = untrue(sight.facts, self.runner.epochs, self.place.pack)
                    faults += [lie] if lie else []
                found += [f"{screen.name} {number}: {fault}" for fault in faults]
        return found


@asynccontextmanager
async def night(folder: Path, seed: int, *, quick: bool) -> AsyncIterator[Night]:
    """Make a show with all that watches it; the server does not run yet."""
    place = await aired(folder / "server" / "data", quick=quick)
    server = FaultyServer(folder / "server")
    calm = asyncio.Lock()
    async with (
        Line(server.port) as line,
        async_playwright() as play,
        Caller(server.address, place.owner) as caller,
        Caller(server.address, place.owner) as looker,
    ):
        browser = await play.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        monitors = await gallery(browser, folder, server, line, place, quick=quick)
        storm = Storm(server, line, looker, CODE, monitors, Random(seed), quick, calm)
        pace = Pace().faster(4 if quick else 1.5)
        runner = Showrunner(server, place, caller, Random(seed + 1), pace, calm)
        try:
            yield Night(folder, place, server, storm, runner, monitors)
        finally:
            await browser.close()
            server.kill()


async def gallery(
    browser: Browser,
    folder: Path,
    server: FaultyServer,
    line: Line,
    place: Aired,
    *,
    quick: bool,
) -> list[Monitor]:
    """Return the monitors: both shapes and ways, and one with a wrong key."""
    near = f"{server.address}/overlay/stage"
    far = f"http://127.0.0.1:{line.port}/overlay/stage"
    good = f"#k={place.overlay}"
    wide = loader_file(folder / "wide.html", f"{far}?layout=16x9{good}")
    tall = loader_file(folder / "tall.html", f"{near}?layout=9x16{good}")
    wrong = loader_file(folder / "wrong.html", f"{near}#k=qs_overlay_wrong")
    made = [
        Monitor("wide loader", "16x9", browser, wide),
        Monitor("tall direct", "9x16", browser, f"{far}?layout=9x16{good}"),
        Monitor("wrong key", "16x9", browser, wrong, blind=True),
    ]
    if not quick:
        direct = f"{near}?layout=16x9&seal=1{good}"
        made += [
            Monitor("wide direct", "16x9", browser, direct),
            Monitor("tall loader", "9x16", browser, tall),
        ]
    for screen in made:
        await screen.switch_on()
    return made


@pytest.mark.browser
@pytest.mark.parametrize(
    ("seconds", "faults"),
    [
        # Half a minute; a busy machine may take several times as long.
        pytest.param(0.0, SHORT, marks=pytest.mark.timeout(300)),
        pytest.param(
            60 * MINUTES,
            (),
            marks=[pytest.mark.long, pytest.mark.timeout(60 * MINUTES + 900)],
        ),
    ],
    ids=["short", "long"],
)
async def test_overlays_in_a_storm_show_the_show_or_nothing(
    tmp_path: Path, seconds: float, faults: tuple[str, ...]
) -> None:
    began = time.monotonic()
    async with night(tmp_path, SEED, quick=not seconds) as all_of_it:
        await obs_before_the_server(all_of_it)
        try:
            await played(all_of_it, faults, began + seconds)
        finally:
            bad = all_of_it.bad()
            report(all_of_it, time.monotonic() - began, bad)
        assert bad == []
        assert not (seconds and all_of_it.unwatched())
        assert len(all_of_it.scenes()) >= SCENES
        assert_calm(all_of_it.server)
        assert all_of_it.place.overlay not in all_of_it.server.said()


async def played(night: Night, faults: tuple[str, ...], until: float) -> None:
    """Play and film the show in the storm, to its end."""
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(night.runner.run(tasks))
        filming = [tasks.create_task(night.film(screen)) for screen in night.monitors]
        await night.weather(faults, until)
        await asyncio.gather(*filming)
        playing.cancel()
        night.runner.stop()
    await night.runner.keep_log()


async def obs_before_the_server(night: Night) -> None:
    """Open the local files while nothing answers, then start the server."""
    for screen in night.monitors:
        if screen.is_loader:
            await screen.load()
            sight = await screen.look(night.folder)
            assert sight.facts is None
    await asyncio.sleep(1.5)
    await night.server.start()
    for screen in night.monitors:
        if not screen.is_loader:
            await screen.load()


def report(night: Night, seconds: float, bad: list[str]) -> None:
    """Print the figures."""
    rows: dict[str, object] = {
        "seed": SEED,
        "seconds": f"{seconds:.0f}",
        "faults": sum(night.storm.struck.values()),
        "pictures": sum(len(screen.sights) for screen in night.monitors),
        "looks at which a page did not answer": night.missed,
        "cameras replaced": dict(night.replaced),
        "runs of the show": len(night.runner.epochs),
        "bad": len(bad),
        "kept in": night.folder,
    }
    for screen in night.monitors:
        rows[f"{screen.name}, pictures"] = len(screen.sights)
    for scene, count in night.scenes().most_common():
        rows[f"scene {scene}, pictures"] = count
    for name, waits in sorted(night.storm.back_s.items()):
        middle, worst = statistics.median(waits), max(waits)
        rows[f"{name}, s until all show the present"] = (
            f"{len(waits)} times, median {middle:.2f}, longest {worst:.2f}"
        )
    figures("Overlays in a storm", rows)
    for line in bad[:40]:
        figures(line, {})
