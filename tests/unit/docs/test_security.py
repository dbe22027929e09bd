"""The page on roles and protection says what the code does."""

import re
from pathlib import Path
from typing import Final

from quizserver.live.access import RIGHTS, Right, Role
from quizserver.store.accounts import IDLE_MS, LONGEST_MS
from quizserver.store.passwords import PASSWORD_MAX, PASSWORD_MIN
from quizserver.web import throttle

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = (ROOT / "docs" / "reference" / "security.md").read_text("utf-8")
HOUR_MS: Final = 3_600_000


def test_table_of_roles_is_that_of_the_code() -> None:
    head, _, *rows = re.findall(r"^\|(.+)\|$", PAGE, re.MULTILINE)
    roles = [cell.strip() for cell in head.split("|")[2:]]
    said = {}
    for row in rows:
        right, _, *may = (cell.strip() for cell in row.split("|"))
        said[right.strip("`")] = {r for r, yes in zip(roles, may, strict=True) if yes}
    assert set(roles) == {str(role) for role in Role}
    assert said == {
        right.value: {role.value for role in Role if right in RIGHTS[role]}
        for right in Right
    }


def test_figures_are_those_of_the_code() -> None:
    words = " ".join(PAGE.split())
    for sentence in (
        f"{PASSWORD_MIN} to {PASSWORD_MAX} characters",
        f"{IDLE_MS // HOUR_MS} hours after the last use",
        f"after {LONGEST_MS // (24 * HOUR_MS)} days in any case",
        f"After {throttle.FREE} failures",
        f"{throttle.FIRST_MS / 1000:g} s at first, doubling to "
        f"{throttle.LONGEST_MS // 1000} s",
    ):
        assert sentence in words
    assert (throttle.LINE, throttle.NETWORK, throttle.AT_ONCE) == (4, 8, 2)
    assert "Two passwords are checked at once" in words
    assert "Four attempts may wait in such a line, eight from one address" in words
