"""What a phone offers while nothing is asked: a try, and the way out of an app."""

import pytest
from playwright.sync_api import Browser, Page, expect

from quizserver.wire.phone import Hello
from tests.e2e.phone.conftest import Stage
from tests.e2e.phone.scenes import SCENES
from tests.e2e.phone.test_phone_states import overflow, seated, violations

pytestmark = pytest.mark.browser

LOBBY = next(scene for scene in SCENES if scene.name == "lobby")
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 15_7 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148"
)
PIXEL = (
    "Mozilla/5.0 (Linux; Android 11; SM-A127F; wv) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Version/4.0 Chrome/108.0.0.0 Mobile Safari/537.36"
)
AGENTS = {
    f"{PIXEL} [FB_IAB/FB4A;FBAV/440.0.0.30.110;]": "android",
    f"{PIXEL} Zalo android/24100721": "android",
    f"{PIXEL} Instagram 300.0.0.0 Android": "android",
    f"{IPHONE} [FBAN/FBIOS;FBAV/440.0.0.30.110;FBDV/iPhone10,3]": "ios",
    f"{IPHONE} Zalo iOS/576": "ios",
    PIXEL: "",
    f"{IPHONE} Version/15.6 Safari/604.1": "",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0": "",
}


def inside(browser: Browser, stage: Stage, agent: str) -> Page:
    """Return the lobby as seen in an app that says it is `agent`."""
    context = browser.new_context(
        viewport={"width": 320, "height": 568}, locale="vi-VN", user_agent=agent
    )
    page = context.new_page()
    seated(page, stage, LOBBY)
    return page


def test_knows_the_browsers_inside_apps_and_no_others(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.url}/CCHC1")
    said = page.evaluate(
        """async (agents) => {
          const { insideApp } = await import("/static/t/phone/outside.js");
          return agents.map(insideApp);
        }""",
        list(AGENTS),
    )
    assert dict(zip(AGENTS, said, strict=True)) == AGENTS


def test_android_leads_to_the_phones_browser_with_the_seat(
    browser: Browser, stage: Stage, page: Page
) -> None:
    app = inside(browser, stage, next(iter(AGENTS)))
    link = app.get_by_role("link", name="trình duyệt của máy").get_attribute("href")
    assert link is not None
    road, _, intent = link.partition("#Intent;")
    assert "scheme=http;action=android.intent.action.VIEW;" in intent
    assert overflow(app) == []
    assert violations(app) == []
    app.context.close()
    # The browser that opens it has never been here.
    page.goto(road.replace("intent:", "http:"))
    stage.next_heard(Hello)
    expect(page.get_by_text("Xin chào")).to_be_visible()
    assert stage.joins == [{"recovery_code": "7K3M9P"}]
    assert page.url == f"{stage.url}/CCHC1"


def test_iphone_says_where_the_way_out_is_and_takes_the_seat_along(
    browser: Browser, stage: Stage
) -> None:
    app = inside(browser, stage, list(AGENTS)[3])  # `seated` opens what is folded
    expect(app.get_by_text("Mở bằng Safari")).to_be_visible()
    assert app.url == f"{stage.url}/CCHC1#r=7K3M9P"
    assert overflow(app) == []
    assert violations(app) == []
    app.get_by_text("Chơi tiếp bằng Safari").click()
    app.wait_for_url(f"{stage.url}/CCHC1")
    app.context.close()


def test_practice_is_a_question_that_nobody_hears_of(page: Page, stage: Stage) -> None:
    page.add_init_script("delete Navigator.prototype.wakeLock")
    seated(page, stage, LOBBY)
    expect(page.get_by_text("có thể tự tắt màn hình")).to_be_visible()
    page.get_by_role("button", name="Thử một câu").click()
    asked = page.get_by_role("heading", name="Câu thử")
    expect(asked).to_be_focused()
    page.locator("button.option[data-option=a]").click()
    expect(page.locator(".status")).to_contain_text("Chưa đúng")
    expect(page.locator("#speak")).to_contain_text("không tính điểm")
    page.locator("button.option[data-option=b]").click(force=True)
    expect(page.locator(".status")).to_contain_text("Chưa đúng")
    assert violations(page) == []
    page.get_by_role("button", name="Thử lại").click()
    expect(asked).to_be_focused()
    page.locator("button.option[data-option=b]").click()
    expect(page.locator(".status")).to_contain_text("Đúng rồi!")
    assert stage.answers() == []
