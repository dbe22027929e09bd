"""Names: somebody's own, made safe for every screen, never judged."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizserver.live.names import MAX_NAME, clean, fits, initials

FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Phương Thảo",
        "Đặng Thị Ngọc Quỳnh",
        "O’Brien-Nguyễn",
        "H'Hen Niê",
        "Y Bhăm Ênuôl",
        "張偉",
        "محمد",
        "می‌خواهم",
        "क्षितिज",
        FAMILY,
        "❤️‍🔥 An",
        "👩🏽‍❤️‍💋‍👨🏿",
        "🏴‍☠️",
        "ကြောင်း",
        "Ｎguyễn",
    ],
)
def test_a_normal_name_stays_as_it_is(name: str) -> None:
    """R2.1: Unicode; the world's names are not ours to correct."""
    assert clean(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  An \t Bình\n", "An Bình"),
        ("An\u00a0Bình", "An Bình"),
        ("An\u2028Bình", "An Bình"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("An\u202eBình", "AnBình"),
        ("An\u3164Bình\u2800", "An Bình"),
        ("\u3164\uffa0\u115f", ""),
        ("\u2066An\u2069", "An"),
        ("A\u200bn\ufeff", "An"),
        ("An\u0000\u0007\u007f", "An"),
        ("\ud800An", "An"),
        ("\ue000An", "An"),
        ("\u200d\u200dAn\u200d", "An"),
        ("An \u200d Bình", "An Bình"),
        ("\u0301An", "An"),
        ("An \u0301Bình", "An Bình"),
        ("A" + "\u0316" * 9 + "n", "A" + "\u0316" * 2 + "n"),
        ("A" + "\u0316\u200b" * 9 + "n", "A" + "\u0316" * 2 + "n"),
        ("A" + "\u0316\u200d" * 2 + "\u0316n", "A\u0316\u0316n"),
        ("A\u200dn B\u200cình", "An Bình"),
        ("ক\u200d\u200d\u200cষ", "ক\u200dষ"),
        ("\u200d👩\u200d👩", "👩\u200d👩"),
        ("👩\u200d" * 7 + "👩", "👩\u200d" * 4 + "👩👩\u200d👩\u200d👩"),
        ("👩🏽\u200d" * 6 + "👩", "👩🏽\u200d" * 4 + "👩🏽👩🏽\u200d👩"),
        ("क" + "ा" * 9 + "\u0316ि", "क" + "ा" * 4 + "\u0316"),
        ("\u20ddA\u20dd\u20dd\u20ddn", "A\u20dd\u20ddn"),
        ("e\u200b\u0301", "é"),
        ("", ""),
        ("\u200b \u202e\u200d", ""),
    ],
    ids=lambda text: ascii(text)[:40],
)
def test_what_would_break_a_line_or_hide_a_letter_is_dropped(
    typed: str, shown: str
) -> None:
    """Bidirectional controls, zalgo, zero-width and half characters."""
    assert clean(typed) == shown


@given(st.text(max_size=60))
def test_a_clean_name_is_nfc_on_one_line_and_cleaning_again_changes_nothing(
    typed: str,
) -> None:
    name = clean(typed)
    assert name == unicodedata.normalize("NFC", name)
    assert name == " ".join(name.split())
    assert clean(name) == name
    controls = {unicodedata.category(c) for c in name} & {"Cc", "Cs", "Co", "Cn"}
    assert not controls


@given(st.text("e\u0301\u0316\u200b\u200d\u202e ", max_size=40))
def test_no_letter_ever_carries_more_than_two_marks(typed: str) -> None:
    for word in clean(typed).replace("\u200d", "").split():
        marks = 0
        for char in word:
            marks = marks + 1 if unicodedata.combining(char) else 0
            assert marks <= 2


@pytest.mark.parametrize(
    ("name", "is_short"),
    [
        ("ễ" * MAX_NAME, True),
        ("ễ" * (MAX_NAME + 1), False),
        (FAMILY * 35, True),
        (FAMILY * 41, False),
        ("", True),
        ("a" + "\u0316" * 400, False),
    ],
    ids=["40", "41", "families", "41 families", "none", "one, of 800 bytes"],
)
def test_length_is_counted_as_readers_count(name: str, is_short: bool) -> None:
    """R2.1: 1 to 40 graphemes; and bytes are bounded too."""
    assert fits(name, MAX_NAME) is is_short


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nguyễn Thị Phương Thảo", "N. T. P. T."),
        ("đặng an", "Đ. A."),
        ("A B C D E", "A. B. C. D."),
        ("An", "A."),
        ("", ""),
    ],
)
def test_initials_stand_for_a_name_that_is_not_shown(name: str, letters: str) -> None:
    assert initials(name) == letters
