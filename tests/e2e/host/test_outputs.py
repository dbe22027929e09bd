"""The overlays in the panel, the words to all of them, and who drives the show."""

from typing import Final

import msgspec
import pytest
from playwright.async_api import Route, expect

from quizserver.wire.common import REHEARSAL
from quizserver.wire.host import WaitingName, You
from quizserver.wire.parts import OutputPart, SettingsPart
from tests.e2e.host import aftermath, samples
from tests.e2e.host.conftest import Desk, OpenDesk
from tests.e2e.host.samples import Message
from tests.e2e.host.test_layout import (
    LYING,
    OVERFLOWING,
    SMALL,
    STANDING,
    TOUCH,
    look,
    no_violation,
)
from tests.visitors import DESK

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

HOST = ("advance", "open", "lock", "extend", "void", "notice", "look", "drive", "end")


def you(name: str, *commands: str) -> samples.Message:
    return samples.message(You(name=name, role="host", commands=commands or HOST))


async def test_every_overlay_says_what_it_shows_and_how_it_is(desk: OpenDesk) -> None:
    one = await desk(samples.opened(allowed=HOST))
    await expect(one.page.locator(".onair-words")).to_have_text("1 lên sóng · 1 mất")
    await expect(one.page.locator(".outputs")).to_have_text("2 lớp phủ")
    pages = one.page.locator(".via-item small")
    await expect(pages).to_have_text(
        ["45/180 ms, muộn 2", "60/320 ms", "40/110 ms, muộn 1"]
    )
    await one.page.keyboard.press("o")
    rows = one.page.locator(".outputs-table tbody tr")
    await expect(rows).to_have_count(4)
    said = [
        ("lên sóng", "OBS 32.0.2 · 1920x1080", "câu hỏi", "74 ms", "1 giây trước"),
        ("chờ", "chậm 1 bước", "1.320 ms", "đặt 2,00 s", "bản cũ, cần tải lại"),
        ("Chuyển cảnh OBS", "ngoài OBS", "OBS chưa cho chuyển cảnh"),
        ("mất kết nối", "41 giây trước"),
    ]
    for row, words in enumerate(said):
        for word in words:
            await expect(rows.nth(row)).to_contain_text(word)
    await expect(rows.nth(3).locator("button")).to_have_count(0)
    await rows.nth(1).locator('[data-do="reload"]').click()
    assert await one.panel.hears() == {"type": "output", "do": "reload", "output": "o2"}
    on_air = rows.nth(0).locator('[data-do="identify"]')
    await on_air.click()
    await expect(on_air).to_have_text("Đang lên sóng: nhấn lần nữa")
    await on_air.click()
    said_to = {"type": "output", "do": "identify", "output": "o1"}
    assert await one.panel.hears() == said_to


async def test_outputs_that_only_chance_tells_apart_are_named_with_the_cure(
    desk: OpenDesk,
) -> None:
    """Two sources of a kind would change places when OBS starts again."""
    kinds = [("stage", None), ("stage", None), ("timer", "led"), ("stage", "led")]
    alone = [("ticker", None), ("seal", "hall"), ("obs-remote", None)]
    outputs = tuple(
        OutputPart(id=f"o{n}", number=n, view=view, layout="16x9", name=name)
        for n, (view, name) in enumerate([*kinds, *alone, alone[-1]], 1)
    )
    one = await desk(samples.opened(live=samples.live(outputs=outputs), allowed=HOST))
    await one.page.keyboard.press("o")
    twins = one.page.locator("[data-twin]")
    unnamed, same = "cùng loại, chưa có tên", "trùng tên với nguồn khác"
    await expect(twins).to_have_text([unnamed, unnamed, same, same])
    await expect(one.page.locator("[data-banner=twins]")).to_contain_text("name=…")
    await one.show(samples.opened(allowed=HOST, step=13))
    await expect(one.page.locator("[data-banner=twins]")).to_have_count(0)


