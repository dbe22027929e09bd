"""What leaves the panel: one command for one press, and never one by surprise.

Source: R1.4 (step and ref), faces of a host panel (400 ms, Space, hold).
"""

import re
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.async_api import Route, expect

from quizserver.wire.host import You
from quizserver.wire.parts import OutputPart
from tests.e2e.host import samples
from tests.e2e.host.conftest import Desk, OpenDesk
from tests.e2e.host.test_layout import no_violation

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

FRESH = "http://quiz.example/overlay/stage#k=fr3sh"

QUIET = 0.6
"""Seconds without a message that count as silence; longer than the guard."""


async def test_space_sends_the_next_step_once(desk: OpenDesk) -> None:
    """A command carries the step the host has seen and its own ref (R1.4)."""
    one = await desk(samples.asked(step=31))
    await one.settled()
    await one.page.keyboard.press("Space")
    command = await one.panel.hears()
    ref = command.pop("ref")
    assert command == {"type": "command", "command": "advance", "step": 31}
    assert len(ref) == 24
    await expect(one.page.locator(".next kbd")).to_have_text("Đang gửi…")
    await one.panel.reply(command | {"ref": ref})
    await one.settled()
    assert await one.panel.silent(QUIET)


async def test_cheering_pressed_twice_is_sent_once_and_holds_up_no_step(
    desk: OpenDesk,
) -> None:
    """The second press would say the same again; the show goes on meanwhile (R1.11)."""
    one = await desk(samples.revealed())
    await one.settled()
    for key in ("j", "j", "Space"):
        await one.page.keyboard.press(key)
    said = [(await one.panel.hears())["command"] for _ in range(2)]
    assert said == ["cheer", "advance"]


async def test_space_is_the_next_step_even_on_a_focused_button(desk: OpenDesk) -> None:
    """After "+5 s" with the mouse, Space must not press "+5 s" again."""
    one = await desk(samples.opened())
    await one.settled()
    await one.page.click('[data-action="extend"]')
    extend = await one.panel.hears()
    assert (extend["command"], extend["ms"]) == ("extend", 5_000)
    await one.panel.reply(extend)
    await one.settled()
    await one.page.keyboard.press("Space")
    assert (await one.panel.hears())["command"] == "advance"


async def test_a_held_space_key_counts_once(desk: OpenDesk) -> None:
    """Key repeat is not pressing."""
    one = await desk(samples.asked())
    await one.settled()
    await one.page.keyboard.down("Space")
    for _ in range(5):
        await one.page.keyboard.down("Space")
    await one.page.keyboard.up("Space")
    await one.panel.reply(await one.panel.hears())
    assert await one.panel.silent(QUIET)


async def test_a_double_press_counts_once_even_when_the_reply_is_fast(
    desk: OpenDesk,
) -> None:
    """400 ms between presses: the second one is a slip."""
    one = await desk(samples.asked())
    await one.settled()
    await one.stop_clock()
    await one.page.keyboard.press("Space")
    await one.panel.reply(await one.panel.hears())
    await one.page.wait_for_selector('#next[data-busy="false"]')
    await one.page.keyboard.press("Space")
    assert await one.panel.silent(QUIET)


async def test_nothing_is_sent_while_a_reply_is_pending(desk: OpenDesk) -> None:
    """The button waits, whatever is pressed."""
    one = await desk(samples.opened())
    await one.settled()
    await one.page.keyboard.press("Space")
    command = await one.panel.hears()
    assert await one.panel.silent(QUIET)
    await one.page.keyboard.press("Space")
    await one.page.keyboard.press("l")
    assert await one.panel.silent(QUIET)
    await one.panel.reply(command)
    await one.settled()


async def test_a_press_on_a_label_that_just_changed_is_not_sent(desk: OpenDesk) -> None:
    """The deadline locks in the moment the host presses "lock": no reveal."""
    one = await desk(samples.opened())
    await one.settled()
    await one.stop_clock()
    await one.show(samples.locked(step=13))
    await one.page.keyboard.press("Space")
    await expect(one.page.locator(".note")).to_contain_text("Vừa sang bước khác")
    assert await one.panel.silent(QUIET)


async def test_a_refusal_is_one_plain_sentence(desk: OpenDesk) -> None:
    """In the server's own words, which are the show's language."""
    one = await desk(samples.locked())
    await one.settled()
    await one.page.keyboard.press("Space")
    command = await one.panel.hears()
    said = "Câu hỏi đang đếm ngược để mở. Hãy chờ vài giây."
    await one.panel.reply(command, error="rolling", message=said)
    note = one.page.locator('.note[data-kind="error"]')
    await expect(note).to_have_text(said)
    await expect(note).to_have_attribute("role", "alert")
    await one.settled()


