"""What the stage keeps while a show goes on: a source runs for hours in OBS."""

from typing import Any, Final

import pytest
from playwright.sync_api import CDPSession, Page

from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import EPOCH, frames
from tests.e2e.overlays.script import live_lobby
from tests.e2e.overlays.stand import Stand

pytestmark = pytest.mark.browser

MOST: Final = 5_000_000
"""Bytes by which the heap may grow in a thousand changes of phase."""

SHOW: Final = [f.message for f in frames("show")[1:] if f.message["type"] != "presence"]

LINE: Final = """() => {
  const Plain = WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...all) {
      super(...all);
      window.line = this;
    }
  };
}"""
"""Keeps the page's socket: messages are handed to it at the page's own pace."""

TELL: Final = """async ([messages, first]) => {
  let step = first;
  for (const message of messages) {
    const data = JSON.stringify({ ...message, step: (step += 1) });
    window.line.dispatchEvent(new MessageEvent("message", { data }));
    do await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 300)));
    while (document.documentElement.dataset.step !== String(step));
  }
  return step;
}"""
"""Tells changes one by one, each when the picture before has left; returns the step.

Faster than a picture leaves (240 ms) no host is.
"""

AT_ONCE: Final = """async ([messages, first]) => {
  const task = () => new Promise((next) => setTimeout(next));
  let step = first;
  for (const message of messages) {
    const data = JSON.stringify({ ...message, step: (step += 1) });
    window.line.dispatchEvent(new MessageEvent("message", { data }));
    do await task();
    while (document.documentElement.dataset.step !== String(step));
  }
  for (const animation of document.getAnimations()) animation.finish();
  while (document.querySelector("[data-leaving]")) await task();
  return step;
}"""
"""Tells changes faster than a picture leaves; returns the step, the last one gone."""

MOST_NODES: Final = 20
"""Nodes by which a change may have more in use: one picture or another is on, some
hundreds of what has just left; a picture that is kept has more than fifty a change."""


FRAMES: Final = 60
NEXT_FRAME: Final = "() => new Promise((next) => { requestAnimationFrame(next); })"


def changes(count: int) -> list[dict[str, Any]]:
    """Return so many changes of phase: one show after another, each question new."""
    return [one(SHOW[at % len(SHOW)], at // len(SHOW)) for at in range(count)]


def one(message: dict[str, Any], show: int) -> dict[str, Any]:
    asked = message.get("question")
    if isinstance(asked, dict):
        asked = {**asked, "id": f"{asked['id']}-{show}"}
    elif asked:
        asked = f"{asked}-{show}"
    return {**message, "epoch": EPOCH} | ({"question": asked} if asked else {})


def heap(session: CDPSession) -> int:
    """Return the bytes in use once what nobody holds is gone."""
    session.send("HeapProfiler.collectGarbage")
    used: Any = session.send("Runtime.getHeapUsage")
    return int(used["usedSize"])


def growth(page: Page, count: int) -> int:
    """Return by how many bytes the heap grows in `count` changes.

    Two shows go before them: until then code is compiled and texts are kept.
    """
    session = page.context.new_cdp_session(page)
    before = 2 * len(SHOW)
    said = changes(before + count)
    step = page.evaluate(TELL, [said[:before], 1])
    used = heap(session)
    page.evaluate(TELL, [said[before:], step])
    return heap(session) - used


def nodes(session: CDPSession) -> int:
    """Return the nodes in use, also those in no document."""
    session.send("HeapProfiler.collectGarbage")
    counted: Any = session.send("Memory.getDOMCounters")
    return int(counted["nodes"])


def test_pictures_that_leave_one_another_no_time_are_not_kept(
    opened: Opened, stand: Stand
) -> None:
    """A host who undoes and asks again, and again, before anything has left."""
    page = live_lobby(opened, stand, before=LINE)
    session = page.context.new_cdp_session(page)
    said = changes(6 * len(SHOW))
    first, rest = said[: 2 * len(SHOW)], said[2 * len(SHOW) :]
    step = page.evaluate(AT_ONCE, [first, 1])
    before = nodes(session)
    page.evaluate(AT_ONCE, [rest, step])
    most = before + MOST_NODES * len(rest)
    for _ in range(FRAMES):
        if nodes(session) < most:
            return
        page.evaluate(NEXT_FRAME)  # what just ended may be held until the next frames
    assert nodes(session) < most


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_thousand_changes_leave_less_than_five_megabytes(
    opened: Opened, stand: Stand
) -> None:
    page = live_lobby(opened, stand, before=LINE)
    page.set_viewport_size({"width": 480, "height": 270})  # soon drawn
    assert growth(page, 1_000) < MOST