async def test_clear_and_hold_work_at_any_step_and_are_their_own_way_back(
    desk: OpenDesk,
) -> None:
    one = await desk(samples.opened(allowed=HOST))
    await one.page.keyboard.press("c")
    word = await one.panel.hears()
    assert (word["command"], word["look"], "step" in word) == ("look", "clear", False)
    await one.panel.reply(word | {"step": 12})
    await one.show(samples.opened(allowed=HOST, look="clear", step=13))
    await expect(one.page.locator(".outputs")).to_have_text("Đồ họa đang ẩn")
    button = one.page.locator('.onair [data-look="clear"]')
    await expect(button).to_have_text("Hiện lạiC")
    await one.page.wait_for_timeout(450)
    await button.click()
    assert (await one.panel.hears())["look"] == "live"


async def test_who_does_not_drive_sees_who_does_and_can_take_over(
    desk: OpenDesk,
) -> None:
    one = await desk(samples.opened(allowed=HOST, driver="minh"))
    await one.panel.say(you("hoa"))
    await expect(one.page.locator(".next-label")).to_have_text("minh đang điều khiển")
    await expect(one.page.locator('[data-action="void"]')).to_be_disabled()
    await expect(one.page.locator('.onair [data-look="hold"]')).to_be_enabled()
    await one.page.keyboard.press(" ")
    await expect(one.page.locator("dialog .hold")).to_be_visible()
    await one.page.keyboard.press("Control+Enter")
    word = await one.panel.hears()
    assert (word["command"], word["name"]) == ("drive", "hoa")
    await one.panel.reply(word | {"step": 12})
    await one.show(samples.opened(allowed=HOST, driver="hoa", step=13))
    await expect(one.page.locator(".driver")).to_have_text("Chỉ bạn điều khiển")
    await expect(one.page.locator(".next-label")).to_have_text("Khóa trả lời")
    await one.panel.say(you("hoa", "hide_name"))
    await expect(one.page.locator(".next-label")).to_have_text("Bạn chỉ xem và sửa tên")


async def test_on_camera_no_dialog_names_a_winner(desk: OpenDesk) -> None:
    """The privacy switch reaches the dialogs too, and what screen readers are told."""
    state = aftermath.ended()
    names = {winner["name"] for winner in state["winners"]}
    one = await desk(state)
    await one.page.click("#privacy")
    for act in ("skip", "bar", "unbar"):
        await one.page.click(f'.prize [data-act="{act}"] >> nth=0')
        await one.page.wait_for_selector("dialog[open]")
        page = await one.page.content()
        assert [name for name in names if name in page] == [], act
        await one.page.keyboard.press("Escape")
        await one.page.wait_for_selector("dialog", state="detached")


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "dark"), (LYING, "light")])
async def test_the_table_fits_and_axe_finds_nothing(
    desk: OpenDesk, size: tuple[int, int], scheme: str
) -> None:
    one = await desk(samples.opened(allowed=HOST), size=size, scheme=scheme)
    await one.show(samples.opened(allowed=HOST, look="hold", driver="minh", step=13))
    await one.panel.say(you("hoa"))
    await one.page.wait_for_selector(".driver")
    assert await look(one.page, OVERFLOWING) == []
    assert await look(one.page, SMALL, TOUCH) == []
    await no_violation(one.page, "held")
    for key in ("o", "d"):
        await one.page.keyboard.press(key)
        await one.page.wait_for_selector("dialog[open]")
        assert await look(one.page, SMALL, TOUCH - 1) == [], key
        await no_violation(one.page, key)
        await one.page.keyboard.press("Escape")
        await one.page.wait_for_selector("dialog", state="detached")


OUTPUT = OutputPart(
    id="o1",
    number=1,
    view="stage",
    layout="16x9",
    place="stage 16x9",
    bus="preview",
    has=SettingsPart(
        theme="sen", lang="en", layout="16x9", mute=True, hide=("notice",)
    ),
    fixed=("theme", "delay"),
)


