"""A question made void, or its key corrected: previewed, then applied (R1.6)."""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Route, expect

from tests.e2e.host import aftermath, samples
from tests.e2e.host.conftest import Desk, OpenDesk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

Asked = list[dict[str, list[str]]]


async def previewed(
    one: Desk, answer: Callable[[Route, int], Awaitable[None]] | None = None
) -> Asked:
    """Let the page's calls for a preview be answered; return what was asked."""
    asked: Asked = []

    async def take(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        asked.append(query)
        step = int(await one.page.get_attribute(".panel", "data-step") or 0)
        if answer is not None:
            await answer(route, step)
            return
        changes = {"action": "void", "key": None} if "void" in query else {}
        await route.fulfill(json=aftermath.recount(step, **changes))

    await one.page.route("**/api/shows/CCHC1/recount?*", take)
    return asked


async def opened(one: Desk, action: str) -> None:
    """Open question 5 of the run-down and its recount."""
    await one.page.click(".row >> nth=4")
    await one.page.click(f'dialog [data-recount="{action}"]')


async def test_a_key_is_corrected_after_a_look_at_what_changes(desk: OpenDesk) -> None:
    """From the question's row, also after the show; the audience reads why."""
    one = await desk(aftermath.ended())
    asked = await previewed(one)
    await opened(one, "key")
    hold = one.page.locator("dialog .hold")
    await one.page.fill("#reason", "Đáp án nhập sai")
    await expect(hold).to_be_disabled()
    await expect(one.page.locator('dialog [data-option="B"] input')).to_be_disabled()
    await one.page.check('dialog [data-option="C"] input')
    await expect(one.page.locator(".preview-line")).to_contain_text(": 418.")
    assert asked == [{"question": ["q5"], "option": ["C"]}]
    first = one.page.locator('.preview-prizes [data-prize="q5"]')
    await expect(first).to_contain_text("Phạm Minh Tuệ")
    await expect(first).to_contain_text("Hồ Sỹ Nguyên")
    moved = one.page.locator(".preview-ranks tbody tr")
    await expect(moved).to_have_count(10)
    await expect(moved.first).to_contain_text("3")
    await hold.focus()
    await one.page.keyboard.press("Control+Enter")
    heard = await one.panel.hears()
    named = {
        "command": "correct_key",
        "question": "q5",
        "option": "C",
        "reason": "Đáp án nhập sai",
        "step": 12,
    }
    assert {name: heard[name] for name in named} == named


async def test_a_revealed_question_is_void_only_after_its_preview(
    desk: OpenDesk,
) -> None:
    """The key V on air leads there too: no way around the preview."""
    one = await desk(samples.revealed())
    asked = await previewed(one)
    await one.settled()
    await one.page.keyboard.press("v")
    await expect(one.page.locator("#dialog-title")).to_have_text("Tính lại câu 4")
    await expect(one.page.locator(".preview")).to_have_attribute(
        "data-preview", "there"
    )
    assert asked == [{"void": ["q4"]}]
    await one.page.click("dialog .preset >> nth=0")
    await one.page.click("dialog .hold", delay=1_200)
    heard = await one.panel.hears()
    named = {"command": "void", "question": "q4", "reason": "Sự cố kỹ thuật"}
    assert {name: heard[name] for name in named} == named


async def test_nothing_is_applied_without_a_preview(desk: OpenDesk) -> None:
    """The call failed: said plainly, tried again on a press."""
    one = await desk(aftermath.ended())
    there = [False]

    async def answer(route: Route, step: int) -> None:
        if there[0]:
            await route.fulfill(json=aftermath.recount(step, action="void"))
        else:
            # A refused call writes to the console, which fails the test.
            await route.fulfill(body="not JSON")

    asked = await previewed(one, answer)
    await opened(one, "void")
    await one.page.fill("#reason", "Sự cố")
    await expect(one.page.locator(".preview")).to_contain_text("chưa thể áp dụng")
    await expect(one.page.locator("dialog .hold")).to_be_disabled()
    await one.page.keyboard.press("Control+Enter")
    there[0] = True
    await one.page.click(".preview button")
    await expect(one.page.locator("dialog .hold")).to_be_enabled()
    assert len(asked) == 2
    assert await one.panel.silent(0.6)


async def test_another_choice_or_step_asks_for_another_preview(desk: OpenDesk) -> None:
    """What is applied is what was seen."""
    one = await desk(aftermath.ended(step=12))
    asked = await previewed(one)
    await opened(one, "void")
    await expect(one.page.locator(".preview")).to_have_attribute(
        "data-preview", "there"
    )
    await one.show(aftermath.ended(step=13))
    await expect(one.page.locator(".preview")).to_have_attribute(
        "data-preview", "there"
    )
    await one.page.check('dialog input[value="key"]')
    await expect(one.page.locator(".preview")).to_have_attribute("data-preview", "none")
    assert asked == [{"void": ["q5"]}, {"void": ["q5"]}]


async def test_a_preview_of_an_older_step_does_not_count(desk: OpenDesk) -> None:
    """The server was behind, or the panel: the steps must be the same."""
    one = await desk(aftermath.ended(step=12))

    async def answer(route: Route, step: int) -> None:
        await route.fulfill(json=aftermath.recount(step - 1, action="void"))

    asked = await previewed(one, answer)
    await opened(one, "void")
    await one.page.fill("#reason", "Sự cố")
    await expect(one.page.locator(".preview")).to_have_attribute("data-preview", "none")
    assert len(asked) == 1
    await expect(one.page.locator("dialog .hold")).to_be_disabled()


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("ended", "Các giải đã xác nhận sẽ phải xác nhận lại."),
        ("confirmed", "Kết quả đã chốt."),
        ("published", "Kết quả đã công bố."),
    ],
)
async def test_a_signed_result_is_warned_about(
    desk: OpenDesk, phase: str, words: str
) -> None:
    """A recount takes the signature off."""
    one = await desk(aftermath.signed(phase))
    await previewed(one)
    await opened(one, "void")
    await expect(one.page.locator(".preview .banner")).to_contain_text(words)


async def test_nobody_moves_and_no_prize_changes_is_said(desk: OpenDesk) -> None:
    """An empty preview is an answer too."""
    one = await desk(samples.revealed())

    async def answer(route: Route, step: int) -> None:
        nothing = {"moved": (), "participants": 0, "prizes": (), "fastest": ()}
        await route.fulfill(json=aftermath.recount(step, action="void", **nothing))

    await previewed(one, answer)
    await one.page.click(".row >> nth=0")
    await one.page.click('dialog [data-recount="void"]')
    said = one.page.locator(".preview")
    await expect(said).to_contain_text("Không ai đổi thứ hạng.")
    await expect(said).to_contain_text("Không giải nào đổi chủ.")
