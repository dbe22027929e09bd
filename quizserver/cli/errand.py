"""Takes an act to the server: the one that runs, else one opened for it alone.

The second server listens on this machine only, on a free port, serves nobody
and ends with the act; so shows, rules and log entries are made by the same
code either way. Used by `show` and `account`.
"""

import asyncio
from pathlib import Path

from quizserver.desk.acts import Act, Desk, Told, perform
from quizserver.desk.line import ask
from quizserver.settings import Settings, read_settings


def carry_out(act: Act, data_dir: Path | None) -> Told:
    """Do `act` and return what it has to tell.

    Raises:
        Failure: it cannot be done; the sentence says why.
    """
    settings = read_settings(data_dir=data_dir)
    told = ask(settings.data_dir, act)
    return asyncio.run(_alone(settings, act)) if told is None else told


async def _alone(settings: Settings, act: Act) -> Told:
    from quizserver.app import pack_folders, running

    quiet = settings.model_copy(update={"host": "127.0.0.1", "port": 0})
    async with running(quiet) as server:
        desk = Desk(
            shows=server.shows,
            accounts=server.accounts,
            packs=pack_folders(settings),
            stays=False,
        )
        return await perform(desk, act)
