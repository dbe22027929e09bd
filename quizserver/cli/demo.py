"""`quizserver demo`: a show that plays by itself, for newcomers.

A whole server on temporary data, a sample show, simulated phones and a host
made of commands: open the printed overlay address and watch everything move.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop
from rich.console import Console

from quizserver.app import Running, pack_folders, running
from quizserver.bank.shelf import load_pack
from quizserver.cli.output import Json, tell
from quizserver.domain.ids import ShowCode
from quizserver.domain.rundown import Rules
from quizserver.live.access import Role
from quizserver.rehearsal.calls import Caller
from quizserver.rehearsal.crowd import Crowd
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.phone import Hints
from quizserver.settings import Settings, read_settings
from quizserver.store.ledger import temporary
from quizserver.texts.catalogue import text

_SHOW = ShowCode("DEMO")
_PACK = "cchc-2023-so-1"
_SEED = 2023


def command(
    phones: Annotated[
        int, typer.Option(min=1, max=5_000, help="Simulated phones.")
    ] = 60,
    questions: Annotated[
        int, typer.Option(min=1, max=10, help="Questions to play.")
    ] = 3,
    speed: Annotated[
        float, typer.Option(min=0.2, max=50, help="2 plays twice as fast.")
    ] = 1.0,
    export: Annotated[
        Path | None, typer.Option(help="Folder for the results and the audit export.")
    ] = None,
    port: Annotated[int, typer.Option(help="0 takes any free port.")] = 0,
    as_json: Json = False,
) -> None:
    """Play a sample show by itself, on temporary data."""
    with tempfile.TemporaryDirectory(prefix="quizserver-demo-") as folder:
        settings = read_settings(data_dir=Path(folder), port=port, host="127.0.0.1")
        with temporary(settings.database, settings.data_dir) as database:
            away = settings.model_copy(update={"database_url": database})
            demo = Demo(away, phones, questions, speed, quiet=as_json)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                told = runner.run(demo.play(export))
    tell(_summary(settings.lang, told), told, as_json=as_json)


class Demo:
    """One demonstration."""

    def __init__(
        self,
        settings: Settings,
        phones: int,
        questions: int,
        speed: float,
        *,
        quiet: bool,
    ) -> None:
        self._settings = settings
        self._phones = phones
        self._questions = questions
        self._speed = speed
        self._console = Console(highlight=False, soft_wrap=True, quiet=quiet)
        self._hints = Hints(speed=speed)
        self._shown = ""

    async def play(self, export: Path | None) -> dict[str, Any]:
        """Play the show; return what there is to tell of it."""
        async with running(self._settings) as server, asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve())
            await self._make_show(server)
            crowd = Crowd(
                server.address,
                _SHOW,
                count=self._phones,
                seed=_SEED,
                hints=self._hints,
            )
            token = await server.accounts.add_token(Role.OWNER, None, "demo")
            await self._say_where(server)
            async with Caller(server.address, token) as caller:
                told = await self._conduct(caller, crowd)
                if export is not None:
                    told["files"] = _write(await _fetch(caller), export)
            server.uvicorn.should_exit = True
        return told

    async def _make_show(self, server: Running) -> None:
        pack = load_pack(_PACK, pack_folders(self._settings))
        rules = Rules(
            duration_ms=int(15_000 / self._speed), roll_ms=int(3_000 / self._speed)
        )
        await server.shows.create(
            _SHOW, pack, title=pack.title, lang=pack.lang, rules=rules, actor="demo"
        )

    async def _say_where(self, server: Running) -> None:
        key = await server.accounts.add_token(Role.OVERLAY, _SHOW, "demo")
        self._say("begin", phones=self._phones, questions=self._questions)
        self._say("look", url=f"{server.address}/overlay/stage#k={key}")
        self._say("join", url=f"{server.address}/{_SHOW}")

    async def _conduct(self, caller: Caller, crowd: Crowd) -> dict[str, Any]:
        director = Director(caller, _SHOW, self._hints, Pace().faster(self._speed))
        director.on_step = self._on_step
        await crowd.join()
        self._say("joined", phones=self._phones)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(crowd.run())
            await director.play(self._questions)
        state = await director.state()
        figures = crowd.figures()
        return {
            "winner": [w["name"] for w in state["winners"] if w["prize"] == "show"],
            "phones": figures.phones,
            "taps": figures.taps,
            "receipts": figures.receipts,
            "receipt_p50_ms": round(figures.receipt_p50, 1),
            "receipt_p99_ms": round(figures.receipt_p99, 1),
            "receipt_max_ms": round(figures.receipt_max, 1),
            "files": [],
        }

    def _on_step(self, state: dict[str, Any]) -> None:
        number = (state.get("question") or {}).get("number", "–")
        phase = text(self._settings.lang, f"cli.phase.{state['phase']}")
        line = f"{number} {phase}"
        if line != self._shown:
            self._shown = line
            self._say("step", number=number, phase=phase)

    def _say(self, name: str, **values: str | int) -> None:
        said = text(self._settings.lang, f"cli.demo.{name}", **values)
        self._console.print(said, markup=False)


async def _fetch(caller: Caller) -> dict[str, bytes]:
    """Return the results in every form and the audit export, by file name."""
    names = ("results.json", "results.csv", "results.xlsx", "audit.jsonl")
    path = f"/api/shows/{_SHOW}"
    return {name: await caller.call("GET", f"{path}/{name}", b"") for name in names}


def _write(files: dict[str, bytes], folder: Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / name).write_bytes(body)
    return [str(folder / name) for name in files]


def _summary(lang: str, told: dict[str, Any]) -> str:
    winner = ", ".join(told["winner"]) or text(lang, "cli.demo.nobody")
    said = text(
        lang,
        "cli.demo.done",
        winner=winner,
        receipts=told["receipts"],
        slowest=f"{told['receipt_max_ms']:.0f}",
    )
    if told["files"]:
        folder = str(Path(told["files"][0]).parent)
        said += "\n" + text(lang, "cli.demo.exported", folder=folder)
    return said
