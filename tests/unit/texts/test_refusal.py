"""Refusals speak the reader's language, and every sentence of theirs is used."""

import re

import pytest

from quizserver.bank.shelf import UnknownPack
from quizserver.failures import Failure
from quizserver.shipped import PACKAGE
from quizserver.texts.catalogue import LANGS, catalogue
from quizserver.texts.refusal import Refusal


def test_a_refusal_is_said_in_the_readers_language() -> None:
    refusal = Refusal("no_show", code="X1", there="")
    assert str(refusal) == "there is no show 'X1'; there is: none"
    assert refusal.in_words("vi") == "Không có số phát sóng “X1”. Hiện có: không có."


def test_a_pack_that_is_missing_is_said_in_the_readers_language() -> None:
    missing = UnknownPack("x", ())
    assert str(missing) == "there is no pack 'x'; there is: none"
    assert missing.in_words("vi").startswith("Không có gói câu hỏi “x”.")


@pytest.mark.parametrize("lang", LANGS)
def test_a_failure_with_one_sentence_says_it_in_every_language(lang: str) -> None:
    assert Failure("as it is").in_words(lang) == "as it is"


def test_every_sentence_is_there_and_used() -> None:
    sources = [
        *PACKAGE.glob("desk/*.py"),
        *PACKAGE.glob("bank/*.py"),
        *PACKAGE.glob("cli/*.py"),
        PACKAGE / "texts" / "refusal.py",
    ]
    text = "".join(path.read_text("utf-8") for path in sources)
    used = set(re.findall(r'Refusal\(\s*"(\w+)"', text))
    used |= set(re.findall(r'text\(lang, "desk\.(\w+)"', text))
    assert {f"desk.{key}" for key in used} == set(catalogue("vi", ["desk"]))
