"""The fairness lab: does rule `fair-1` find who was really the fastest?

    make lab ARGS="--phones 1000 --questions 100"

The real server, real sockets and the kernel's real TCP between two network
namespaces; phones that know the truth, honest and cheating ones; the same log
scored by `fair-1`, by order of arrival and by received − sent. Prints a table and
leaves everything in build/fairness. docs/explanation/fairness.md explains it.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.load.fairness.files import Files, Plan
from tests.load.fairness.network import Network
from tests.load.fairness.people import write_networks, write_plan
from tests.load.fairness.report import report

HERE: Final = Path(__file__).parent
PROGRAMS: Final = {"path": ("path.c",), "phones": ("phones.c", "links.c")}


def main() -> None:
    """Play and score, or score again what was played."""
    # Stopped or interrupted, the lab takes its namespaces away all the same.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    asked = _arguments()
    files = Files(asked.folder.absolute())
    if not asked.score_only:
        obstacle = _obstacle()
        if obstacle:
            sys.exit(obstacle)
        try:
            _play(files, asked)
        except (KeyboardInterrupt, subprocess.CalledProcessError):
            sys.exit("The lab was stopped before its end; nothing is scored.")
    sys.stdout.write(f"{report(files)}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make lab ARGS=…")
    parser.add_argument("--phones", type=int, default=200, help="honest phones")
    parser.add_argument("--cheats", type=int, default=5, help="of each kind")
    parser.add_argument("--blind", type=int, default=10, help="blind tappers")
    parser.add_argument("--questions", type=int, default=10)
    parser.add_argument("--duration", type=int, default=7_000, help="ms a question")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("build/fairness"))
    parser.add_argument("--score-only", action="store_true", help="of the last run")
    return parser.parse_args()


def _obstacle() -> str:
    """Return why the lab cannot run here, in one sentence; empty when it can."""
    if os.geteuid() != 0:
        return "The fairness lab makes network namespaces and must be run as root."
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "The fairness lab needs /dev/net/tun, which is missing here."
    missing = [tool for tool in ("ip", "cc") if shutil.which(tool) is None]
    return f"The fairness lab needs {' and '.join(missing)}." if missing else ""


def _play(files: Files, asked: argparse.Namespace) -> None:
    plan = Plan(
        honest=asked.phones,
        cheats=asked.cheats,
        blind=asked.blind,
        questions=asked.questions,
        duration_ms=asked.duration,
        seed=asked.seed,
    )
    shutil.rmtree(files.folder, ignore_errors=True)
    files.folder.mkdir(parents=True)
    files.keep(plan)
    for name, sources in PROGRAMS.items():
        _compile([HERE / source for source in sources], files.program(name))
    people = plan.people()
    write_networks(people, files.networks)
    write_plan(people, plan.questions, plan.seed, files.fingers)
    with Network(files.program("path"), files.networks, files.seen, plan.seed) as net:
        _inside(net, files)
    files.tell("path", net.figures)
    files.phones.unlink()


def _compile(sources: list[Path], program: Path) -> None:
    paths = (str(program), *map(str, sources))
    command = ["cc", "-O2", "-Wall", "-Wextra", "-o", *paths, "-lm"]
    subprocess.run(command, check=True)


def _inside(net: Network, files: Files) -> None:
    """Play on the server's side; what is left running ends with it."""
    module = [sys.executable, "-m", "tests.load.fairness.play"]
    subprocess.run(
        ["ip", "netns", "exec", net.server, *module, str(files.folder), net.phones],
        check=True,
    )


if __name__ == "__main__":
    main()
