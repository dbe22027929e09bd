"""`make bench`: our server beside peers, on one core of this machine.

    python -m tests.load.bench [--phones 10000] [--rounds 3] [--only ours,floor,…]
        [--show 18000] [--json FILE]
    python -m tests.load.bench --growth 1000,2000,5000,10000,19000

The server has the first core, the phones the others. Each round measures every
server once, one after another, so that a ratio is of two that were measured within
a minute; the table shows medians over the rounds. `--show 0` leaves the show out.
`--growth` measures ours alone, once for each of these sizes.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import uvloop
from rich.console import Console

from quizserver.rehearsal.compiled import cache_folder, program
from quizserver.rehearsal.figures import Spread
from tests.load.bench.show import Played, play
from tests.load.bench.stands import (
    CORE,
    DURATION_MS,
    WITHIN_MS,
    Missing,
    Ours,
    Peer,
    Stand,
    floor_program,
    node_modules,
)
from tests.load.bench.table import by_size, raw, table
from tests.load.bench.visit import SLOWLY_MS, Visit, slowly, visit

_PYTHON: Final = (sys.executable, "-m")
_OUT: Final = Console(width=150)


def _node(folder: Path) -> Stand:
    if shutil.which("node") is None:
        raise Missing("node is not installed")
    return Peer(folder, "node", str(node_modules().parent / "node_ws.js"), "PORT")


SERVERS: Final[dict[str, Callable[[Path], Stand]]] = {
    "floor": lambda folder: Peer(folder, str(floor_program(folder)), "PORT"),
    "ours": Ours,
    "uvicorn": lambda folder: Peer(
        folder, *_PYTHON, "tests.load.peers.plain_asgi", "uvicorn", "PORT"
    ),
    "node ws": _node,
    "websockets": lambda folder: Peer(
        folder, *_PYTHON, "tests.load.peers.plain_websockets", "PORT"
    ),
    "Starlette": lambda folder: Peer(
        folder, *_PYTHON, "tests.load.peers.plain_asgi", "starlette", "PORT"
    ),
}
"""What is measured when nothing else is asked for."""

CANDIDATES: Final[dict[str, Callable[[Path], Stand]]] = {
    kind: lambda folder, kind=kind: Peer(  # type: ignore[misc]  # mypy knows no default
        folder, *_PYTHON, "tests.load.peers.plane_candidates", kind, "PORT"
    )
    for kind in ("plane", "sans-io", "picows")
}
"""Ways to serve phones inside uvicorn, by name with `--only`."""


async def measure(found: dict[str, list[Visit]], phones: int, rounds: int) -> None:
    """Visit every server once a round; leave out those that cannot be had."""
    phones_program = program(cache_folder())
    for number in range(rounds):
        for name in list(found):
            begun = time.monotonic()
            # Of plain uvicorn only the handshakes are asked for.
            parts = "connect" if name == "uvicorn" else "all"
            with tempfile.TemporaryDirectory(prefix="quizserver-bench-") as folder:
                try:
                    stand = (SERVERS | CANDIDATES)[name](Path(folder))
                    one = await visit(stand, phones, phones_program, parts)
                except Missing as missing:
                    _OUT.print(f"{name} is left out: {missing}")
                    del found[name]
                    continue
            if name == "ours":
                one = replace(one, slowly=await receipts_slowly(phones))
            found[name].append(one)
            took_s = time.monotonic() - begun
            _OUT.print(f"round {number + 1}, {name}: {took_s:.0f} s {one.errors}")


async def receipts_slowly(phones: int) -> Spread:
    """Measure receipts beside cues on a core that is not full."""
    with tempfile.TemporaryDirectory(prefix="quizserver-bench-") as folder:
        open_ms = SLOWLY_MS + DURATION_MS - WITHIN_MS
        ours = Ours(Path(folder), within_ms=SLOWLY_MS, duration_ms=open_ms)
        return await slowly(ours, phones, program(cache_folder()))


async def whole_show(phones: int) -> Played:
    """Play the ten questions."""
    _OUT.print(f"a show with {phones:,} phones")
    with tempfile.TemporaryDirectory(prefix="quizserver-bench-") as folder:
        return await play(Ours(Path(folder)), phones, program(cache_folder()))


async def growth(sizes: list[int]) -> list[Visit]:
    """Visit our server with each of these many phones."""
    found: list[Visit] = []
    for size in sizes:
        _OUT.print(f"{size:,} phones")
        with tempfile.TemporaryDirectory(prefix="quizserver-bench-") as folder:
            ours = Ours(Path(folder))
            found.append(await visit(ours, size, program(cache_folder()), "calm"))
    return found


def machine() -> str:
    """Return what was measured on, in a few words."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.split(":")[1] for line in lines if "model name" in line), "?")
    return (
        f"{os.cpu_count()} × {model.strip()}, Linux {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def main() -> None:
    """Measure and print."""
    asked = _asked()
    others = sorted(set(range(os.cpu_count() or 1)) - {CORE})
    if not others:
        sys.exit("the bench needs two cores: one for the server, one for the phones")
    os.sched_setaffinity(0, others)
    title = f"{datetime.now(UTC):%d/%m/%Y}, {machine()}"
    if asked.growth:
        found = uvloop.run(growth([int(size) for size in asked.growth.split(",")]))
        _OUT.print(by_size(found, title))
        _write(asked.json, {"title": title, "growth": found})
        return
    names = asked.only.split(",") if asked.only else list(SERVERS)
    rounds: dict[str, list[Visit]] = {name: [] for name in names}
    played = None
    try:
        uvloop.run(measure(rounds, asked.phones, asked.rounds))
        played = uvloop.run(whole_show(asked.show)) if asked.show else None
    except KeyboardInterrupt:
        _OUT.print("stopped; this is what was measured so far")
    title = f"{asked.phones:,} phones, {title}"
    _OUT.print(raw(rounds))
    _OUT.print(table(rounds, played, title))
    _write(asked.json, {"title": title, "rounds": rounds, "show": played})


def _write(file: str, told: object) -> None:
    if file:
        Path(file).write_bytes(msgspec.json.format(msgspec.json.encode(told)))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--phones", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", metavar="NAMES")
    parser.add_argument("--show", type=int, default=18_000, metavar="PHONES")
    parser.add_argument("--growth", default="", metavar="SIZES")
    parser.add_argument("--json", default="", metavar="FILE")
    return parser.parse_args()


if __name__ == "__main__":
    main()
