"""The reference says what the code does: settings and commands, word for word.

After a change, `python -m tests.unit.docs.test_reference` writes both pages anew.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from quizserver.cli.app import COMMANDS, build
from quizserver.settings import table

PAGES: Final = Path(__file__).parents[3] / "docs" / "reference"

SETTINGS_HEAD: Final = """\
# Settings

Every setting is an environment variable that begins with `QUIZ_`; some commands
have a flag for it, and the flag wins. An empty value means "not set". A name
that is not in this table stops the start and names the nearest one, so a typing
slip cannot go unnoticed. What belongs to a show (its timing rule, its prizes) is
no setting of the server: it is kept with the show.

| Setting | Default | Unit | Takes | Meaning |
|---|---|---|---|---|
"""

CLI_HEAD: Final = """\
# Command line

`quizserver` after `pip install`, `.venv/bin/python -m quizserver` in a checkout.

Exit codes: 0 done; 1 failed, with one plain sentence on standard error; 2 used
wrongly. With `--json` a command prints one JSON object on standard output: `ok`,
and either its fields or `errors`, a list of objects with `message`.

Sentences and tables are in the language of `QUIZ_LANG`, Vietnamese unless it says `en`;
fields and codes of `--json` are the same in both. English only: this help, what is said
of a command line that is used wrongly, and the server's log.

Commands that change shows or accounts speak to the server that runs on the same
data folder; where none runs they open the folder themselves. They need the
rights of whoever may read that folder, and no password.
"""


def settings_page() -> str:
    rows = [
        (row.name, row.default, row.unit, row.expected, row.text) for row in table()
    ]
    lines = [
        f"| `{name}` | {_code(default)} | {unit} | {expected} | {text} |\n"
        for name, default, unit, expected, text in rows
    ]
    return SETTINGS_HEAD + "".join(lines)


def cli_page() -> str:
    return CLI_HEAD + "".join(_section(command) for command in _commands())


def _code(value: str) -> str:
    return f"`{value}`" if value else ""


def _section(command: tuple[str, ...]) -> str:
    name = " ".join(("quizserver", *command))
    return f"\n## {name}\n\n```\n{_help(*command)}```\n"


def _commands() -> list[tuple[str, ...]]:
    """Return every command that does something, in the order of the help."""
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        shown = _help(name)
        _, heading, rows = shown.partition("\nCommands:\n")
        parts = [row.split()[0] for row in rows.splitlines() if row[2:3].strip()]
        found += [(name, part) for part in parts] if heading else [(name,)]
    return found


def _help(*command: str) -> str:
    result = CliRunner(env={"COLUMNS": "80"}).invoke(
        build([command[0]]), [*command, "--help"], prog_name="quizserver"
    )
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    ("page", "expected"), [("settings.md", settings_page), ("cli.md", cli_page)]
)
def test_page_is_what_the_code_says(page: str, expected: Callable[[], str]) -> None:
    assert (PAGES / page).read_text(encoding="utf-8") == expected()


def test_every_command_has_a_section() -> None:
    text = (PAGES / "cli.md").read_text(encoding="utf-8")
    missing = [name for name in COMMANDS if f"## quizserver {name}" not in text]
    assert missing == []


if __name__ == "__main__":
    (PAGES / "settings.md").write_text(settings_page(), encoding="utf-8")
    (PAGES / "cli.md").write_text(cli_page(), encoding="utf-8")
