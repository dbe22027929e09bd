"""Invented people: hard names, and the same ones for the same seed."""

import unicodedata

from quizserver.live.names import MAX_NAME, MAX_UNIT, clean, fits
from quizserver.rehearsal.people import invent


def test_the_same_seed_invents_the_same_people() -> None:
    assert invent(50, 7) == invent(50, 7)
    assert invent(50, 7) != invent(50, 8)
    assert invent(50, 7)[:10] == invent(10, 7)


def test_everybody_could_fill_in_the_form() -> None:
    for person in invent(500, 1):
        assert clean(person.name) == person.name
        assert clean(person.unit) == person.unit
        assert fits(person.name, MAX_NAME)
        assert fits(person.unit, MAX_UNIT)
        assert 0 < person.knows < 1
        assert person.pace > 0


def test_their_names_have_the_marks_that_screens_must_show() -> None:
    letters = {c for person in invent(200, 1) for c in person.name}
    assert len([c for c in letters if unicodedata.decomposition(c)]) > 20
