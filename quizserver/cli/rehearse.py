"""`quizserver rehearse`: simulated phones in a show that a person runs.

They join the open lobby of a show and answer as people do, until the show ends or is
begun anew. The panel starts this command for its rehearsal; it speaks only the public
wire and is told nothing that a stranger's phones would not be.
"""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated

import typer

from quizserver.cli.options import ShowCodeArgument
from quizserver.cli.output import speaker
from quizserver.failures import Failure
from quizserver.rehearsal.calls import Refused
from quizserver.rehearsal.crowd import Crowd
from quizserver.rehearsal.phone import Hints
from quizserver.settings import read_settings
from quizserver.wire.common import REHEARSAL


def command(
    show: ShowCodeArgument,
    phones: Annotated[
        int, typer.Option(min=1, max=500, help="Simulated phones.")
    ] = 100,
    url: Annotated[
        str,
        typer.Option(metavar="URL", help="The server; unset: this machine's."),
    ] = "",
) -> None:
    """Join a show's open lobby with simulated phones that answer as people do."""
    settings, say = read_settings(), speaker()
    address = url.rstrip("/") or f"http://127.0.0.1:{settings.port}"
    crowd = Crowd(
        address, show.upper(), count=phones, seed=7, hints=Hints(), via=REHEARSAL
    )
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with suppress(KeyboardInterrupt):
        asyncio.run(_play(crowd, lambda: typer.echo(say("rehearse.in", n=phones))))


async def _play(crowd: Crowd, joined: Callable[[], None]) -> None:
    try:
        await crowd.join()
    except Refused as refused:
        raise Failure(_reason(refused)) from None
    except OSError as error:
        raise Failure(f"cannot reach the server: {error}") from None
    joined()
    await crowd.run()


def _reason(refused: Refused) -> str:
    body = refused.body if isinstance(refused.body, dict) else {}
    said = body.get("error", {}).get("message", "")
    return f"the server lets no phone in: {said or refused.status}"
