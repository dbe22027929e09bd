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
    from quizserver.store.ledger import bring_up, home
    from quizserver.store.migrate import HEAD

    settings = read_settings(data_dir=data_dir)
    prepare_folder(home(settings.database, settings.data_dir))
    database, changed = bring_up(settings.database)
    how = "changed" if changed else "current"
    said = speaker()(f"migrate.{how}", file=database, version=HEAD)
    fields = {"database": database, "version": HEAD, "changed": changed}
    tell(said, fields, as_json=as_json)
