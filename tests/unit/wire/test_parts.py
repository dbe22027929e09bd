"""The pieces of messages: absence means the default, and no key anywhere."""

import msgspec
import pytest

from quizserver.wire import parts as p

ANSWER_KEY = {"key", "correct", "right"}
"""Names under which a message may say which option is right."""


def fields(part: type[msgspec.Struct]) -> set[str]:
    """Return the names of a part's fields."""
    return set(part.__struct_fields__)


@pytest.mark.parametrize("part", [p.OptionPart, p.QuestionPart])
def test_a_question_has_no_field_for_its_key(part: type[p.Part]) -> None:
    """R3.6."""
    assert not fields(part) & ANSWER_KEY


def test_public_lists_name_people_and_nothing_else_of_them() -> None:
    """Screens get names that obey consent; ids and units stay with hosts."""
    fastest = p.FastestPart(name="Bình", time_ms=2_910, rank=1)
    assert msgspec.json.encode(fastest) == (
        '{"name":"Bình","time_ms":2910,"rank":1}'.encode()
    )
    row = p.StandingPart(rank=1, tied=True, name="An", right=3, total_ms=9_000)
    assert msgspec.json.encode(row) == (
        b'{"rank":1,"tied":true,"name":"An","right":3,"total_ms":9000}'
    )


def test_an_absent_field_and_its_default_mean_the_same() -> None:
    bare = p.QuestionPart(id="q1", number=1, total=10)
    text = msgspec.json.encode(bare)
    assert text == b'{"id":"q1","number":1,"total":10}'
    assert msgspec.json.decode(text, type=p.QuestionPart) == bare


def test_a_place_has_no_rank_before_the_first_right_answer() -> None:
    text = msgspec.json.encode(p.OwnStandingPart(right=0, total_ms=0))
    assert text == b'{"right":0,"total_ms":0}'
