"""Numbers and times as they stand on screens and in reports."""

import pytest

from quizserver.texts.formats import day, decimal, integer, moment, seconds, size

NEW_YEAR_IN_HANOI_MS = 1_798_736_400_000
"""2026-12-31 17:00:00 UTC."""


@pytest.mark.parametrize(
    ("ms", "vi", "en"),
    [
        (0, "0,00", "0.00"),
        (9, "0,00", "0.00"),
        (2_919, "2,91", "2.91"),
        (14_999, "14,99", "14.99"),
        (1_234_560, "1.234,56", "1,234.56"),
    ],
)
def test_seconds_are_cut_to_the_hundredths_that_rank(ms: int, vi: str, en: str) -> None:
    assert seconds("vi", ms) == vi
    assert seconds("en", ms) == en


def test_integer_groups_by_three() -> None:
    assert integer("vi", 1_234_567) == "1.234.567"
    assert integer("en", 1_234_567) == "1,234,567"


def test_decimal_has_a_comma_in_vietnamese() -> None:
    assert decimal("vi", 1234.5, 1) == "1.234,5"
    assert decimal("en", 1234.5, 1) == "1,234.5"


@pytest.mark.parametrize(
    ("count", "vi", "en"),
    [
        (0, "0 MB", "0 MB"),
        (199_999_999, "199 MB", "199 MB"),
        (999_999_999, "999 MB", "999 MB"),
        (1_000_000_000, "1,0 GB", "1.0 GB"),
        (1_999_999_999, "1,9 GB", "1.9 GB"),
        (2_048_300_000_000, "2.048,3 GB", "2,048.3 GB"),
    ],
)
def test_size_is_cut_so_that_there_is_never_less(count: int, vi: str, en: str) -> None:
    assert (size("vi", count), size("en", count)) == (vi, en)


def test_day_is_the_one_in_vietnam() -> None:
    assert day("vi", NEW_YEAR_IN_HANOI_MS) == "01/01/2027"
    assert day("vi", NEW_YEAR_IN_HANOI_MS - 1) == "31/12/2026"
    assert day("en", NEW_YEAR_IN_HANOI_MS) == "1 Jan 2027"


def test_moment_is_time_of_day_in_vietnam() -> None:
    assert moment("vi", NEW_YEAR_IN_HANOI_MS) == "00:00:00 01/01/2027"
    assert moment("en", NEW_YEAR_IN_HANOI_MS - 1000) == "23:59:59 31 Dec 2026"
