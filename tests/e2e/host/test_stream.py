"""How late the picture is: the table, what is sent, and that it reads well."""

import pytest
from playwright.async_api import expect

from tests.axe import violations
from tests.e2e.host import samples
from tests.e2e.host.conftest import OpenDesk
from tests.e2e.host.samples import Message

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


def measured() -> Message:
    """Return a lobby whose pages `a` and `b` were asked; `b` has drifted."""
    state = samples.lobby()
    state["allowed"] = [*state["allowed"], "stream"]
    state["stream"] = {"delays": {"a": 8_000, "b": 9_000}}
    state["live"]["via"] = {"": 12, "a": 640, "b": 31}
    state["live"]["delays"] = {
        "a": {"count": 212, "median_ms": 8_300, "spread_ms": 900},
        "b": {"count": 14, "median_ms": 12_600, "spread_ms": 1_100},
    }
    return state


async def test_the_delay_is_measured_set_and_aligned_from_the_panel(
    desk: OpenDesk,
) -> None:
    one = await desk(measured())
    page = one.page
    await page.keyboard.press("y")
    rows = page.locator(".stream-pages tbody tr")
    await expect(rows).to_have_count(3)
    await expect(rows.nth(1)).to_contain_text("8,3 giây ± 0,9 (212 người)")
    await expect(rows.nth(2)).to_contain_text("Lệch với số đã đặt")
    found = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += await violations(page)
    assert found == []

    async def said() -> Message:
        message = await one.panel.hears()
        await one.panel.reply({"step": 0, **message})
        fields = ("command", "aligned", "delays", "sync", "step")
        return {name: message[name] for name in fields if name in message}

    await page.get_by_label("Căn theo hình").click()
    assert await said() == {"command": "stream", "aligned": True}
    await page.get_by_role("button", name="Bắt đầu đo").click()
    assert await said() == {"command": "stream", "sync": True}
    await page.get_by_role("button", name="Dùng số đo được").click()
    used = {"a": 8_500, "b": 13_000}
    assert await said() == {"command": "stream", "delays": used}
    await page.get_by_label("Độ trễ của Không có nhãn").fill("7.5")
    await page.keyboard.press("Tab")
    first = {"a": 8_000, "b": 9_000, "": 7_500}
    assert await said() == {"command": "stream", "delays": first}
    await expect(page.locator("dialog[open]")).to_have_count(1)
