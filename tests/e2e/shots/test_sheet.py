"""The contact sheet, after the tests of each face kept their pictures for it."""

import pytest
from playwright.async_api import async_playwright

from tests.chromium import chromium
from tests.e2e.shots import sheet


@pytest.mark.shots
async def test_every_state_of_every_face_in_one_picture() -> None:
    """Writes docs/pictures/contact-sheet.png."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )
        await sheet.contact_sheet(browser)
        await browser.close()
