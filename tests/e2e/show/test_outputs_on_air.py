"""Two outputs, a preview and the panel's hands on them, on the real server.

What a host sets for one output changes that one, at once and without a reload; what
stands in an address wins; a reload and a killed server change nothing of it. While
graphics are held the show goes on behind them, and TAKE brings its present picture.
"""

import asyncio
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from tests.server import ServerProcess
from tests.visitors import SMALL, signed_in

SHOW = "CCHC1"


@dataclass(kw_only=True)
class Studio:
    """The panel, two outputs alike but for an address, and a preview."""

    host: Page
    one: Page
    other: Page
    preview: Page
    server: ServerProcess
    caller: Caller
    director: Director

    async def tell(self, command: str, **fields: object) -> None:
        """Send a command."""
        await self.director.command(command, **fields)

    @property
    def read(self) -> Locator:
        """What the preview says of the question."""
        return self.preview.locator("[data-part=question-text]")


async def opened(browser: Browser, server: ServerProcess, key: str, query: str) -> Page:
    """Open the stage with an address of its own."""
    page = await browser.new_page(viewport=SMALL)
    await page.goto(f"{server.address}/overlay/stage?{query}#k={key}")
    await page.locator("html[data-conn='live']").wait_for(state="attached")
    return page


async def scene(page: Page, name: str) -> None:
    """Wait until an overlay draws this."""
    await page.locator(f"html[data-scene='{name}']").wait_for(state="attached")


def setting(host: Page, name: str) -> Locator:
    """Return one control of the dialog."""
    return host.locator(f'dialog [data-setting="{name}"] .input')


async def of_output(host: Page, number: int) -> None:
    """Open the settings of an output from the list of overlays."""
    row = host.locator(".outputs-table tbody tr").nth(number - 1)
    await row.locator('[data-do="settings"]').click()
    await host.locator('dialog[data-dialog="settings"]').wait_for()


async def is_(page: Page, **marks: str) -> None:
    """Wait until the root says all of this."""
    for name, value in marks.items():
        await expect(page.locator("html")).to_have_attribute(f"data-{name}", value)


@pytest.mark.browser
@pytest.mark.timeout(120)
async def test_each_output_has_its_own_settings_and_preview_is_a_step_ahead(
    server: ServerProcess, browser: Browser
) -> None:
    key = await server.token("overlay", SHOW)
    token = await server.token("owner", SHOW)
    async with Caller(server.address, token) as caller:
        host, one = await asyncio.gather(
            signed_in(browser, server, SHOW, phase="draft"),
            opened(browser, server, key, "layout=16x9"),
        )
        studio = Studio(
            host=host,
            one=one,
            other=await opened(browser, server, key, "layout=16x9&theme=sen"),
            preview=await opened(browser, server, key, "bus=preview&name=xem"),
            server=server,
            caller=caller,
            director=Director(caller, SHOW, Hints(), Pace()),
        )
        await scene(studio.preview, "lobby")
        await scene(studio.one, "empty")
        await studio.tell("open_lobby")
        await scene(studio.one, "lobby")
        await one_is_set(studio)
        await the_address_wins(studio)
        await it_outlives_reloads_and_a_crash(studio)
        await preview_is_a_step_ahead(studio)
        await held_until_take(studio)
        await nobody_sees_the_key(studio)


async def one_is_set(studio: Studio) -> None:
    """Two alike, one after the other: the panel knows which is which."""
    host, one, other = studio.host, studio.one, studio.other
    await host.keyboard.press("o")
    await of_output(host, 1)
    await expect(setting(host, "layout")).to_be_disabled()
    await setting(host, "theme").select_option("sen")
    await setting(host, "lang").select_option("en")
    await setting(host, "position").select_option("full")
    await host.locator('[data-layer="lobby"]').click()
    await is_(one, theme="sen", lang="en", position="full")
    await expect(one.locator("[data-part=lobby]")).to_have_count(0)
    await is_(other, theme="sen", lang="vi", position="lower")
    await expect(other.locator("[data-part=lobby]")).to_have_count(1)


async def the_address_wins(studio: Studio) -> None:
    """And the panel says so."""
    host = studio.host
    await host.locator(".dialog .buttons .button").first.click()
    await of_output(host, 2)
    await expect(setting(host, "theme")).to_be_disabled()
    theme = host.locator('[data-setting="theme"] .settings-fixed')
    await expect(theme).to_have_text("đặt trong địa chỉ")
    settings = {"theme": "bien", "lang": "en"}
    await studio.tell("set_output", output="stage 16x9 2", settings=settings)
    await is_(studio.other, theme="sen", lang="en")
    await host.keyboard.press("Escape")


async def it_outlives_reloads_and_a_crash(studio: Studio) -> None:
    """Both reload at once, and the server is killed."""
    pages = (studio.one, studio.other)
    await asyncio.gather(*(page.reload() for page in pages))
    studio.server.kill()
    await studio.server.start()
    for page in pages:
        await page.locator("html[data-conn='live']").wait_for(state="attached")
    await is_(studio.one, theme="sen", lang="en", position="full")
    await is_(studio.other, theme="sen", lang="en", position="lower")


async def preview_is_a_step_ahead(studio: Studio) -> None:
    """Of a question that nobody has read it says the number."""
    await scene(studio.preview, "asked")
    await scene(studio.other, "lobby")
    await expect(studio.read).to_have_text("Chuẩn bị")
    await expect(studio.preview.locator("[data-part=bus]")).to_contain_text("Đọc câu 1")


async def held_until_take(studio: Studio) -> None:
    """The show goes on behind the picture; preview has what TAKE brings."""
    host, other = studio.host, studio.other
    await studio.tell("look", look="hold")
    await studio.tell("ask")
    await expect(studio.read).not_to_have_text("Chuẩn bị")
    await scene(other, "lobby")
    await other.reload()
    await scene(other, "lobby")
    await expect(host.locator('.onair [data-look="take"]')).to_be_enabled()
    await host.keyboard.press("f")
    await scene(other, "asked")
    await is_(other, look="hold")
    shown = other.locator("[data-part=question-text]")
    assert await shown.text_content() == await studio.read.text_content()
    # Small pictures that the end looks at: they open while no clock runs.
    await host.keyboard.press("i")
    mirror = host.frame_locator(".mirror[data-bus=preview]")
    await expect(mirror.locator("html")).to_have_attribute("data-scene", "asked")
    await studio.tell("open")
    await studio.caller.post(f"/api/shows/{SHOW}/cues/take", {})
    taken = other.locator("html:is([data-scene=roll], [data-scene=open])")
    await taken.wait_for(state="attached")
    await studio.tell("look", look="live")
    await scene(other, "open")


async def nobody_sees_the_key(studio: Studio) -> None:
    """Not the operator's preview, and not the panel's own, which reads ahead."""
    host = studio.host
    await scene(studio.preview, "locked")
    await studio.tell("lock")
    await scene(studio.other, "locked")
    untold = studio.preview.locator("[data-part=untold]")
    await expect(untold).to_contain_text("Công bố đáp án câu 1")
    mirror = host.frame_locator(".mirror[data-bus=preview]")
    await expect(mirror.locator("[data-part=untold]")).to_be_visible()
    for command in ("reveal", "next"):
        await studio.tell(command)
    await expect(mirror.locator("[data-part=option]")).to_have_count(4)
    await expect(studio.preview.locator("[data-part=option]")).to_have_count(0)
