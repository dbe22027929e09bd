"""The question on its way: how long it is, and that a pack which is longer is told."""

from dataclasses import replace

import pytest

from quizserver.bank.shelf import load_pack
from quizserver.domain.evolve import created
from quizserver.domain.ids import OptionId, QuestionId
from quizserver.domain.rundown import Option, Question, Rules
from quizserver.domain.show import Show
from quizserver.live.opening import (
    MOST_BYTES,
    QuestionTooLong,
    check_questions,
    open_size,
)
from quizserver.shipped import questions as shipped_questions
from quizserver.store.sqlite import SqliteLedger
from tests.manual_clock import ManualClock
from tests.shows import creation, question
from tests.unit.live.house import CODE, on_air

FAIR, RECEIVED = Rules(timing="fair-1"), Rules(timing="received")
CLOCK = ManualClock()


def show_of(*questions: Question, rules: Rules = FAIR) -> Show:
    """Return a new show of these questions."""
    return created(replace(creation(rules, *questions), epoch="0123abcd"))


def long(name: str, letters: int, *, reserve: bool = False) -> Question:
    """Return a question with so many more letters of two bytes in its first option."""
    plain = question(name, reserve=reserve)
    first = Option(id=OptionId("A"), text="đ" * letters)
    return replace(plain, options=(first, *plain.options[1:]))


async def test_the_size_is_that_of_the_frame_which_phones_get(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger, FAIR) as house:
        an = house.crowd.come((await house.join("An")).participant)
        await house.open_next()
        frame = house.crowd.frames[an][-1]
        ping, shorter_step = 6, len("9999") - len("5")
        size = open_size(house.show, QuestionId("q1"), house.clock)
        assert size == len(frame) + ping + shorter_step


def test_a_question_that_just_fits_is_taken_and_one_letter_more_is_not() -> None:
    """R4.10: one packet, with its ping."""
    room = MOST_BYTES - open_size(show_of(long("q1", 0)), QuestionId("q1"), CLOCK)
    fits = show_of(long("q1", room // 2))
    check_questions(fits, CLOCK)
    with pytest.raises(QuestionTooLong, match=r"q1: 120[12] bytes, at most 1200") as no:
        check_questions(show_of(long("q1", room // 2 + 1)), CLOCK)
    assert (no.value.question, no.value.size - MOST_BYTES in {1, 2}) == ("q1", True)


def test_a_reserve_must_fit_too() -> None:
    show = show_of(question("q1"), long("r1", 600, reserve=True))
    with pytest.raises(QuestionTooLong, match="r1"):
        check_questions(show, CLOCK)


def test_where_nothing_is_timed_by_a_ping_length_does_not_matter() -> None:
    check_questions(show_of(long("q1", 600), rules=RECEIVED), CLOCK)


async def test_phones_are_not_told_where_overlays_draw_a_question(
    ledger: SqliteLedger,
) -> None:
    """A question that just fits does so wherever it is drawn."""
    async with on_air(ledger, FAIR) as house:
        an = house.crowd.come((await house.join("An")).participant)
        await house.do("place", question="q1", position="lower")
        await house.open_next()
        assert b"position" not in house.crowd.frames[an][-1]


def test_an_image_counts() -> None:
    plain = question("q1")
    shown = replace(plain, image="bản-đồ.png")
    sizes = [open_size(show_of(one), plain.id, CLOCK) for one in (plain, shown)]
    assert sizes[1] > sizes[0]


@pytest.mark.parametrize(
    "name", sorted(path.parent.name for path in shipped_questions().glob("*/pack.toml"))
)
def test_every_shipped_question_fits(name: str) -> None:
    pack = load_pack(name, [shipped_questions()])
    check_questions(show_of(*pack.questions), CLOCK)


async def test_a_show_with_a_question_too_long_is_not_made(
    ledger: SqliteLedger,
) -> None:
    async with on_air(ledger, FAIR) as house:
        with pytest.raises(QuestionTooLong):
            await house.shows.create(
                type(CODE)("CCHC2"),
                replace(creation().rundown.pack, questions=(long("q1", 600),)),
                title="Số 2",
                lang="vi",
                rules=FAIR,
                actor="Hoa",
            )
        assert [row.code for row in await ledger.shows()] == [CODE]
