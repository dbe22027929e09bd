"""`quizserver show`: make, list and begin shows anew.

Takes each act to the server (`errand`) and prints what it tells.
"""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from quizserver.cli.errand import carry_out
from quizserver.cli.options import DataDir, ShowCodeArgument
from quizserver.cli.output import Json, tell
from quizserver.desk.acts import CreateShow, ListShows, ResetShow
from quizserver.domain.timing import RULES

app = typer.Typer(no_args_is_help=True, help="Shows: create, list, reset.")

PackId = Annotated[
    str, typer.Option("--pack", metavar="PACK", help="Id of its question pack.")
]
Timing = Annotated[
    str, typer.Option("--timing", help=f"How time is measured: {', '.join(RULES)}.")
]
Title = Annotated[str, typer.Option("--title", help="Unset: the pack's.")]
Lang = Annotated[str, typer.Option("--lang", help="vi or en; unset: the pack's.")]


@app.command()
def create(
    code: ShowCodeArgument,
    pack: PackId,
    timing: Timing = RULES[0],
    title: Title = "",
    lang: Lang = "",
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Make a show from a question pack."""
    act = CreateShow(
        code=code.upper(), pack=pack, timing=timing, title=title, lang=lang
    )
    told = carry_out(act, data_dir)
    tell(f"The show {told['code']} is made: {told['title']}", told, as_json=as_json)


@app.command("list")
def list_shows(data_dir: DataDir = None, as_json: Json = False) -> None:
    """List the shows and where they are."""
    told: dict[str, Any] = carry_out(ListShows(), data_dir)
    if as_json or not told["shows"]:
        tell("There is no show yet.", told, as_json=as_json)
        return
    table = Table("Code", "Title", "Phase", "Language")
    for show in told["shows"]:
        table.add_row(show["code"], show["title"], show["phase"], show["lang"])
    Console().print(table)


@app.command()
def reset(
    code: ShowCodeArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Begin a show anew; what was played stays in the log."""
    code = code.upper()
    if not yes:
        question = f"Begin {code} anew, without its participants and answers?"
        typer.confirm(question, abort=True, err=True)
    told = carry_out(ResetShow(code=code), data_dir)
    tell(f"The show {code} begins anew.", told, as_json=as_json)
