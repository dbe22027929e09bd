"""After the end: prizes confirmed one by one, ties that wait, results that are final.

Source: R5.4 (provisional until confirmed, a skip needs a reason), R5.5 (a tie is
decided by a named person), R2.5 (who is not eligible keeps the rank).
"""

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.host import aftermath, samples
from tests.e2e.host.conftest import Desk, OpenDesk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

QUIET = 0.6


def prize(one: Desk, name: str) -> Locator:
    """Return the card of a prize."""
    return one.page.locator(f'.prize[data-prize="{name}"]')


async def heard(one: Desk, **named: object) -> samples.Message:
    """Hear one command and hold it to what it must say."""
    command = await one.panel.hears()
    assert {name: command.get(name) for name in named} == named
    return command


async def test_every_prize_is_a_card_with_time_rank_and_place(desk: OpenDesk) -> None:
    """The show's first; a question nobody got right has no winner."""
    one = await desk(aftermath.ended())
    cards = one.page.locator(".prize")
    await expect(cards).to_have_count(10)
    await expect(cards.nth(0)).to_contain_text("Giải số phát sóng")
    await expect(prize(one, "q4")).to_contain_text("Đặng Quốc Ẩn")
    await expect(prize(one, "q4").locator(".winner-figures")).to_have_text(
        "2,29 shạng 2 · 8 câu đúng"
    )
    await expect(prize(one, "q3")).to_contain_text("Không có người đạt giải")
    await expect(prize(one, "q2")).to_have_count(0)
    await expect(one.page.locator(".winners .chip").first).to_have_text(
        "1/9 giải đã xác nhận"
    )


async def test_who_was_passed_over_is_there_with_the_reason(desk: OpenDesk) -> None:
    """By a host, by a rule, or many of them, folded away."""
    one = await desk(aftermath.ended())
    await expect(prize(one, "q4").locator(".out-row")).to_contain_text(
        "đã bỏ qua: Không liên hệ được"
    )
    await expect(prize(one, "q5").locator(".out-row")).to_contain_text(
        "trả lời nhanh hơn 0,3 giây"
    )
    await expect(prize(one, "q8").locator(".out-row").first).to_be_hidden()
    await prize(one, "q8").locator("summary").click()
    await expect(prize(one, "q8").locator(".out-row")).to_have_count(5)
    await expect(prize(one, "q8")).to_contain_text("mới đúng 3/10 câu")


async def test_notes_stand_with_the_winner_in_whole_sentences(desk: OpenDesk) -> None:
    """Whoever confirms has read them."""
    one = await desk(aftermath.ended())
    said = prize(one, "q5").locator(".winner-note")
    await expect(said).to_have_text([samples.FAST.text, samples.TWINS.text])


async def test_a_winner_is_confirmed_or_skipped_with_a_reason(desk: OpenDesk) -> None:
    """A skip needs a reason (R5.4); common ones are one press."""
    one = await desk(aftermath.ended())
    await prize(one, "show").locator('[data-act="confirm"]').click()
    command = await heard(one, command="confirm_winner", prize="show", participant="p0")
    await one.panel.reply(command)
    await prize(one, "q5").locator('.winner [data-act="skip"]').click()
    await expect(one.page.locator("dialog .button-grave")).to_be_disabled()
    await one.page.click(".preset >> nth=1")
    await one.page.click("dialog .button-grave")
    await heard(
        one,
        command="skip_winner",
        prize="q5",
        participant="p4",
        reason="Không liên hệ được",
    )


async def test_a_skipped_winner_may_be_confirmed_after_all(desk: OpenDesk) -> None:
    """The last word counts; a confirmed one may be skipped too."""
    one = await desk(aftermath.ended())
    await prize(one, "q4").locator(".out-row button").click()
    command = await heard(one, command="confirm_winner", prize="q4", participant="p7")
    await one.panel.reply(command)
    confirmed = prize(one, "q1").locator("button")
    await expect(confirmed).to_have_text("Bỏ qua…")


async def test_somebody_not_eligible_is_left_out_of_all_prizes(desk: OpenDesk) -> None:
    """And taken in again: a mistake must not cost a prize (R2.5)."""
    one = await desk(aftermath.ended())
    await prize(one, "q7").locator('[data-act="bar"]').click()
    await one.page.click(".preset >> nth=0")
    await one.page.keyboard.press("Tab")
    await one.page.click("dialog .button-grave")
    command = await heard(
        one,
        command="set_eligible",
        participant="p6",
        eligible=False,
        reason="Thành viên Ban Tổ chức",
    )
    await one.panel.reply(command)
    await prize(one, "q6").locator('[data-act="unbar"]').click()
    await one.page.click(".preset >> nth=0")
    await one.page.click("dialog .button-main")
    await heard(
        one,
        command="set_eligible",
        participant="p9",
        eligible=True,
        reason="Đánh dấu nhầm",
    )


async def test_a_tie_waits_for_the_organisers(desk: OpenDesk) -> None:
    """One or several may be confirmed; nothing is chosen for them (R5.5)."""
    one = await desk(aftermath.tied())
    tie = prize(one, "show")
    await expect(tie).to_contain_text("Chờ Ban Tổ chức quyết định")
    await expect(tie.locator(".winner")).to_have_count(2)
    await expect(tie.locator(".chip-tied")).to_have_count(2)
    await expect(one.page.locator(".winners .chip").first).to_have_text(
        "8/9 giải đã xác nhận"
    )
    await expect(one.page.locator(".winners")).to_contain_text(
        "giải được xác nhận trước sẽ được giữ"
    )
    await expect(one.page.locator(".confirm-all")).to_have_count(0)
    await tie.locator('[data-act="confirm"]').nth(1).click()
    await heard(one, command="confirm_winner", prize="show", participant="p5")


