"""`quizserver show`: make, list and begin shows anew.

Takes each act to the server (`errand`) and prints what it tells.
"""

from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from quizserver.cli.errand import carry_out
from quizserver.cli.options import DataDir, ShowCodeArgument
from quizserver.cli.output import Json, speaker, tell
from quizserver.desk.acts import CreateShow, ListShows, ResetShow
from quizserver.domain.bounds import TIMES
from quizserver.domain.rundown import Rules
from quizserver.domain.timing import RULES

app = typer.Typer(no_args_is_help=True, help="Shows: create, list, reset.")

_DEFAULT: Final = Rules()
_COLUMNS: Final = ("code", "title", "phase", "lang")

PackId = Annotated[
    str, typer.Option("--pack", metavar="PACK", help="Id of its question pack.")
]
Timing = Annotated[
    str, typer.Option("--timing", help=f"How time is measured: {', '.join(RULES)}.")
]
MinRight = Annotated[
    int,
    typer.Option(
        "--prize-min-right",
        metavar="N",
        help="A question's prize needs N right answers in the show, so that nobody "
        "wins by tapping blindly; 0: off.",
    ),
]
MaxPrizes = Annotated[
    int,
    typer.Option(
        "--max-prizes-per-person",
        metavar="N",
        help="Most prizes for one person in the show; 0: no limit.",
    ),
]
Duration = Annotated[
    int,
    typer.Option(
        "--duration-ms",
        metavar="MS",
        help=f"How long a question is open that has no time of its own, "
        f"{TIMES['duration_ms'].least} to {TIMES['duration_ms'].most}.",
    ),
]
AskFirst = Annotated[
    bool,
    typer.Option(
        "--ask-first/--no-ask-first",
        help="Show the text without its options while it is read aloud.",
    ),
]
Roll = Annotated[
    int,
    typer.Option(
        "--roll-ms",
        metavar="MS",
        help=f"Warning before a question opens, "
        f"{TIMES['roll_ms'].least} to {TIMES['roll_ms'].most}.",
    ),
]
Title = Annotated[str, typer.Option("--title", help="Unset: the pack's.")]
Lang = Annotated[str, typer.Option("--lang", help="vi or en; unset: the pack's.")]


@app.command()
def create(
    code: ShowCodeArgument,
    pack: PackId,
    duration_ms: Duration = _DEFAULT.duration_ms,
    ask_first: AskFirst = _DEFAULT.ask_first,
    roll_ms: Roll = _DEFAULT.roll_ms,
    timing: Timing = _DEFAULT.timing,
    prize_min_right: MinRight = _DEFAULT.prize_min_right,
    max_prizes_per_person: MaxPrizes = _DEFAULT.max_prizes_per_person,
    title: Title = "",
    lang: Lang = "",
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Make a show from a question pack; print the pack's hash to publish."""
    rules = Rules(
        timing=timing,
        ask_first=ask_first,
        duration_ms=duration_ms,
        roll_ms=roll_ms,
        prize_min_right=prize_min_right,
        max_prizes_per_person=max_prizes_per_person,
    )
    act = CreateShow(code=code.upper(), pack=pack, title=title, lang=lang, rules=rules)
    told = carry_out(act, data_dir)
    named = {"code": str(told["code"]), "title": str(told["title"])}
    made = speaker()("show.made", **named)
    tell(f"{made}\n{_publish(told)}", told, as_json=as_json)


@app.command("list")
def list_shows(data_dir: DataDir = None, as_json: Json = False) -> None:
    """List the shows and where they are."""
    told: dict[str, Any] = carry_out(ListShows(), data_dir)
    say = speaker()
    if as_json or not told["shows"]:
        tell(say("show.none"), told, as_json=as_json)
        return
    table = Table(*(say(f"show.col_{column}") for column in _COLUMNS))
    for show in told["shows"]:
        phase = say(f"phase.{show['phase']}")
        table.add_row(show["code"], show["title"], phase, show["lang"])
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
        typer.confirm(speaker()("show.sure", code=code), abort=True, err=True)
    told = carry_out(ResetShow(code=code), data_dir)
    anew = speaker()("show.anew", code=code)
    tell(f"{anew}\n{_publish(told)}", told, as_json=as_json)


def _publish(told: dict[str, Any]) -> str:
    """Return what the hash of the pack is for (Source: R6.2)."""
    return f"{speaker()('show.publish')}\n{told['pack_hash']}"
