"""`quizserver backup`: one file with everything a server needs to go on.

Works beside a running server, also in the middle of a show.
"""

from pathlib import Path
from typing import Annotated

import typer

from quizserver.cli.options import DataDir
from quizserver.cli.output import Json, speaker, tell
from quizserver.failures import Failure
from quizserver.live.clock import SystemClock
from quizserver.settings import read_settings
from quizserver.texts.formats import day_of, moment

_Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Unset: backups/quizserver-DATE.tar beside it."
    ),
]


def command(out: _Out = None, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Copy everything to one file; a running server goes on."""
    from quizserver.store.backup import back_up
    from quizserver.store.ledger import database_path, on_postgres

    settings = read_settings(data_dir=data_dir)
    if on_postgres(settings.database):
        raise Failure("cli.backup.no_file", folder=str(settings.data_dir.absolute()))
    database = database_path(settings.database)
    archive = out or settings.data_dir / "backups" / _name()
    manifest = back_up(settings.data_dir, database, settings.secret, archive)
    told = {
        "file": str(archive),
        "bytes": archive.stat().st_size,
        "runs": len(manifest.runs),
        "answers": manifest.answers,
    }
    sentence = speaker()(
        "backup.done",
        file=str(archive),
        runs=len(manifest.runs),
        answers=manifest.answers,
    )
    tell(sentence, told, as_json=as_json)


def _name() -> str:
    """Return a name that says when, in Vietnam: quizserver-2026-11-22-193005.tar."""
    now_ms = SystemClock().utc_ms()
    clock = moment("vi", now_ms)[:8].replace(":", "")
    return f"quizserver-{day_of(now_ms)}-{clock}.tar"
