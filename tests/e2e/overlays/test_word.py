"""A host's words to overlays: clear, hold, your number, open anew; what they tell."""

import pytest
from playwright.sync_api import expect

from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import EPOCH
from tests.e2e.overlays.script import (
    LOBBY,
    conn,
    nothing_is_drawn,
    open_question,
    reached,
    snapshot,
)
from tests.e2e.overlays.stand import WAIT, Stand

pytestmark = pytest.mark.browser


def step(number: int, **fields: object) -> dict[str, object]:
    return {"type": "step", "epoch": EPOCH, "step": number, **fields}


def test_clear_hold_and_live_again(opened: Opened, stand: Stand) -> None:
    """Held, the picture stays while the show goes on; live again, it is the present."""
    stand.snapshot = snapshot("lobby", 1)
    page = opened()
    conn(page, "live")
    lobby = page.locator("[data-part=lobby]")
    expect(lobby).to_be_visible()
    stand.say(step(2, look="clear"))
    expect(page.locator("#overlay")).to_have_css("opacity", "0")
    nothing_is_drawn(page)
    stand.say(step(3, look="hold"))
    stand.say({**open_question(12_000, step=4), "look": "hold"})
    page.locator("html[data-look=hold]").wait_for(state="attached")
    expect(lobby).to_be_visible()
    stand.say(step(5, look="live"))
    reached(page, 5)
    expect(page.locator("[data-part=question-text]")).to_be_visible()
    stand.snapshot = {**LOBBY, "look": "hold"}
    page.reload()
    page.locator("html[data-look=hold]").wait_for(state="attached")
    nothing_is_drawn(page)


def test_it_tells_each_step_that_it_shows_and_does_what_it_is_told(
    opened: Opened, stand: Stand
) -> None:
    stand.snapshot = snapshot("lobby", 1)
    page = opened("9x16", "&delay=40")
    conn(page, "live")
    told = stand.outputs.get(timeout=WAIT)
    assert (told.scene, told.step, told.size) == ("lobby", 1, "1080x1920")
    stand.say(open_question(9_000, step=2))
    told = stand.outputs.get(timeout=WAIT)
    assert (told.scene, told.step, told.delay_ms) == ("open", 2, 40)
    stand.say({"type": "identify", "number": 3})
    expect(page.locator(".output-number")).to_have_text("3")
    stand.hellos.get(timeout=WAIT)
    stand.say({"type": "reload"})
    stand.hellos.get(timeout=WAIT)
    expect(page.locator(".output-number")).to_have_count(0)
    assert stand.asked.count(page.url.partition("#")[0]) == 2
