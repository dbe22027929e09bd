"""Limits count what a reader calls characters."""

import unicodedata

import pytest

from quizserver.bank.graphemes import grapheme_count, most_joined


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("Nguyễn Thị Phương Thảo", 22),
        (unicodedata.normalize("NFD", "Nguyễn Thị Phương Thảo"), 22),
        ("ế" * 200, 200),
        ("👨‍👩‍👧‍👦", 1),
        ("👍🏽!", 2),
        ("🇻🇳🇱🇦", 2),
        ("🇻🇳🇱", 2),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 1),
        ("1️⃣2️⃣", 2),
        ("❤️", 1),
        ("नमस्ते", 4),
        ("한글", 2),
        ("a\u200db", 2),
    ],
)
def test_text_counts_as_its_reader_counts(text: str, count: int) -> None:
    assert grapheme_count(text) == count


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("", 0),
        ("Nguyễn", 0),
        ("👨‍👩‍👧‍👦", 3),
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3),
        ("👩🏽‍❤️‍💋‍👨🏿 🏴‍☠️", 3),
        ("👩🏽\u200d" * 40 + "👩", 40),
    ],
)
def test_longest_chain_of_joined_pictures_is_counted(text: str, most: int) -> None:
    assert most_joined(text) == most
