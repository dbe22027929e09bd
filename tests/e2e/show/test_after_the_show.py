"""After a real show: seals, prizes, a corrected key, results that become final.

The panel talks to the real server: what it previews is what then happens.
"""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.crowd import Crowd
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from tests.server import ServerProcess
from tests.visitors import SMALL, signed_in

SHOW = "CCHC1"
QUESTIONS = 2
WAIT_MS = 20_000


@pytest.mark.browser
@pytest.mark.timeout(300)
async def test_a_corrected_key_is_previewed_applied_and_confirmed_anew(
    server: ServerProcess, browser: Browser
) -> None:
    """R1.6, R5.4, R6.1: two questions, then everything a host does afterwards."""
    hints = Hints(speed=4.0)
    crowd = Crowd(server.address, SHOW, count=30, seed=3, hints=hints)
    owner = await server.token("owner", SHOW)
    panel = await signed_in(browser, server, SHOW, phase="draft")
    stage = await open_stage(browser, server)
    async with Caller(server.address, owner) as caller:
        director = Director(caller, SHOW, hints, Pace().faster(20))
        await crowd.join()
        playing = asyncio.create_task(crowd.run())
        sealed = asyncio.create_task(seal_on_air(stage))
        await director.play(QUESTIONS)
        await asyncio.wait_for(playing, 30)
        seals = [row.get("seal") for row in (await director.state())["questions"]]
        assert await sealed in seals[:QUESTIONS]
        await confirm_everything(panel, director)
        await correct_the_first_key(panel, director)
        await confirm_everything(panel, director)
        results = await caller.get(f"/api/shows/{SHOW}/results.json")
    assert results["show"]["phase"] == "confirmed"
    first = results["questions"][0]
    assert first["key_was"] not in (None, first["correct"])
    assert first["seal"] == seals[0]


async def open_stage(browser: Browser, server: ServerProcess) -> Page:
    """Open an overlay that shows seals."""
    key = await server.token("overlay", SHOW)
    page = await browser.new_page(viewport=SMALL)
    await page.goto(f"{server.address}/overlay/stage?seal=1#k={key}")
    return page


async def seal_on_air(stage: Page) -> str:
    """Return the first seal code that viewers see."""
    shown = stage.locator("[data-part=seal]").first
    await shown.wait_for(timeout=120_000)
    return (await shown.inner_text()).split()[-1]


async def confirm_everything(panel: Page, director: Director) -> None:
    """Confirm what has no notes at once, the rest one by one; then make it final."""
    await panel.locator('.panel[data-phase="ended"]').wait_for(timeout=WAIT_MS)
    if await panel.locator(".confirm-all").count():
        await panel.click(".confirm-all")
        await expect(panel.locator(".confirm-all")).to_have_count(0, timeout=WAIT_MS)
    left = panel.locator('.winner [data-act="confirm"]')
    while count := await left.count():
        await left.first.click()
        await expect(left).not_to_have_count(count, timeout=WAIT_MS)
    statuses = {row["status"] for row in (await director.state())["winners"]}
    assert statuses <= {"confirmed", "passed", "skipped"}
    await panel.locator('#next[aria-disabled="false"]').wait_for(timeout=WAIT_MS)
    await panel.wait_for_timeout(450)
    await panel.keyboard.press("Space")
    await panel.locator('.panel[data-phase="confirmed"]').wait_for(timeout=WAIT_MS)


async def correct_the_first_key(panel: Page, director: Director) -> None:
    """Preview another key, apply it; the ranks are those that were previewed."""
    await panel.click(".row >> nth=0")
    await panel.click('dialog [data-recount="key"]')
    await panel.locator(".keys input:not([disabled])").first.check()
    await panel.locator(".preview[data-preview=there]").wait_for(timeout=WAIT_MS)
    await expect(panel.locator(".preview .banner")).to_be_visible()
    moved = panel.locator(".preview-ranks tbody tr")
    promised = {
        await row.locator("td").nth(0).inner_text(): await row.locator("td")
        .nth(1)
        .locator("b")
        .inner_text()
        for row in await moved.all()
    }
    await panel.fill("#reason", "Đáp án nhập sai")
    await panel.keyboard.press("Control+Enter")
    await panel.locator('.panel[data-phase="ended"]').wait_for(timeout=WAIT_MS)
    state: dict[str, Any] = await director.state()
    assert {row["status"] for row in state["winners"]} & {"provisional", "undecided"}
    names = [row["name"] for row in state["standings"]]
    for row in state["standings"]:
        if names.count(row["name"]) == 1 and row["name"] in promised:
            assert promised[row["name"]] == str(row["rank"])