async def test_a_stale_step_shows_the_new_state_and_a_note(desk: OpenDesk) -> None:
    """Another host was first: nothing happened, and the panel says so."""
    one = await desk(samples.asked())
    await one.settled()
    await one.page.keyboard.press("Space")
    command = await one.panel.hears()
    await one.show(samples.rolling(step=13))
    await one.panel.reply(command, error="stale_step")
    await expect(one.page.locator(".note")).to_contain_text("đã sang bước khác")
    await expect(one.page.locator(".phase")).to_have_text("Sắp mở")


async def test_a_command_without_a_reply_goes_out_again_after_reconnecting(
    desk: OpenDesk,
) -> None:
    """The same ref, so that the server gives the first reply again (R1.4)."""
    one = await desk(samples.asked())
    await one.settled()
    await one.page.keyboard.press("Space")
    first = await one.panel.hears()
    await one.panel.socket.close(1012)
    await expect(one.page.locator(".next-label")).to_have_text("Mất kết nối")
    one.panel = await one.stage.panel()
    assert one.panel.hello["show"] == "CCHC1"
    await one.panel.say(samples.asked())
    assert await one.panel.hears() == first
    await one.panel.reply(first)
    await one.settled()
    assert await one.panel.silent(QUIET)


async def test_a_lost_line_is_said_and_nothing_can_be_pressed(desk: OpenDesk) -> None:
    """The show goes on without the panel; the panel does not queue steps."""
    one = await desk(samples.opened())
    await one.settled()
    one.stage.refusing = True
    await one.panel.socket.close(1001)
    await expect(one.page.locator(".banner-bad")).to_contain_text("Mất kết nối")
    await one.page.keyboard.press("Space")
    await expect(one.page.locator('[data-action="lock"]')).to_be_disabled()
    one.stage.refusing = False
    one.panel = await one.stage.panel()
    await one.panel.say(samples.opened())
    await one.settled()
    assert await one.panel.silent(QUIET)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (4401, "Phiên đăng nhập đã hết."),
        (4403, "Tài khoản của bạn không điều khiển được số phát sóng này."),
        (4404, "Không có số phát sóng mang mã CCHC1."),
        (4409, "Bảng điều khiển này đã mở ở nơi khác."),
    ],
)
async def test_each_final_close_code_has_its_own_answer(
    desk: OpenDesk, code: int, words: str
) -> None:
    """One fixed behaviour for each code (wire §1): what happened, one way on."""
    one = await desk(samples.opened())
    await one.panel.socket.close(code)
    await expect(one.page.locator("h1")).to_have_text(words)
    await expect(one.page.locator("a.button")).to_have_count(1)


@pytest.mark.parametrize(
    ("key", "state", "command"),
    [
        ("l", samples.opened(), {"command": "lock"}),
        ("e", samples.opened(), {"command": "extend", "ms": 5_000}),
        ("p", samples.revealed(), {"command": "pause"}),
        ("s", samples.revealed(), {"command": "standings"}),
        ("p", samples.paused(), {"command": "resume"}),
        ("j", samples.revealed(), {"command": "cheer", "on": True}),
    ],
)
async def test_letters_send_their_action_at_once(
    desk: OpenDesk, key: str, state: samples.Message, command: samples.Message
) -> None:
    """What can be taken back needs no question."""
    one = await desk(state)
    await one.settled()
    await one.page.keyboard.press(key)
    heard = await one.panel.hears()
    assert {name: heard[name] for name in command} == command


async def test_what_is_not_allowed_now_is_neither_sent_nor_opened(
    desk: OpenDesk,
) -> None:
    """`allowed` is the server's word; the panel does not guess."""
    one = await desk(samples.opened())
    await one.settled()
    for key in "psrx":
        await one.page.keyboard.press(key)
    await expect(one.page.locator("dialog")).to_have_count(0)
    assert await one.panel.silent(QUIET)


async def test_letter_keys_can_be_turned_off(desk: OpenDesk) -> None:
    """For who speaks to the computer (WCAG 2.1.4); Space stays."""
    one = await desk(samples.opened())
    await one.settled()
    await one.page.keyboard.press("?")
    await one.page.click(".switch input")
    await one.page.keyboard.press("Escape")
    await expect(one.page.locator("dialog")).to_have_count(0)
    await one.page.keyboard.press("l")
    assert await one.panel.silent(QUIET)
    await one.page.keyboard.press("Space")
    assert (await one.panel.hears())["command"] == "advance"


