"""The rules of single values."""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime

import pytest

from quizserver.bank.drafts import Spoilt
from quizserver.bank.fields import (
    Wrong,
    read_date,
    read_duration,
    read_flag,
    read_id,
    read_key,
    read_lang,
    read_pack_id,
    read_text,
    tidy,
)


def code_of(read: Callable[[], object]) -> str:
    with pytest.raises(Wrong) as caught:
        read()
    return caught.value.code


def test_text_becomes_nfc_with_single_blanks_and_nothing_unseen() -> None:
    raw = unicodedata.normalize("NFD", " Sở\u00a0 Nội\u200b\n vụ\ufeff ")

    assert tidy(raw) == "Sở Nội vụ"


def test_text_of_the_longest_length_is_taken() -> None:
    assert read_text("ế" * 200, most=200) == "ế" * 200
    assert code_of(lambda: read_text("ế" * 201, most=200)) == "too_long"


def test_family_of_joined_pictographs_is_kept_whole() -> None:
    assert read_text("👨‍👩‍👧", most=1) == "👨‍👩‍👧"


def test_chain_of_pictures_wider_than_a_screen_is_refused() -> None:
    """One grapheme by the rules of Unicode, and forty pictures wide."""
    with pytest.raises(Wrong) as wrong:
        read_text("👩\u200d" * 40 + "👩")
    assert wrong.value.code == "hidden_character"


def test_cell_that_is_spoilt_says_why() -> None:
    assert code_of(lambda: read_text(Spoilt(code="cell_formula", found="=1"))) == (
        "cell_formula"
    )


@pytest.mark.parametrize("found", ["B", "b", " b ", ["B"]])
def test_key_is_one_letter_in_any_case(found: object) -> None:
    assert read_key(found, 4) == "B"


@pytest.mark.parametrize("found", ["A,B", "A B", "A và C", "B/C", ["A", "B"], "A&B"])
def test_two_letters_are_two_keys(found: object) -> None:
    assert code_of(lambda: read_key(found, 4)) == "two_keys"


@pytest.mark.parametrize("found", ["E", "15 giây", "1", "AB", "Ậ", " "])
def test_key_that_names_no_option_is_refused(found: str) -> None:
    assert code_of(lambda: read_key(found, 4)) == "bad_key"


@pytest.mark.parametrize(
    "found",
    [
        date(2023, 12, 22),
        datetime(2023, 12, 22, 8, 30),  # noqa: DTZ001 - sheets know no time zones
        "2023-12-22",
        "22/12/2023",
    ],
)
def test_date_in_each_form_is_the_same_day(found: object) -> None:
    assert read_date(found) == "2023-12-22"


@pytest.mark.parametrize("found", ["12/22/2023", "31/02/2023", "hôm qua", "2023"])
def test_day_that_is_none_is_refused(found: str) -> None:
    assert code_of(lambda: read_date(found)) == "bad_date"


def test_no_date_is_no_date() -> None:
    assert read_date("") == ""


def test_duration_has_its_bounds() -> None:
    assert read_duration("15000") == 15_000
    assert read_duration("") is None
    assert [read_duration(ms) for ms in (5_000, 120_000)] == [5_000, 120_000]
    for found in (4_999, 120_001, "0"):
        assert code_of(lambda found=found: read_duration(found)) == (  # type: ignore[misc]
            "duration_out_of_bounds"
        )


@pytest.mark.parametrize("found", [True, 15.5, "15s", "-1"])
def test_duration_that_is_no_whole_number_is_refused(found: object) -> None:
    assert code_of(lambda: read_duration(found)) == "duration_not_whole"


@pytest.mark.parametrize("found", [True, "có", "Có", "x", "yes", "TRUE", "1"])
def test_words_for_yes_are_yes(found: object) -> None:
    assert read_flag(found) is True


@pytest.mark.parametrize("found", [False, "", "không", "no", "0"])
def test_words_for_no_are_no(found: object) -> None:
    assert read_flag(found) is False


@pytest.mark.parametrize(
    "found", ["", "c 1", "câu1", "-c", "c" * 33, "a/b", "a.b", "show"]
)
def test_id_that_is_no_id_is_refused(found: str) -> None:
    assert code_of(lambda: read_id(found)) == "bad_id"


@pytest.mark.parametrize("found", ["", "..", "a/b", "Goi", "gói", "-a", "a" * 65])
def test_pack_id_that_is_no_folder_name_is_refused(found: str) -> None:
    assert code_of(lambda: read_pack_id(found)) == "bad_pack_id"


def test_language_is_read_in_any_case() -> None:
    assert read_lang("VI") == "vi"
