"""What the panel shows, and what each press of the host sends.

The server is scripted: it says what the wire says and rules over nothing, so
these tests hold the panel's own promises (Source: R1.4; faces of a host).
"""

import re
from typing import Any

import msgspec
import pytest
from playwright.async_api import expect

from quizserver.wire.host import DelayPart, Live, WaitingName
from quizserver.wire.parts import StreamPart
from tests.axe import violations
from tests.e2e.host import aftermath, samples
from tests.e2e.host.conftest import OpenDesk
from tests.e2e.host.scripted import assets

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

PHASES = {
    "draft": "Chưa mở",
    "lobby": "Phòng chờ",
    "lobby-no-rule": "Phòng chờ",
    "asked": "Đọc câu hỏi",
    "rolling": "Sắp mở",
    "open": "Đang mở",
    "open-long": "Đang mở",
    "locked": "Đã khóa",
    "void": "Đã khóa",
    "revealed": "Đã công bố đáp án",
    "standings": "Bảng xếp hạng",
    "paused": "Tạm dừng",
    "no-outputs": "Đang mở",
    "ended": "Kết thúc",
    "tied": "Kết thúc",
    "confirmed": "Đã chốt kết quả",
    "published": "Đã công bố kết quả",
}
NEXT = {
    "draft": "Mở phòng chờ",
    "lobby": "Đọc câu 4",
    "lobby-no-rule": "Đọc câu 4",
    "asked": "Mở câu 4 – 15 giây",
    "rolling": "Câu hỏi sắp mở…",
    "open": "Khóa trả lời",
    "open-long": "Khóa trả lời",
    "locked": "Công bố đáp án",
    "void": "Đọc câu 5",
    "revealed": "Hiện bảng xếp hạng",
    "standings": "Đọc câu 5",
    "paused": "Tiếp tục chương trình",
    "no-outputs": "Khóa trả lời",
    "ended": "Xem giải chưa xác nhận (8)",
    "tied": "Xem giải chưa xác nhận (1)",
    "confirmed": "Công bố kết quả",
    "published": "Số phát sóng đã kết thúc",
}


async def test_it_introduces_itself_with_the_show_of_the_page(desk: OpenDesk) -> None:
    """The cookie says who; hello says which show (wire §4)."""
    one = await desk()
    assert one.panel.hello == {"type": "hello", "v": 1, "show": "CCHC1"}


async def test_each_phase_shows_its_name_and_its_next_step(desk: OpenDesk) -> None:
    """The big button always says what will happen, in the server's words."""
    one = await desk()
    for step, scene in enumerate((*samples.scenes(), *aftermath.scenes())):
        await one.show(scene.state | {"step": step})
        await expect(one.page.locator(".phase")).to_have_text(PHASES[scene.name])
        await expect(one.page.locator(".next-label")).to_have_text(NEXT[scene.name])


async def test_the_top_bar_shows_code_place_and_people(desk: OpenDesk) -> None:
    """Always in view, in every phase."""
    one = await desk(samples.opened())
    top = one.page.locator(".top")
    await expect(top.locator(".code")).to_have_text("CCHC1")
    await expect(top.locator(".top-number")).to_have_text("Câu 4/10")
    await expect(top.locator('[data-stat="online"] dd')).to_have_text("1.248")
    await expect(top.locator('[data-stat="joined"] dd')).to_have_text("1.302")
    await expect(top.locator('[data-stat="answered"] dd')).to_have_text("1.144")


async def test_numbers_follow_the_live_message(desk: OpenDesk) -> None:
    """`live` changes numbers and nothing else."""
    one = await desk(samples.opened())
    live = samples.message(Live(live=samples.live(online=7, answered=5)))
    await one.panel.say(live)
    await expect(one.page.locator('[data-stat="online"] dd')).to_have_text("7")
    await expect(one.page.locator(".next-label")).to_have_text("Khóa trả lời")


async def test_no_overlay_connected_is_said_in_the_top_bar(desk: OpenDesk) -> None:
    """An audience without graphics is the first thing a host must know."""
    one = await desk(samples.opened(live=samples.live(outputs=())))
    light = one.page.locator(".outputs")
    await expect(light).to_have_text("0 lớp phủ")
    await expect(light).to_have_attribute("data-line", "offline")


