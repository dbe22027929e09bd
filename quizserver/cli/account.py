"""`quizserver account`: people who sign in, and tokens for scripts and overlays.

A password is asked for, or read from standard input when that is no terminal;
never taken from the command line, where others on the machine can read it.
"""

import sys
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from quizserver.cli.errand import carry_out
from quizserver.cli.options import DataDir
from quizserver.cli.output import Json, tell
from quizserver.desk.acts import (
    AddAccount,
    AddToken,
    ListAccounts,
    ListTokens,
    RemoveAccount,
    RevokeToken,
    SetPassword,
)
from quizserver.live.access import Role

app = typer.Typer(
    no_args_is_help=True, help="Accounts and tokens: add, list, end them."
)

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Name to sign in with.")
]
RoleOption = Annotated[
    Role, typer.Option("--role", help="What it may do; see the reference.")
]


@app.command()
def add(
    name: NameArgument,
    role: RoleOption = Role.HOST,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Add somebody who signs in with name and password."""
    act = AddAccount(name=name, password=_password(), role=role)
    told = carry_out(act, data_dir)
    tell(f"{name} can sign in as {role.value}.", told, as_json=as_json)


@app.command("list")
def list_accounts(data_dir: DataDir = None, as_json: Json = False) -> None:
    """List the accounts."""
    told: dict[str, Any] = carry_out(ListAccounts(), data_dir)
    if as_json or not told["accounts"]:
        tell("There is no account yet.", told, as_json=as_json)
        return
    table = Table("Name", "Role", "Since (UTC)")
    for account in told["accounts"]:
        since = _day_and_time(account["created_ms"])
        table.add_row(account["name"], account["role"], since)
    Console().print(table)


@app.command()
def password(
    name: NameArgument, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Set another password; whoever is signed in under this name is signed out."""
    told = carry_out(SetPassword(name=name, password=_password()), data_dir)
    tell(f"{name} has a new password.", told, as_json=as_json)


@app.command()
def remove(name: NameArgument, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Take an account away; whoever is signed in under this name is signed out."""
    told = carry_out(RemoveAccount(name=name), data_dir)
    tell(f"{name} cannot sign in any more.", told, as_json=as_json)


@app.command()
def token(
    role: RoleOption,
    show: Annotated[
        str, typer.Option("--show", metavar="CODE", help="Unset: every show.")
    ] = "",
    label: Annotated[str, typer.Option("--label", help="What it is for.")] = "",
    days: Annotated[
        int, typer.Option("--days", help="How long it works; unset: without end.")
    ] = 0,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Print a new bearer token as the last word; for an overlay, its key."""
    act = AddToken(role=role, show=show.upper(), label=label, days=days)
    told = carry_out(act, data_dir)
    reach = told["show"] or "every show"
    said = f"Token for {role.value} of {reach}, shown once: {told['token']}"
    tell(said, told, as_json=as_json)


@app.command()
def tokens(data_dir: DataDir = None, as_json: Json = False) -> None:
    """List the bearer tokens; the tokens themselves are kept nowhere."""
    told: dict[str, Any] = carry_out(ListTokens(), data_dir)
    if as_json or not told["tokens"]:
        tell("There is no token yet.", told, as_json=as_json)
        return
    table = Table("Id", "Role", "Show", "For", "Since (UTC)", "Until (UTC)")
    for one in told["tokens"]:
        end = _day_and_time(one["expires_ms"]) if one["expires_ms"] else "no end"
        since = _day_and_time(one["created_ms"])
        show = one["show"] or "every"
        table.add_row(one["id"], one["role"], show, one["label"], since, end)
    Console().print(table)


@app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="Of `tokens`.")],
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """End a bearer token at once, with every screen that was opened with it."""
    told = carry_out(RevokeToken(id=token_id), data_dir)
    tell(f"The token {token_id} works no more.", told, as_json=as_json)


def _day_and_time(utc_ms: int) -> str:
    return f"{datetime.fromtimestamp(utc_ms / 1000, UTC):%Y-%m-%d %H:%M}"


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    asked: str = typer.prompt(
        "Password", hide_input=True, confirmation_prompt=True, err=True
    )
    return asked
