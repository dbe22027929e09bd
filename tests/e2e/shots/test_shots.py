"""`make shots`: the pictures of README and docs, from a show that is played.

Real server, real Chromium, simulated phones; everybody's name is invented. Run
it after a change that can be seen, and look at what it wrote.
"""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, async_playwright

from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.crowd import Crowd
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from tests.e2e.shots.canvas import PICTURES, Album, hero, on_camera
from tests.e2e.shots.studio import (
    SHOW,
    SITE,
    Studio,
    enter,
    open_overlay,
    open_panel,
    open_phone,
)
from tests.server import ServerProcess

PHONES: Final = 186
QUESTIONS: Final = 4

pytestmark = [pytest.mark.shots, pytest.mark.timeout(400)]


@pytest.fixture
async def server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ServerProcess]:
    """A server with the sample shows, under a name that fits a picture."""
    monkeypatch.setenv("QUIZ_PUBLIC_URL", SITE)
    process = ServerProcess(tmp_path / "server", "--samples")
    await process.start()
    yield process
    process.stop()


@pytest.fixture
async def browser(server: ServerProcess) -> AsyncIterator[Browser]:
    """Debian's Chromium, for which the picture's address is the server."""
    there = f"--host-resolver-rules=MAP quiz.example:80 127.0.0.1:{server.port}"
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", there]
        )
        yield started
        await started.close()


async def test_a_played_show_gives_the_pictures_of_the_docs(
    server: ServerProcess, browser: Browser
) -> None:
    """Every picture is written anew, and all of them stay small."""
    hints = Hints()
    crowd = Crowd(server.address, SHOW, count=PHONES, seed=11, hints=hints)
    owner = await server.token("owner", SHOW)
    studio = await gather(browser, server, hints)
    async with Caller(server.address, owner) as caller, asyncio.TaskGroup() as tasks:
        director = Director(caller, SHOW, hints, Pace())
        await crowd.join()
        await studio.press("lobby")
        tasks.create_task(crowd.run())
        await show_lobby(studio)
        await show_question(studio, director)
        for number in range(2, QUESTIONS + 1):
            await play_quickly(studio, director, wrong=number == QUESTIONS)
        await show_end(studio, director)
    await show_results(studio)
    await compose(browser, studio.album.taken)
    studio.album.write()
    sizes = {name: (PICTURES / name).stat().st_size for name in studio.album.taken}
    assert sizes["show.png"] <= 400_000
    assert sum(sizes.values()) <= 2_000_000, sizes


async def gather(browser: Browser, server: ServerProcess, hints: Hints) -> Studio:
    """Open all four pages, with pictures of the ways in."""
    album = Album()
    setup = re.findall(rf"{SITE}/host/setup\S+", server.said())[-1]
    studio = Studio(
        panel=await open_panel(browser, setup, album),
        phone=await open_phone(browser),
        wide=await open_overlay(browser, server, "16x9"),
        tall=await open_overlay(browser, server, "9x16"),
        hints=hints,
        album=album,
    )
    await studio.take_phone("join")
    await enter(studio.phone)
    return studio


async def show_lobby(studio: Studio) -> None:
    """Everybody waits; the host looks up the addresses."""
    await studio.settle(2_500)
    await studio.take_phone("lobby")
    await studio.take_overlay("lobby")
    await studio.take_panel("lobby")
    await studio.panel.keyboard.press("q")
    await studio.panel.locator("dialog[open]").wait_for()
    await studio.settle(800)
    await studio.take_panel("links")
    await studio.panel.keyboard.press("Escape")


async def ask(studio: Studio, director: Director) -> str:
    """Go to the next question; return its key."""
    await studio.press("asked")
    question = (await director.state())["question"]
    studio.hints.keys[question["id"]] = question["key"]
    return str(question["key"])


async def show_question(studio: Studio, director: Director) -> None:
    """The first question, with a picture of every step."""
    key = await ask(studio, director)
    await studio.settle()
    await studio.take_phone("asked")
    await studio.press("open")
    await studio.settle(700)
    await studio.take_phone("open")
    await studio.tap(key)
    await studio.settle(3_000)
    await take_all(studio)
    await studio.reach("locked")  # by the server's own deadline
    await studio.press("revealed")
    await studio.settle(3_500)
    await studio.take_overlay("revealed")
    await studio.take_phone("revealed")
    await studio.press("standings")


async def take_all(studio: Studio) -> None:
    """Take all screens at once, because the clock runs."""
    taken = studio.album.taken
    (
        wide,
        tall,
        taken["panel-open.png"],
        taken["phone-recorded.png"],
    ) = await asyncio.gather(
        studio.wide.screenshot(omit_background=True),
        studio.tall.screenshot(omit_background=True),
        studio.panel.screenshot(),
        studio.phone.screenshot(),
    )
    taken["overlay-open.png"] = on_camera(wide)
    taken["overlay-tall.png"] = on_camera(tall)


async def compose(browser: Browser, taken: dict[str, bytes]) -> None:
    """Make the picture of the README; the overlay alone is not needed any more."""
    taken["show.png"] = await hero(
        browser,
        stage=taken.pop("overlay-open.png"),
        panel=taken["panel-open.png"],
        phone=taken["phone-recorded.png"],
    )


async def play_quickly(studio: Studio, director: Director, *, wrong: bool) -> None:
    """Another question, without pictures."""
    key = await ask(studio, director)
    await studio.press("open")
    await studio.settle(600)
    await studio.tap(key if not wrong else "A" if key != "A" else "B")
    if "panel-mirrors.png" not in studio.album.taken:
        await studio.panel.keyboard.press("i")
        await studio.settle(3_000)
        await studio.take_panel("mirrors")
        await studio.panel.keyboard.press("i")
    await studio.reach("locked")
    await studio.press("revealed")
    await studio.settle()
    await studio.press("standings")


async def show_end(studio: Studio, director: Director) -> None:
    """The standings, then the winner."""
    await studio.settle(3_000)
    await studio.take_phone("standings")
    await director.command("end")
    await studio.reach("ended")
    await studio.settle(3_000)
    await studio.take_overlay("winner")
    await studio.take_phone("ended")
    await studio.take_panel("ended")


async def show_results(studio: Studio) -> None:
    """The public page of results."""
    page = await studio.phone.context.new_page()
    await page.goto(f"{SITE}/{SHOW}/results")
    studio.album.taken["phone-results.png"] = await page.screenshot()