async def test_the_run_down_marks_played_void_current_and_spare(desk: OpenDesk) -> None:
    """Ten questions with their state, then the reserves."""
    one = await desk(samples.opened())
    rows = one.page.locator(".rows").first.locator(".row")
    await expect(rows).to_have_count(10)
    await expect(rows.nth(0)).to_contain_text("đã sửa")
    await expect(rows.nth(2)).to_contain_text("58% đúng")
    await expect(rows.nth(1)).to_contain_text("Đã hủy")
    await expect(rows.nth(3)).to_have_attribute("aria-current", "step")
    await expect(one.page.locator(".rows-spare .row")).to_have_count(2)


async def test_the_key_is_marked_as_the_hosts_own(desk: OpenDesk) -> None:
    """Before the reveal nobody else sees it, and the panel says so."""
    one = await desk(samples.opened())
    await expect(one.page.locator(".key-badge")).to_contain_text("Đáp án B")
    await expect(one.page.locator(".key-badge")).to_contain_text("Chỉ bạn thấy")
    await expect(one.page.locator('.option[data-key="true"]')).to_have_attribute(
        "data-option", "b"
    )
    await one.show(samples.revealed(step=13))
    await expect(one.page.locator(".key-badge")).not_to_contain_text("Chỉ bạn thấy")


async def test_a_question_that_was_interrupted_says_how_long_and_offers_the_way_out(
    desk: OpenDesk,
) -> None:
    """R1.6: the host decides; the button asks for a reason before it voids."""
    lost = samples.question("open", lost_ms=6_250)
    one = await desk(samples.opened(question=lost))
    banner = one.page.locator(".interrupted")
    await expect(banner).to_contain_text("6,25 giây")
    await banner.get_by_role("button").click()
    await expect(one.page.locator("dialog")).to_contain_text("Hủy câu")


async def test_options_carry_counts_shares_and_bars(desk: OpenDesk) -> None:
    """Live counts, and accepted, late and refused answers beside them."""
    one = await desk(samples.opened())
    right = one.page.locator('.option[data-option="b"]')
    await expect(right.locator(".option-numbers")).to_have_text("84274%")
    bar = await right.locator(".option-bar").evaluate("bar => bar.style.transform")
    assert bar.startswith("scaleX(0.73")
    tallies = one.page.locator(".tally dd")
    await expect(tallies).to_have_text(["1.144", "155", "3", "1"])


async def test_the_fastest_ten_show_times_and_ties(desk: OpenDesk) -> None:
    """Ranks come from the server; equal hundredths are said to be tied."""
    one = await desk(samples.opened())
    people = one.page.locator(".fastest .person-row")
    await expect(people).to_have_count(10)
    await expect(people.nth(0)).to_contain_text("Nguyễn Thị Phương Thảo")
    await expect(people.nth(0).locator(".person-time")).to_have_text("0,95")
    await expect(people.nth(1)).to_contain_text("đồng hạng")
    await expect(people.nth(2).locator(".person-rank")).to_have_text("2")
    # Who reads the names aloud sees which of them screens do not say.
    await expect(people.nth(4)).to_contain_text("trên sóng: P. V. Đ.")
    await expect(one.page.locator(".chip-shown")).to_have_count(1)


async def test_the_log_stays_beside_three_pages_while_there_is_room(
    desk: OpenDesk,
) -> None:
    """On a low screen it waits only where ten people and the pages fill the column."""
    few = msgspec.structs.replace(samples.answered(), fastest=samples.fastest()[:3])
    one = await desk(samples.opened(live=few))
    await expect(one.page.locator(".log-line").first).to_be_visible()
    await expect(one.page.locator(".via-item")).to_have_count(4)
    await one.show(samples.opened(step=99))
    await expect(one.page.locator(".log")).to_be_hidden()


async def test_names_that_wait_are_said_after_the_end_too(desk: OpenDesk) -> None:
    """Otherwise winners who agreed to be named stay initials on the public page."""
    waiting = (WaitingName(participant="p9", name="Trần Ổi", unit=""),)
    one = await desk(aftermath.ended(live=samples.live(waiting=waiting)))
    await expect(one.page.locator(".fastest [data-waiting]")).to_have_text(
        "Chờ duyệt: 1"
    )


