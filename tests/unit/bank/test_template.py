"""Templates are sound packs with help, so a writer starts from a pass."""

from pathlib import Path

import pytest

from quizserver.bank.load import READERS, load
from quizserver.bank.template import template
from quizserver.texts.catalogue import LANGS


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("lang", LANGS)
def test_template_passes_its_own_check(tmp_path: Path, form: str, lang: str) -> None:
    path = tmp_path / f"mau{form}"
    path.write_bytes(template(form, lang))

    pack = load(path)

    assert (pack.lang, len(pack.questions)) == (lang, 1)


@pytest.mark.parametrize("form", [".toml", ".csv"])
def test_template_of_text_carries_its_help(form: str) -> None:
    assert "bank check" in template(form, "en").decode()


def test_other_forms_are_refused() -> None:
    with pytest.raises(ValueError, match="pdf"):
        template(".pdf", "vi")
