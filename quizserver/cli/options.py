"""Options that several commands share, worded once."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder of the database; as QUIZ_DATA_DIR."),
]
ShowCodeArgument = Annotated[
    str, typer.Argument(metavar="SHOW", help="Code of the show, CCHC1.")
]
