"""`quizserver erase`: delete who somebody is, who asked for it on paper.

Takes the act to the server (`errand`). Answers, ranks and seals stay, under a
pseudonym.
"""

from typing import Annotated

import typer

from quizserver.cli.errand import carry_out
from quizserver.cli.options import DataDir, ShowCodeArgument
from quizserver.cli.output import Json, speaker, tell
from quizserver.desk.acts import ErasePerson

_Participant = Annotated[
    str,
    typer.Argument(
        metavar="PARTICIPANT",
        help="Their id: in the results file, and on their page of their data.",
    ),
]
_Reason = Annotated[
    str, typer.Option("--reason", help="Why, for the log; without names.")
]


def command(
    code: ShowCodeArgument,
    participant: _Participant,
    reason: _Reason,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Delete a participant's name, unit, phone number and consents, for good."""
    code = code.upper()
    say = speaker()
    if not yes:
        sure = say("erase.sure", participant=participant, code=code)
        typer.confirm(sure, abort=True, err=True)
    act = ErasePerson(code=code, participant=participant, reason=reason)
    told = carry_out(act, data_dir)
    said = "erase.waits" if told.get("waits") else "erase.done"
    tell(say(said, participant=participant, code=code), told, as_json=as_json)
