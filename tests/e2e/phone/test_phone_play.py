"""A phone through a show: joining, answering, and every way a link can break.

The server is scripted (`conftest`), the browser and the sockets are real.
"""

import time
from pathlib import Path

import pytest
from msgspec import structs
from playwright.sync_api import BrowserContext, Page, Route, expect

from quizserver.wire.common import Close
from quizserver.wire.parts import OwnAnswerPart, OwnStandingPart, QuestionPart
from quizserver.wire.phone import (
    Answer,
    Asked,
    Cue,
    Ended,
    Extended,
    Hello,
    Locked,
    Notice,
    Open,
    Paused,
    Presence,
    Receipt,
    Resumed,
    Revealed,
    Roll,
    Sealed,
    Standings,
    State,
    Voided,
    You,
)
from tests.e2e.phone.conftest import EPOCH, Stage
from tests.e2e.phone.scenes import (
    ANSWER,
    FASTEST,
    FITS,
    OWN,
    SEAL,
    TOP,
    WINNERS,
    question,
)
from tests.e2e.phone.test_phone_states import SEAT, read

pytestmark = pytest.mark.browser


class Fireworks(Cue, tag="fireworks"):
    """A cue of a later server."""


def open_state(step: int = 5, **fields: object) -> State:
    """Return a snapshot of question 4 while it is open."""
    return State(
        epoch=EPOCH,
        step=step,
        phase="open",
        question=question(),
        closes_in_ms=12_000,
        **fields,  # type: ignore[arg-type]
    )


def receipt(answer: Answer) -> Receipt:
    """Return what the ledger says of an answer in time."""
    return Receipt(
        question=answer.question,
        option=answer.option,
        status="accepted",
        receipt="7F3K2",
        time_ms=2919,
    )


def join(page: Page, stage: Stage, via: str = "") -> None:
    """Join as a newcomer does."""
    page.goto(f"{stage.url}/CCHC1{via}")
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Phương Thảo")
    page.get_by_label("nơi công tác").fill("Sở Tư pháp")
    page.get_by_label("bắt buộc").last.check()
    page.get_by_role("button", name="Vào phòng chờ").click()


@pytest.fixture
def seated(page: Page, stage: Stage) -> Page:
    """A page whose participant joined before and is in the lobby."""
    page.add_init_script(
        f"localStorage['quiz.CCHC1.seat'] = localStorage['quiz.CCHC1.seat'] || '{SEAT}'"
    )
    page.goto(f"{stage.url}/CCHC1")
    stage.next_heard(Hello)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Bạn đã ở trong phòng chờ"
    )
    return page


def to_roll(page: Page, stage: Stage) -> None:
    """Carry a seated page from the lobby to the count before the question."""
    asked = question("asked", opened=False)
    stage.say(Asked(epoch=EPOCH, step=2, question=asked))
    roll = QuestionPart(id="q4", number=4, total=10)
    stage.say(Roll(epoch=EPOCH, step=3, question=roll, in_ms=3000))
    expect(page.locator(".roll")).to_contain_text("3")


def to_open(page: Page, stage: Stage) -> None:
    """Carry a seated page from the lobby into the open question."""
    to_roll(page, stage)
    stage.say(Open(epoch=EPOCH, step=4, question=question(), duration_ms=15_000))
    expect(page.get_by_role("timer")).to_be_visible()


def option(page: Page, letter: str):  # type: ignore[no-untyped-def]
    """Return the button of an option."""
    return page.locator(f"button.option[data-option={letter.lower()}]")


