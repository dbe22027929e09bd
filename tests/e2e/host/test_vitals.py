"""The line that says how the server is: calm, and plain when something is wrong.

What is wrong is the server's word, so these states are written as it writes them;
the limits have their own test (tests/unit/live/test_vitals.py).
"""

import pytest
from playwright.async_api import expect

from quizserver.wire.host import ConcernPart, Live, LivePart
from tests.e2e.host import samples
from tests.e2e.host.conftest import Desk, OpenDesk
from tests.e2e.host.test_layout import LYING, STANDING, no_violation, through
from tests.visitors import DESK

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

OUT = ConcernPart(
    code="disk_out",
    level="bad",
    gauge="disk_free_bytes",
    value=150_900_000,
    unit="bytes",
)
NARROW = """() => {
  const line = document.querySelector(".vitals");
  const parts = [line, ...line.querySelectorAll("p:not(.unseen), dl, dt, dd")];
  return parts
    .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth)
    .map((part) => part.className || part.tagName);
}"""


async def tell(one: Desk, live: LivePart) -> None:
    """Say the numbers again, as once a second."""
    await one.panel.say(samples.message(Live(live=live)))


async def test_a_server_that_is_well_has_one_calm_line(desk: OpenDesk) -> None:
    one = await desk(samples.opened())
    strip = one.page.locator('.vitals[data-level="good"]')
    await expect(strip.locator(".vitals-line")).to_have_text("Máy chủ ổn định")
    told = dict(
        zip(
            await strip.locator("dt").all_inner_texts(),
            await strip.locator("dd").all_inner_texts(),
            strict=True,
        )
    )
    assert told == {
        "Độ trễ": "11 ms",
        "Ghi đĩa": "6 ms",
        "Chờ ghi": "0",
        "Ổ đĩa còn": "212,4 GB",
        "Điện thoại": "1.248",
    }
    assert await one.page.locator('.vitals [role="alert"]').inner_text() == ""


async def test_the_worst_is_said_with_what_to_do_and_passes(desk: OpenDesk) -> None:
    one = await desk(samples.opened())
    said, alarm = one.page.locator(".vitals-line"), one.page.locator(".vitals .unseen")
    await tell(one, samples.ill(samples.SLOW))
    await expect(one.page.locator('.vitals[data-level="warning"]')).to_be_visible()
    await expect(said).to_contain_text("Máy chủ chậm 350 ms. Hãy đóng bớt")
    await tell(one, samples.ill(OUT, samples.SLOW))
    await expect(one.page.locator('.vitals[data-level="bad"]')).to_be_visible()
    await expect(said).to_contain_text("chỉ còn 150 MB. Hãy xóa bớt tệp")
    await expect(said).to_contain_text("Còn 1 cảnh báo khác")
    await expect(alarm).to_contain_text("chỉ còn 150 MB")
    for gauge in ("disk_free_bytes", "loop_lag_worst_ms"):
        figure = one.page.locator(f'[data-gauge="{gauge}"]:not([data-level="good"])')
        await expect(figure).to_be_visible()
    await tell(one, samples.answered())
    await expect(one.page.locator('.vitals[data-level="good"]')).to_be_visible()
    await expect(alarm).to_be_empty()


async def test_a_number_that_changes_is_not_read_aloud_again(desk: OpenDesk) -> None:
    """A screen reader hears of each concern once."""
    one = await desk(samples.opened(live=samples.ill(OUT)))
    await expect(one.page.locator(".vitals-line")).to_contain_text("150 MB")
    less = ConcernPart(
        code="disk_out", level="bad", gauge="disk_free_bytes", value=9e7, unit="bytes"
    )
    await tell(one, samples.ill(less))
    await expect(one.page.locator(".vitals-line")).to_contain_text("90 MB")
    await expect(one.page.locator(".vitals .unseen")).to_contain_text("150 MB")


async def test_a_server_that_cannot_store_answers_is_said_before_all(
    desk: OpenDesk,
) -> None:
    one = await desk(samples.opened(live=samples.ill(samples.FAILING, samples.LOW)))
    await expect(one.page.locator(".vitals-line")).to_contain_text(
        "Không ghi được câu trả lời: ổ đĩa báo lỗi."
    )


async def test_a_server_that_says_nothing_is_noticed_here(desk: OpenDesk) -> None:
    """It cannot say itself that it hangs."""
    one = await desk(samples.opened())
    await one.page.clock.install(time=0)
    await one.page.clock.pause_at(1_000)
    answered = one.page.locator('[data-stat="answered"] dd')
    await tell(one, samples.live(answered=1_145))
    await expect(answered).to_have_text("1.145")
    await one.page.clock.run_for(4_900)
    await expect(one.page.locator('.vitals[data-level="good"]')).to_be_visible()
    await one.page.clock.run_for(200)
    await expect(one.page.locator('.vitals[data-concern="silent"]')).to_contain_text(
        "Máy chủ không trả lời đã hơn 5 giây"
    )
    await tell(one, samples.live(answered=1_146))
    await expect(answered).to_have_text("1.146")
    await one.page.clock.run_for(100)
    await expect(one.page.locator('.vitals[data-level="good"]')).to_be_visible()


async def test_without_a_line_nothing_is_known(desk: OpenDesk) -> None:
    one = await desk(samples.opened())
    one.stage.refusing = True
    await one.panel.socket.close(1012)
    await expect(one.page.locator('.vitals[data-level="unknown"]')).to_contain_text(
        "Chưa biết tình trạng máy chủ"
    )


@pytest.mark.parametrize("size", [DESK, STANDING, LYING])
@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_no_sentence_pushes_anything_off_the_panel(
    desk: OpenDesk, size: tuple[int, int], lang: str
) -> None:
    one = await desk(samples.lobby(), size=size)
    if lang == "en":
        await one.page.click("#lang")
        await one.page.wait_for_selector('html[lang="en"]')
    await through(one, samples.ill_scenes())
    for step, scene in enumerate(samples.ill_scenes()):
        await one.show(scene.state | {"step": 500 + step})
        assert await one.page.evaluate(NARROW) == [], scene.name


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_when_the_server_is_ill(
    desk: OpenDesk, scheme: str
) -> None:
    one = await desk(samples.opened(), scheme=scheme)
    for step, scene in enumerate(samples.ill_scenes()):
        await one.show(scene.state | {"step": 600 + step})
        await no_violation(one.page, scene.name)
