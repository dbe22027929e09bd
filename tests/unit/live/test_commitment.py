"""What is published of a secret: hashes that anybody can make again."""

import hashlib
import hmac
import json
from dataclasses import replace

import pytest

from quizserver.domain import events as e
from quizserver.domain.evolve import created, evolve
from quizserver.domain.ids import OptionId
from quizserver.live.commitment import (
    as_created,
    pack_hash,
    published_hash,
    question_commitment,
    question_salt,
    question_text,
    seal_code,
)
from tests.shows import AN, Q1, board, creation, leaderboard, question

SALT = "5a" * 32


@pytest.mark.parametrize(
    ("sha256", "code"),
    [
        ("0" * 64, "0000-0000-0000"),
        ("f" * 64, "ZZZZ-ZZZZ-ZZZZ"),
        ("0123456789abcde" + "0" * 49, "04HM-ASW9-NF6Y"),
        ("0123456789abcde" + "f" * 49, "04HM-ASW9-NF6Y"),
    ],
)
def test_a_seal_code_is_the_first_sixty_bits(sha256: str, code: str) -> None:
    """R6.1: Crockford's base 32, most significant first."""
    assert seal_code(sha256) == code


def test_a_commitment_can_be_made_again_with_two_standard_tools() -> None:
    """The recipe of the module's docstring, in other words."""
    asked = question("q1")
    salt = hmac.new(SALT.encode(), b"question:q1", "sha256").hexdigest()
    assert question_salt(SALT, Q1) == salt
    text = question_text(asked)
    fields = json.loads(text)
    assert text == json.dumps(
        fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert fields["key"] == "B"
    expected = hashlib.sha256((salt + text).encode()).hexdigest()
    assert question_commitment(SALT, asked) == expected


def test_the_hash_of_a_pack_is_that_of_its_commitments_in_order() -> None:
    pack = [question("q1"), question("q2")]
    both = "".join(question_commitment(SALT, one) for one in pack)
    assert pack_hash(SALT, pack) == hashlib.sha256(both.encode()).hexdigest()
    assert pack_hash(SALT, pack) != pack_hash(SALT, reversed(pack))


@pytest.mark.parametrize(
    "other",
    [
        question("q1", "C"),
        replace(question("q1"), text="Câu khác?"),
        replace(question("q1"), explanation="Khác"),
        replace(question("q1"), source="Khác"),
    ],
)
def test_whatever_changes_in_a_question_changes_the_hash(other: object) -> None:
    """R6.2."""
    assert isinstance(other, type(question("q1")))
    assert pack_hash(SALT, [other]) != pack_hash(SALT, [question("q1")])


def test_another_salt_is_another_hash() -> None:
    """Else keys could be tried until the hash fits."""
    pack = [question("q1")]
    assert pack_hash(SALT, pack) != pack_hash("5b" * 32, pack)


def test_the_published_hash_stays_whatever_is_corrected() -> None:
    """R6.2: it was told before the show."""
    event = replace(creation(), salt=SALT)
    show = created(event)
    told = published_hash(show)
    assert told == pack_hash(SALT, event.rundown.pack.questions)
    for key in "AC":
        corrected = e.KeyCorrected(
            question=Q1,
            key=OptionId(key),
            reason="Sai",
            board=board((AN, 2_000)),
            leaderboard=leaderboard(),
        )
        show = evolve(show, corrected)
        assert published_hash(show) == told
    assert as_created(show) == event.rundown.pack.questions


def test_a_show_made_without_a_salt_has_no_hash() -> None:
    """It would be one that anybody can find the keys of."""
    assert published_hash(created(creation())) == ""