async def test_all_without_notes_are_confirmed_one_command_each(desk: OpenDesk) -> None:
    """The next is chosen from the state after the last.

    A confirmation may take somebody out of another prize (R5.4).
    """
    one = await desk(aftermath.ended(step=50))
    await one.page.click(".confirm-all")
    winners = list(aftermath.winners())
    asked = []
    for step in range(51, 57):
        command = await one.panel.hears()
        assert command["command"] == "confirm_winner"
        asked.append(command["prize"])
        await one.panel.reply(command, step=step)
        assert not asked[1:] or command["step"] == step - 1
        winners = [
            row
            if (row.prize, row.participant)
            != (command["prize"], command["participant"])
            else aftermath.settled(row, "confirmed")
            for row in winners
        ]
        if step == 51:
            # The rule for prizes per person now passes over the ninth question's.
            winners = [
                aftermath.settled(row, "passed") if row.prize == "q9" else row
                for row in winners
            ]
        await one.show(aftermath.ended(step=step, winners=tuple(winners)))
    assert asked == ["show", "q4", "q6", "q7", "q8", "q10"]
    assert await one.panel.silent(QUIET)
    await expect(one.page.locator(".confirm-all")).to_have_count(0)


async def test_confirming_all_leaves_an_open_dialog_alone(desk: OpenDesk) -> None:
    """The host reads one prize while the others are confirmed."""
    one = await desk(aftermath.ended(step=50))
    await one.page.click(".confirm-all")
    command = await one.panel.hears()
    await prize(one, "q5").locator('.winner [data-act="skip"]').click()
    await one.panel.reply(command, step=51)
    await one.show(aftermath.ended(step=51))
    await one.panel.hears()
    await expect(one.page.locator('dialog[data-dialog="skip"]')).to_be_visible()


async def test_confirming_all_stops_at_the_first_refusal(desk: OpenDesk) -> None:
    """Somebody else decided in the meantime: the host looks again."""
    one = await desk(aftermath.ended(step=50))
    await one.page.click(".confirm-all")
    command = await one.panel.hears()
    await one.panel.reply(command, error="stale_step")
    await one.show(aftermath.ended(step=51))
    assert await one.panel.silent(QUIET)
    await expect(one.page.locator(".confirm-all")).to_be_enabled()


@pytest.mark.parametrize("state", [aftermath.ended(), aftermath.tied()])
async def test_the_big_button_leads_to_the_first_prize_that_waits(
    desk: OpenDesk, state: samples.Message
) -> None:
    """Results are not final before (R5.4, R5.5); Enter confirms, Space never does."""
    one = await desk(state)
    await one.settled()
    await one.page.keyboard.press("Space")
    first = prize(one, "show").locator('.winner [data-act="confirm"]').first
    await expect(first).to_be_focused()
    await expect(first).to_be_in_viewport()
    await one.settled()
    await one.page.keyboard.press("Space")
    assert await one.panel.silent(QUIET)
    await one.page.keyboard.press("Enter")
    await heard(one, command="confirm_winner", prize="show", participant="p0")


async def test_the_big_button_leads_past_prizes_that_are_settled(
    desk: OpenDesk,
) -> None:
    """And past those who were skipped: they are confirmed only on purpose."""
    rows = tuple(
        row
        if row.status != "provisional" or row.prize == "q4"
        else aftermath.settled(row, "confirmed")
        for row in aftermath.winners()
    )
    one = await desk(aftermath.ended(winners=rows))
    await one.settled()
    await one.page.click("#next")
    waits = prize(one, "q4").locator('.winner [data-act="confirm"]')
    await expect(waits).to_be_focused()


async def test_a_press_meant_for_a_prize_does_not_make_results_final(
    desk: OpenDesk,
) -> None:
    """Another host confirms the last one in the moment the button is pressed."""
    one = await desk(aftermath.tied())
    await one.settled()
    await one.stop_clock()
    decided = aftermath.confirmed_winners()
    await one.show(aftermath.ended(step=13, winners=decided))
    await expect(one.page.locator(".next-label")).to_have_text("Chốt kết quả")
    await one.page.keyboard.press("Space")
    await expect(one.page.locator(".note")).to_contain_text("Vừa sang bước khác")
    assert await one.panel.silent(QUIET)


async def test_results_that_are_not_ready_are_refused_in_a_sentence(
    desk: OpenDesk,
) -> None:
    """The server's own, whole: what is missing, and what to do."""
    one = await desk(aftermath.ended(winners=aftermath.confirmed_winners()))
    await one.settled()
    await one.page.keyboard.press("Space")
    command = await heard(one, command="advance")
    said = (
        "Còn người đạt giải chưa được xác nhận. "
        "Hãy xác nhận hoặc bỏ qua từng người rồi mới chốt kết quả."
    )
    await one.panel.reply(command, error="winners_unconfirmed", message=said)
    note = one.page.locator('.note[data-kind="error"] span')
    await expect(note).to_have_text(said)
    assert await note.evaluate(
        """(e) => {
          const box = e.getBoundingClientRect();
          const line = e.closest(".dock-line").getBoundingClientRect();
          return box.top >= line.top - 1 && box.bottom <= line.bottom + 1;
        }"""
    )


async def test_signed_results_have_no_buttons(desk: OpenDesk) -> None:
    """What was signed is changed by a recount, not by a slip."""
    one = await desk(aftermath.signed())
    await expect(one.page.locator(".prizes button")).to_have_count(0)
    other = prize(one, "show").locator(".out-row")
    await expect(other).to_contain_text("Đồng hạng; Ban Tổ chức đã chọn")
    await expect(other).not_to_contain_text("đã bỏ qua")
