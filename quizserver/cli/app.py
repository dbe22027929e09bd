"""The command line put together: one file of `quizserver.cli` per command.

A file has either `command`, a function, or `app`, a group of functions. Only
the file of the command that was asked for is imported, so that `serve` starts
without the spreadsheets of `bank`. Exit codes: 0 done, 1 failed with one plain
sentence, 2 used wrongly.
"""

import logging
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Final

import typer

from quizserver.cli.output import refuse
from quizserver.failures import Failure
from quizserver.settings import read_settings
from quizserver.shipped import version
from quizserver.texts.catalogue import LANGS, text

LOG = logging.getLogger(__name__)

COMMANDS: Final = {
    "serve": "serve",
    "demo": "demo",
    "rehearse": "rehearse",
    "loadtest": "loadtest",
    "bank": "bank",
    "show": "show",
    "obs": "obs",
    "overlay": "overlay",
    "account": "account",
    "results": "results",
    "erase": "erase",
    "backup": "backup",
    "restore": "restore",
    "doctor": "doctor",
    "migrate": "migrate",
    "wire-schema": "wire_schema",
}
"""Every command in the order of the help, and its file."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code.

    The outermost border: whatever comes out of a command ends here, as one
    sentence. What is a bug is logged whole.
    """
    as_json = "--json" in arguments
    try:
        build(_needed(arguments))(arguments, prog_name="quizserver")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except Failure as failure:
        return refuse(failure.in_words(_lang()), as_json=as_json)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        LOG.debug("the command failed", exc_info=True)
        return refuse(_sentence(error), as_json=as_json)
    return 0


def _lang() -> str:
    """Return the reader's language, also when a setting is bad."""
    try:
        return read_settings().lang
    except Failure:
        return LANGS[0]


def _sentence(error: Exception) -> str:
    """Return what to say of `error`; a task group wraps what fails inside it."""
    if isinstance(error, ExceptionGroup):
        failures, faults = error.split(Failure)
        if failures is not None and faults is None:
            return _sentence(failures.exceptions[0])
    if isinstance(error, Failure):
        return error.in_words(_lang())
    what = f"{type(error).__name__}: {error}"
    return text(_lang(), "cli.fault", what=what)


def build(names: Sequence[str]) -> typer.Typer:
    """Return the command line with the commands `names`."""
    cli = typer.Typer(
        name="quizserver",
        help="Live quiz shows: questions on phones, graphics in OBS, fair ranks.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    cli.callback()(_options)
    for name in names:
        _register(cli, name)
    return cli


def _register(cli: typer.Typer, name: str) -> None:
    module = import_module(f"quizserver.cli.{COMMANDS[name]}")
    if hasattr(module, "app"):
        cli.add_typer(module.app, name=name)
    else:
        cli.command(name)(module.command)


def _needed(arguments: Sequence[str]) -> list[str]:
    """Return the one command that is asked for, or all to list them."""
    for argument in arguments:
        if argument in COMMANDS:
            return [argument]
        if not argument.startswith("-"):
            break
    return list(COMMANDS)


def _options(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=lambda asked: _print_version(asked=asked),
            help="Print the version and stop.",
        ),
    ] = False,
) -> None:
    pass


def _print_version(*, asked: bool) -> None:
    if asked:
        typer.echo(version())
        raise typer.Exit
