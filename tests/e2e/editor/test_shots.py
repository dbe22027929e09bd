"""`make shots`: the pictures of the question editor in the docs."""

import pytest
from playwright.async_api import expect

from tests.e2e.editor.conftest import PACK, Sit
from tests.e2e.shots import sheet
from tests.e2e.shots.canvas import Album

pytestmark = [pytest.mark.shots, pytest.mark.asyncio(loop_scope="package")]


async def test_the_editor_in_pictures(sit: Sit) -> None:
    """A question being written, and the list of packs after it."""
    writer, album = await sit(), Album()
    page = await writer.open(f"/host/questions/{PACK}#a34")
    await page.fill("#text", "Trong phần thi trực tuyến, mỗi câu có bao nhiêu giây?")
    await page.click("#save")
    await expect(page.locator(".form-note")).to_have_text("Đã lưu.")
    await page.fill("#option-C", "20 giây cho mỗi câu hỏi")
    await expect(
        page.frame_locator(".face iframe").locator("[data-option=c]").first
    ).to_contain_text("20 giây cho")
    album.taken["panel-editor.png"] = await page.screenshot()
    await page.click("#save")
    await expect(page.locator(".form-note")).to_have_text("Đã lưu.")
    await writer.open("/host/questions")
    await expect(page.locator(".pack-table")).to_be_visible()
    album.taken["panel-questions.png"] = await page.screenshot()
    album.write()
    sheet.forget("editor")
    for name, png in album.taken.items():
        sheet.keep("editor", name.removeprefix("panel-").removesuffix(".png"), png)
