"""A show that plays itself for hours, whatever happens to its server, and its truth.

The truth is the server's own log: which scene and question belong to each step.
What an overlay showed at any moment is held against it afterwards.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final

from PIL import Image, ImageDraw
from websockets.exceptions import WebSocketException

from quizserver import shipped
from quizserver.app import running
from quizserver.bank import shelf
from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Pack, Question, Rules
from quizserver.live.access import Role
from quizserver.rehearsal.calls import Caller, Refused
from quizserver.rehearsal.crowd import Crowd
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from quizserver.settings import Settings
from tests.faults.gallery import Facts
from tests.faults.onair import FaultyServer

CODE: Final = ShowCode("AIR1")
_LONG_TEXT: Final = "cchc-2023-so-1"
_PICTURE: Final = "chart.png"
_DOWN: Final = (OSError, Refused, EOFError, WebSocketException, TimeoutError)

_SCENES: Final = {
    "LobbyOpened": "lobby",
    "QuestionAsked": "asked",
    "QuestionRolled": "roll",
    "QuestionOpened": "open",
    "QuestionLocked": "locked",
    "AnswerRevealed": "revealed",
    "StandingsShown": "standings",
    "ShowEnded": "ended",
}
_IN_QUESTION: Final = {"asked", "roll", "open", "locked", "revealed"}


@dataclass(frozen=True, slots=True)
class Aired:
    """A data folder with one show, and who may do something there."""

    folder: Path
    owner: str
    overlay: str
    pack: Pack


async def aired(folder: Path, *, quick: bool) -> Aired:
    """Make the show: real questions, two of them with a picture."""
    settings = Settings(data_dir=folder, host="127.0.0.1", port=0)
    pack = _pack(4_000 if quick else 12_000)
    _draw(folder / "packs" / "pictures" / _PICTURE)
    async with running(settings) as inside:
        await inside.shows.create(
            CODE,
            pack,
            title=pack.title,
            lang=pack.lang,
            rules=Rules(roll_ms=600 if quick else 3_000),
            actor="setup",
        )
        add = inside.accounts.add_token
        return Aired(
            folder=folder,
            owner=await add(Role.OWNER, None, "owner"),
            overlay=await add(Role.OVERLAY, CODE, "stage"),
            pack=pack,
        )


def _pack(duration_ms: int) -> Pack:
    pack = shelf.load_pack(_LONG_TEXT, [shipped.questions()])

    def dressed(number: int, question: Question) -> Question:
        image = _PICTURE if number % 4 == 1 else None
        return replace(question, duration_ms=duration_ms, image=image)

    questions = tuple(dressed(n, q) for n, q in enumerate(pack.questions))
    return replace(pack, questions=questions)


def _draw(path: Path) -> None:
    path.parent.mkdir(parents=True)
    picture = Image.new("RGB", (640, 400), (15, 163, 177))
    ImageDraw.Draw(picture).polygon([(60, 360), (320, 40), (580, 360)], (242, 183, 5))
    picture.save(path)


@dataclass(slots=True)
class Showrunner:
    """Plays the show again and again; `epochs` keeps the log of each run."""

    server: FaultyServer
    place: Aired
    caller: Caller
    chance: Random
    pace: Pace
    calm: asyncio.Lock
    """Held while nothing may happen to the server."""

    epochs: dict[str, dict[int, tuple[str, str]]] = field(default_factory=dict)
    _hints: Hints = field(default_factory=lambda: Hints(speed=1.5))
    _crowd: asyncio.Task[None] | None = None

    async def run(self, tasks: asyncio.TaskGroup) -> None:
        """Play until somebody cancels."""
        director = Director(self.caller, CODE, self._hints, Pace())
        while True:
            try:
                await self._go_on(director, tasks)
            except _DOWN:
                await asyncio.sleep(0.2)

    def stop(self) -> None:
        """Send the crowd home."""
        if self._crowd is not None:
            self._crowd.cancel()

    async def keep_log(self) -> None:
        """Add the log of the run as it stands."""
        path = f"/api/shows/{CODE}/audit.jsonl"
        text = await self.caller.call("GET", path, b"")
        lines = [json.loads(line) for line in text.splitlines()]
        self.epochs[lines[0]["epoch"]] = moments(
            [line for line in lines if line["kind"] == "event"]
        )

    async def _go_on(self, director: Director, tasks: asyncio.TaskGroup) -> None:
        state = await director.state()
        if state.get("question"):
            self._hints.keys[state["question"]["id"]] = state["question"]["key"]
        await asyncio.sleep(self._stay(state["phase"]))
        if state["phase"] == "ended":
            await self._again()
            return
        name, fields = self._next(state)
        if not name:
            return
        await director.command(name, step=state["step"], **fields)
        if name == "open_lobby":
            self._fill(tasks)

    def _stay(self, phase: str) -> float:
        seconds: float = getattr(self.pace, phase, 1.0)
        return seconds * self.chance.uniform(0.5, 1.5)

    def _next(self, state: dict[str, Any]) -> tuple[str, dict[str, object]]:
        """Return the next command: the usual one, or what happens on some nights."""
        chance, phase = self.chance.random(), state["phase"]
        if state.get("paused"):
            name, fields = "resume", {}
        elif chance < 0.03 and phase not in {"draft", "ended"}:
            name, fields = "pause", {"reason": "Mời quý vị chờ một chút."}
        elif chance < 0.08 and phase != "draft":
            text = self.chance.choice(["", "Mời quý vị chuẩn bị điện thoại."])
            name, fields = "notice", {"text": text}
        elif phase == "open":
            return self._while_open(chance, state["question"]["id"])
        else:
            name, fields = (state.get("next") or {}).get("command", ""), {}
        return str(name), dict(fields)

    def _while_open(
        self, chance: float, question: str
    ) -> tuple[str, dict[str, object]]:
        """Return a command, or "" to wait for the server's own deadline."""
        if chance < 0.12:
            return "extend", {"ms": 3_000}
        if chance < 0.13:
            return "void", {"question": question, "reason": "Mất tín hiệu"}
        return ("lock", {}) if chance < 0.18 else ("", {})

    def _fill(self, tasks: asyncio.TaskGroup) -> None:
        self.stop()
        self._crowd = tasks.create_task(self._play_along(self.chance.randrange(10_000)))

    async def _play_along(self, seed: int) -> None:
        crowd = Crowd(self.server.address, CODE, count=8, seed=seed, hints=self._hints)
        try:
            await crowd.join()
            await crowd.run()
        except* _DOWN:
            pass  # nobody plays along until the next run

    async def _again(self) -> None:
        async with self.calm:
            await self.keep_log()
            await self.server.run("show", "reset", CODE, "--yes")


