"""A step back, a picture once more, another order; a viewer's phone in the panel."""

import msgspec
import pytest
from playwright.async_api import Route, expect

from tests.e2e.host import samples
from tests.e2e.host.conftest import OpenDesk
from tests.e2e.host.scripted import render
from tests.e2e.host.test_layout import (
    LYING,
    OVERFLOWING,
    SMALL,
    TOUCH,
    look,
    no_violation,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_a_step_is_taken_back_and_a_picture_shown_again(desk: OpenDesk) -> None:
    """R1.8, R1.9."""
    one = await desk(samples.asked(), LYING)
    await one.page.keyboard.press("u")
    await no_violation(one.page, "undo")
    await expect(one.page.locator("dialog")).to_contain_text("Câu 4 đã hiện nội dung")
    await one.page.click("dialog .button-main")
    word = await one.panel.hears()
    assert word["command"] == "undo"
    await one.panel.reply(word)
    await one.show(samples.board(step=60))
    again = one.page.locator(".look-back .chip-flag")
    await expect(again).to_have_text("Lớp phủ đang chiếu lại: Đáp án của câu 3")
    await one.page.click('[data-look-back="reshow"]')
    await no_violation(one.page, "reshow")
    assert await look(one.page, SMALL, TOUCH) == []
    pressed = ("live", "standings", "question", "reveal")
    for number, picture in enumerate(pressed):
        if number:
            await one.page.keyboard.press("w")
        await one.page.locator(f'dialog [data-picture="{picture}"]').first.click()
        word = await one.panel.hears()
        question = None if number < 2 else "q1"
        assert (word["command"], word["picture"]) == ("reshow", picture)
        assert word.get("question") == question
        await one.panel.reply(word)


async def test_cheering_is_switched_and_says_how_much_there_is(desk: OpenDesk) -> None:
    """R1.11."""
    live = samples.live(cheers={"clap": 90, "heart": 42})
    one = await desk(samples.board(cheering=True, live=live), LYING)
    cheer = one.page.locator("#cheer")
    await expect(cheer).to_have_text("Cổ vũ: bật · 132/giây")
    await cheer.click()
    word = await one.panel.hears()
    assert (word["command"], word["on"]) == ("cheer", False)


async def test_what_waits_is_put_in_another_order(desk: OpenDesk) -> None:
    """R1.7: by buttons and by dragging (WCAG 2.5.7); sent once, as a whole."""
    one = await desk(samples.revealed())
    await one.page.click(".rundown .chip-button")
    rows = one.page.locator("dialog .choice")
    save = one.page.locator("dialog .button-main")
    await expect(save).to_be_disabled()
    await no_violation(one.page, "reorder")
    await expect(rows.first.locator('[data-move="up"]')).to_be_disabled()
    was = [await row.get_attribute("data-question") for row in await rows.all()]
    await rows.nth(0).locator('[data-move="down"]').click()
    await rows.nth(2).drag_to(rows.nth(0))
    await save.click()
    word = await one.panel.hears()
    assert word["command"] == "reorder"
    assert word["order"] == [was[2], was[1], was[0], *was[3:]]
    # Whoever is filmed gives no question away.
    await one.page.keyboard.press("k")
    await one.page.keyboard.press("g")
    await expect(rows.first).to_contain_text("•••")


async def test_a_question_is_given_a_position_before_its_clock_starts(
    desk: OpenDesk,
) -> None:
    """R1.10: in the order of what waits, and in the question's own card."""
    one = await desk(samples.asked(), LYING)
    await one.page.keyboard.press("g")
    places = one.page.locator("dialog .place")
    await places.first.select_option("side")
    word = await one.panel.hears()
    said = (word["command"], word["question"], word["position"], "step" in word)
    assert said == ("place", "q5", "side", False)
    rows = samples.rows("asked")
    placed = tuple(
        msgspec.structs.replace(row, position="side") if row.id in {"q4", "q5"} else row
        for row in rows
    )
    await one.show(samples.asked(step=13, questions=placed))
    await expect(places.first).to_have_value("side")
    await no_violation(one.page, "place")
    assert await look(one.page, SMALL, TOUCH) == []
    await one.page.keyboard.press("Escape")
    await expect(one.page.locator(".row-place")).to_have_count(2)
    await one.page.click('.row[data-state="asked"]')
    await one.page.locator("dialog .place").select_option("")
    assert "position" not in await one.panel.hears()
    await one.show(samples.rolling(step=14, questions=placed))
    await expect(one.page.locator("dialog .place")).to_have_count(0)
    await expect(one.page.locator("dialog")).to_contain_text("một phần ba bên phải")


async def test_a_viewers_phone_follows_the_show_beside_the_controls(
    desk: OpenDesk,
) -> None:
    one = await desk(samples.asked())
    one.stage.pages["/host/CCHC1/phone"] = render("host_phone.html", "vi", code="CCHC1")
    phase = {"now": "asked"}

    async def state(route: Route) -> None:
        part = {"id": "q4", "number": 4, "total": 10, "text": samples.TEXTS[3]}
        options = [{"id": "A", "text": "07/10/2023"}, {"id": "B", "text": "31/10/2023"}]
        opened = {"question": {**part, "options": options}, "closes_in_ms": 9_000}
        more = opened if phase["now"] == "open" else {"question": part}
        show = {"code": "CCHC1", "title": "Số 1", "questions": 10, "lang": "vi"}
        said = {"type": "state", "epoch": "e", "step": 7, "phase": phase["now"]}
        await route.fulfill(json=said | more | {"show": show})

    async def refuse(route: Route) -> None:
        await route.fulfill(status=403, json={})

    await one.page.route("**/api/shows/CCHC1/phone", state)
    await one.page.route("**/host/CCHC1/overlay-key", refuse)
    await one.page.keyboard.press("i")
    phone = one.page.frame_locator(".mirror-phone iframe")
    await expect(phone.locator("h1")).to_have_text(samples.TEXTS[3])
    await expect(phone.locator(".option")).to_have_count(0)
    phase["now"] = "open"
    await one.show(samples.opened(step=41))
    await expect(phone.locator(".option")).to_have_count(2)
    assert await look(one.page, OVERFLOWING) == []
    await no_violation(one.page, "phone")
    # The phone page moves the focus to its heading: not out of the panel.
    assert await one.page.evaluate("document.activeElement.tagName") != "IFRAME"
    box = await one.page.locator(".mirror-phone").bounding_box()
    assert box is not None
    assert box["height"] > 150
    one.problems.clear()  # the refusal of the key is told on the console
