"""How soon a phone shows that it was tapped, as the finger feels it.

The browser itself says so (Event Timing): from the moment the finger left the glass
until the frame was shown that came of it, in steps of 8 ms. Its developer tools hold
each touch up until they have seen a frame of their own, 4 to 35 ms, which no finger
meets: the browser's trace says how long, and that is taken off.

Nobody else may look on. A locator of Playwright's listens for touches, and looking
again and again whether the page has changed takes a slow processor's time.
"""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import CDPSession, Page

from tests.load.face_stand import GOOD, SHOW, Stand

ARRIVALS: Final = (3,) * 7 + (0,) * 3
"""How many phones come new to each question; one more stays from the first to the last.
A slowed page takes a whole core's time, so only the one that is tapped is slowed, and
long tasks are looked for where nobody else is."""

LEAST_MS: Final = 16.0
"""The browser does not tell of what took less."""

CONTACT_S: Final = 0.07
"""How long a finger rests on the glass."""

CALM_S: Final = 0.6
"""The page is left alone so long before a tap and after it."""

WITNESS: Final = """
window.witness = { clicks: [], tasks: [] };
new PerformanceObserver((list) => {
  for (const { name, duration } of list.getEntries()) {
    if (name === "click") witness.clicks.push(duration);
  }
}).observe({ type: "event", durationThreshold: 16 });
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) witness.tasks.push(duration);
}).observe({ type: "longtask" });
"""

PLACE: Final = """() => {
  const option = document.querySelector("button.option[data-option=b]");
  if (!option) return null;
  const { x, y, width, height } = option.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}"""


@dataclass(slots=True)
class Felt:
    """What taps cost, ms: first ones of a page, later ones, longest tasks."""

    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    tasks: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hand:
    """A phone and the developer tools that touch it."""

    page: Page
    tools: CDPSession

    async def tap(self, stand: Stand) -> float:
        """Tap an option as soon as it is there; return ms until it was to be seen."""
        await self.slow(GOOD.factor)
        place = await found(self.page, PLACE)
        await stand.browser.start_tracing(categories=["-*", "latencyInfo"])
        await asyncio.sleep(CALM_S)
        await self._touch("touchStart", [place])
        await asyncio.sleep(CONTACT_S)
        await self._touch("touchEnd", [])
        await asyncio.sleep(CALM_S)
        trace = json.loads(await stand.browser.stop_tracing())
        await found(self.page, "() => document.querySelector('[data-tone=recorded]')")
        told = await self.page.evaluate("witness.clicks.pop()")
        await self.slow(1)
        return float(told or LEAST_MS) - held_up_ms(trace)

    async def slow(self, factor: int) -> None:
        """Slow the page's processor; 1 is its own speed."""
        await self.tools.send("Emulation.setCPUThrottlingRate", {"rate": factor})

    async def _touch(self, kind: str, points: list[Any]) -> None:
        touch = {"type": kind, "touchPoints": points}
        await self.tools.send("Input.dispatchTouchEvent", touch)


async def found(page: Page, look: str) -> Any:
    """Return what a function of the page returns, once it is something."""
    async with asyncio.timeout(30):
        while not (something := await page.evaluate(look)):
            await page.wait_for_timeout(50)
    return something


def held_up_ms(trace: Any) -> float:
    """Return how long the developer tools kept the finger's leaving to themselves."""
    for event in trace["traceEvents"]:
        if event["name"] == "InputLatency::TouchEnd" and event["ph"] == "b":
            for part in event["args"]["chrome_latency_info"]["component_info"]:
                if part["component_type"] == "COMPONENT_INPUT_EVENT_LATENCY_BEGIN_RWH":
                    return float(part["time_us"] - event["ts"]) / 1000
    raise AssertionError("the trace tells of no touch")


async def arrive(stand: Stand, stack: AsyncExitStack) -> Hand:
    """Open the page of somebody who joined."""
    seat = await stand.seat()
    phone = stand.phone(GOOD, witness=WITNESS, seat=seat)
    page = await stack.enter_async_context(phone)
    tools = await page.context.new_cdp_session(page)
    await page.goto(f"{stand.server.address}/{SHOW}")
    await found(page, "() => document.querySelector('main[data-screen]')")
    hand = Hand(page, tools)
    await hand.slow(1)
    return hand


async def taps(stand: Stand) -> Felt:
    """Answer all questions of the show."""
    felt = Felt()
    async with AsyncExitStack() as all_along:
        stays = await arrive(stand, all_along)
        for number, arrivals in enumerate(ARRIVALS):
            async with AsyncExitStack() as once:
                new = [await arrive(stand, once) for _ in range(arrivals)]
                await stand.command("ask")
                if not new:
                    await stays.slow(GOOD.factor)
                await stays.page.evaluate("witness.tasks.length = 0")
                await stand.command("open")
                (felt.later if number else felt.first).append(await stays.tap(stand))
                for hand in new:
                    felt.first.append(await hand.tap(stand))
                if not new:
                    longest = "Math.max(0, ...witness.tasks)"
                    felt.tasks.append(float(await stays.page.evaluate(longest)))
                await stand.command("lock")
                await stand.command("reveal")
    return felt