def moments(events: list[dict[str, Any]]) -> dict[int, tuple[str, str]]:
    """Return step → scene and question, as an overlay must show them."""
    found = {}
    scene, behind, question = "empty", "", ""
    for event in sorted(events, key=lambda line: int(line["step"])):
        name, data = event["name"], event["data"]
        told = json.loads(data) if isinstance(data, str) else data
        new = _SCENES.get(name, "")
        if name in {"QuestionAsked", "QuestionRolled", "QuestionOpened"}:
            question = told["question"]
        if name == "QuestionVoided" and (behind or scene) in _IN_QUESTION:
            new = "void"
        if name == "ShowPaused":
            # A pause takes back a question that is about to open.
            scene, behind = "paused", "asked" if scene == "roll" else scene
        elif name == "ShowResumed":
            scene, behind = behind, ""
        elif new and behind:
            behind = new
        elif new:
            scene = new
        found[int(event["step"])] = scene, question
    return found


def untrue(
    facts: Facts, epochs: Mapping[str, Mapping[int, tuple[str, str]]], pack: Pack
) -> str:
    """Return what an overlay said that was never so in the show; "" when all was."""
    if facts["scene"] == "empty" and facts["conn"] in {"none", "offline"}:
        return ""
    moment = epochs.get(facts["epoch"], {}).get(facts["step"])
    if moment is None:
        return f"step {facts['step']} of run {facts['epoch']} never was"
    scene, question = moment
    if facts["scene"] != scene:
        return f"{facts['scene']} at step {facts['step']}, which was {scene}"
    if scene in _IN_QUESTION:
        return _misquoted(
            facts, scene, next(q for q in pack.questions if q.id == question)
        )
    return "marks outside a question" if facts["marked"] else ""


def _misquoted(facts: Facts, scene: str, question: Question) -> str:
    options = [_plain(text) for text in facts["options"]]
    if scene in {"asked", "roll"} and options:
        return "options before the question opened"
    if options and options != [_plain(option.text) for option in question.options]:
        return f"options {options}"
    texts = {_plain(text) for text in facts["question"]}
    if texts - {_plain(question.text)}:
        return f"question {texts}"
    if scene == "revealed":
        return "" if facts["right"] == [question.key] else f"key {facts['right']}"
    return "the key before the reveal" if facts["marked"] else ""


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").strip()