class TestJoining:
    """Name, place of work, consent (Source: R2.1, R2.3)."""

    def test_sends_consent_and_via_and_tidies_the_address(
        self, page: Page, stage: Stage
    ) -> None:
        join(page, stage, "/b?fbclid=abc")
        expect(page.get_by_text("7K3M9P")).to_be_visible()
        assert page.url == f"{stage.url}/CCHC1"
        assert stage.joins == [
            {
                "name": "Nguyễn Thị Phương Thảo",
                "unit": "Sở Tư pháp",
                "consent": {
                    "version": "vi-4/90",
                    "play": True,
                    "show_name": False,
                    "contact": False,
                },
                "via": "b",
            }
        ]

    @pytest.mark.parametrize("is_there", [True, False])
    def test_offers_the_organisers_workplaces_and_takes_any_other(
        self, page: Page, stage: Stage, is_there: bool
    ) -> None:
        """Fetched when somebody comes to the field: the first screen is no heavier."""
        asked: list[str] = []

        def places(route: Route) -> None:
            asked.append(route.request.url)
            found = {"json": ["Sở Nội vụ", "Sở Tư pháp"]}
            route.fulfill(**found) if is_there else route.abort()  # type: ignore[arg-type]

        def listed(route: Route) -> None:
            html = route.fetch().text()
            route.fulfill(
                body=html.replace(
                    "data-keep-days", 'data-workplaces="/w.json" data-keep-days'
                )
            )

        page.route("**/w.json", places)
        page.route(f"{stage.url}/CCHC1", listed)
        page.goto(f"{stage.url}/CCHC1")
        field = page.get_by_label("nơi công tác")
        expect(field).to_have_attribute("list", "workplaces")
        assert asked == []
        field.focus()
        page.get_by_label("Họ và tên").focus()
        offered = page.locator("#workplaces option")
        expect(offered).to_have_count(2 if is_there else 0)
        field.fill("Hợp tác xã Ánh Dương")
        page.get_by_label("Họ và tên").fill("An")
        page.get_by_label("bắt buộc").last.check()
        page.get_by_role("button", name="Vào phòng chờ").click()
        expect(page.get_by_text("7K3M9P")).to_be_visible()
        assert len(asked) == 1
        assert stage.joins[0]["unit"] == "Hợp tác xã Ánh Dương"

    def test_ticks_nothing_beforehand_and_asks_for_what_is_missing(
        self, page: Page, stage: Stage, tmp_path: Path
    ) -> None:
        page.goto(f"{stage.url}/CCHC1")
        expect(page.get_by_role("checkbox")).to_have_count(3)
        for box in page.get_by_role("checkbox").all():
            expect(box).not_to_be_checked()
        page.screenshot(path=tmp_path / "join.png", full_page=True)
        enter = page.get_by_role("button", name="Vào phòng chờ")
        enter.click()
        expect(page.get_by_role("alert")).to_have_text("Hãy nhập họ và tên.")
        expect(page.get_by_label("Họ và tên")).to_be_focused()
        page.get_by_label("Họ và tên").fill("Lê Ánh")
        enter.click()
        expect(page.get_by_role("alert")).to_contain_text("cần đồng ý")
        page.screenshot(path=tmp_path / "join-wrong.png", full_page=True)
        assert stage.joins == []

    def test_shows_a_refusal_at_its_field_and_keeps_what_was_typed(
        self, page: Page, stage: Stage
    ) -> None:
        error = {"code": "name_long", "field": "name", "message": "Tên quá dài."}
        stage.join_refusal = (422, {"error": error})
        join(page, stage)
        expect(page.get_by_role("alert")).to_have_text("Tên quá dài.")
        expect(page.get_by_label("Họ và tên")).to_have_value("Nguyễn Thị Phương Thảo")

    def test_offers_a_name_that_tells_more_and_never_asks_who_is_here(
        self, page: Page, stage: Stage, tmp_path: Path
    ) -> None:
        """From what is typed alone: who takes part is nobody's to find out."""
        asked: list[str] = []
        page.goto(f"{stage.url}/CCHC1")
        page.on("request", lambda request: asked.append(request.url))
        name, unit = page.get_by_label("Họ và tên"), page.get_by_label("nơi công tác")
        said = page.locator(".suggestion")
        name.fill("Lê Ánh")
        unit.fill("Sở Nội vụ")
        expect(said).to_have_text("")
        name.fill("Ánh")
        expect(said).to_contain_text("Nhiều người tên “Ánh”")
        page.screenshot(path=tmp_path / "suggestion.png", full_page=True)
        said.get_by_role("button").click()
        expect(name).to_have_value("Ánh (Sở Nội vụ)")
        expect(said).to_have_text("")
        name.fill("Ánh")
        unit.fill("Ban Quản lý dự án đầu tư xây dựng các công trình")
        expect(said).to_contain_text("Ghi đủ họ tên")
        expect(said.get_by_role("button")).to_have_count(0)
        assert asked == []

    def test_comes_back_with_the_recovery_code(self, page: Page, stage: Stage) -> None:
        page.goto(f"{stage.url}/CCHC1")
        page.get_by_text("Đã tham gia trên máy khác?").click()
        page.get_by_label("Mã khôi phục").fill("7k3m9p")
        page.get_by_role("button", name="Vào lại").click()
        expect(page.get_by_text("Xin chào")).to_be_visible()
        assert stage.joins == [{"recovery_code": "7K3M9P"}]

    def test_reads_in_english_after_one_tap_and_remembers_it(
        self, page: Page, stage: Stage, tmp_path: Path
    ) -> None:
        page.goto(f"{stage.url}/CCHC1")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Join the quiz")
        assert page.locator("html").get_attribute("lang") == "en"
        page.reload()
        expect(page.get_by_label("Full name")).to_be_visible()
        page.screenshot(path=tmp_path / "join-en.png", full_page=True)