async def test_a_question_is_void_only_with_a_reason_and_a_held_button(
    desk: OpenDesk,
) -> None:
    """Irreversible: a tap is not enough (R1.6)."""
    one = await desk(samples.opened())
    await one.settled()
    await one.page.keyboard.press("v")
    hold = one.page.locator(".hold")
    await expect(hold).to_be_disabled()
    await one.page.click(".preset >> nth=0")
    await hold.click()
    assert await one.panel.silent(QUIET)
    await hold.click(delay=1_200)
    heard = await one.panel.hears()
    assert heard["command"] == "void"
    assert heard["question"] == "q4"
    assert heard["reason"] == "Sự cố kỹ thuật"
    await expect(one.page.locator("dialog")).to_have_count(0)


async def test_ctrl_enter_is_the_second_key_of_a_grave_act(desk: OpenDesk) -> None:
    """For hands that cannot hold."""
    one = await desk(samples.revealed())
    await one.settled()
    await one.page.keyboard.press("x")
    await expect(one.page.locator("dialog")).to_contain_text("Còn 6 câu chưa mở")
    await one.page.keyboard.press("Control+Enter")
    assert (await one.panel.hears())["command"] == "end"


async def test_space_in_a_dialog_is_no_next_step(desk: OpenDesk) -> None:
    """While somebody writes a reason, nothing moves on."""
    one = await desk(samples.opened())
    await one.settled()
    await one.page.keyboard.press("v")
    await one.page.fill("#reason", "Nhầm")
    await one.page.keyboard.press("Space")
    await expect(one.page.locator("#reason")).to_have_value("Nhầm ")
    assert await one.panel.silent(QUIET)


async def test_a_reserve_is_taken_by_name(desk: OpenDesk) -> None:
    """After a void question a reserve takes its place (R1.6)."""
    one = await desk(samples.voided())
    await one.settled()
    await one.page.keyboard.press("r")
    await one.page.click(".choice >> nth=1 >> button")
    heard = await one.panel.hears()
    assert (heard["command"], heard["question"]) == ("reserve", "r1")


async def test_a_reserve_is_taken_on_camera_without_telling_its_text(
    desk: OpenDesk,
) -> None:
    """The privacy switch hides all questions to come, also in a dialog."""
    one = await desk(samples.voided())
    await one.settled()
    await one.page.click("#privacy")
    await one.page.keyboard.press("r")
    await expect(one.page.locator(".choice")).to_have_count(2)
    assert samples.RESERVES[0] not in await one.page.content()


async def test_a_notice_is_written_and_taken_away(desk: OpenDesk) -> None:
    """The empty text takes the last one away."""
    one = await desk(samples.lobby())
    await one.settled()
    await one.page.keyboard.press("n")
    await one.page.fill("#reason", "Xin chờ")
    await one.page.keyboard.press("Enter")
    heard = await one.panel.hears()
    assert (heard["command"], heard["text"]) == ("notice", "Xin chờ")
    await one.panel.reply(heard)
    await one.show(samples.lobby(step=13, notice="Xin chờ"))
    await expect(one.page.locator(".banner-info")).to_contain_text("Xin chờ")
    await one.page.keyboard.press("n")
    await one.page.click('dialog button:has-text("Gỡ thông báo")')
    assert (await one.panel.hears())["text"] == ""


async def test_a_name_is_hidden_or_replaced(desk: OpenDesk) -> None:
    """They keep competing (R2.5)."""
    one = await desk(samples.opened())
    await one.settled()
    await one.page.click(".person-hide >> nth=3")
    await one.page.click('dialog button:has-text("Ẩn tên")')
    heard = await one.panel.hears()
    assert (heard["command"], heard["participant"], heard["hidden"]) == (
        "hide_name",
        "p3",
        True,
    )
    await one.panel.reply(heard)
    await one.page.click(".person-hide >> nth=0")
    await one.page.fill("#new-name", "Chị Thảo")
    await one.page.keyboard.press("Enter")
    heard = await one.panel.hears()
    assert (heard["participant"], heard["hidden"], heard["name"]) == (
        "p0",
        False,
        "Chị Thảo",
    )


