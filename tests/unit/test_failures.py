"""Every failure has its sentence in every language, and every sentence is used."""

import ast
import errno
import os
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from quizserver.bank.shelf import UnknownPack
from quizserver.domain.rejections import Reason
from quizserver.failures import Failure, cause_of
from quizserver.settings import Settings
from quizserver.shipped import PACKAGE
from quizserver.texts.catalogue import LANGS, areas, catalogue

ENGLISH = catalogue("en", areas())
AREAS = ("failure", "desk", "doctor")
"""The areas of which every key is looked for; others say more than refusals."""

FAILURES = {"Failure", "Unfit", "NoProgram", "_Broken"}
"""The classes that take a key."""

BUILT = {
    "failure.expected.": set(Settings.model_fields),
    "failure.cause.": set(errno.errorcode.values()),
    "live.rejected.": {reason.value for reason in Reason},
    "cli.results.": {"not_written", "not_read", "no_results"},
    "failure.account.": {"name_empty", "name_taken", "name_unknown", "last_owner"}
    | {"password_short", "password_long"},
}
"""Keys that are put together, and what they end in."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Return every failure that is made in the program, with where."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in FAILURES:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


CALLS = dict(calls())


def placeholders(key: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(ENGLISH[key]) if name}


@pytest.mark.parametrize("place", CALLS)
def test_every_failure_has_a_sentence_and_all_it_says(place: str) -> None:
    call = CALLS[place]
    key, given = call.args[0], {one.arg for one in call.keywords}
    if isinstance(key, ast.JoinedStr):
        head = key.values[0]
        assert isinstance(head, ast.Constant)
        assert head.value in BUILT
        return
    if isinstance(key, ast.Name):  # as in `cause_of`, which looks first
        return
    assert isinstance(key, ast.Constant)
    assert placeholders(str(key.value)) == given - {None} or None in given


@pytest.mark.parametrize("head", sorted(BUILT.keys() - {"failure.cause."}))
def test_every_key_that_is_put_together_is_there(head: str) -> None:
    assert {head + end for end in BUILT[head]} <= set(ENGLISH)


def test_every_sentence_is_used() -> None:
    sources = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    used = set(re.findall(r'"([a-z_]+\.[\w.]+)"', sources))
    used |= {head + end for head, ends in BUILT.items() for end in ends}
    # The doctor's are `doctor.<verdict>`, `.<check>` and `.<check>.<what it found>`.
    parts = set(re.findall(r"(?<![\w.])([a-z_]+)(?!\w)", sources))
    unused = [key for key in catalogue("vi", AREAS) if key not in used]
    assert [
        key
        for key in unused
        if not key.startswith("doctor.") or not set(key.split(".")) <= parts
    ] == []


NAMED_IN_ANOTHER = re.compile(
    r"failure\.(cause|expected|backup|none|no_compiler|compiler_fails|folder_unusable)"
)
"""Keys whose texts stand within another sentence, which has the cure."""

CURES = {
    "vi": r"(?i)hãy |nên |xem: |cần |cần: |hiện có: |gần nhất là |là tệp ",
    "en": r"[;,] ",
}


@pytest.mark.parametrize("lang", LANGS)
def test_every_refusal_says_what_to_do(lang: str) -> None:
    said = catalogue(lang, ("failure", "desk"))
    assert [
        (key, sentence)
        for key, sentence in said.items()
        if not NAMED_IN_ANOTHER.match(key) and not re.search(CURES[lang], sentence)
    ] == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_failure_says_its_cause_in_the_same_language(lang: str) -> None:
    cause = Failure("failure.backup.missing", name="quiz.db")
    whole = Failure("failure.no_whole_backup", file="a.tar", cause=cause)
    assert cause.in_words(lang) in whole.in_words(lang)


def test_a_failure_is_said_in_the_readers_language_and_english_elsewhere() -> None:
    failure = Failure("desk.no_show", code="X1", there="")
    assert str(failure) == "there is no show 'X1'; there is: none"
    assert failure.in_words("vi") == "Không có số phát sóng “X1”. Hiện có: không có."


def test_a_pack_that_is_missing_is_said_in_the_readers_language() -> None:
    missing = UnknownPack("x", ())
    assert str(missing) == "there is no pack 'x'; there is: none"
    assert missing.in_words("vi").startswith("Không có gói câu hỏi “x”.")


def test_causes_have_the_systems_own_words_in_english() -> None:
    known = [key for key in ENGLISH if key.startswith("failure.cause.")]
    for key in known:
        number = getattr(errno, key.rpartition(".")[2])
        error = OSError(number, os.strerror(number))
        assert str(cause_of(error)) == os.strerror(number).lower()
        assert isinstance(cause_of(error), Failure)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EPERM, "[SSL] PEM lib"), "[ssl] pem lib"),
        (OSError(errno.EBADF, "Bad file descriptor"), "bad file descriptor"),
        (ValueError("Not A Number"), "Not A Number"),
    ],
)
def test_a_cause_without_words_is_given_on_as_it_is(
    error: Exception, said: str
) -> None:
    assert cause_of(error) == said
