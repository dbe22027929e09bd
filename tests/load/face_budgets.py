"""What phone and overlay cost the eye: how soon they show, and how soon they answer.

    python -m tests.load.face_budgets [RUNS]

A real server, real Chromium, throttled by its own developer tools: the processor
by a factor, every HTTP request by a delay and a rate. Not slowed: the TCP
handshake, TLS, which there is none, and sockets; a real phone on a real line is
slower by these.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.async_api import Page, async_playwright
from rich.console import Console
from rich.table import Table

from quizserver.rehearsal.calls import Caller
from tests.chromium import chromium
from tests.load.face_stand import GOOD, POOR, SHOW, Line, Stand
from tests.load.face_taps import taps
from tests.server import ServerProcess

BACK: Final = 5
"""So many times in a row a phone comes back from the background."""

CUES: Final = 40
STAMPS: Final = """
window.stamps = {};
const Real = window.WebSocket;
window.WebSocket = function (url) {
  const socket = new Real(url);
  // As a lock screen leaves it: open to look at, and silent for ever.
  addEventListener("deafen", () => { socket.onmessage = socket.onclose = null; });
  return socket;
};
Object.assign(window.WebSocket, { CONNECTING: 0, OPEN: 1 });
const stamp = (name, found) => {
  if (!found || stamps[name]) return;
  stamps[name] = 1;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    stamps[name] = performance.now();
  }));
};
new MutationObserver(() => {
  stamp("join", document.querySelector("form.join button"));
  stamp("state", document.querySelector("main[data-screen=lobby]"));
}).observe(document, { childList: true, subtree: true, attributes: true });
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured, all of it in `unit`, and what it may be."""

    what: str
    goal: float
    values: tuple[float, ...]
    unit: str = "ms"

    @property
    def shown(self) -> float:
        """The figure held to the goal: see `measure`."""
        return self.values[0]


async def first_loads(stand: Stand, line: Line, runs: int) -> dict[str, list[float]]:
    """Load the page as a newcomer and as somebody who joined, `runs` times each."""
    found: dict[str, list[float]] = {"fcp": [], "join": [], "state": []}
    for _ in range(runs):
        async with stand.phone(line, witness=STAMPS) as page:
            await page.goto(f"{stand.server.address}/{SHOW}")
            found["join"].append(await stamped(page, "join"))
            paints = "performance.getEntriesByName('first-contentful-paint')[0]"
            found["fcp"].append(await page.evaluate(f"{paints}.startTime"))
        async with stand.phone(line, witness=STAMPS, seat=await stand.seat()) as page:
            await page.goto(f"{stand.server.address}/{SHOW}")
            found["state"].append(await stamped(page, "state"))
    return found


async def stamped(page: Page, name: str) -> float:
    """Return when something was painted, ms after the navigation began."""
    return await told_of(page, f"stamps.{name}", 1)


async def told_of(page: Page, figure: str, more_than: float = 0) -> float:
    """Return a figure of the page once it is more than that."""
    async with asyncio.timeout(30):
        # Not wait_for_function, which the page's policy forbids to evaluate.
        while float(await page.evaluate(f"{figure} || 0")) <= more_than:
            await page.wait_for_timeout(20)
    return float(await page.evaluate(figure))


RETURN: Final = """(text) => new Promise((done) => {
  window.plain = window.plain || performance.now.bind(performance);
  const now = window.plain, real = now();
  window.skew = (window.skew || 0) + 4000;
  performance.now = () => now() + window.skew;
  const look = () => document.body.textContent.includes(text)
    ? requestAnimationFrame(() => setTimeout(() => done(now() - real)))
    : setTimeout(look, 4);
  document.dispatchEvent(new Event("visibilitychange"));
  look();
})"""
"""Come back as from a lock screen: four seconds have passed, and a socket that was
silent for three is not trusted, so the page dials anew."""


async def returns(stand: Stand) -> list[float]:
    """Come back from the background again and again: ms until the screen is right."""
    found = []
    async with stand.phone(GOOD, witness=STAMPS, seat=await stand.seat()) as page:
        await page.goto(f"{stand.server.address}/{SHOW}")
        await stamped(page, "state")
        for number in range(BACK):
            await page.evaluate("dispatchEvent(new Event('deafen'))")
            text = f"Trở lại lần {number}"
            await stand.command("notice", text=text)
            found.append(float(await page.evaluate(RETURN, text)))
    return found


SEEN: Final = """() => {
  window.seen = {};
  new MutationObserver(() => {
    for (const [text] of document.body.textContent.matchAll(/tin-\\d+-/g)) {
      if (text in seen) continue;
      seen[text] = 0;
      requestAnimationFrame(() => setTimeout(() => { seen[text] = Date.now(); }));
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });
}"""


async def cues(stand: Stand) -> list[float]:
    """Put notices on the overlay: ms from the host's command to the painted frame."""
    key = await stand.server.token("overlay", SHOW)
    page = await stand.browser.new_page(viewport={"width": 1920, "height": 1080})
    await page.goto(f"{stand.server.address}/overlay/stage#k={key}")
    await page.locator("html[data-conn=live]").wait_for()
    await page.evaluate(SEEN)
    found = []
    for number in range(CUES):
        text, began = f"tin-{number}-", time.time() * 1000
        await stand.command("notice", text=text)
        found.append(await told_of(page, f"seen[{text!r}]") - began)
    await page.close()
    return found


async def measure(stand: Stand, runs: int) -> list[Figure]:
    """Return every figure of faces: medians of loads, the worst of the rest."""
    await stand.command("open_lobby")
    figures = []
    for line, goals in ((GOOD, (1_200, 1_500, 2_000)), (POOR, (None, 3_000, 4_000))):
        loads = await first_loads(stand, line, runs)
        for name, goal in zip(("fcp", "join", "state"), goals, strict=True):
            if goal is not None:
                figures.append(_median(f"{WHAT[name]}, {line.name}", goal, loads[name]))
    figures.append(
        _worst("back from the background, five times", 1_000, await returns(stand))
    )
    figures.append(_p95("overlay: command to painted, p95", 150, await cues(stand)))
    felt = await taps(stand)
    for name, each in (("first tap of a page", felt.first), ("later tap", felt.later)):
        figures.append(_median(f"{name} to its frame, ÷4, median", 100, each))
        figures.append(_p95(f"{name} to its frame, ÷4, p95", 100, each))
        figures.append(
            _worst(f"{name} to its frame, ÷4, worst of {len(each)}", 100, each)
        )
    figures.append(_worst("longest task while a question is open, ÷4", 50, felt.tasks))
    return figures


WHAT: Final = {"fcp": "first paint", "join": "tappable", "state": "first state"}


def _median(what: str, goal: float, values: list[float]) -> Figure:
    return Figure(what=what, goal=goal, values=(statistics.median(values), *values))


def _p95(what: str, goal: float, values: list[float]) -> Figure:
    told = sorted(values)
    return Figure(what=what, goal=goal, values=(told[int(len(told) * 0.95)], *told))


def _worst(what: str, goal: float, values: list[float]) -> Figure:
    return Figure(what=what, goal=goal, values=(max(values), *values))


def shown(figures: list[Figure]) -> Table:
    """Return the figures beside their goals."""
    table = Table("", "measured", "goal", "all of them", title="Phone and overlay")
    for one in figures:
        each = " ".join(f"{value:.0f}" for value in one.values[1:][:8])
        table.add_row(one.what, f"{one.shown:.0f}", f"{one.goal:.0f}", each)
    return table


async def main(runs: int = 3) -> list[Figure]:
    """Start a server and a browser, measure, print the table."""
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder), "--samples")
        await server.start()
        try:
            owner = await server.token("owner", SHOW)
            async with (
                Caller(server.address, owner) as host,
                async_playwright() as play,
            ):
                browser = await play.chromium.launch(
                    executable_path=chromium(), args=["--no-sandbox"]
                )
                figures = await measure(Stand(server, browser, host), runs)
                await browser.close()
        finally:
            server.stop()
    Console(width=110).print(shown(figures))
    return figures


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
