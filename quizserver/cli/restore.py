"""`quizserver restore`: put a backup into an empty data folder.

Nothing that is there is ever written over.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from quizserver.cli.options import DataDir
from quizserver.cli.output import Json, speaker, tell
from quizserver.failures import Failure
from quizserver.settings import read_settings
from quizserver.texts.formats import moment

_Archive = Annotated[
    Path, typer.Argument(metavar="FILE", help="A file that `backup` has written.")
]


def command(file: _Archive, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Check a backup and put it into the data folder, which must be empty."""
    from quizserver.store.backup import restore
    from quizserver.store.ledger import database_path, on_postgres

    settings = read_settings(data_dir=data_dir)
    if on_postgres(settings.database):
        raise Failure("cli.restore.no_file")
    database = database_path(settings.database)
    manifest = restore(file, settings.data_dir, database, settings.secret)
    told = {
        "database": str(database),
        "made_at": manifest.made_at,
        "runs": len(manifest.runs),
        "answers": manifest.answers,
    }
    made_at = datetime.fromisoformat(manifest.made_at)
    sentence = speaker()(
        "restore.done",
        file=str(database),
        moment=moment(settings.lang, int(made_at.timestamp() * 1000)),
        runs=len(manifest.runs),
        answers=manifest.answers,
    )
    tell(sentence, told, as_json=as_json)
