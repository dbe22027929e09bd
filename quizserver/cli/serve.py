"""`quizserver serve`: run the server until Ctrl-C or SIGTERM.

Reads the settings, opens the port and hands both to `serving`; everything else
happens there. The port is open before anything that takes time is loaded: after a crash
thousands of phones dial at once, and who waits for a second is in sooner than who was
refused. Being stopped is how a server ends well: exit 0. With `--workers` this process
serves nothing itself, but keeps so many running that do.
"""

import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from quizserver.addresses import listen
from quizserver.cli.options import DataDir
from quizserver.interpreter import load_undisturbed
from quizserver.logs import configure
from quizserver.settings import Settings, read_settings

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
    if listener is None:
        open_port = listen(settings.host, settings.port)
    else:
        open_port = socket.socket(fileno=listener)
    with open_port:
        if workers > 1:
            _keep_workers(settings, workers, open_port, data_dir, samples=samples)
        else:
            is_worker = listener is not None
            _serve(
                settings, open_port, samples=samples, greet=greet, is_worker=is_worker
            )


def _serve(
    settings: Settings,
    open_port: socket.socket,
    *,
    samples: bool,
    greet: bool,
    is_worker: bool,
) -> None:
    """Serve on an open port until somebody stops the server."""
    load_undisturbed()
    from quizserver.cli.banner import greet as greeting
    from quizserver.cli.banner import keep_quiet
    from quizserver.cli.serving import run
    from quizserver.cli.workers import on_a_leash

    _prepare(settings)
    # SIGTERM ends as Ctrl-C does; left alone it would end the process before the
    # ledger is closed, because uvicorn raises it again after its own shutdown.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    ready = greeting if greet else keep_quiet
    tied = on_a_leash(ready) if is_worker else ready
    with suppress(KeyboardInterrupt):
        run(settings, samples=samples, ready=tied, listener=open_port)


def _keep_workers(
    settings: Settings,
    workers: int,
    open_port: socket.socket,
    data_dir: Path | None,
    *,
    samples: bool,
) -> None:
    """Keep so many processes serving on an open port."""
    from quizserver.cli.workers import refuse_alone, supervise

    _prepare(settings)
    refuse_alone(settings, workers)
    supervise(
        settings,
        workers,
        lambda fd, greets: _worker(fd, data_dir, samples=samples, greets=greets),
        open_port,
    )


def _prepare(settings: Settings) -> None:
    """Set up logs and limits, and check what TLS needs."""
    from quizserver.gateway.certificate import check_certificate
    from quizserver.gateway.files import allow_files

    configure(settings.log_level, settings.log_format)
    allow_files()
    if settings.tls_certificate is not None:
        check_certificate(settings.tls_certificate, settings.tls_key)


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
