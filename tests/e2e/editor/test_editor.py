"""Writing questions in a real browser: what a person at the desk does and sees."""

import pytest
from playwright.async_api import FilePayload, Page, expect

from quizserver import shipped
from quizserver.bank.export import export
from quizserver.bank.load import load
from tests.e2e.editor.conftest import PACK, Sit, Writer
from tests.e2e.host.test_layout import look, no_violation
from tests.unit.bank.test_delivery import drawn
from tests.visitors import DESK

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

STANDING = (820, 1_180)
LYING = (1_024, 768)
LONG = (
    "Theo báo cáo năm 2023 của Sở Nội vụ thì cuộc thi sáng kiến cải cách hành chính "
    "không phải là không có bao nhiêu đội tham dự vòng chung khảo toàn tỉnh?"
)
OVERFLOWING = """() => {
  const fixed = ".editor, .top, .order, .form-card, .preview-card, .form-foot, .faces";
  const over = (part) =>
    part.scrollHeight > part.clientHeight + 1 ||
    part.scrollWidth > part.clientWidth + 1;
  return [document.documentElement, ...document.querySelectorAll(fixed)]
    .filter(over).map((part) => `${part.tagName}.${part.className}`);
}"""
WIDE = """() => [...document.querySelectorAll(".form-scroll, .rows, .page")]
  .filter((part) => part.scrollWidth > part.clientWidth + 1)
  .map((part) => part.className)"""
BIG = drawn("png", (3_000, 2_000))
SMALL = """(least) => [...document.querySelectorAll("button, a, select, .input")]
  .filter((part) => part.checkVisibility())
  .map((part) => [part, part.getBoundingClientRect()])
  .filter(([, box]) => Math.min(box.width, box.height) < least)
  .map(([part, box]) => `${part.className} ${box.width}×${box.height}`)"""


async def order_of(page: Page) -> list[str]:
    """Return the ids of the questions as they stand in the list."""
    found: list[str] = await page.locator("[data-question]").evaluate_all(
        "rows => rows.map((row) => row.dataset.question)"
    )
    return found


async def saved(page: Page) -> None:
    """Save and wait until it is done."""
    await page.click("#save")
    await expect(page.locator(".form-note")).to_have_text("Đã lưu.")


async def test_writing_a_question(sit: Sit) -> None:
    """Length, preview, refusal with its cure, keeping, leaving: one visit."""
    page = await (await sit()).open()
    phone = page.frame_locator(".face iframe")
    await expect(phone.locator("h1")).to_contain_text("Thông điệp")

    await page.fill("#text", LONG)
    await expect(page.locator(".pace")).to_have_attribute("data-verdict", "long")
    await expect(page.locator(".pace-list")).to_contain_text("nên không quá 25")
    await expect(page.locator(".pace-list")).to_contain_text("phủ định hai lần")
    await expect(phone.locator("h1")).to_contain_text("Theo báo cáo năm 2023")
    await expect(phone.locator(".timer-digits")).to_have_text("15")
    await expect(page.locator(".review")).to_contain_text("thẩm định lại")

    await page.fill("#text", "Câu mới là gì?")
    await page.fill("#option-B", "Sáng kiến hay – Chung tay cải cách")
    await page.keyboard.press("Control+s")
    await expect(page.locator(".flaws")).to_contain_text("giống nhau")
    await expect(page.locator(".flaws")).to_contain_text("Cách sửa")
    await expect(page.locator("#options-error")).to_be_visible()

    # The key goes with its text.
    await page.fill("#option-B", "Phương án hai")
    await page.get_by_label("Đưa phương án A xuống").click()
    await expect(page.locator("#option-B")).to_have_value(
        "Sáng kiến hay – Chung tay cải cách"
    )
    await expect(page.locator("input[name=key][value=B]")).to_be_checked()


