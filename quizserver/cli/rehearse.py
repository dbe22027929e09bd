"""`quizserver rehearse`: simulated phones in a show that a person runs.

They join the open lobby of a show and answer as people do, until the show ends or is
begun anew. The panel starts this command for its rehearsal; it speaks only the public
wire and is told nothing that a stranger's phones would not be, but for the page by
which the server knows its own.
"""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer

from quizserver.cli.options import ShowCodeArgument
from quizserver.cli.output import speaker
from quizserver.desk.acts import RehearsalPage
from quizserver.desk.line import ask
from quizserver.failures import Failure, cause_of
from quizserver.rehearsal.calls import Refused
from quizserver.rehearsal.crowd import Crowd
from quizserver.rehearsal.phone import Hints
from quizserver.rehearsal.trust import pinned
from quizserver.settings import Settings, read_settings

ELSEWHERE: Final = "tapduot"
"""The page that phones name to a server that is not this machine's."""


def command(
    show: ShowCodeArgument,
    phones: Annotated[
        int, typer.Option(min=1, max=500, help="Simulated phones.")
    ] = 100,
    url: Annotated[
        str,
        typer.Option(metavar="URL", help="The server; unset: this machine's."),
    ] = "",
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The server's own, for https://; PEM."),
    ] = None,
    page_follows: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Join a show's open lobby with simulated phones that answer as people do."""
    settings, say = read_settings(), speaker()
    code = show.upper()
    address = url.rstrip("/") or _own_address(settings)
    page = sys.stdin.readline().strip() if page_follows else _page(settings, code, url)
    crowd = Crowd(address, code, count=phones, seed=7, hints=Hints(), via=page)
    _trust(crowd, certificate or (None if url else settings.tls_certificate))
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with suppress(KeyboardInterrupt):
        asyncio.run(_play(crowd, lambda: typer.echo(say("rehearse.in", n=phones))))


async def _play(crowd: Crowd, joined: Callable[[], None]) -> None:
    try:
        await crowd.join()
    except Refused as refused:
        raise Failure("desk.phones_refused", reason=_reason(refused)) from None
    except OSError as error:
        raise Failure("desk.no_server", reason=cause_of(error)) from None
    joined()
    await crowd.run()


def _own_address(settings: Settings) -> str:
    scheme = "http" if settings.tls_certificate is None else "https"
    return f"{scheme}://127.0.0.1:{settings.port}"


def _page(settings: Settings, code: str, url: str) -> str:
    """Return the page by which this machine's server knows its simulated phones.

    Another machine's counts them as what they are to it: people of some page.
    """
    told = None if url else ask(settings.data_dir, RehearsalPage(code=code))
    return ELSEWHERE if told is None else str(told["page"])


def _trust(crowd: Crowd, certificate: Path | None) -> None:
    if certificate is None:
        return
    try:
        crowd.trust(pinned(certificate))
    except OSError as error:
        raise Failure(
            "desk.bad_certificate", file=str(certificate), reason=cause_of(error)
        ) from None


def _reason(refused: Refused) -> str:
    body = refused.body if isinstance(refused.body, dict) else {}
    return str(body.get("error", {}).get("message", "") or refused.status)
