"""The questions we ship are fit for fifteen seconds on a phone, on air.

Holds the packs to the editor's rules: short, one key, keys spread, numbers in
order, dated, sourced, reviewed, and nothing the source documents contradict.
"""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from quizserver.bank.load import load
from quizserver.domain.rundown import Pack, Question

HOUSE = Path(__file__).resolve().parents[3] / "questions"
PACKS = [load(folder) for folder in sorted(HOUSE.iterdir())]
QUESTIONS = [(pack, question) for pack in PACKS for question in pack.questions]

MOST_WORDS = 25
MOST_OPTION_WORDS = 10
MOST_WORDS_TOGETHER = 50
MOST_EXPLANATION = 200

# What the sources contradict or what is about persons must not be asked.
NEVER = re.compile(
    r"26/10|27/10|28/10|khối thi đua|giải Ba\b|giải phụ|giải thưởng phụ"
    r"|điện thoại của|người thắng|90 ngày.*Sóc Trăng|Sóc Trăng.*90 ngày"
    r"|sau sáu lần|sau 6 lần|18001096|tất cả các phương án|cả A, B",
    re.IGNORECASE,
)


def ids(rows: list[tuple[Pack, Question]]) -> list[str]:
    return [f"{pack.id}-{question.id}" for pack, question in rows]


every_question = pytest.mark.parametrize(
    ("pack", "question"), QUESTIONS, ids=ids(QUESTIONS)
)
every_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)


def strings(question: Question) -> list[str]:
    return [
        question.text,
        question.explanation,
        question.source,
        *(option.text for option in question.options),
    ]


def word_count(text: str) -> int:
    """Words as a reader says them: a dash between blanks is none."""
    return sum(any(char.isalnum() for char in word) for word in text.split())


def numbers(question: Question) -> list[float]:
    """What the options count, if every option is a number with the same unit."""
    found = [
        re.fullmatch(r"(\d+(?:\.\d{3})*)(\s?\D*)", option.text)
        for option in question.options
    ]
    if not all(found) or len({one[2] for one in found if one}) != 1:
        return []
    return [float(one[1].replace(".", "")) for one in found if one]


def days(question: Question) -> list[tuple[int, int, int]]:
    found = [
        re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", option.text)
        for option in question.options
    ]
    return [(int(one[3]), int(one[2]), int(one[1])) for one in found if one]


def test_four_vietnamese_shows_and_one_english_are_shipped() -> None:
    assert [pack.id for pack in PACKS] == [
        *(f"cchc-2023-so-{number}" for number in range(1, 5)),
        "par-en-1",
    ]
    assert [pack.lang for pack in PACKS] == ["vi"] * 4 + ["en"]
    assert [folder.name for folder in sorted(HOUSE.iterdir())] == [
        pack.id for pack in PACKS
    ]


@every_pack
def test_pack_has_ten_questions_then_two_reserves(pack: Pack) -> None:
    assert [one.reserve for one in pack.questions] == [False] * 10 + [True] * 2


@every_pack
def test_keys_are_spread_over_the_letters(pack: Pack) -> None:
    keys = Counter(one.key for one in pack.questions if not one.reserve)

    assert set(keys) == set("ABCD")
    assert set(keys.values()) <= {2, 3}


@every_pack
def test_same_letter_is_never_right_three_times_running(pack: Pack) -> None:
    keys = [one.key for one in pack.questions]

    assert not [at for at in range(2, 12) if len(set(keys[at - 2 : at + 1])) == 1]


@every_pack
def test_no_explanation_gives_away_a_later_answer(pack: Pack) -> None:
    for at, earlier in enumerate(pack.questions):
        for later in pack.questions[at + 1 :]:
            key = next(one.text for one in later.options if one.id == later.key)
            # A bare number with a unit may well stand elsewhere.
            if re.fullmatch(r"\d+ ?\D{0,9}", key):
                continue
            told = f"{earlier.text} {earlier.explanation} {earlier.source}"
            assert key not in told or key in later.text, (earlier.id, later.id, key)


def test_no_question_is_asked_twice_in_a_language() -> None:
    asked = Counter((pack.lang, question.id) for pack, question in QUESTIONS)

    assert max(asked.values()) == 1


@every_question
def test_question_is_read_in_time(pack: Pack, question: Question) -> None:
    words = word_count(question.text)
    options = [word_count(option.text) for option in question.options]

    assert words <= MOST_WORDS
    assert max(options) <= MOST_OPTION_WORDS
    assert words + sum(options) <= MOST_WORDS_TOGETHER
    assert question.text.endswith("?")


@every_question
def test_question_has_four_options_explained_sourced_dated_and_reviewed(
    pack: Pack, question: Question
) -> None:
    assert len(question.options) == 4
    assert 0 < len(question.explanation) <= MOST_EXPLANATION
    assert question.explanation.endswith(".")
    assert question.source
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", question.as_of)
    assert question.author != question.reviewer


@every_question
def test_numbers_and_days_are_in_order(pack: Pack, question: Question) -> None:
    assert numbers(question) == sorted(numbers(question))
    if len(days(question)) == len(question.options):
        assert days(question) == sorted(days(question))


@every_question
def test_strings_are_whole_and_clean(pack: Pack, question: Question) -> None:
    for text in strings(question):
        assert text == unicodedata.normalize("NFC", text)
        assert text == " ".join(text.split())
        assert not re.search(r" [,.?;:]|\.\.| - |\"|[(“] |!", text), text


@every_question
def test_nothing_is_asked_that_must_not_be(pack: Pack, question: Question) -> None:
    assert not NEVER.search(" ".join(strings(question)))


@every_question
def test_open_frame_leaves_room_for_its_envelope(
    pack: Pack, question: Question
) -> None:
    """The open frame and its ping are one write of 1 200 bytes (Source: R4.10)."""
    shown = {
        "text": question.text,
        "options": [{"id": one.id, "text": one.text} for one in question.options],
    }

    assert len(json.dumps(shown, ensure_ascii=False).encode()) <= 700


def test_days_and_numbers_are_recognised_by_this_test() -> None:
    found = {question.id for _, question in QUESTIONS if days(question)}
    counted = {question.id for _, question in QUESTIONS if numbers(question)}

    assert {"e11", "e23", "f17", "e30"} <= found
    assert {"a34", "a38", "a42", "c04", "e25"} <= counted
