"""The reference of rules and wire, held to the code."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from quizserver.domain.bounds import TIMES
from quizserver.domain.events import KINDS
from quizserver.domain.phases import TRANSITIONS, Phase
from quizserver.domain.rejections import Reason
from quizserver.domain.rundown import Rules
from quizserver.live.orders import COMMANDS
from quizserver.web.routes import ROUTES
from quizserver.wire.common import Close
from quizserver.wire.host import HostIn, HostOut
from quizserver.wire.overlay import OverlayIn, OverlayOut
from quizserver.wire.phone import PhoneIn, PhoneOut

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs" / "reference"
WIRE = (REFERENCE / "wire.md").read_text(encoding="utf-8")
RULES = (REFERENCE / "rules.md").read_text(encoding="utf-8")


def cited() -> set[str]:
    """Return every rule number that code and tests cite."""
    files = [
        path
        for folder in ("quizserver", "overlays", "tests")
        for ending in ("*.py", "*.js")
        for path in (ROOT / folder).rglob(ending)
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return set(re.findall(r"\bR[1-6]\.\d+\b", text))


def test_every_cited_rule_is_written() -> None:
    written = set(re.findall(r"^\*\*(R[1-6]\.\d+)\*\*", RULES, re.MULTILINE))
    assert cited() - written == set()


def test_every_setting_of_a_show_is_in_the_rules_with_its_default_and_its_bounds() -> (
    None
):
    """One place says them; the table is held to it, and the table to the text."""
    rules = {one.name: one.default for one in fields(Rules)}
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", RULES, re.MULTILINE)
    table = {name: (unset, takes) for name, unset, takes in rows if name in rules}
    assert table.keys() == rules.keys()
    spaced = {
        name: f"{bound.least:,} to {bound.most:,}" for name, bound in TIMES.items()
    }
    for name, takes in spaced.items():
        told = (f"{rules[name]:,}".replace(",", " "), takes.replace(",", " "))
        assert table[name] == told
    named = set(re.findall(r"\*setting\*,?\s+`(\w+)`", RULES))
    named |= set(re.findall(r"`(\w+)`\s+(?:prizes already\s+)?\(\*setting\*", RULES))
    assert named == rules.keys()


@pytest.mark.parametrize(
    "message",
    [
        m
        for union in (PhoneOut, PhoneIn, HostOut, HostIn, OverlayIn, OverlayOut)
        for m in get_args(union)
    ],
)
def test_every_message_is_in_the_reference(message: type) -> None:
    assert f"`{message.__struct_config__.tag}`" in WIRE or (  # type: ignore[attr-defined]
        f'"{message.__struct_config__.tag}"' in WIRE  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize("code", [c for c in Close if c is not Close.GOING_AWAY])
def test_every_close_code_has_its_line(code: Close) -> None:
    assert f"| {int(code)} |" in WIRE


@pytest.mark.parametrize("name", [*COMMANDS, *(reason.value for reason in Reason)])
def test_every_command_and_rejection_is_in_the_reference(name: str) -> None:
    assert f"`{name}`" in WIRE


def test_every_call_of_the_api_is_in_the_reference() -> None:
    missing = [
        row.path
        for row in ROUTES
        if row.path.startswith("/api/")
        and row.path.rsplit("/", 1)[-1].rpartition(".")[2] not in WIRE
    ]
    assert missing == []


def drawing() -> str:
    """Return the table of phases as docs/reference/phases.md holds it."""
    rows = [
        f"| `{phase.value}` | `{command}` | `{after.value}` |"
        for phase in Phase
        for command, after in TRANSITIONS[phase].items()
    ]
    return "\n".join(
        [
            "# Phases",
            "",
            "Which command is allowed in which phase, and the phase that follows;",
            "everything else is refused and changes nothing. `HideName`, `PostNotice`",
            "and `SetEligible` are allowed always, and change no phase but where they",
            "have a row. `ResumeShow` gives back the phase behind the pause. "
            "Drawn from",
            "`quizserver/domain/phases.py`; a test holds it.",
            "",
            "| Phase | Command | Then |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def test_the_table_of_phases_is_drawn_from_the_code() -> None:
    written = (REFERENCE / "phases.md").read_text(encoding="utf-8")
    assert drawing() == written


def test_every_event_is_in_the_past_tense() -> None:
    """House words: command → event → cue."""
    assert all(re.search(r"(ed|en|wn|Set)$", name) for name in KINDS)