class TestShow:
    """Cue after cue, as somebody sees it who stays."""

    def test_follows_a_question_to_the_standings(
        self, seated: Page, stage: Stage, tmp_path: Path
    ) -> None:
        page = seated
        stage.say(Presence(online=12_345))
        expect(page.locator(".count")).to_contain_text("12.345")
        page.screenshot(path=tmp_path / "lobby-count.png")
        to_open(page, stage)
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        option(page, "A").click()
        expect(page.locator(".status")).to_contain_text("Đang gửi…")
        page.screenshot(path=tmp_path / "sending.png")
        sent = stage.next_heard(Answer).message
        assert isinstance(sent, Answer)
        stage.say(receipt(sent))
        expect(page.locator(".status")).to_contain_text("Đã ghi nhận 2,91 s")
        stage.say(Presence(online=12_345, answered=9_876))
        expect(page.locator(".after")).to_have_text("Mã 7F3K2 · 9.876 người đã trả lời")
        page.screenshot(path=tmp_path / "recorded.png")
        stage.say(Locked(epoch=EPOCH, step=5, question="q4"))
        expect(page.get_by_text("Đã khóa")).to_be_visible()
        stage.say(Sealed(epoch=EPOCH, step=6, question="q4", code=SEAL))
        counts = {"A": 3, "B": 1}
        stage.say(
            Revealed(
                epoch=EPOCH,
                step=7,
                question="q4",
                correct="A",
                counts=counts,
                fastest=FASTEST,
                explanation="Vì sao.",
            )
        )
        expect(page.get_by_role("heading", level=1)).to_have_text("Đúng rồi!")
        stage.say(You(question="q4", right=True, show=OWN, time_ms=2919, rank=12))
        expect(page.locator(".verdict")).to_contain_text("hạng 12")
        expect(page.locator(".streak")).to_have_text("Đúng 3 câu liên tiếp")
        stage.say(Standings(epoch=EPOCH, step=8, top=TOP, participants=1183))
        expect(page.locator(".own")).to_contain_text("3 câu đúng · 9,73 s · hạng 12")
        you = OwnStandingPart(right=3, total_ms=9_730, rank=12)
        stage.say(Ended(epoch=EPOCH, step=9, winner=WINNERS, you=you))
        expect(page.get_by_text("Chương trình đã kết thúc")).to_be_visible()

    def test_a_pause_takes_the_roll_back(self, seated: Page, stage: Stage) -> None:
        """The host opens the question again; nobody waits for a count that is over."""
        to_roll(seated, stage)
        stage.say(Paused(epoch=EPOCH, step=4))
        screen = seated.locator("[data-screen]")
        expect(screen).to_have_attribute("data-screen", "paused")
        stage.say(Resumed(epoch=EPOCH, step=5, phase="asked"))
        expect(screen).to_have_attribute("data-screen", "asked")

    def test_shows_pause_notice_void_and_extension(
        self, seated: Page, stage: Stage
    ) -> None:
        page = seated
        stage.say(Paused(epoch=EPOCH, step=2, text="Đang đổi máy quay."))
        expect(page.get_by_text("Đang đổi máy quay.")).to_be_visible()
        stage.say(Resumed(epoch=EPOCH, step=3, phase="lobby"))
        stage.say(Notice(epoch=EPOCH, step=4, text="Bắt đầu sau 5 phút."))
        expect(page.get_by_text("Bắt đầu sau 5 phút.")).to_be_visible()
        stage.say(Notice(epoch=EPOCH, step=5, text=""))
        expect(page.locator(".notice")).to_have_count(0)
        stage.say(Open(epoch=EPOCH, step=6, question=question(), duration_ms=5_000))
        longer = Extended(
            epoch=EPOCH, step=7, question="q4", duration_ms=20_000, closes_in_ms=19_500
        )
        stage.say(longer)
        expect(page.get_by_role("timer")).to_have_text("20")
        stage.say(Voided(epoch=EPOCH, step=8, question="q4", reason="Hai đáp án đúng."))
        expect(page.get_by_text("Lý do: Hai đáp án đúng.")).to_be_visible()

    def test_keeps_the_standings_when_a_question_is_void(
        self, seated: Page, stage: Stage
    ) -> None:
        stage.say(Open(epoch=EPOCH, step=2, question=question(), duration_ms=5_000))
        stage.say(Standings(epoch=EPOCH, step=3, top=TOP, participants=1183))
        stage.say(Voided(epoch=EPOCH, step=4, question="q4", reason="Sai đáp án."))
        expect(seated.get_by_text("Sai đáp án.")).to_be_visible()
        expect(seated.locator("[data-screen]")).to_have_attribute(
            "data-screen", "standings"
        )

    def test_tells_how_the_time_came_about_when_the_figures_come(
        self, seated: Page, stage: Stage
    ) -> None:
        """R4.3 to R4.6, and the seal code of the question (R6.1)."""
        stage.snapshot = structs.replace(
            open_state(step=2), phase="locked", your_answer=ANSWER
        )
        seated.reload()
        expect(seated.locator(".tag-locked")).to_be_visible()
        stage.say(Sealed(epoch=EPOCH, step=3, question="q4", code=SEAL))
        stage.say(
            Revealed(
                epoch=EPOCH,
                step=4,
                question="q4",
                correct="A",
                counts={"A": 3},
                fastest=FASTEST,
            )
        )
        line = seated.locator(".yours-line")
        expect(line).to_have_text("Thời gian của bạn: 2,91 giây")
        expect(seated.get_by_text("Cách tính")).to_have_count(0)
        you = You(question="q4", right=True, show=OWN, rank=12, tied=True, timing=FITS)
        stage.say(you)
        expect(seated.locator(".verdict")).to_contain_text("đồng hạng 12")
        seated.get_by_text("Cách tính").click()
        expect(seated.locator(".step").last).to_contain_text("2,919 s")
        expect(seated.locator(".seal")).to_have_text(f"Mã niêm phong {SEAL}")

    def test_counts_cues_that_it_does_not_know(
        self, seated: Page, stage: Stage
    ) -> None:
        stage.say(Fireworks(epoch=EPOCH, step=2))
        stage.say(Sealed(epoch=EPOCH, step=3, question="q3", code=SEAL))
        stage.snapshot = State(epoch=EPOCH, step=4, phase="paused")
        stage.say(Notice(epoch=EPOCH, step=4, text="Bắt đầu sau 5 phút."))
        expect(seated.get_by_text("Bắt đầu sau 5 phút.")).to_be_visible()
        expect(seated.locator("[data-screen]")).to_have_attribute(
            "data-screen", "lobby"
        )

    def test_asks_for_the_state_after_a_gap(self, seated: Page, stage: Stage) -> None:
        stage.snapshot = open_state(step=9)
        notice = Notice(epoch=EPOCH, step=9, text="Không theo thứ tự.")
        stage.say(notice)
        expect(option(seated, "A")).to_be_visible()
        assert "Không theo thứ tự." not in read(seated)

    def test_ignores_a_cue_it_has_seen(self, seated: Page, stage: Stage) -> None:
        stage.say(Notice(epoch=EPOCH, step=2, text="Mới."))
        stage.say(Notice(epoch=EPOCH, step=1, text="Cũ."))
        stage.say(Presence(online=3))
        expect(seated.locator(".count")).to_contain_text("3")
        assert "Cũ." not in read(seated)

    def test_says_that_the_time_is_up_before_the_server_locks(
        self, seated: Page, stage: Stage
    ) -> None:
        stage.say(Open(epoch=EPOCH, step=2, question=question(), duration_ms=700))
        expect(seated.locator(".status")).to_have_text("Hết giờ")
        expect(seated.locator("#speak")).to_have_text("Hết giờ")
        option(seated, "A").click(force=True)
        assert stage.answers() == []


