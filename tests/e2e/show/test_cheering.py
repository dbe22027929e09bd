"""A viewer cheers, and it rises on the stream: the real server, phone and overlay."""

import json
from typing import Any

import pytest
from playwright.async_api import Browser, expect
from websockets.asyncio.client import ClientConnection, connect

from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from tests.server import ServerProcess
from tests.visitors import SMALL, joined

SHOW = "CCHC1"
FORM = {"name": "Chi", "unit": "x", "consent": {"version": "1", "play": True}}


async def told(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """Return the next message of that kind."""
    async for text in socket:
        message: dict[str, Any] = json.loads(text)
        if message["type"] == kind:
            return message
    raise AssertionError(kind)


@pytest.mark.browser
async def test_a_viewers_tap_rises_on_the_stream_and_a_crowd_of_one_is_no_crowd(
    server: ServerProcess, browser: Browser
) -> None:
    """R1.11: of fifty taps in a second ten count, and the sum is that of the kinds."""
    key = await server.token("overlay", SHOW)
    token = await server.token("owner", SHOW)
    line = server.address.replace("http", "ws", 1)
    async with (
        Caller(server.address, token) as caller,
        connect(f"{line}/ws/overlay", proxy=None) as overlay,
        connect(f"{line}/ws/phone", compression=None, proxy=None) as quick,
    ):
        director = Director(caller, SHOW, Hints(), Pace())
        await director.command("open_lobby")
        await overlay.send(json.dumps({"type": "hello", "v": 1, "key": key}))
        seat = await caller.post(f"/api/shows/{SHOW}/participants", FORM)
        hello = {"type": "hello", "v": 1, "show": SHOW, "token": seat["token"]}
        await quick.send(json.dumps(hello))
        await told(quick, "welcome")
        page = await joined(browser, f"{server.address}/{SHOW}", "An", screen="lobby")
        stage = await browser.new_page(viewport=SMALL)
        await stage.goto(f"{server.address}/overlay/stage#k={key}")
        await stage.locator("html[data-conn='live']").wait_for(state="attached")

        await director.command("cheer")
        assert (await told(quick, "step"))["cheering"]
        fifty = {"clap": 20, "heart": 20, "star": 10}
        await quick.send(json.dumps({"type": "cheer", "counts": fifty}))
        heard = await told(overlay, "cheers")
        assert sum(heard["counts"].values()) == sum(heard["totals"].values()) == 10

        await page.get_by_role("button", name="Thả lửa").click()
        assert (await told(overlay, "cheers"))["counts"] == {"fire": 1}
        await expect(stage.locator(".flight path[fill='#ff9142']")).to_have_count(1)

        await director.command("ask")
        await expect(page.locator(".cheer")).to_have_count(0)
