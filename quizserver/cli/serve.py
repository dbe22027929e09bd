"""`quizserver serve`: run the server until Ctrl-C or SIGTERM.

Reads the settings and hands them to `app`; everything else happens there. Being
stopped is how a server ends well: exit 0.
"""

import signal
from contextlib import suppress
from typing import Annotated

import typer

from quizserver.cli.options import DataDir
from quizserver.failures import Failure
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


def command(
    port: Port = None,
    host: Host = None,
    data_dir: DataDir = None,
    samples: Samples = False,
) -> None:
    """Run the server; print where phones, the host and the overlay go."""
    settings = read_settings(port=port, host=host, data_dir=data_dir)

    if settings.redis_url:
        raise Failure(
            "QUIZ_REDIS_URL is set, but this version runs as one process; unset it"
        )

    from quizserver.app import run
    from quizserver.cli.banner import greet
    from quizserver.gateway.certificate import check_certificate
    from quizserver.gateway.files import allow_files

    configure(settings.log_level, settings.log_format)
    allow_files()
    if settings.tls_certificate is not None:
        check_certificate(settings.tls_certificate, settings.tls_key)
    # SIGTERM ends as Ctrl-C does; left alone it would end the process before the
    # ledger is closed, because uvicorn raises it again after its own shutdown.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with suppress(KeyboardInterrupt):
        run(settings, samples=samples, ready=greet)
