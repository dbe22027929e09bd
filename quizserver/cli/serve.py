"""`quizserver serve`: run the server until Ctrl-C or SIGTERM.

Reads the settings and hands them to `app`; everything else happens there. Being
stopped is how a server ends well: exit 0. With `--workers` this process serves
nothing itself, but keeps so many running that do.
"""

import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from quizserver.cli.options import DataDir
from quizserver.logs import configure
from quizserver.settings import read_settings

Port = Annotated[
    int | None, typer.Option("--port", help="Port to listen on; as QUIZ_PORT.")
]
Host = Annotated[
    str | None, typer.Option("--host", help="Address to listen on; as QUIZ_HOST.")
]
Samples = Annotated[
    bool,
    typer.Option("--samples", help="Make the sample shows in an empty database."),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers",
        min=1,
        max=64,
        help="Processes on this port; more than one share PostgreSQL and Redis.",
    ),
]
Listener = Annotated[int | None, typer.Option("--listener", hidden=True)]
"""A worker: the descriptor of the port that its parent has opened."""

Greet = Annotated[bool, typer.Option("--greet/--no-greet", hidden=True)]


def command(
    port: Port = None,
    host: Host = None,
    data_dir: DataDir = None,
    samples: Samples = False,
    workers: Workers = 1,
    listener: Listener = None,
    greet: Greet = True,
) -> None:
    """Run the server; print where phones, the host and the overlay go."""
    settings = read_settings(port=port, host=host, data_dir=data_dir)

    from quizserver.app import run
    from quizserver.cli import workers as several
    from quizserver.cli.banner import greet as greeting
    from quizserver.cli.banner import keep_quiet
    from quizserver.gateway.certificate import check_certificate
    from quizserver.gateway.files import allow_files

    configure(settings.log_level, settings.log_format)
    allow_files()
    if settings.tls_certificate is not None:
        check_certificate(settings.tls_certificate, settings.tls_key)
    if workers > 1:
        several.refuse_alone(settings, workers)
        several.supervise(
            settings,
            workers,
            lambda fd, greets: _worker(fd, data_dir, samples=samples, greets=greets),
        )
        return
    # SIGTERM ends as Ctrl-C does; left alone it would end the process before the
    # ledger is closed, because uvicorn raises it again after its own shutdown.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    ready = greeting if greet else keep_quiet
    with suppress(KeyboardInterrupt):
        if listener is None:
            run(settings, samples=samples, ready=ready)
        else:
            open_port = socket.socket(fileno=listener)
            tied = several.on_a_leash(ready)
            run(settings, samples=samples, ready=tied, listener=open_port)


def _worker(
    descriptor: int, data_dir: Path | None, *, samples: bool, greets: bool
) -> Sequence[str]:
    """Return the command line of a worker; only one that greets makes samples."""
    folder = [] if data_dir is None else ["--data-dir", str(data_dir)]
    more = ["--samples"] if samples and greets else []
    return [
        *(sys.executable, "-m", "quizserver", "serve", *folder, *more),
        *("--listener", str(descriptor), "--greet" if greets else "--no-greet"),
    ]
