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
from quizserver.desk.acts import AddAccount, AddToken, ListAccounts
from quizserver.live.access import Role

app = typer.Typer(no_args_is_help=True, help="Accounts: add, list, token.")

RoleOption = Annotated[
    Role, typer.Option("--role", help="What it may do; see the reference.")
]


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name to sign in with.")],
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
        since = datetime.fromtimestamp(account["created_ms"] / 1000, UTC)
        table.add_row(account["name"], account["role"], f"{since:%Y-%m-%d %H:%M}")
    Console().print(table)


@app.command()
def token(
    role: RoleOption,
    show: Annotated[
        str, typer.Option("--show", metavar="CODE", help="Unset: every show.")
    ] = "",
    label: Annotated[str, typer.Option("--label", help="What it is for.")] = "",
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Print a new bearer token as the last word; for an overlay, its key."""
    act = AddToken(role=role, show=show.upper(), label=label)
    told = carry_out(act, data_dir)
    reach = told["show"] or "every show"
    said = f"Token for {role.value} of {reach}, shown once: {told['token']}"
    tell(said, told, as_json=as_json)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    asked: str = typer.prompt(
        "Password", hide_input=True, confirmation_prompt=True, err=True
    )
    return asked