class TestAnswer:
    """One tap, one stored answer, whatever the link does (Source: R3)."""

    def test_sends_the_tap_twice_with_the_time_since_it_was_painted(
        self, seated: Page, stage: Stage
    ) -> None:
        to_open(seated, stage)
        seated.wait_for_timeout(400)
        option(seated, "C").click()
        first = stage.next_heard(Answer)
        second = stage.next_heard(Answer)
        assert isinstance(first.message, Answer)
        assert isinstance(second.message, Answer)
        assert (first.message.copy, second.message.copy) == (0, 1)
        assert (first.message.option, second.message.option) == ("C", "C")
        assert first.message.nonce == "00112233aabbccdd"
        assert first.message.visible
        assert first.message.elapsed_ms == second.message.elapsed_ms
        assert first.message.elapsed_ms is not None
        assert 350 <= first.message.elapsed_ms <= 5_000

    def test_takes_the_first_tap_only_and_says_so(
        self, seated: Page, stage: Stage
    ) -> None:
        to_open(seated, stage)
        stage.receipt_for = receipt
        option(seated, "B").click()
        expect(seated.locator(".status")).to_contain_text("Đã ghi nhận")
        option(seated, "D").click(force=True)
        expect(seated.locator(".after")).to_contain_text("Bạn đã chọn B")
        assert {answer.option for answer in stage.answers()} == {"B"}

    def test_shows_the_tap_before_it_draws_the_screen_anew(
        self, seated: Page, stage: Stage
    ) -> None:
        """Seen at once on a slow phone; a second tap within the frame is nothing."""
        to_open(seated, stage)
        modes = seated.evaluate(
            """() => {
              const all = [...document.querySelectorAll("button.option")];
              all[1].click();
              all[3].click();
              return all.map((button) => button.dataset.mode);
            }"""
        )
        assert modes == ["open", "chosen", "open", "open"]
        expect(option(seated, "D")).to_have_attribute("data-mode", "out")
        expect(seated.locator(".status")).to_contain_text("Đang gửi…")
        heard = [stage.next_heard(Answer).message for _ in range(2)]
        assert [getattr(answer, "option", "") for answer in heard] == ["B", "B"]
        assert stage.answers() == []

    def test_sends_a_tap_and_shows_it_before_anything_else_is_done(
        self, seated: Page, stage: Stage
    ) -> None:
        """A receipt quicker than the frame waits for it, and so does the draw."""
        to_open(seated, stage)
        stage.receipt_for = receipt
        done = seated.evaluate(
            """() => {
              window.frames_due = [];
              window.requestAnimationFrame = (frame) => frames_due.push(frame);
              const later = window.setTimeout, send = WebSocket.prototype.send;
              window.setTimeout = (work, ms) => (ms === 100 ? 0 : later(work, ms));
              let sent = "";
              WebSocket.prototype.send = function (text) {
                sent += JSON.parse(text).option;
                return send.call(this, text);
              };
              const button = document.querySelector("button.option[data-option=b]");
              button.click();
              return { sent, mode: button.dataset.mode };
            }"""
        )
        assert done == {"sent": "B", "mode": "chosen"}
        forgotten = "localStorage['quiz.CCHC1.answer'] === undefined"
        until = time.monotonic() + 8
        while not seated.evaluate(forgotten):  # it goes when the receipt is there
            assert time.monotonic() < until
        assert option(seated, "D").get_attribute("data-mode") == "open"
        seated.evaluate("frames_due.splice(0).forEach((frame) => frame(0))")
        expect(option(seated, "D")).to_have_attribute("data-mode", "out")
        expect(seated.locator(".status")).to_contain_text("Đã ghi nhận")

    def test_says_recorded_only_on_the_receipt(
        self, seated: Page, stage: Stage
    ) -> None:
        to_open(seated, stage)
        option(seated, "B").click()
        stage.next_heard(Answer)
        stage.say(Presence(online=2))
        expect(seated.locator(".status")).to_contain_text("Đang gửi…")
        assert "ghi nhận" not in read(seated)

    @pytest.mark.parametrize(
        ("took_ms", "text"),
        [
            (15_204, "Thời gian của bạn là 15,20 giây, quá 15 giây của câu này."),
            (14_800, "Thời gian của bạn là 14,80 giây, nhưng câu trả lời đến máy chủ"),
        ],
    )
    def test_says_how_late_a_late_answer_was(
        self, seated: Page, stage: Stage, took_ms: int, text: str
    ) -> None:
        """Late is a result with its numbers, not an error (R3.3, R4.7)."""
        to_open(seated, stage)
        option(seated, "B").click()
        sent = stage.next_heard(Answer).message
        assert isinstance(sent, Answer)
        stage.say(structs.replace(receipt(sent), status="late", time_ms=took_ms))
        expect(seated.locator(".status")).to_contain_text("Quá giờ nên không tính.")
        expect(seated.locator(".status")).to_contain_text(text)
        expect(seated.get_by_role("alert")).to_have_count(0)

    def test_says_no_more_than_it_knows_when_the_host_locked_early(
        self, seated: Page, stage: Stage
    ) -> None:
        to_open(seated, stage)
        option(seated, "B").click()
        sent = stage.next_heard(Answer).message
        assert isinstance(sent, Answer)
        stage.say(Locked(epoch=EPOCH, step=5, question="q4"))
        stage.say(structs.replace(receipt(sent), status="late", time_ms=9_204))
        expect(seated.locator(".status")).to_contain_text("sau khi câu hỏi đã khóa")

    def test_goes_over_http_when_no_receipt_comes(
        self, seated: Page, stage: Stage
    ) -> None:
        to_open(seated, stage)
        stage.close(Close.TOO_SLOW)
        stage.sockets_work = False
        expect(seated.locator(".offline")).to_be_visible()
        stage.receipt_for = receipt
        option(seated, "A").click()
        heard = stage.next_heard(Answer)
        assert heard.road == "http"
        expect(seated.locator(".status")).to_contain_text("Đã ghi nhận 2,91 s")

    def test_is_sent_again_after_the_link_broke(
        self, seated: Page, stage: Stage
    ) -> None:
        to_open(seated, stage)
        option(seated, "D").click()
        assert len({stage.next_heard(Answer).road for _ in range(2)}) == 1
        stage.snapshot = open_state(step=4)
        stage.receipt_for = receipt
        stage.close(Close.RESTART)
        expect(seated.locator(".status")).to_contain_text("Đã ghi nhận")
        assert {answer.option for answer in stage.answers()} == {"D"}

    def test_is_sent_again_after_a_refresh(self, seated: Page, stage: Stage) -> None:
        to_open(seated, stage)
        option(seated, "D").click()
        stage.next_heard(Answer)
        stage.snapshot = open_state(step=4)
        seated.reload()
        stage.next_heard(Hello)
        again = stage.next_heard(Answer).message
        assert isinstance(again, Answer)
        assert again.option == "D"
        expect(seated.locator(".status")).to_contain_text("Đang gửi…")
        stage.say(receipt(again))
        expect(seated.locator(".status")).to_contain_text("Đã ghi nhận")
        assert seated.evaluate("localStorage['quiz.CCHC1.answer']") is None

    def test_says_so_when_it_never_arrived(self, seated: Page, stage: Stage) -> None:
        to_open(seated, stage)
        option(seated, "A").click()
        counts = {"A": 3}
        stage.say(
            Revealed(
                epoch=EPOCH,
                step=5,
                question="q4",
                correct="A",
                counts=counts,
                fastest=(),
            )
        )
        stage.say(
            You(question="q4", right=False, show=OwnStandingPart(right=0, total_ms=0))
        )
        heading = seated.get_by_role("heading", level=1)
        expect(heading).to_have_text("Câu trả lời chưa gửi được")


