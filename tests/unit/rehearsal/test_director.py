"""A host made of commands, with a caller that plays the server's part."""

import json
from typing import Any

import pytest

from quizserver.rehearsal.calls import Caller, Refused
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints

NO_WAIT = Pace(lobby=0, asked=0, locked=0, revealed=0, standings=0)
QUESTION = {"id": "q1", "key": "B"}


class Script(Caller):
    """Gives out host states one after the other and notes the commands."""

    def __init__(self, *states: dict[str, Any], refuse: int | None = None) -> None:
        super().__init__("http://127.0.0.1:1")
        self.states = list(states)
        self.commands: list[dict[str, Any]] = []
        self.refuse = refuse

    async def call(self, method: str, path: str, body: bytes) -> bytes:
        if method == "GET":
            assert path == "/api/shows/CCHC1/state"
            return json.dumps(self.states.pop(0)).encode()
        assert path == "/api/shows/CCHC1/commands"
        if self.refuse is not None:
            raise Refused(self.refuse, None)
        self.commands.append(json.loads(body))
        return b'{"ref": "r", "step": 2, "phase": "lobby"}'

    def sent(self) -> list[str]:
        """Return the names of the commands."""
        return [one["command"] for one in self.commands]


def state(phase: str, command: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a host state."""
    told = {"phase": phase, "step": 7, **more}
    return told if command is None else {**told, "next": {"command": command}}


async def test_the_director_does_what_the_big_button_says() -> None:
    script = Script(
        state("draft", "open_lobby"),
        state("lobby", "ask"),
        state("asked", "open", question=QUESTION),
        state("locked", "reveal", question=QUESTION),
        state("revealed", "standings", question=QUESTION),
        state("standings", "end"),
        state("ended", "confirm"),
    )
    hints, seen = Hints(), list[str]()
    director = Director(script, "CCHC1", hints, NO_WAIT)
    director.on_step = lambda told: seen.append(told["phase"])
    await director.play()
    assert script.sent() == ["open_lobby", "ask", "open", "reveal", "standings", "end"]
    assert {one["step"] for one in script.commands} == {7}
    assert len({one["ref"] for one in script.commands}) == 6
    assert hints.keys == {"q1": "B"}
    assert seen[-1] == "ended"


async def test_the_director_waits_for_the_servers_own_deadline() -> None:
    """As a host who reads aloud would: it never locks a question."""
    script = Script(state("open", "lock"), state("asked"), state("ended"))
    await Director(script, "CCHC1", Hints(), NO_WAIT).play()
    assert script.sent() == []


async def test_after_so_many_questions_the_director_ends_the_show() -> None:
    script = Script(
        state("locked", "reveal", question=QUESTION),
        state("revealed", "standings", question=QUESTION),
        state("standings", "next"),
        state("ended"),
    )
    await Director(script, "CCHC1", Hints(), NO_WAIT).play(questions=1)
    assert script.sent() == ["reveal", "standings", "end"]


async def test_a_reveal_that_has_to_be_asked_for_twice_is_one_question() -> None:
    """Not everything is sealed yet when a busy server is asked the first time."""
    script = Script(
        state("locked", "reveal", question=QUESTION),
        state("locked", "reveal", question=QUESTION),
        state("revealed", "next", question=QUESTION),
        state("ended"),
    )
    await Director(script, "CCHC1", Hints(), NO_WAIT).play(questions=2)
    assert script.sent() == ["reveal", "reveal", "next"]


async def test_a_step_the_show_took_by_itself_is_no_error() -> None:
    script = Script(state("lobby", "ask"), state("ended"), refuse=409)
    await Director(script, "CCHC1", Hints(), NO_WAIT).play()
    forbidden = Script(state("lobby", "ask"), refuse=403)
    director = Director(forbidden, "CCHC1", Hints(), NO_WAIT)
    with pytest.raises(Refused):
        await director.play()


def test_a_faster_pace_is_shorter_everywhere() -> None:
    assert Pace().faster(2) == Pace(
        lobby=2.0, asked=1.5, locked=0.75, revealed=2.5, standings=2.0
    )