async def test_a_hidden_name_is_shown_again(desk: OpenDesk) -> None:
    """A slip of a moderator can be taken back (R2.5)."""
    shown = samples.answered()
    hidden = [replace(shown.fastest[0], flags=("hidden",)), *shown.fastest[1:]]
    live = replace(shown, fastest=tuple(hidden))
    one = await desk(samples.opened(live=live))
    await one.page.click(".person-hide >> nth=0")
    await one.page.click('dialog button:has-text("Hiện lại tên")')
    heard = await one.panel.hears()
    assert (heard["command"], heard["participant"], heard["hidden"]) == (
        "hide_name",
        "p0",
        False,
    )


async def test_an_owner_alone_erases_a_person_and_never_while_a_question_is_open(
    desk: OpenDesk,
) -> None:
    """R2.6: for requests on paper; it says what goes and what stays."""
    one = await desk(samples.opened())
    asked = await erasing(one)
    await one.page.keyboard.press("m")
    await expect(one.page.locator("dialog .switch")).to_be_visible()
    button = one.page.locator('dialog [data-act="erase"]')
    await expect(button).to_have_count(0)
    owner = You(name="hoa", role="owner", commands=("hide_name",))
    await one.panel.say(samples.message(owner))
    await button.click()
    await one.page.fill("#erase-id", "p7")
    await one.page.click("dialog .preset >> nth=0")
    hold = one.page.locator("dialog .hold")
    await expect(hold).to_be_disabled()
    await expect(one.page.locator("[data-banner=waits]")).to_be_visible()
    await one.page.keyboard.press("Control+Enter")
    await one.show(samples.locked(step=13))
    await expect(hold).to_be_enabled()
    await no_violation(one.page, "erase")
    assert asked == []
    taken = "sẽ được xóa ngay khi câu hỏi khóa"
    for role, words in (("alert", "Sai mã"), ("alert", taken), ("status", "Không còn")):
        await one.page.keyboard.press("Control+Enter")
        await expect(one.page.locator(f"dialog [role={role}]")).to_contain_text(words)
    one.forgive("422")
    assert asked == [{"participant": "p7", "reason": "Yêu cầu bằng văn bản"}] * 3
    await one.page.keyboard.press("Escape")
    await one.page.click(".person-hide >> nth=0")
    await button.click()
    await expect(one.page.locator("dialog .quote")).to_be_visible()


async def erasing(one: Desk) -> list[Any]:
    """Refuse, then say that it waits, then erase; return what was asked."""
    asked: list[Any] = []
    refusal = {"error": {"code": "bad_field", "message": "Sai mã"}}
    answers: list[dict[str, Any]] = [
        {"status": 422, "json": refusal},
        {"status": 202},
        {"status": 204},
    ]

    async def answer(route: Route) -> None:
        assert route.request.headers["x-csrf-token"] == "c5rf"
        asked.append(route.request.post_data_json)
        await route.fulfill(**answers.pop(0))

    await one.page.route("**/api/shows/CCHC1/people/erase", answer)
    return asked


async def test_the_overlay_key_is_never_drawn_when_it_can_be_copied(
    desk: OpenDesk,
) -> None:
    """Asked for when somebody copies, masked all the time."""
    # OBS may shut a source down while nobody sees it: it comes back under its name.
    one = await desk()
    mark = await mark_of(one)
    away = OutputPart(
        id="o9", view="timer", layout="16x9", name=f"obs-3-{mark}", lost=True
    )
    await one.show(samples.lobby(live=samples.live(outputs=(away,))))
    await give_key(one)
    await one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await one.page.keyboard.press("q")
    await one.page.click('[data-copy="overlay-9x16"] button')
    await expect(one.page.locator('[data-copy="overlay-9x16"] button')).to_have_text(
        "Đã sao chép"
    )
    address = "http://quiz.example/overlay/stage?layout="
    copied = await one.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{address}9x16&name=obs-1-{mark}#k=s3cr3t"
    # Each source has a name of its own, in every shape that the stage has.
    for number, layout in ((2, "16x9"), (4, "1x1"), (5, "4x5")):
        await one.page.click(f'[data-copy="overlay-{layout}"] button')
        line = one.page.locator(f'[data-copy="overlay-{layout}"]')
        await expect(line).to_have_attribute("data-result", "copied")
        copied = await one.page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{address}{layout}&name=obs-{number}-{mark}#k=s3cr3t"
    assert "s3cr3t" not in await one.page.content()
    await one.page.reload()
    one.panel = await one.stage.panel()
    await one.show(samples.lobby())
    await one.page.keyboard.press("q")
    again = await copied_address(one)
    last = f"{address}16x9&name=obs-6-{mark}#k=s3cr3t"
    assert again == last, "a closed OBS has the others"