class TestLink:
    """Each close code has one behaviour; a refresh restores everything."""

    def test_restores_the_state_after_a_refresh(
        self, seated: Page, stage: Stage
    ) -> None:
        answered = OwnAnswerPart(
            question="q4", option="B", status="accepted", receipt="7F3K2", time_ms=2919
        )
        stage.snapshot = open_state(your_answer=answered)
        seated.reload()
        expect(seated.locator(".status")).to_contain_text("Đã ghi nhận 2,91 s")
        expect(option(seated, "B")).to_have_attribute("aria-pressed", "true")
        digits = seated.locator(".timer-digits").inner_text()
        assert 9 <= int(digits) <= 12

    def test_reconnects_after_a_restart_with_its_last_step(
        self, seated: Page, stage: Stage
    ) -> None:
        stage.say(Notice(epoch=EPOCH, step=2, text="Xin chờ."))
        expect(seated.locator(".notice")).to_be_visible()
        stage.close(Close.RESTART)
        hello = stage.next_heard(Hello).message
        assert isinstance(hello, Hello)
        assert (hello.epoch, hello.step) == (EPOCH, 2)

    def test_comes_back_within_the_spread_the_server_told_it(
        self, page: Page, stage: Stage
    ) -> None:
        """At once, in case only its own line broke; then in turn with all others."""
        page.add_init_script(f"localStorage['quiz.CCHC1.seat'] = '{SEAT}'")
        page.add_init_script(
            "Math.random = () => 0.5; const wait = setTimeout; window.waits = [];"
            "window.setTimeout = (f, ms) => { waits.push(ms); return wait(f, ms); };"
        )
        page.goto(f"{stage.url}/CCHC1")
        stage.next_heard(Hello)
        stage.say(Presence(online=50_000, spread_ms=20_000))
        expect(page.locator("body")).to_contain_text("50.000")
        stage.sockets_work = False
        stage.close(Close.TOO_SLOW)
        expect(page.locator(".offline")).to_be_visible()
        until = time.monotonic() + 8
        while 10_000 not in (waits := page.evaluate("waits")):
            assert time.monotonic() < until, waits
        assert 150 in waits

    def test_polls_when_there_is_no_socket(self, page: Page, stage: Stage) -> None:
        stage.sockets_work = False
        stage.snapshot = open_state()
        page.add_init_script(f"localStorage['quiz.CCHC1.seat'] = '{SEAT}'")
        page.goto(f"{stage.url}/CCHC1")
        expect(option(page, "A")).to_be_visible(timeout=8_000)
        stage.receipt_for = receipt
        option(page, "A").click()
        assert stage.next_heard(Answer).road == "http"
        expect(page.locator(".status")).to_contain_text("Đã ghi nhận")
        expect(page.locator(".offline")).to_have_count(0)

    def test_dials_again_when_the_cue_after_a_countdown_does_not_come(
        self, seated: Page, stage: Stage
    ) -> None:
        stage.say(Open(epoch=EPOCH, step=2, question=question(), duration_ms=300))
        stage.snapshot = State(
            epoch=EPOCH, step=3, phase="locked", question=question("locked")
        )
        stage.next_heard(Hello, timeout=12)
        expect(seated.get_by_text("Đã khóa")).to_be_visible()

    def test_offers_to_take_over_when_replaced(
        self, seated: Page, stage: Stage, tmp_path: Path
    ) -> None:
        stage.close(Close.REPLACED)
        expect(seated.get_by_role("heading", level=1)).to_contain_text("ở nơi khác")
        seated.screenshot(path=tmp_path / "replaced.png")
        seated.get_by_role("button", name="Dùng trang này").click()
        stage.next_heard(Hello)
        expect(seated.get_by_text("Xin chào")).to_be_visible()

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            (Close.NO_SHOW, "Không có chương trình này"),
            (Close.FORBIDDEN, "Chưa vào được chương trình"),
            (Close.BAD_MESSAGE, "Trang này đã cũ"),
            (Close.TOO_BIG, "Trang này đã cũ"),
        ],
    )
    def test_stops_with_a_sentence(
        self, seated: Page, stage: Stage, code: Close, text: str
    ) -> None:
        stage.close(code)
        expect(seated.get_by_role("heading", level=1)).to_have_text(text)

    def test_comes_back_by_itself_with_the_code_when_the_token_is_old(
        self, seated: Page, stage: Stage
    ) -> None:
        stage.close(Close.TOKEN)
        stage.next_heard(Hello)
        expect(seated.get_by_text("Xin chào")).to_be_visible()
        assert stage.joins == [{"recovery_code": "7K3M9P"}]

    def test_leads_to_joining_when_the_token_is_no_good(
        self, seated: Page, stage: Stage
    ) -> None:
        error = {"code": "unknown", "message": "không có mã này"}
        stage.join_refusal = (404, {"error": error})
        stage.close(Close.TOKEN)
        expect(seated.get_by_label("Họ và tên")).to_be_visible()
        assert seated.evaluate("localStorage['quiz.CCHC1.seat']") is None

    def test_is_right_at_once_each_time_somebody_looks_again(
        self, seated: Page, stage: Stage, context: BrowserContext
    ) -> None:
        for round_ in range(5):
            stage.snapshot = State(
                epoch=EPOCH, step=10 + round_, phase="lobby", notice=f"Lần {round_}"
            )
            # What a phone does after a lock screen: old socket, new visibility.
            seated.evaluate(
                """() => {
                  const now = performance.now.bind(performance);
                  window.skew = (window.skew || 0) + 4000;
                  performance.now = () => now() + window.skew;
                  document.dispatchEvent(new Event("visibilitychange"));
                }"""
            )
            # Much sooner than a silent line is given up.
            expect(seated.get_by_text(f"Lần {round_}")).to_be_visible(timeout=5_000)