async def test_a_picture_and_how_it_looks(sit: Sit) -> None:
    """What is not saved is not lost; a picture is made small; every face shows it."""
    page = await (await sit()).open()
    phone = page.frame_locator(".face iframe")
    await page.fill("#text", "Câu mới là gì?")
    await page.click("[data-question=a34]")
    await page.get_by_role("button", name="Ở lại").click()
    await expect(page.locator("#text")).to_have_value("Câu mới là gì?")
    await page.set_input_files("#picture", _file("Bản đồ.PNG", BIG))
    await expect(page.locator(".picture-thumb")).to_have_js_property(
        "naturalWidth", 1_600
    )
    await expect(phone.locator(".ask-image")).to_be_visible()
    await saved(page)
    await expect(page.locator(".review .state")).to_have_attribute(
        "data-state", "written"
    )
    await expect(page.locator(".review")).to_contain_text("người khác phải thẩm định")
    await expect(page.locator(".ready")).to_have_attribute("data-ready", "false")

    overlay = page.frame_locator(".face iframe")
    for face in ("Lớp phủ 16:9", "9:16"):
        await page.get_by_role("button", name=face, exact=True).click()
        await expect(overlay.locator("[data-part=question-text]")).to_contain_text(
            "Câu mới là gì?"
        )
    await page.get_by_label("Có đáp án").check()
    await expect(overlay.locator("html")).to_have_attribute("data-scene", "revealed")


async def test_putting_questions_in_order(sit: Sit) -> None:
    """By buttons, by the arrow keys, and by dragging with a pointer."""
    writer = await sit()
    page = await writer.open()
    first, second, third = (await order_of(page))[:3]

    await page.get_by_label("Đưa câu 1 xuống").click()
    await expect(page.locator("[data-question]").first).to_have_attribute(
        "data-question", second
    )
    await page.locator(f"[data-grip={first}]").press("ArrowDown")
    await expect(page.locator("[data-question]").nth(2)).to_have_attribute(
        "data-question", first
    )
    await expect(page.locator(f"[data-grip={first}]")).to_be_focused()

    await page.locator(f"[data-grip={first}]").hover()
    await page.mouse.down()
    await page.locator(f"[data-question={second}]").hover(position={"x": 80, "y": 5})
    await expect(page.locator("li[data-drop=above]")).to_have_count(1)
    await page.mouse.up()
    await expect(page.locator("[data-question]").first).to_have_attribute(
        "data-question", first
    )
    assert (await order_of(page))[:3] == [first, second, third]

    # A search in which nothing can be moved; accents do not matter.
    await page.fill(".order input[type=search]", "par index la")
    await expect(page.locator("[data-question]")).to_have_count(1)
    await expect(page.get_by_label("Đưa câu 6 lên")).to_be_disabled()


async def test_two_people(sit: Sit) -> None:
    """Nobody's words are overwritten unseen; the other one reviews them."""
    thao, binh = await sit("thao"), await sit("binh")
    mine, theirs = await thao.open(), await binh.open()
    await mine.fill("#text", "Của Thảo?")
    await saved(mine)

    await theirs.fill("#text", "Của Bình?")
    await theirs.click("#save")
    dialog = theirs.locator("[data-dialog=conflict]")
    await expect(dialog).to_contain_text("Của Thảo?")
    await expect(dialog).to_contain_text("Của Bình?")
    await no_violation(theirs, "conflict")
    await dialog.get_by_role("button", name="Lấy bản vừa lưu").click()
    await expect(theirs.locator("#text")).to_have_value("Của Thảo?")

    await theirs.click("#review")
    await expect(theirs.locator(".review .state")).to_have_attribute(
        "data-state", "reviewed"
    )
    await expect(theirs.locator(".review")).to_contain_text("Thẩm định: binh")
    # Who writes on an old version is asked, and may put theirs over it, knowingly.
    await mine.fill("#source", "Nghị quyết 76/NQ-CP")
    await mine.click("#save")
    await mine.get_by_role("button", name="Ghi đè bằng bản của tôi").click()
    await expect(mine.locator(".form-note")).to_have_text("Đã lưu.")
    await expect(mine.locator("#source")).to_have_value("Nghị quyết 76/NQ-CP")


