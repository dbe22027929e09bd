"""Whatever the verifier finds has a sentence in every language, and each is used."""

import ast
import random
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest

from quizserver.reports import verify as verifier
from quizserver.reports.verify import Finding, verify
from quizserver.reports.wording import in_words
from quizserver.texts.catalogue import LANGS, catalogue
from tests.unit.reports.test_tampering import KINDS, Edit

ENGLISH = catalogue("en", ["verify"])
OF_ENGLISH = {"recomputed", "the", "was", "lines", "told", "missing"}
"""Words of its sentences that no value in a file has, and no error of Python's."""


def made() -> Iterator[tuple[str, set[str]]]:
    """Return key and values of each finding that is made, one for each key of two."""
    for path in sorted(Path(verifier.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                for key in keys(node.args[0]):
                    yield key, {str(value.arg) for value in node.keywords}


def keys(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return keys(node.body) + keys(node.orelse)
    assert isinstance(node, ast.Constant)
    return [str(node.value)]


MADE = list(made())


def placeholders(key: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(ENGLISH[key]) if name}


def test_every_finding_has_a_sentence_and_every_sentence_is_used() -> None:
    assert {key for key, _ in MADE} == set(ENGLISH)


@pytest.mark.parametrize(("key", "values"), MADE)
def test_a_sentence_says_all_that_was_found_and_nothing_else(
    key: str, values: set[str]
) -> None:
    assert placeholders(key) == values


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("key", "values"), MADE)
def test_every_finding_is_said_in_every_language(
    key: str, values: set[str], lang: str
) -> None:
    given = {name: f"<{name}>" for name in values}
    sentence = in_words(Finding(key, **given), lang)
    assert all(value in sentence for value in given.values())
    assert not {"{", "}"} & set(sentence)


def test_a_finding_within_another_is_said_in_the_same_language() -> None:
    finding = Finding(
        "verify.other_place",
        what=Finding("verify.board", question="q1"),
        place=2,
        told="rank 2",
        value=Finding("verify.nobody"),
    )
    assert [in_words(finding, lang) for lang in LANGS] == [
        "bảng kết quả câu q1 ở vị trí 2 ghi rank 2, tính lại được không có ai",
        "the board of q1 has at place 2 rank 2, recomputed nobody",
    ]


def test_what_stands_in_the_file_is_told_as_it_stands_there() -> None:
    """Whoever searches the file for a number or a text finds it."""
    values = {"name": "T_us", "told": 1234567, "value": "{value}"}
    for lang in LANGS:
        sentence = in_words(Finding("verify.other_value", **values), lang)
        assert sentence.startswith("T_us ")
        assert "1234567" in sentence
        assert "{value}" in sentence


def test_a_value_is_that_of_the_moment_and_refused_there_if_it_cannot_be_written() -> (
    None
):
    """The verifier tells a line that it cannot read; who says it later could not."""
    waiting = ["q1"]
    finding = Finding("verify.asked_another", question="q2", waiting=waiting)
    waiting.append("q3")
    assert "['q1']" in in_words(finding, "en")
    with pytest.raises(ValueError, match="digits"):
        Finding("verify.no_link", link=10**5_000)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_done_to_a_file_is_said_in_vietnamese(
    kind: Callable[[random.Random, list[bytes]], Edit], lines: list[bytes]
) -> None:
    for seed in range(5):
        for finding in verify(kind(random.Random(seed), lines).lines):
            sentence = in_words(finding, "vi")
            assert unicodedata.is_normalized("NFC", sentence)
            assert not sentence.isascii(), sentence
            assert not OF_ENGLISH & set(sentence.replace(",", "").split()), sentence
