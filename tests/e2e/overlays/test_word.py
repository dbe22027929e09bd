"""A host's words to overlays: clear, hold, your number, open anew; what they tell."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.overlays.conftest import Opened
from tests.e2e.overlays.scenarios import EPOCH
from tests.e2e.overlays.script import (
    ASKED,
    LOBBY,
    OPEN,
    REVEALED,
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


def test_names_change_in_a_held_picture_and_nothing_else(
    opened: Opened, stand: Stand
) -> None:
    """For those who stayed and for those who come back; TAKE is another picture."""
    question = {**OPEN["question"], "state": "revealed"}

    def then(number: int, names: list[str], **more: object) -> dict[str, Any]:
        """Return what was on at a step, by those names."""
        rows = [
            {**row, "name": name}
            for row, name in zip(REVEALED["fastest"], names, strict=False)
        ]
        result = {**REVEALED, "fastest": rows}
        return snapshot("revealed", number, question=question, result=result, **more)

    stand.snapshot = then(1, ["An", "Bình", "Chi"], online=41)
    page = opened()
    name = page.locator("[data-part=place] [data-part=name]")
    expect(name).to_have_text(["An", "Bình", "Chi"])
    stand.say(step(2, look="hold"))
    stand.say({**ASKED, "step": 3})
    before = page.locator("main").inner_html()
    held = then(2, ["Ẩn tên", "Bình", "Chi"])
    now = {**open_question(9_000, step=4), "look": "hold", "held": held}
    stand.say(step(4))
    stand.say(now)
    expect(name).to_have_text(["Ẩn tên", "Bình", "Chi"])
    assert page.locator("main").inner_html() == before.replace("An", "Ẩn tên")
    stand.snapshot = {**now, "held": then(2, ["Ẩn tên", "B.", "Chi"])}
    stand.say(step(6))
    expect(name).to_have_text(["Ẩn tên", "B.", "Chi"])
    stand.snapshot = {**now, "step": 9, "held": {**LOBBY, "step": 9}}
    stand.say(step(9))
    expect(page.locator("[data-part=lobby]")).to_be_visible()


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


def test_the_scene_switch_switches_for_each_new_picture_and_draws_nothing(
    stand: Stand, browser: Browser
) -> None:
    """OBS's scenes, from inside OBS; what is on when it opens stays."""
    stand.snapshot = snapshot("lobby", 1)
    page = browser.new_page(viewport={"width": 1, "height": 1})
    page.add_init_script(
        """window.switched = [];
        window.obsstudio = {
          getControlLevel: (answer) => answer(4),
          getStatus: (answer) => answer({ streaming: true, recording: false }),
          setCurrentScene: (name) => window.switched.push(name),
        };"""
    )
    page.goto(f"{stand.url}/overlay/obs-remote?open=&ended=Ch%C3%A0o#k={stand.key}")
    conn(page, "live")
    reached(page, 1)
    for number, phase in enumerate(("open", "standings", "ended", "ended"), start=2):
        question = {**OPEN["question"], "state": "open"}
        stand.say(snapshot(phase, number, question=question))
        reached(page, number)
    assert page.evaluate("window.switched") == ["Quiz – Bảng xếp hạng", "Chào"]
    told = stand.outputs.get(timeout=WAIT)
    while told.step != 5:
        told = stand.outputs.get(timeout=WAIT)
    assert (told.control, told.streaming, told.size) == (4, True, "1x1")
    nothing_is_drawn(page)
    page.close()
