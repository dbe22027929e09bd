"""Every sentence of a page exists, and every sentence that exists is used."""

import re

from quizserver.domain.prizes import AwardStatus
from quizserver.domain.timing import RULES
from quizserver.shipped import PACKAGE
from quizserver.texts.catalogue import LANGS, catalogue
from quizserver.web.denied import STATUS
from quizserver.web.mydata import PURPOSES

WEB = PACKAGE / "web"
SOURCES = [*WEB.glob("*.py"), *WEB.glob("templates/*.html")]

MADE = {
    *(f"web.error.{code}" for code in STATUS),
    *(f"web.rules.timing.{rule}" for rule in {*RULES, "fair-1"}),
    *(f"web.rules.gist.{rule}" for rule in RULES),
    *(
        f"web.status.{status}"
        for status in AwardStatus
        if status not in {"skipped", "passed"}
    ),
    *(f"web.mine.said.{said}" for said in ("saved", "withdrawn", "waits")),
    *(f"web.mine.{purpose}" for purpose in PURPOSES),
    *(f"web.mine.withdraw.{purpose}" for purpose in PURPOSES),
    *(f"web.results.{stage}" for stage in ("running", "provisional", "final")),
}
"""Keys that a template puts together from a value."""

ACCOUNT = {
    f"web.error.{code}"
    for code in ("name_taken", "name_empty", "password_short", "password_long")
}


def written() -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    return set(re.findall(r"[\"'](web\.[a-z_.0-9-]*[a-z0-9])[\"']", text))


def test_no_sentence_is_missing() -> None:
    wanted = written() | MADE | ACCOUNT
    for lang in LANGS:
        assert wanted - set(catalogue(lang, ["web"])) == set()


def test_no_sentence_is_left_over() -> None:
    for lang in LANGS:
        unused = set(catalogue(lang, ["web"])) - written() - MADE - ACCOUNT
        assert unused == set()