async def test_what_is_odd_about_an_answer_is_said_in_sentences(
    desk: OpenDesk,
) -> None:
    """A mark in the row, the first one's words below it, all of them on a tap."""
    one = await desk(samples.opened())
    people = one.page.locator(".fastest .person-item")
    await expect(people.nth(0)).to_contain_text("1 lưu ý")
    await expect(people.nth(0).locator(".person-note")).to_have_text(samples.FAST.text)
    await expect(people.nth(3)).to_contain_text("2 lưu ý")
    assert samples.CHANGED.text not in await people.nth(3).inner_text()
    await people.nth(3).locator(".person-open").focus()
    await one.page.keyboard.press("Enter")
    said = one.page.locator("dialog .notes li")
    await expect(said).to_have_text([samples.CHANGED.text, samples.TWINS.text])
    assert "changed" not in await one.page.locator("dialog").inner_text()


async def test_who_has_no_note_has_no_mark(desk: OpenDesk) -> None:
    """Nobody is made suspicious by a button that says nothing."""
    one = await desk(samples.opened())
    plain = one.page.locator(".fastest .person-item").nth(1)
    await expect(plain.locator(".person-open")).to_have_count(0)
    await expect(plain).not_to_contain_text("lưu ý")


async def test_the_lobby_says_what_the_prize_rule_prevents(desk: OpenDesk) -> None:
    """A line when it is on, a gentle one when it is off (R5.4)."""
    one = await desk(samples.lobby())
    rule = one.page.locator('[data-check="min_right"]')
    await expect(rule).to_have_text(
        "Người thắng câu chỉ được xác nhận nếu đúng ít nhất 8/10 câu: ngăn chạm bừa."
    )
    await expect(rule).to_have_attribute("data-ok", "true")
    await expect(rule.locator("button")).to_have_count(0)
    allowed = ("advance", "ask", "prize_rules")
    off = {"prize_min_right": 0, "max_prizes_per_person": 2, "allowed": allowed}
    await one.show(samples.lobby(step=13, **off))
    await expect(rule).to_contain_text("người chạm bừa thật nhanh vẫn có thể thắng")
    await expect(rule).to_contain_text("Mỗi người nhận nhiều nhất 2 giải.")
    await expect(rule).to_have_attribute("data-ok", "advice")
    await rule.get_by_role("button", name="Đặt…").click()
    await one.page.fill("#prize_min_right", "8")
    await one.page.click("dialog button[type=submit]")
    said = await one.panel.hears()
    assert (said["command"], said["prize_min_right"]) == ("prize_rules", 8)
    assert said["max_prizes_per_person"] == 2


async def test_each_check_says_what_to_do_until_it_stands(desk: OpenDesk) -> None:
    """Reviews, fonts, a backup, and each page's delay by a real phone; no ticking."""
    one = await desk(samples.lobby())
    step = 12

    async def said(check: str, ok: str, text: str, **changes: Any) -> None:
        nonlocal step
        step += 1
        sound = {"outputs": samples.OUTPUTS[:1], "via": {"": 3, "a": 12}}
        live = samples.live(**(sound | changes.pop("live", {})))
        await one.show(samples.lobby(step=step, live=live, **changes))
        line = one.page.locator(f'[data-check="{check}"]')
        await expect(line).to_have_text(text)
        await expect(line).to_have_attribute("data-ok", ok)

    rows = samples.rows()
    unread = (msgspec.structs.replace(rows[0], unread=True), *rows[1:])
    await said(
        "questions",
        "false",
        "Câu chưa có người khác duyệt: 1. Hãy duyệt rồi tạo lại số phát sóng",
        questions=unread,
    )
    await said("questions", "true", "Câu hỏi: 10, dự phòng: 2, đã duyệt hết")
    bare = msgspec.structs.replace(samples.OUTPUTS[0], fonts=False)
    await said(
        "outputs",
        "false",
        "Lớp phủ thiếu phông chữ: 1. Hãy tải lại (phím O)",
        live={"outputs": (bare,)},
    )
    for age_s, ok, text in (
        (-1, "advice", "Chưa có bản sao lưu: chạy quizserver backup"),
        (90_000, "advice", "Bản sao lưu đã cũ 25 giờ: chạy quizserver backup"),
        (7_300, "true", "Đã sao lưu, cách đây 2 giờ"),
    ):
        await said("backup", ok, text, live={"health": {"backup_age_s": age_s}})
    near = DelayPart(count=4, median_ms=8_300, spread_ms=400)
    await said("stream", "advice", "Chưa đo độ trễ của luồng phát (phím Y)")
    await said(
        "stream",
        "advice",
        "Đang đo độ trễ: hãy chạm số đang thấy, "
        "trên điện thoại vào từ trang không nhãn",
        live={"delays": {"a": near}},
        stream=StreamPart(sync_ms=4_000),
    )
    far = DelayPart(count=1, median_ms=12_600, spread_ms=0)
    late = {"delays": {"a": near, "": far}}
    await said(
        "stream",
        "true",
        "Độ trễ hình đo được: trang không nhãn 12,6 giây, /a 8,3 giây",
        live=late,
    )
    await said(
        "stream",
        "advice",
        "Độ trễ hình ở /a đã lệch với số đã đặt (phím Y)",
        live=late,
        stream=StreamPart(delays={"a": 5_000}),
    )
    assert await violations(one.page) == []