async def test_a_key_that_was_seen_is_changed_and_the_new_one_copied(
    desk: OpenDesk,
) -> None:
    """Held, so that no slip takes the graphics off the air."""
    one = await desk()
    name = f"obs-1-{await mark_of(one)}"
    named = OutputPart(id="o9", view="stage", layout="16x9", name=name)
    await one.show(samples.lobby(live=samples.live(outputs=(named,))))
    await give_key(one)
    await one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.stage.pages["/host/CCHC1/phone"] = "<title>phone</title>"

    async def stage(route: Route) -> None:
        await route.fulfill(body="<title>stage</title>", content_type="text/html")

    await one.page.route("**/overlay/stage?*", stage)
    await one.page.keyboard.press("i")
    mirror = one.page.locator('.mirror[data-layout="16x9"]')
    await expect(mirror).to_have_attribute("src", re.compile("#k=s3cr3t$"))
    asked: list[str] = []

    async def renew(route: Route) -> None:
        asked.append(route.request.headers["x-csrf-token"])
        await route.fulfill(json={"key": "fr3sh", "url": FRESH})

    await one.page.route("**/host/CCHC1/overlay-key/renew", renew)
    await one.page.keyboard.press("q")
    assert asked == []
    await change_key(one)
    address = await copied_address(one)
    assert asked == ["c5rf"]
    asked_for = f"layout=16x9&name={name}"
    assert address == FRESH.replace("#", f"?{asked_for}#")
    await expect(mirror).to_have_attribute("src", re.compile("#k=fr3sh$"))


async def test_a_key_that_was_not_changed_is_said_and_the_hold_can_be_repeated(
    desk: OpenDesk,
) -> None:
    """The old address is forgotten all the same: nobody can say whether it lives."""
    one = await desk(samples.lobby())
    await give_key(one)
    await one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answers: list[dict[str, Any]] = [
        {"status": 503, "body": "no"},
        {"json": {"key": "k", "url": FRESH}},
    ]

    async def renew(route: Route) -> None:
        await route.fulfill(**answers.pop(0))

    await one.page.route("**/host/CCHC1/overlay-key/renew", renew)
    keys: list[str] = []
    one.page.on("request", lambda it: keys.append(it.url))
    await one.page.keyboard.press("q")
    await copied_address(one)
    await change_key(one)
    said = one.page.locator("dialog [role=alert]")
    await expect(said).to_contain_text("Chưa đổi xong khóa")
    await expect(said).to_contain_text("Hãy giữ nút lần nữa")
    one.forgive("503")
    await one.page.keyboard.press("Escape")
    await one.page.keyboard.press("q")
    await copied_address(one)
    assert len([url for url in keys if url.endswith("/overlay-key")]) == 2
    await change_key(one)
    await expect(one.page.locator("dialog .hold")).to_have_count(0)
    asked_for = f"layout=16x9&name=obs-1-{await mark_of(one)}"
    assert await copied_address(one) == FRESH.replace("#", f"?{asked_for}#")
    assert answers == []


async def mark_of(one: Desk) -> str:
    """Return what tells this browser's names for sources from another one's."""
    mark = str(await one.page.evaluate("localStorage.getItem('quiz.sources')"))
    assert re.fullmatch("[2-9a-z]{3}", mark)
    return mark


async def copied_address(one: Desk) -> str:
    """Copy the address for OBS; return what the clipboard holds."""
    line = one.page.locator('[data-copy="overlay-16x9"]')
    await line.get_by_role("button").click()
    await expect(line).to_have_attribute("data-result", "copied")
    return str(await one.page.evaluate("navigator.clipboard.readText()"))


async def change_key(one: Desk) -> None:
    """Go from the links to the change of key, and press its second key."""
    await one.page.get_by_role("button", name="Đổi khóa lớp phủ…").click()
    await one.page.wait_for_selector("dialog .hold")
    await one.page.keyboard.press("Control+Enter")


async def give_key(one: Desk) -> None:
    """Let the page's POST for a key be answered; sockets cannot do that."""

    async def answer(route: Route) -> None:
        request = route.request
        assert request.method == "POST"
        assert request.headers["x-csrf-token"] == "c5rf"
        body = {"key": "s3cr3t", "url": "http://quiz.example/overlay/stage#k=s3cr3t"}
        await route.fulfill(json=body)

    await one.page.route("**/host/CCHC1/overlay-key", answer)
