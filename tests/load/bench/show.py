"""A whole show in one process: ten questions, everybody answers within two seconds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quizserver.rehearsal.director import Pace
from quizserver.rehearsal.figures import Report
from quizserver.rehearsal.swarm import Plan, swarm
from quizserver.rehearsal.trial import Trial
from tests.load.bench.stands import SHOW, Ours

QUESTIONS: Final = 10
WITHIN_MS: Final = 2_000
PACE: Final = Pace(lobby=0.5, asked=0.3, locked=0.3, revealed=1.5, standings=0.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of it: `lost` answers, and phones that were dropped."""

    phones: int
    taps: int
    lost: int
    dropped: int
    stored: int
    receipt_p99_ms: float
    own_rank_ms: float
    cpu_s: float
    seconds: float
    problems: str = ""


async def play(ours: Ours, phones: int, program: Path) -> Played:
    """Start the server and play the whole show with so many phones."""
    await ours.start()
    plan = Plan(
        address=ours.address,
        show=SHOW,
        phones=phones,
        within_ms=WITHIN_MS,
    )
    trial = Trial(
        plan,
        token=ours.caller.token,
        questions=QUESTIONS,
        made_by="compiled",
        pace=PACE,
    )
    try:
        await trial.check()
        async with swarm(program, plan) as crowd:
            report = await trial.run(crowd)
    finally:
        await ours.stop()
    return _played(report)


def _played(report: Report) -> Played:
    answers, machine = report.answers, report.machine
    return Played(
        phones=report.phones,
        taps=answers.taps,
        lost=answers.lost,
        dropped=report.reconnects + report.gone,
        stored=report.stored or 0,
        receipt_p99_ms=answers.receipt.p99_ms,
        own_rank_ms=report.reveal_to_own.max_ms,
        cpu_s=machine.cpu_playing_s if machine is not None else 0,
        seconds=report.seconds,
        problems=", ".join(report.problems),
    )
