"""`quizserver account`: people who sign in, and tokens for scripts and overlays.

A password is asked for, or read from standard input when that is no terminal;
never taken from the command line, where others on the machine can read it.
"""

import sys
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from quizserver.cli.errand import carry_out
from quizserver.cli.options import DataDir
from quizserver.cli.output import Json, speaker, tell
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
from quizserver.settings import read_settings
from quizserver.texts.formats import moment

app = typer.Typer(
    no_args_is_help=True, help="Accounts and tokens: add, list, end them."
)

_ACCOUNTS: Final = ("name", "role", "since")
_TOKENS: Final = ("id", "role", "show", "label", "since", "until")

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
    said = speaker()("account.added", name=name, role=role.value)
    tell(said, told, as_json=as_json)


@app.command("list")
def list_accounts(data_dir: DataDir = None, as_json: Json = False) -> None:
    """List the accounts."""
    told: dict[str, Any] = carry_out(ListAccounts(), data_dir)
    say = speaker()
    if as_json or not told["accounts"]:
        tell(say("account.none"), told, as_json=as_json)
        return
    table = Table(*(say(f"account.col_{column}") for column in _ACCOUNTS))
    for account in told["accounts"]:
        since = _moment(account["created_ms"])
        table.add_row(account["name"], account["role"], since)
    Console().print(table)


@app.command()
def password(
    name: NameArgument, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Set another password; whoever is signed in under this name is signed out."""
    told = carry_out(SetPassword(name=name, password=_password()), data_dir)
    said = speaker()("account.new_password", name=name)
    tell(said, told, as_json=as_json)


@app.command()
def remove(name: NameArgument, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Take an account away; whoever is signed in under this name is signed out."""
    told = carry_out(RemoveAccount(name=name), data_dir)
    said = speaker()("account.removed", name=name)
    tell(said, told, as_json=as_json)


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
    say, of_show = speaker(), told["show"]
    reach = say("account.reach_all")
    if of_show:
        reach = say("account.reach_show", show=str(of_show))
    # The token is the last word in every language: scripts cut it out.
    said = say("account.token", role=role.value, reach=reach, token=str(told["token"]))
    tell(said, told, as_json=as_json)


@app.command()
def tokens(data_dir: DataDir = None, as_json: Json = False) -> None:
    """List the bearer tokens; the tokens themselves are kept nowhere."""
    told: dict[str, Any] = carry_out(ListTokens(), data_dir)
    say = speaker()
    if as_json or not told["tokens"]:
        tell(say("account.no_token"), told, as_json=as_json)
        return
    table = Table(*(say(f"account.col_{column}") for column in _TOKENS))
    # A narrow terminal may wrap the rest; `revoke` needs the whole id.
    table.columns[0].no_wrap = True
    for one in told["tokens"]:
        ends = one["expires_ms"]
        end = _moment(ends) if ends else say("account.no_end")
        since = _moment(one["created_ms"])
        show = one["show"] or say("account.every")
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
    said = speaker()("account.revoked", id=token_id)
    tell(said, told, as_json=as_json)


def _moment(utc_ms: int) -> str:
    """Return a time of day in Việt Nam, as everywhere."""
    return moment(read_settings().lang, utc_ms)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    say = speaker()
    asked: str = typer.prompt(
        say("account.password"),
        hide_input=True,
        confirmation_prompt=say("account.password_again"),
        err=True,
    )
    return asked