@pytest.mark.parametrize("size", [DESK, STANDING])
async def test_one_output_is_set_live_and_its_address_wins(
    desk: OpenDesk, size: tuple[int, int]
) -> None:
    may = (*HOST, "set_output")
    one = await desk(opened_with(may, SET, step=12), size=size)
    await one.page.keyboard.press("o")
    row = one.page.locator(".outputs-table tbody tr")
    for word in ("xem trước", "không tiếng", "ẩn 1 lớp"):
        await expect(row).to_contain_text(word)
    # By the keyboard alone: from the row's first button into the dialog.
    await row.locator('[data-do="settings"]').focus()
    await one.page.keyboard.press("Enter")
    line = one.page.locator(".settings-line")
    theme = one.page.locator('[data-setting="theme"]')
    await expect(theme.locator("select")).to_have_value("sen")
    for name in ("theme", "delay_ms"):
        fixed = one.page.locator(f'[data-setting="{name}"]')
        await expect(fixed.locator(".input")).to_be_disabled()
        await expect(fixed.locator("small")).to_have_text("đặt trong địa chỉ")
    await expect(line.locator("small").filter(has_text="địa chỉ")).to_have_count(2)
    # A box is small; the line around it is what a finger meets.
    small = await look(one.page, SMALL, TOUCH - 1)
    assert [found for found in small if "24×24" not in found] == []
    layer = await one.page.locator(".settings-layers .switch").first.bounding_box()
    assert layer is not None
    assert layer["height"] >= TOUCH
    assert await look(one.page, OVERFLOWING) == []
    await no_violation(one.page, "settings")

    await _everything_is_sent(one, may)
    gone = samples.live(outputs=())
    await one.show(samples.opened(allowed=may, live=gone, step=18))
    await expect(one.page.locator("dialog h2")).to_contain_text("không còn")


SET: Final = SettingsPart(lang="en", hide=("notice",))


async def _everything_is_sent(one: Desk, may: tuple[str, ...]) -> None:
    """Each control sends what is set with its own, at no step.

    Also what was sent a moment ago, from the reply on until the state has it, and what
    the state says before overlays do.
    """
    was: Message = {"lang": "en", "hide": ["notice"]}
    position = one.page.locator('[data-setting="position"] select')
    await position.select_option("full")
    was |= {"position": "full"}
    first = await _is_sent(one, was)
    await one.page.locator('[data-layer="fastest"]').click()
    second = await _is_sent(one, was | {"hide": ["fastest", "notice"]})
    await one.page.locator('[data-layer="notice"]').click()
    third = await _is_sent(one, was | {"hide": ["fastest"]})
    for step, word in enumerate((first, second, third), start=13):
        await one.panel.reply(word | {"step": step})
    await one.show(opened_with(may, SET, step=13))  # of the first alone
    await one.page.locator('[data-layer="fastest"]').click()
    fourth = await _is_sent(one, was | {"hide": []})
    await one.panel.reply(fourth | {"step": 16})
    now = SettingsPart(theme="bien", position="full")
    await one.show(opened_with(may, now, step=16))
    await expect(position).to_have_value("full")
    await one.page.locator('[data-setting="mute"] select').select_option("true")
    muted = await _is_sent(one, {"theme": "bien", "position": "full", "mute": True})
    await one.panel.reply(muted | {"step": 17})
    await one.page.locator('[data-act="unset"]').click()
    await one.panel.reply(await _is_sent(one, {}) | {"step": 18})


def opened_with(may: tuple[str, ...], settings: SettingsPart, step: int) -> Message:
    """Return a state with one overlay, and what is set for it."""
    live = samples.live(outputs=(OUTPUT,))
    outputs = {OUTPUT.place: settings}
    return samples.opened(allowed=may, live=live, outputs=outputs, step=step)