async def test_the_hash_of_the_pack_is_there_to_be_copied_before_the_show(
    desk: OpenDesk,
) -> None:
    """Published first, it proves that nobody changed a key (R6.2)."""
    one = await desk(samples.draft())
    await one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await one.page.click('[data-copy="pack-hash"] button')
    await expect(one.page.locator('[data-copy="pack-hash"] button')).to_have_text(
        "Đã sao chép"
    )
    copied = await one.page.evaluate("navigator.clipboard.readText()")
    assert copied == samples.HASH


async def test_closed_questions_carry_their_seal_code(desk: OpenDesk) -> None:
    """In the run-down, and in the question's own card (R6.1)."""
    one = await desk(samples.opened())
    rows = one.page.locator(".rows").first.locator(".row")
    await expect(rows.nth(2).locator(".row-seal")).to_have_text(samples.SEALS[3])
    await expect(rows.nth(3).locator(".row-seal")).to_have_count(0)
    await rows.nth(0).click()
    await expect(one.page.locator("dialog")).to_contain_text(
        f"Niêm phong {samples.SEALS[1]}"
    )
    await expect(one.page.locator("dialog")).to_contain_text("Đáp án đã sửa: A → B")


async def test_the_log_tells_the_time_of_day_in_vietnam(desk: OpenDesk) -> None:
    """Also on a laptop that is set to another zone."""
    one = await desk(samples.opened(), zone="Europe/Lisbon")
    await expect(one.page.locator(".log-line time").first).to_have_text("20:04:45")


async def test_the_clock_runs_by_itself_to_zero(desk: OpenDesk) -> None:
    """Computed from the moment the state came; at zero it waits for the server."""
    one = await desk(samples.opened(closes_in_ms=3_000))
    digits = one.page.locator(".clock-digits")
    await expect(digits).to_have_text(re.compile("[123]"))
    await expect(digits).to_have_text("0")
    await expect(one.page.locator(".clock-word")).to_have_text("Đang chốt")
    await expect(one.page.locator(".phase")).to_have_text("Đang mở")


async def test_the_lobby_shows_how_to_join_and_what_is_missing(desk: OpenDesk) -> None:
    """Checks turn green by themselves."""
    one = await desk(samples.draft())
    await expect(one.page.locator(".join-url")).to_have_text("hoithi.example.vn/CCHC1")
    await expect(one.page.locator('[data-check="outputs"]')).to_have_attribute(
        "data-ok", "false"
    )
    checks = one.page.locator(".check")
    await one.show(samples.lobby(step=13))
    await expect(checks.nth(2)).to_contain_text("Lớp phủ mất kết nối: 1")
    low = samples.ill(samples.LOW)
    ill = msgspec.structs.replace(low, outputs=samples.OUTPUTS[:2])
    await one.show(samples.lobby(step=14, live=ill))
    await expect(checks.nth(0)).to_have_text("Máy chủ có 1 cảnh báo, xem thanh trên")
    await expect(checks.nth(2)).to_have_text("Lớp phủ cần tải lại: 1 (phím O)")
    well = samples.live(outputs=samples.OUTPUTS[:1])
    await one.show(samples.lobby(step=15, live=well, look="clear"))
    await expect(checks.nth(2)).to_have_text("Đồ họa đang ẩn: hiện lại (phím C)")
    await one.show(samples.lobby(step=16, live=well))
    await expect(checks.nth(2)).to_have_text("Lớp phủ: 1, trong OBS: 1, đủ phông chữ")
    red = one.page.locator('.check[data-ok="false"]')
    await expect(red).to_have_count(0)
    loaded = await one.page.locator(".join .qr").evaluate("image => image.naturalWidth")
    assert loaded > 0


