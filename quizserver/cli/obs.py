"""`quizserver obs`: work OBS from beside it, as the show goes.

Runs on the machine of OBS, with the file that the panel hands out: it makes scenes
and the browser source, puts the scene of each phase on program and loads a source
anew that is stuck. The password of obs-websocket comes from a file or the
environment, never from the command line; the overlay's key stays in its file.
"""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from quizserver.live.clock import SystemClock
from quizserver.settings import read_settings
from quizserver.studio.follow import Bridge
from quizserver.studio.plan import (
    Plan,
    read_css,
    read_overlay,
    read_password,
    read_scenes,
)
from quizserver.texts.catalogue import text

File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="The file for OBS that the panel hands out."),
]


def command(
    file: File,
    obs: Annotated[
        str, typer.Option("--obs", metavar="URL", help="Where obs-websocket listens.")
    ] = "ws://127.0.0.1:4455",
    password_file: Annotated[
        Path | None,
        typer.Option(
            help="File with the password of obs-websocket; else QUIZ_OBS_PASSWORD."
        ),
    ] = None,
    scenes: Annotated[
        Path | None,
        typer.Option(help="TOML file with the scene of each phase, under [scenes]."),
    ] = None,
    source: Annotated[str, typer.Option(help="Name of the browser source.")] = "Quiz",
    css: Annotated[
        Path | None, typer.Option(help="Custom CSS for a source that is made.")
    ] = None,
    setup: Annotated[
        bool, typer.Option(help="Make scenes and the source where they are missing.")
    ] = True,
    follow: Annotated[
        bool, typer.Option(help="Put the scene of each phase on program.")
    ] = True,
) -> None:
    """Work OBS as the show goes: scenes, browser source, refresh. Ctrl-C ends it."""
    settings = read_settings()
    # The client writes addresses and messages into its log; ours is for people.
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    plan = Plan(
        overlay=read_overlay(file),
        scenes=read_scenes(scenes, settings.lang),
        source=source,
        css=read_css(css),
        builds=setup,
        switches=follow,
    )
    bridge = Bridge(
        plan,
        address=obs,
        password=read_password(password_file, settings.obs_password),
        clock=SystemClock(),
        say=lambda key, **values: typer.echo(
            text(settings.lang, f"studio.{key}", **values)
        ),
    )
    with suppress(KeyboardInterrupt):
        asyncio.run(bridge.run())
