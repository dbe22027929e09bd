"""How smoothly the stage moves: `python -m tests.e2e.overlays.frame_times`.

Plays a show at 1920 × 1080 without a graphics card, and prints for each transition the
frame time that 95 of 100 frames kept and how often the page was laid out anew. A quiet
machine is needed. Goals: 18.5 ms; 2 layouts.
"""

from typing import Any, Final

from playwright.sync_api import CDPSession, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.chromium import chromium
from tests.e2e.overlays.scenarios import frames
from tests.e2e.overlays.stand import Stand, assets

SAMPLE: Final = """ms => new Promise((done) => {
  const times = [];
  const until = performance.now() + ms;
  let last = 0;
  const frame = (now) => {
    if (last) times.push(now - last);
    last = now;
    if (now < until) requestAnimationFrame(frame);
    else done(times);
  };
  requestAnimationFrame(frame);
})"""

LENGTHS: Final = {"revealed": 6_500, "ended": 4_500, "standings": 2_500}
"""How long a transition takes, ms."""

USUAL: Final = 1_200
"""Of the others."""


def layouts(session: CDPSession) -> int:
    said: Any = session.send("Performance.getMetrics")["metrics"]
    return int(next(one["value"] for one in said if one["name"] == "LayoutCount"))


def measure(page: Page, stand: Stand) -> Table:
    """Play the show and return the figures of each transition."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    table = Table("cue", "frames", "p50 ms", "p95 ms", "longest ms", "layouts")
    for frame in frames("show")[1:]:
        kind = frame.message["type"]
        before = layouts(session)
        stand.say(frame.message)
        times = sorted(page.evaluate(SAMPLE, LENGTHS.get(kind, USUAL)))
        if kind == "presence":
            continue
        at = [times[int((len(times) - 1) * share)] for share in (0.5, 0.95, 1)]
        laid = layouts(session) - before
        table.add_row(kind, str(len(times)), *(f"{ms:.1f}" for ms in at), str(laid))
    return table


def main() -> None:
    stand = Stand(files=assets())
    stand.snapshot = frames("show")[0].message
    stand.start()
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(f"{stand.url}/overlay/stage#k={stand.key}")
        page.locator("[data-part=qr]:not([data-wait])").wait_for()
        Console().print(measure(page, stand))
        browser.close()
    stand.stop()


if __name__ == "__main__":
    main()