async def _is_sent(one: Desk, settings: Message) -> Message:
    """Take what the panel sends: it is these settings."""
    word = await one.panel.hears()
    assert (word["command"], word["output"]) == ("set_output", "stage 16x9")
    assert (word["settings"], "step" in word) == (settings, False)
    return word


_OPEN_WHEN_SEEN: Final = """() => new Promise((tell) => {
  new MutationObserver(() => {
    const dialog = document.querySelector("dialog");
    if (dialog) tell(dialog.open);
  }).observe(document.body, { childList: true, subtree: true });
  const pressed = new KeyboardEvent("keydown", { key: "o", bubbles: true });
  document.body.dispatchEvent(pressed);
})"""


async def test_a_dialog_is_open_as_soon_as_it_is_in_the_page(desk: OpenDesk) -> None:
    one = await desk(samples.opened(allowed=HOST))
    assert await one.page.evaluate(_OPEN_WHEN_SEEN) is True


async def test_take_is_there_while_graphics_are_held(desk: OpenDesk) -> None:
    one = await desk(samples.opened(allowed=HOST))
    await expect(one.page.locator('[data-look="take"]')).to_have_count(0)
    await one.page.keyboard.press("f")
    held = samples.opened(allowed=(*HOST, "take"), look="hold", step=13)
    await one.show(held)
    await one.page.wait_for_timeout(450)
    await one.page.keyboard.press("f")
    word = await one.panel.hears()
    assert (word["command"], "step" in word) == ("take", False)


async def test_a_rehearsal_is_started_said_everywhere_and_wiped(desk: OpenDesk) -> None:
    nobody = samples.live(joined=0, online=0, via={})
    one = await desk(samples.lobby(live=nobody))
    asked: list[tuple[str, str | None]] = []

    async def answer(route: Route) -> None:
        asked.append(
            (route.request.url.rpartition("/CCHC1/")[2], route.request.post_data)
        )
        await route.fulfill(status=202, json={})

    await one.page.route("**/api/shows/CCHC1/rehearsal**", answer)
    await one.page.keyboard.press("b")
    await no_violation(one.page, "rehearsal")
    await one.page.click('dialog [data-phones="100"]')
    await expect(one.page.locator("dialog .hint >> nth=0")).to_contain_text("bắt đầu")
    crowd = samples.live(joined=100, online=100, via={REHEARSAL: 100})
    await one.show(samples.lobby(live=crowd, step=13))
    await expect(one.page.locator(".top-rehearsal")).to_have_text("TẬP DƯỢT")
    # What is wiped takes the hash of the questions along: it is said where it is read
    # and before it is done.
    await expect(one.page.locator(".pack-hash")).to_contain_text("xóa buổi tập thì mã")
    await expect(one.page.locator("dialog")).to_contain_text("hãy công bố mã mới")
    check = one.page.locator('[data-check="joined"]')
    await expect(check).to_have_attribute("data-ok", "false")
    await one.page.keyboard.press("Control+Enter")
    await expect(one.page.locator("dialog .hint >> nth=0")).to_contain_text("100")
    assert asked == [("rehearsal", '{"phones":100}'), ("rehearsal/wipe", "{}")]
    stopped = msgspec.structs.replace(crowd, rehearsal_trouble="Hết giờ.")
    await one.show(samples.lobby(live=stopped, step=14))
    await expect(one.page.locator("dialog .banner")).to_contain_text("Hết giờ.")
    line = one.page.locator('.vitals[data-concern="rehearsal"] .vitals-line')
    await expect(line).to_contain_text("Điện thoại mô phỏng đã dừng: Hết giờ.")
    real = samples.live(joined=101, online=100, via={REHEARSAL: 100, "a": 1})
    await one.show(samples.lobby(live=real, step=15))
    await expect(one.page.locator('dialog [data-phones="20"]')).to_be_disabled()


