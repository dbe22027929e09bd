"""A show in front of three cameras: phone, panel and overlay in real browsers.

Drives the real server as a host with a keyboard would; takes no decision about
which pictures are kept (test_shots.py does).
"""

from dataclasses import dataclass
from typing import Final

from playwright.async_api import Browser, Page

from quizserver.rehearsal.phone import Hints
from tests.e2e.shots.canvas import Album, on_camera
from tests.server import ServerProcess

SHOW: Final = "CCHC1"
SITE: Final = "http://quiz.example"
"""What the pictures show as the address; the browser resolves it to the server."""

WAIT_MS: Final = 30_000


@dataclass
class Studio:
    """The four pages that are looked at; everybody else is simulated."""

    phone: Page
    panel: Page
    wide: Page
    tall: Page
    hints: Hints
    album: Album

    async def take_phone(self, name: str) -> None:
        """Take a picture of the phone."""
        self.album.taken[f"phone-{name}.png"] = await self.phone.screenshot()

    async def take_panel(self, name: str) -> None:
        """Take a picture of the panel."""
        self.album.taken[f"panel-{name}.png"] = await self.panel.screenshot()

    async def take_overlay(self, name: str) -> None:
        """Take a picture of the wide overlay, over a camera's light."""
        png = await self.wide.screenshot(omit_background=True)
        self.album.taken[f"overlay-{name}.png"] = on_camera(png)

    async def press(self, phase: str) -> None:
        """Press Space, the next step, and wait until everybody shows `phase`."""
        await self.panel.locator("#next[data-busy='false']:not([disabled])").wait_for()
        # The panel takes a press within 400 ms of the last for a double press.
        await self.panel.wait_for_timeout(450)
        await self.panel.keyboard.press("Space")
        await self.reach(phase)

    async def reach(self, phase: str) -> None:
        """Wait until panel, overlays and phone show `phase`."""
        for page in (self.panel, self.wide, self.tall):
            await page.locator(
                f"html[data-phase='{phase}'], [data-phase='{phase}']"
            ).first.wait_for(state="attached", timeout=WAIT_MS)
        await self.phone.locator(f"main[data-screen='{phase}']").wait_for(
            timeout=WAIT_MS
        )

    async def settle(self, milliseconds: int = 1_500) -> None:
        """Let every animation come to its end."""
        await self.panel.wait_for_timeout(milliseconds)

    async def tap(self, option: str) -> None:
        """Answer on the phone, and wait for the receipt."""
        await self.phone.locator(f"button.option[data-option={option.lower()}]").click()
        await self.phone.get_by_text("Đã ghi nhận").first.wait_for()


async def open_phone(browser: Browser) -> Page:
    """Open a viewer's page, at the form that asks for a name."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 800},
        device_scale_factor=2,
        locale="vi-VN",
        has_touch=True,
        color_scheme="light",
    )
    page = await context.new_page()
    await page.goto(f"{SITE}/{SHOW}/cchc")
    await page.get_by_label("Họ và tên").fill("Nguyễn Thị Phương Thảo")
    await page.get_by_label("Địa chỉ", exact=False).first.fill("UBND phường Sông Mới")
    for box in await page.get_by_role("checkbox").all():
        await box.check()
    return page


async def enter(phone: Page) -> None:
    """Send the form."""
    await phone.get_by_role("button", name="Vào phòng chờ").click()
    await phone.locator("main[data-screen='draft']").wait_for(timeout=WAIT_MS)


async def open_panel(browser: Browser, setup: str, album: Album) -> Page:
    """Make the first account and open the panel, with pictures of the way."""
    context = await browser.new_context(
        viewport={"width": 1366, "height": 768},
        locale="vi-VN",
        color_scheme="light",
    )
    page = await context.new_page()
    await page.goto(setup)
    await page.locator("[name=name]").fill("thao")
    await page.locator("[name=password]").fill("mot mat khau du dai")
    album.taken["panel-setup.png"] = await page.screenshot()
    await page.locator("button[type=submit]").click()
    await page.wait_for_url("**/host")
    album.taken["panel-shows.png"] = await page.screenshot()
    await page.goto(f"{SITE}/host/{SHOW}")
    await page.locator("[data-phase='draft']").first.wait_for(state="attached")
    return page


async def open_overlay(browser: Browser, server: ServerProcess, shape: str) -> Page:
    """Open the overlay as OBS does."""
    width, height = (1920, 1080) if shape == "16x9" else (1080, 1920)
    key = await server.token("overlay", SHOW)
    page = await browser.new_page(viewport={"width": width, "height": height})
    await page.goto(f"{SITE}/overlay/stage?layout={shape}#k={key}")
    return page
