"""`quizserver migrate`: bring the database to this version's schema.

`serve` does it by itself; this is for those who want it done before. It takes
the database for itself, so it refuses while a server runs.
"""

from quizserver.cli.options import DataDir
from quizserver.cli.output import Json, speaker, tell
from quizserver.premises import prepare_folder
from quizserver.settings import read_settings


def command(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Create or upgrade the database; nothing happens when it is current."""
    from quizserver.store.files import FileLock
    from quizserver.store.ledger import database_path
    from quizserver.store.migrate import HEAD, is_current, upgrade

    settings = read_settings(data_dir=data_dir)
    path = database_path(settings.database)
    prepare_folder(path.parent)
    lock = FileLock(path)
    try:
        changed = not is_current(path)
        if changed:
            upgrade(settings.database)
    finally:
        lock.release()
    how = "changed" if changed else "current"
    said = speaker()(f"migrate.{how}", file=str(path), version=HEAD)
    fields = {"database": str(path), "version": HEAD, "changed": changed}
    tell(said, fields, as_json=as_json)
