"""Thousands of phones and a server that is killed under them (Source: R1.5, R3.4).

Nobody helps: the phones dial again by themselves, say again what was not
receipted, and the question closes at the moment it would have closed.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.faults.crowd import MS, Crowd, Seen
from tests.faults.handsets import (
    History,
    accounted,
    crowd_names,
    join,
    judge,
    statuses,
)
from tests.faults.onair import (
    LONG,
    QUICK,
    FaultyServer,
    Premises,
    Show,
    assert_calm,
    figures,
    on_air,
    share,
    sleep_until,
    spread,
)
from tests.faults.victims import chance

PHONES = 5_000
QUICK_MS = 2_000
"""How long a question of QUICK lasts before the host extends it."""

BACK_MS = {0.95: 5_000, 1: 10_000}
"""When such a share of the phones must be back."""


@pytest.mark.parametrize(
    ("count", "lasts_ms", "kill_ms"),
    [
        (200, 6_000, 1_000),
        pytest.param(
            PHONES, 15_000, 7_000, marks=[pytest.mark.long, pytest.mark.timeout(300)]
        ),
    ],
)
async def test_crowd_comes_back_by_itself_when_the_server_is_killed_in_mid_question(
    server: FaultyServer,
    place: Premises,
    crowd_program: Path,
    count: int,
    lasts_ms: int,
    kill_ms: int,
) -> None:
    """Most have answered at the kill, some answer meanwhile, some after it."""
    history = History()
    async with on_air(server, QUICK, place) as show:
        phones = await join(server.address, QUICK, crowd_names(count), history)
        crowd = Crowd(crowd_program, phones, think_ms=kill_ms + 1_000)
        async with crowd.run(server.folder, server.port):
            await crowd.until(here=count)
            midway = await killed_midway(show, crowd, lasts_ms, kill_ms)
        stored = await show.answers()
    seen = crowd.seen(history)
    back, verdict = back_ms(seen, midway.killed_ns), judge(history, stored)
    figures(
        f"kill -9 with {count:,} phones, {kill_ms // 1000} s into {lasts_ms // 1000} s",
        {
            "phones can join again after, ms": round(midway.listens_ms),
            "95 % of the phones back after, ms": round(share(back, 0.95)),
            "all back after, ms": round(back[-1]),
            "deadline moved by, ms": f"{midway.moved_ms:.1f}",
            "locked after it, ms": f"{first_lock_ms(seen, midway.closes_ns):.1f}",
            **accounted(history, verdict),
            "the host is told that was lost, ms": midway.lost_ms,
        },
        goal="listening ≤ 2 s, 95 % back ≤ 5 s, all ≤ 10 s, deadline ≤ 50 ms, 0 lost",
    )
    assert not verdict, verdict
    assert len(back) == len(stored) == count
    assert {row["status"] for row in stored} == {"accepted"}
    assert 0 < midway.lost_ms <= midway.listens_ms + 1_000
    assert_calm(server)
    if count == PHONES:
        assert midway.listens_ms <= 2_000
        assert midway.moved_ms <= 50
        for part, most_ms in BACK_MS.items():
            assert share(back, part) <= most_ms


@dataclass(frozen=True)
class Midway:
    """What a kill in mid-question did, as the host saw it."""

    killed_ns: int
    closes_ns: int
    listens_ms: float
    moved_ms: float
    lost_ms: int


async def killed_midway(
    show: Show, crowd: Crowd, lasts_ms: int, kill_ms: int
) -> Midway:
    """Kill the server so long into a question; return when that has closed."""
    await show.open()
    extended = await show.command("extend", ms=lasts_ms - QUICK_MS)
    await show.reaches(extended["step"])
    closes_ns = await show.closes_at_ns()
    await sleep_until(closes_ns - (lasts_ms - kill_ms) * MS)
    killed_ns = time.monotonic_ns()
    show.server.kill()
    await show.server.start()
    listens_ms = (time.monotonic_ns() - killed_ns) / MS
    await crowd.until(here=len(crowd.phones))
    assert time.monotonic_ns() < closes_ns, "over before everybody was back"
    moved_ms = abs(await show.closes_at_ns() - closes_ns) / MS
    state = await show.until("locked")
    lost_ms = int(state["question"]["lost_ms"])
    return Midway(killed_ns, closes_ns, listens_ms, moved_ms, lost_ms)


def back_ms(seen: Seen, killed_ns: int) -> list[float]:
    """Return how long after a kill each phone was welcome again, sorted."""
    firsts = (
        min((at for at in moments if at > killed_ns), default=None)
        for moments in seen.welcomes.values()
    )
    return sorted((at - killed_ns) / MS for at in firsts if at is not None)


def first_lock_ms(seen: Seen, closes_ns: int) -> float:
    """Return how long after its deadline the first phone heard of the lock."""
    return (min(min(moments) for moments in seen.locks.values()) - closes_ns) / MS


@pytest.mark.long
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("kills", [20])
async def test_crowd_loses_nothing_however_often_the_server_is_killed(
    server: FaultyServer, place: Premises, crowd_program: Path, kills: int
) -> None:
    """Every question is killed while thousands of answers are on their way."""
    random, history, backs = chance("crowd"), History(), list[float]()
    async with on_air(server, LONG, place) as show:
        phones = await join(server.address, LONG, crowd_names(PHONES), history)
        crowd = Crowd(crowd_program, phones, think_ms=1_500)
        async with crowd.run(server.folder, server.port):
            await crowd.until(here=PHONES)
            for number in range(kills):
                if number:
                    await show.lock_and_reveal()
                backs.append(await killed_question(show, crowd, random))
        stored = await show.answers()
    crowd.seen(history)
    verdict = judge(history, stored)
    figures(
        f"{kills} kills -9 under {PHONES:,} phones that answer",
        {
            **accounted(history, verdict),
            "kill to everybody has a receipt, ms": spread(backs),
        },
        goal="0 lost, 0 phantom, 0 double",
    )
    assert not verdict, verdict
    assert len(stored) == kills * PHONES
    assert statuses(history) == {"accepted": len(history.receipts)}
    assert_calm(server)


async def killed_question(show: Show, crowd: Crowd, random: Random) -> float:
    """Open a question and kill the server; return when all had receipts, in ms."""
    await show.open()
    await crowd.begun()
    await sleep_until(time.monotonic_ns() + random.randint(20, 1_400) * MS)
    killed_ns = time.monotonic_ns()
    show.server.kill()
    await show.server.start()
    # A receipt from before the kill counts; who has one need not be back yet.
    await crowd.until(here=PHONES, answered=PHONES)
    return (time.monotonic_ns() - killed_ns) / MS