async def test_packs_and_files(sit: Sit) -> None:
    """Search everywhere, a file that is wrong, the same file mended."""
    writer = await sit()
    page = await writer.open("/host/questions")
    await page.fill("#find", "thong diep cua cuoc thi")
    await expect(page.locator(".hits a")).to_have_count(1)

    good = export(load(shipped.questions() / PACK), ".csv", "vi")
    bad = good.decode().replace("15 giây", "10 giây").encode()
    await page.click("#import")
    await page.set_input_files("#file", _file("so-1.csv", bad))
    await expect(page.locator(".flaws")).to_contain_text("so-1.csv, dòng 7, câu thứ 2")
    await expect(page.locator(".flaws")).to_contain_text("Cách sửa")
    await no_violation(page, "import")
    await expect(page.locator("#take")).to_have_count(0)
    changed = good.decode().replace("20 giây", "25 giây").encode()
    await page.set_input_files("#file", _file("so-1.csv", changed))
    await expect(page.locator("[data-count=changed] dd")).to_have_text("1")
    await page.click("#take")
    await expect(page.locator(".top-title")).to_contain_text("Số 1")


async def test_a_new_pack(sit: Sit) -> None:
    """From an empty pack to its first question, which may be unfinished."""
    writer = await sit()
    page = await writer.open("/host/questions")
    await page.click("#new-pack")
    await page.fill("#pack-title", "Tìm hiểu – Số 5")
    await page.fill("#pack-id", "so 5")
    await page.get_by_role("button", name="Tạo gói").click()
    await expect(page.locator(".dialog .flaws")).to_contain_text("Cách sửa")
    await page.fill("#pack-id", "so-5")
    await page.get_by_role("button", name="Tạo gói").click()
    await expect(page.locator(".nothing-open")).to_be_visible()
    await page.locator(".nothing-open button").click()
    await page.fill("#text", "Câu đầu tiên?")
    await saved(page)
    await expect(page.locator(".review")).to_contain_text("Còn phải sửa")


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize(
    ("size", "scheme", "lang"),
    [(DESK, "light", "vi"), (LYING, "dark", "en"), (STANDING, "light", "vi")],
)
async def test_one_glance(
    sit: Sit, size: tuple[int, int], scheme: str, lang: str
) -> None:
    """Nothing scrolls but the lists, targets are large, axe finds nothing."""
    writer = await sit(size=size, scheme=scheme, lang=lang)
    page = await writer.open()
    await _glance(page, "pack")
    if size != STANDING:
        await no_violation(page, "pack")
        await page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
        await no_violation(page, "pack in the other light")
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.fill("#text", LONG * 2)
    await page.fill("#option-A", "dài " * 30)
    await page.click("#save")
    await expect(page.locator(".flaws")).to_be_visible()
    await _glance(page, "flaws")
    await no_violation(page, "flaws")
    await writer.open("/host/questions")
    assert await look(page, WIDE) == []
    await no_violation(page, "packs")


async def _glance(page: Page, name: str) -> None:
    await expect(page.locator(".face iframe")).to_be_visible()
    assert await look(page, OVERFLOWING) == [], name
    assert await look(page, WIDE) == [], name
    assert await look(page, SMALL, 30) == [], name


async def test_writers_are_writers(sit: Sit) -> None:
    """The way in stands over the list of shows."""
    writer: Writer = await sit()
    await writer.page.goto(f"{writer.site.address}/host")
    await writer.page.get_by_role("link", name="Soạn câu hỏi").click()
    await expect(writer.page.locator(".pack-table tbody tr")).to_have_count(5)