async def test_the_panel_speaks_english_on_request(desk: OpenDesk) -> None:
    """The same step, said from the catalogue; the server hears of the choice.

    So the list of shows, and the panel after a reload, are in that language.
    """
    one = await desk(samples.asked())
    await one.page.click("#lang")
    await expect(one.page.locator(".phase")).to_have_text("Reading")
    await expect(one.page.locator(".next-label")).to_have_text(
        "Open question 4 – 15 seconds"
    )
    cookies = {c["name"]: c["value"] for c in await one.page.context.cookies()}
    assert cookies["quiz-lang"] == "en"


async def test_the_theme_is_kept_and_set_before_the_first_paint(desk: OpenDesk) -> None:
    """A dark studio is not flashed with white."""
    one = await desk(samples.lobby())
    await expect(one.page.locator("html")).to_have_attribute("data-theme", "light")
    await one.page.keyboard.press("t")
    await expect(one.page.locator("html")).to_have_attribute("data-theme", "dark")
    await one.page.reload(wait_until="commit")
    await expect(one.page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_the_privacy_switch_takes_everything_secret_out_of_the_page(
    desk: OpenDesk,
) -> None:
    """Not covered but gone: key, counts, names, and questions still to come."""
    one = await desk(samples.opened())
    await one.page.click("#privacy")
    await expect(one.page.locator(".key-badge")).to_have_text("Đáp án đang che")
    # The build's hash is in every address, and may hold any three digits.
    page = (await one.page.content()).replace(assets().build, "")
    for secret in ('data-key="true"', "842", samples.NAMES[0][0], samples.TEXTS[4]):
        assert secret not in page, secret
    assert samples.RESERVES[0] not in page
    await expect(one.page.locator(".question-text")).to_have_text(samples.TEXTS[3])
    await one.page.keyboard.press("k")
    await expect(one.page.locator(".key-badge")).to_contain_text("Đáp án B")


async def test_the_privacy_switch_survives_a_reload(desk: OpenDesk) -> None:
    """A reload on camera must not flash the key."""
    one = await desk(samples.opened())
    await one.page.click("#privacy")
    await one.page.reload()
    one.panel = await one.stage.panel()
    await one.show(samples.opened())
    await expect(one.page.locator(".key-badge")).to_have_text("Đáp án đang che")


async def test_options_not_yet_on_air_are_hidden_from_a_filmed_panel(
    desk: OpenDesk,
) -> None:
    """While the host reads the question, only its text is public (R1.3)."""
    one = await desk(samples.asked())
    await one.page.click("#privacy")
    await expect(one.page.locator(".option-text").first).to_have_text("•••")


async def test_a_question_whose_place_a_reserve_took_has_no_number(
    desk: OpenDesk,
) -> None:
    """The server then says 0; nobody should read "question 0 of 10"."""
    gone = samples.question("void", number=0)
    one = await desk(samples.voided(question=gone))
    await expect(one.page.locator(".question-head h2")).to_have_text("Câu đã thay")
    await expect(one.page.locator(".top-number")).to_have_text("Câu đã thay")


async def test_source_and_date_stand_under_the_question(desk: OpenDesk) -> None:
    """What the host may say after the reveal, with the date as people write it."""
    one = await desk(samples.revealed())
    await expect(one.page.locator(".background")).to_contain_text("22/12/2023")


async def test_nobody_right_is_said_only_at_the_reveal(desk: OpenDesk) -> None:
    """An empty list means nothing before, and nothing after."""
    empty = samples.live(counts={"A": 3}, accepted=3)
    one = await desk(samples.revealed(live=empty))
    await expect(one.page.locator(".fastest")).to_contain_text(
        "Không có người trả lời đúng."
    )
    await one.show(samples.board(step=13, live=empty))
    await expect(one.page.locator(".fastest")).not_to_contain_text("Không có")