async def test_names_wait_for_a_host_who_passes_or_hides_them(desk: OpenDesk) -> None:
    waiting = tuple(
        WaitingName(participant=f"p{n}", name=name, unit=unit)
        for n, (name, unit) in enumerate(samples.NAMES[:3])
    )
    live = msgspec.structs.replace(samples.answered(), waiting=waiting)
    may = (*HOST, "hide_name", "hold_names")
    one = await desk(samples.opened(allowed=may, live=live, names_held=True))
    await expect(one.page.locator(".chip-button")).to_have_text("Chờ duyệt: 3")
    await one.page.keyboard.press("m")
    await no_violation(one.page, "names")
    rows = one.page.locator("dialog .choice")
    await rows.nth(0).locator(".button").nth(1).click()
    word = await one.panel.hears()
    named = (word["command"], word["participant"], word["hidden"], "step" in word)
    assert named == ("hide_name", "p0", True, False)
    await one.page.click("dialog .buttons .button")
    heard = [await one.panel.hears() for _ in waiting]
    assert [(w["participant"], w["hidden"]) for w in heard] == [
        ("p0", False),
        ("p1", False),
        ("p2", False),
    ]
    await one.page.click("dialog .switch input")
    word = await one.panel.hears()
    assert (word["command"], word["hidden"]) == ("hold_names", False)
    await one.page.keyboard.press("Escape")
    await one.show(samples.opened(step=40, allowed=may, live=live))
    await expect(one.page.locator(".chip-button")).to_have_text("Chờ duyệt: 3")


async def test_the_autopilot_presses_after_a_countdown_and_never_while_deciding(
    desk: OpenDesk,
) -> None:
    one = await desk(samples.locked(allowed=HOST))
    await one.page.clock.install(time=0)
    await one.page.clock.pause_at(1_000)
    await one.page.keyboard.press("a")
    key = one.page.locator("#next kbd")
    await expect(key).to_have_text("Tự động: 4")
    await one.page.clock.run_for(2_000)
    await expect(key).to_have_text("Tự động: 2")
    await one.page.keyboard.press("n")
    await one.page.clock.run_for(10_000)
    assert await one.panel.silent(0.3)
    await one.page.keyboard.press("Escape")
    await one.page.clock.run_for(4_100)
    word = await one.panel.hears()
    assert (word["command"], word["step"]) == ("advance", 12)
    await one.panel.reply(word)
    await one.show(samples.state("ended", step=13, next=None))
    await expect(one.page.locator("#next kbd")).to_have_count(0)


async def test_the_mirrors_show_the_stage_and_are_no_outputs(desk: OpenDesk) -> None:
    mirror = OutputPart(id="o9", number=9, view="mirror", layout="16x9")
    outputs = (*samples.OUTPUTS, mirror)
    one = await desk(samples.opened(live=samples.live(outputs=outputs), allowed=HOST))
    await expect(one.page.locator(".outputs")).to_have_text("2 lớp phủ")

    async def key(route: Route) -> None:
        await route.fulfill(json={"url": "http://quiz.example/overlay/stage#k=s3cr3t"})

    async def stage(route: Route) -> None:
        await route.fulfill(body="<title>stage</title>", content_type="text/html")

    await one.page.route("**/host/CCHC1/overlay-key", key)
    await one.page.route("**/overlay/stage?*", stage)
    one.stage.pages["/host/CCHC1/phone"] = "<title>phone</title>"
    await one.page.keyboard.press("i")
    frames = one.page.locator(".mirror")
    await expect(frames).to_have_count(3)
    assert await frames.nth(0).get_attribute("src") == (
        "/overlay/stage?layout=16x9&view=mirror&bg=camera#k=s3cr3t"
    )
    assert await look(one.page, OVERFLOWING) == []
    await no_violation(one.page, "mirrors")
    await one.page.keyboard.press("i")
    await expect(one.page.locator(".fastest")).to_be_visible()
