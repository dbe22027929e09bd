"""People at a real server in a real browser: a viewer joins, a host signs in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    async_playwright,
)

from tests.chromium import chromium
from tests.server import ServerProcess

SMALL: Final[ViewportSize] = {"width": 480, "height": 270}
"""An overlay whose looks are not looked at: a moving picture of 1920 × 1080 takes half
a processor."""


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start Debian's Chromium, headless; close it at the end."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        yield started
        await started.close()


DESK: Final = (1366, 768)
"""A common laptop."""


async def seated(
    browser: Browser,
    size: tuple[int, int] = DESK,
    *,
    scheme: str = "light",
    lang: str = "vi",
    reduced: bool = True,
    zone: str = "Asia/Ho_Chi_Minh",
) -> BrowserContext:
    """Sit somebody down at a desk, with nothing remembered."""
    return await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce" if reduced else "no-preference",
        locale="vi-VN" if lang == "vi" else "en-GB",
        timezone_id=zone,
    )


def complaints_of(page: Page, *, but: str) -> list[str]:
    """Return the list that fills with a page's errors, but for lines with a word."""
    complaints: list[str] = []

    def said(line: ConsoleMessage) -> None:
        if line.type == "error" and but not in line.text:
            complaints.append(line.text)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", said)
    return complaints


async def joined(browser: Browser, address: str, name: str, *, screen: str) -> Page:
    """Join on a phone, as a viewer does; return the page when it shows `screen`."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 800}, locale="vi-VN", has_touch=True
    )
    page = await context.new_page()
    await page.goto(address)
    await page.get_by_label("Họ và tên").fill(name)
    for box in await page.get_by_role("checkbox").all():
        await box.check()
    await page.get_by_role("button", name="Vào phòng chờ").click()
    await page.locator(f"main[data-screen='{screen}']").wait_for(timeout=20_000)
    return page


async def signed_in(
    browser: Browser, server: ServerProcess, show: str, *, phase: str
) -> Page:
    """Make the first account through the printed link and open a show's panel."""
    context = await browser.new_context(viewport={"width": 1366, "height": 768})
    page = await context.new_page()
    await page.goto(server.link("/host/setup#"))
    await page.locator("[name=name]").fill("thao")
    await page.locator("[name=password]").fill("mot mat khau du dai")
    await page.locator("button[type=submit]").click()
    await page.wait_for_url("**/host")
    await page.goto(f"{server.address}/host/{show}")
    await page.locator(f"[data-phase='{phase}']").first.wait_for(state="attached")
    return page
