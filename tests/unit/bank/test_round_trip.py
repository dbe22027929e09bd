"""What is exported and loaded again is the same pack, whatever it holds."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from quizserver.bank.export import export
from quizserver.bank.load import READERS, load
from quizserver.domain.ids import OPTION_IDS, QuestionId
from quizserver.domain.rundown import Option, Pack, Question
from tests.unit.bank.packs_of_chance import packs

HOUSE = Path(__file__).resolve().parents[3] / "questions"


def loaded_again(pack: Pack, form: str, lang: str = "vi") -> Pack:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"pack{form}"
        path.write_bytes(export(pack, form, lang))
        return load(path)


def pack_of(*texts: str) -> Pack:
    """A pack whose question, options and source are `texts`."""
    question = Question(
        id=QuestionId("c01"),
        text=texts[0],
        options=tuple(
            Option(id=letter, text=text)
            for letter, text in zip(OPTION_IDS, texts, strict=False)
        ),
        key=OPTION_IDS[0],
        source=texts[0],
        author=texts[0],
        reviewer=texts[1],
    )
    return Pack(id="p", title=texts[0], lang="vi", questions=(question,))


@pytest.mark.parametrize("form", READERS)
@given(pack=packs())
@example(pack=pack_of("=1+1", "'=1+1", "''=1+1", "'", "''-", "@x"))
@example(pack=pack_of('say "hi"', "back\\slash", "a\\", '"', "'\"'", "\\u0041"))
@example(pack=pack_of("# not a remark", "a|b", "; ,", "[[question]]", "key = 1"))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_pack_survives_export_and_import(form: str, pack: Pack) -> None:
    assert loaded_again(pack, form) == pack


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("folder", sorted(HOUSE.iterdir()), ids=lambda path: path.name)
def test_house_pack_survives_every_form_and_heading(
    folder: Path, lang: str, form: str
) -> None:
    pack = load(folder)

    assert loaded_again(pack, form, lang) == pack


def test_other_forms_are_refused() -> None:
    with pytest.raises(ValueError, match="pdf"):
        export(pack_of("a", "b"), ".pdf", "vi")
