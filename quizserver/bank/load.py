"""Reads a pack from any of its forms and judges it: the bank's front door.

The ending of the name decides the form; a folder means its `pack.toml`. All
flaws are told at once, and a pack with one is never returned.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from quizserver.bank.csv_form import read_csv
from quizserver.bank.drafts import PackDraft
from quizserver.bank.sources import refuse
from quizserver.bank.toml_form import read_toml
from quizserver.bank.validate import Demands, validate
from quizserver.domain.rundown import Pack

PACK_FILE: Final = "pack.toml"


def _read_xlsx(path: Path) -> PackDraft:
    # Spreadsheets take a fifth of a second to load; a server that starts reads none.
    from quizserver.bank.xlsx_form import read_xlsx  # noqa: PLC0415

    return read_xlsx(path)


READERS: Final[Mapping[str, Callable[[Path], PackDraft]]] = {
    ".toml": read_toml,
    ".csv": read_csv,
    ".xlsx": _read_xlsx,
}


def load(path: Path, demands: Demands | None = None) -> Pack:
    """Return the pack in `path`, a file or a folder with a `pack.toml`.

    Raises:
        PackRefused: with every flaw that was found.
    """
    file = pack_file(path)
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        refuse("unknown_form", str(file), found=file.suffix or file.name, known=known)
    return validate(reader(file), file.parent, demands or Demands())


def pack_file(path: Path) -> Path:
    """Return the file that holds the pack meant by `path`."""
    return path / PACK_FILE if path.is_dir() else path
