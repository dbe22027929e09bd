"""A name that is a piece of a page stays a name on every screen (Source: P10).

Somebody joins as an HTML element, answers first and is shown to everybody: on
another phone, the overlay and the host's panel the name stands there as typed.
"""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.faults.handsets import History, join
from tests.faults.onair import LONG, FaultyServer, Premises, assert_calm, on_air

NAME = "<i id=hit>Ẩn</i>"
WAIT_MS = 20_000

pytestmark = pytest.mark.browser


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, headless."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield started
        await started.close()


async def test_name_made_of_markup_is_shown_as_it_was_typed(
    server: FaultyServer, place: Premises, browser: Browser
) -> None:
    async with on_air(server, LONG, place) as show:
        (first,) = await join(server.address, LONG, [NAME], History())
        phone = await joined(browser, server)
        panel = await signed_in(browser, server)
        overlay = await browser.new_page()
        await overlay.goto(f"{server.address}/overlay/stage#k={place.overlay}")
        await show.open()
        async with first.online():
            await first.hears("welcome")
            await first.answer(await show.key())
            await first.receipt()
        await show.lock_and_reveal()
        await as_typed(phone)
        await show.command("standings")
        await as_typed(overlay)
        await as_typed(panel)
        names = (await show.caller.get(f"/api/shows/{LONG}/results.json"))["standings"]
    assert NAME in [row["name"] for row in names]
    assert_calm(server)


async def as_typed(page: Page) -> None:
    """Wait for the name; fail when it was taken for an element."""
    await expect(page.locator("body")).to_contain_text(NAME, timeout=WAIT_MS)
    assert await page.locator("#hit").count() == 0


async def joined(browser: Browser, server: FaultyServer) -> Page:
    """Join on a phone, as a viewer does."""
    context = await browser.new_context(locale="vi-VN", has_touch=True)
    page = await context.new_page()
    await page.goto(f"{server.address}/{LONG}")
    await page.get_by_label("Họ và tên").fill(NAME)
    for box in await page.get_by_role("checkbox").all():
        await box.check()
    await page.get_by_role("button", name="Vào phòng chờ").click()
    await page.locator("main[data-screen='lobby']").wait_for(timeout=WAIT_MS)
    return page


async def signed_in(browser: Browser, server: FaultyServer) -> Page:
    """Make the first account through the printed link and open the panel."""
    context = await browser.new_context(viewport={"width": 1366, "height": 768})
    page = await context.new_page()
    await page.goto(server.link("/host/setup#"))
    await page.locator("[name=name]").fill("thao")
    await page.locator("[name=password]").fill("mot mat khau du dai")
    await page.locator("button[type=submit]").click()
    await page.wait_for_url("**/host")
    await page.goto(f"{server.address}/host/{LONG}")
    await page.locator("[data-phase='lobby']").first.wait_for(state="attached")
    return page
