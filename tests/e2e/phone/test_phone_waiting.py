"""What a phone offers while nothing is asked: a try, and the way out of an app."""

import pytest
from playwright.sync_api import Browser, Page, expect

from quizserver.wire.common import Close
from quizserver.wire.parts import StreamPart
from quizserver.wire.phone import (
    Asked,
    Cheer,
    Hello,
    Locked,
    Open,
    Resumed,
    Revealed,
    Seen,
    Step,
    Stream,
    You,
)
from tests.e2e.phone.conftest import EPOCH, Stage
from tests.e2e.phone.scenes import FASTEST, OWN, SCENES, question
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


def test_a_code_is_taken_over_in_a_tab_that_is_open_already(
    page: Page, stage: Stage
) -> None:
    """The browser then loads nothing; whoever has a seat keeps it."""
    page.goto(f"{stage.url}/CCHC1")
    page.locator("main[data-screen=join]").wait_for()
    for code in ("7K3M9P", "AAAAAA"):
        page.goto(f"{stage.url}/CCHC1#r={code}")
        expect(page.get_by_text("Xin chào")).to_be_visible()
        page.wait_for_url(f"{stage.url}/CCHC1")
    assert stage.joins == [{"recovery_code": "7K3M9P"}]


def test_iphone_says_where_the_way_out_is_and_takes_the_seat_along(
    browser: Browser, stage: Stage
) -> None:
    app = inside(browser, stage, list(AGENTS)[3])  # `seated` opens what is folded
    expect(app.get_by_text("Mở bằng Safari")).to_be_visible()
    app.wait_for_url(f"{stage.url}/CCHC1#r=7K3M9P")
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
    expect(page.locator("#speak")).to_have_text(
        "Chưa đúng. Câu thử không tính điểm. Đáp án: B"
    )
    # Marked as after a real question, and there is nothing left to tap.
    expect(page.locator(".answer[data-right='1']")).to_contain_text("Bảy ngày")
    assert [
        " ".join(said.split()) for said in page.locator(".badge").all_inner_texts()
    ] == [
        "Bạn chọn",
        "Đáp án",
    ]
    expect(page.locator("button.option")).to_have_count(0)
    expect(asked).to_be_focused()
    assert violations(page) == []
    page.get_by_role("button", name="Thử lại").click()
    expect(asked).to_be_focused()
    page.locator("button.option[data-option=b]").click()
    expect(page.locator(".status")).to_contain_text("Đúng rồi!")
    assert stage.answers() == []


def test_viewers_say_which_number_they_see_until_a_question_comes(
    page: Page, stage: Stage
) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    seated(page, stage, LOBBY)
    stage.next_heard(Hello)
    stage.say(Stream(epoch=EPOCH, step=10, stream=StreamPart(sync_ms=0)))
    page.get_by_role("button", name="7", exact=True).click()
    heard = stage.next_heard(Seen).message
    assert isinstance(heard, Seen)
    assert heard.number == 7
    expect(page.locator(".sync")).to_contain_text("Cảm ơn")
    assert violations(page) == []
    assert overflow(page) == []
    stage.say(Asked(epoch=EPOCH, step=11, question=question("asked", opened=False)))
    expect(page.locator(".sync")).to_have_count(0)


def test_viewers_cheer_between_questions_where_a_host_lets_them(
    page: Page, stage: Stage
) -> None:
    """R1.11: taps are summed up; nothing goes out once a question is asked."""
    page.set_viewport_size({"width": 320, "height": 568})
    seated(page, stage, LOBBY)
    stage.next_heard(Hello)
    page.clock.install()
    bar = page.get_by_role("group", name="Cổ vũ")
    expect(bar).to_have_count(0)
    stage.say(Step(epoch=EPOCH, step=10, cheering=True))
    for name in ("Vỗ tay", "Thả tim", "Thả tim"):
        bar.get_by_role("button", name=name).click()
    assert violations(page) == []
    assert overflow(page) == []
    page.clock.run_for(8_000)
    heard = stage.next_heard(Cheer).message
    assert heard == Cheer(counts={"clap": 1, "heart": 2})
    bar.get_by_role("button", name="Tặng sao").click()
    stage.say(Asked(epoch=EPOCH, step=11, question=question("asked", opened=False)))
    expect(bar).to_have_count(0)
    page.clock.run_for(8_000)
    stage.say(Resumed(epoch=EPOCH, step=12, phase="standings"))
    expect(bar).to_be_visible()
    stage.say(Step(epoch=EPOCH, step=13, cheering=False))
    expect(bar).to_have_count(0)
    assert not [one for one in stage.all_heard() if isinstance(one, Cheer)]


def test_an_aligned_show_shows_no_answer_before_the_picture_does(
    page: Page, stage: Stage
) -> None:
    page.add_init_script("localStorage['quiz.CCHC1.via'] = '\"a\"'")
    seated(page, stage, LOBBY)
    stage.next_heard(Hello)
    late = StreamPart(aligned=True, delays={"a": 700, "b": 30_000})
    stage.say(Stream(epoch=EPOCH, step=10, stream=late))
    stage.say(Open(epoch=EPOCH, step=11, question=question(), duration_ms=15_000))
    expect(page.locator("button.option")).to_have_count(4)
    stage.say(Locked(epoch=EPOCH, step=12, question="q4"))
    page.evaluate(
        """() => {
          const seen = (text) => document.body.textContent.includes(text);
          const began = performance.now();
          new MutationObserver(() => {
            if (!seen("Đáp án") || window.spoilt) return;
            window.spoilt = performance.now() - began;
          }).observe(document.body, { childList: true, subtree: true });
        }"""
    )
    stage.say(
        Revealed(
            epoch=EPOCH,
            step=13,
            question="q4",
            correct="A",
            counts={"A": 3},
            fastest=FASTEST,
        )
    )
    stage.say(You(question="q4", right=True, show=OWN, time_ms=2919, rank=12))
    expect(page.locator(".verdict")).to_contain_text("hạng 12")
    assert page.evaluate("window.spoilt") >= 690


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_ways_in_and_out_are_readable_for_everybody(
    page: Page, stage: Stage, lang: str
) -> None:
    """Joining with what is missing, no link, and every screen that ends the line."""
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 568})
    page.add_init_script(f"localStorage['quiz.language'] = '\"{lang}\"'")
    page.goto(f"{stage.url}/CCHC1")
    page.locator("form.join button").click()
    expect(page.get_by_role("alert")).to_have_count(1)
    page.locator(".recover summary").click()
    found = [("join", *one) for one in violations(page)]
    assert overflow(page) == []
    stage.over = True
    page.reload()
    expect(page.locator("a[href='/CCHC1/results']")).to_be_visible()
    expect(page.locator("form.join")).to_have_count(0)
    found += [("late", *one) for one in violations(page)]
    assert overflow(page) == []
    for code in (Close.NO_SHOW, Close.FORBIDDEN, Close.BAD_MESSAGE, Close.REPLACED):
        seated(page, stage, LOBBY)
        stage.next_heard(Hello)
        stage.close(code)
        expect(page.locator(".middle")).to_have_count(1)
        found += [(code.name, *one) for one in violations(page)]
        assert overflow(page) == []
    seated(page, stage, LOBBY)
    stage.sockets_work = False
    stage.close(Close.TOO_SLOW)
    page.locator(".offline").wait_for()
    found += [("offline", *one) for one in violations(page)]
    assert found == []
