"""Which letters make a name look like another, and which do not."""

import pytest

from quizserver.live.lookalikes import strange_letters
from quizserver.live.names import clean
from tests.hostile_texts import HOSTILE


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nguyễn Vаn An", "а"),  # a Cyrillic a
        ("Nguyễn Văn Аn", "А"),  # and a large one
        ("Trần-Τhị Bình", "Τ"),  # a Greek T
        ("Lê Тоа", "Тоа"),  # a whole word of Cyrillic twins
        ("Аnnа Lê", "Аа"),  # each letter is named once
        ("Ρавел", "Ρ"),  # a Greek letter in a Cyrillic word
        ("Văn Ӑn", "А"),  # under a mark, too
    ],
)
def test_letters_of_another_alphabet_are_found(name: str, letters: str) -> None:
    assert strange_letters(clean(name)) == letters


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Phương Thảo",
        "Đặng Ngọc Ẩn",
        "H'Hen Niê Kđăm",
        "Müller-Østergård Łukasz",
        "Анна Петрова",
        "Αλέξανδρος Παπαδόπουλος",
        "Anna Петрова",
        "Team λ 2",
        "Lê An 安 あん 안",
        "Nguyễn An (Sở Nội vụ)",
        "𝓝𝓰𝓸𝓬",
        "42 !",
        *HOSTILE.values(),
    ],
)
def test_a_name_that_is_what_it_looks_like_has_none(name: str) -> None:
    assert strange_letters(clean(name)) == ""
