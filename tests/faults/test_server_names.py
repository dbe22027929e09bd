"""A name that is a piece of a page stays a name on every screen (Source: P10).

Somebody joins as an HTML element, answers first and is shown to everybody: on
another phone, the overlay and the host's panel the name stands there as typed.
"""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.faults.handsets import History, join
from tests.faults.onair import LONG, FaultyServer, Premises, assert_calm, on_air
from tests.visitors import joined, open_browser, signed_in

NAME = "<i id=hit>Ẩn</i>"
WAIT_MS = 20_000

pytestmark = pytest.mark.browser


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, headless."""
    async with open_browser() as opened:
        yield opened


async def test_name_made_of_markup_is_shown_as_it_was_typed(
    server: FaultyServer, place: Premises, browser: Browser
) -> None:
    async with on_air(server, LONG, place) as show:
        (first,) = await join(server.address, LONG, [NAME], History())
        phone = await joined(browser, f"{server.address}/{LONG}", NAME, screen="lobby")
        panel = await signed_in(browser, server, LONG, phase="lobby")
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
