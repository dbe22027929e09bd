"""Lines of a sample show, and what a test waits for on the page."""

from typing import Any

from playwright.sync_api import Page

from tests.e2e.overlays import broadcast
from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import EPOCH, frames
from tests.e2e.overlays.stand import WAIT, Stand

SHOW = frames("show")
LOBBY = SHOW[0].message
ASKED, ROLL, OPEN = (SHOW[i].message for i in (3, 4, 5))
LOCKED, REVEALED, STANDINGS = (SHOW[i].message for i in (9, 10, 11))


def live_lobby(opened: Opened, stand: Stand, **how: Any) -> Page:
    """Open an overlay that shows the lobby; its hello is taken."""
    stand.snapshot = LOBBY
    page = opened(**how)
    stand.hellos.get(timeout=WAIT)
    conn(page, "live")
    return page


def reached(page: Page, step: int) -> None:
    page.locator(f'html[data-step="{step}"]').wait_for(state="attached")


def conn(page: Page, word: str) -> None:
    page.locator(f"html[data-conn={word}]").wait_for(state="attached")


def snapshot(phase: str, step: int, **fields: Any) -> dict[str, Any]:
    return {
        "type": "state", "epoch": EPOCH, "step": step, "phase": phase,
        "show": LOBBY["show"], **fields,
    }  # fmt: skip


def open_question(closes_in_ms: int, step: int = 4) -> dict[str, Any]:
    question = {**OPEN["question"], "state": "open", "duration_ms": 15_000}
    return snapshot("open", step, question=question, closes_in_ms=closes_in_ms)


def nothing_is_drawn(page: Page) -> None:
    image = broadcast.picture(page)
    assert broadcast.alpha_max(image, (0, 0, *image.size)) == 0


def hide(page: Page, *, hidden: bool) -> None:
    """Make the page believe that nobody, or somebody, sees it."""
    page.evaluate(
        """hidden => {
          Object.defineProperty(document, "hidden", {
            configurable: true, value: hidden,
          });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def seconds_left(page: Page) -> int:
    return int(page.locator("[data-part=seconds]").inner_text())


def freeze(page: Page) -> None:
    """Stop the page's clock; `page.clock.run_for` moves it on."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 0.2)
