"""Somebody floods the sign-in of a show on air (P16).

Two hundred wrong passwords a second, from many addresses, most of them for the host's
own name. The host signs in all the same, in a fresh browser, within three seconds; and
phones go on getting their receipts, because passwords wait for each other and not for
the phones.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

import pytest

from quizserver.app import running
from quizserver.live.access import Role
from quizserver.settings import Settings
from tests.faults.guessers import PER_S, sign_in
from tests.faults.handsets import History, join, judge
from tests.faults.onair import (
    LONG,
    FaultyServer,
    Premises,
    assert_calm,
    figures,
    on_air,
    spread,
)
from tests.faults.test_server_hostile import honest
from tests.faults.victims import ROOT

NAME, PASSWORD = "chủ xị", "mật khẩu đủ dài"
ADDRESSES = 40

IN_TIME_S = 3.0

pytestmark = pytest.mark.quiet


@pytest.fixture
async def manned(server: FaultyServer, place: Premises) -> FaultyServer:
    """A server with the host's account."""
    settings = Settings(data_dir=place.folder, host="127.0.0.1", port=0)
    async with running(settings) as inside:
        await inside.accounts.add_account(NAME, PASSWORD, Role.HOST)
    return server


async def under_flood(
    server: FaultyServer,
    work: Callable[[], Awaitable[None]],
    *,
    addresses: int = ADDRESSES,
) -> dict[str, int]:
    """Do `work` while others guess; return how their tries were answered."""
    flood = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.guessers",
        *(str(server.port), NAME, str(addresses)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert flood.stdout is not None
    async with asyncio.timeout(30):
        await flood.stdout.readline()
    await work()
    out, _ = await flood.communicate(b"")
    assert flood.returncode == 0
    statuses: dict[str, int] = json.loads(out)
    assert statuses.keys() <= {"422", "429"}
    return statuses


@pytest.mark.parametrize(
    "seconds",
    [4, pytest.param(30, marks=[pytest.mark.long, pytest.mark.timeout(300)])],
)
async def test_right_password_gets_in_while_others_guess(
    manned: FaultyServer, place: Premises, seconds: int
) -> None:
    waits: list[float] = []

    async def host() -> None:
        for number in range(seconds):
            began = time.monotonic()
            address = f"127.0.3.{number + 1}"
            status, _ = await sign_in(manned.port, NAME, PASSWORD, address)
            waits.append((time.monotonic() - began) * 1000)
            assert status == 303, status
            await asyncio.sleep(0.5)

    async with on_air(manned, LONG, place):
        statuses = await under_flood(manned, host)
    figures(
        f"Signing in against {PER_S} wrong passwords a second",
        {"ms until the host was in": spread(waits), "wrong ones answered": statuses},
    )
    assert max(waits) < IN_TIME_S * 1000
    assert_calm(manned)


async def test_browser_that_signed_in_before_passes_a_flood_of_its_own_address(
    manned: FaultyServer, place: Premises
) -> None:
    """The host on air behind the router of whoever guesses, by the host's name."""
    address = "127.0.2.1"
    async with on_air(manned, LONG, place):
        _, head = await sign_in(manned.port, NAME, PASSWORD, address)
        (known,) = [line for line in head.split("\r\n") if "quiz-known=" in line]
        cookie = known.partition(": ")[2].partition(";")[0]

        async def host() -> None:
            began = time.monotonic()
            status, _ = await sign_in(
                manned.port, NAME, PASSWORD, address, f"Cookie: {cookie}\r\n"
            )
            assert status == 303
            assert time.monotonic() - began < IN_TIME_S

        statuses = await under_flood(manned, host, addresses=1)
    assert statuses["429"] > 0, "the line of that address was never full"


@pytest.mark.parametrize(
    ("seconds", "longer_ms"),
    [
        (2, 1_000),
        pytest.param(30, 100, marks=[pytest.mark.long, pytest.mark.timeout(300)]),
    ],
)
async def test_receipts_do_not_wait_for_passwords(
    manned: FaultyServer, place: Premises, seconds: int, longer_ms: int
) -> None:
    history = History()
    calm: list[float] = []
    flooded: list[float] = []
    async with on_air(manned, LONG, place) as show:
        await join(manned.address, LONG, ["Người đầu"], History())
        await show.open()
        calm += await honest(show, history, seconds=seconds)

        async def people() -> None:
            flooded.extend(await honest(show, history, seconds=seconds))

        await under_flood(manned, people)
        stored = await show.answers()
    figures(
        "Answer to receipt, ms",
        {"without a flood": spread(calm), "beside it": spread(flooded)},
    )
    assert not judge(history, stored).lost
    assert flooded
    assert p99(flooded) < p99(calm) + longer_ms


def p99(values: list[float]) -> float:
    """Return the 99th of a hundred."""
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]


@pytest.mark.parametrize("times", [9, pytest.param(60, marks=pytest.mark.long)])
async def test_unknown_name_takes_as_long_as_a_wrong_password(
    manned: FaultyServer, times: int
) -> None:
    """Nobody learns which names exist: same page, about the same time."""
    await manned.start()
    waits: dict[str, list[float]] = {NAME: [], "ai đó": []}
    for number in range(times):
        for part, name in enumerate(waits):
            # Each from an address of its own: no failure slows another down.
            address = f"127.0.{4 + part}.{number + 1}"
            began = time.monotonic()
            status, _ = await sign_in(manned.port, name, "sai mật khẩu", address)
            waits[name].append((time.monotonic() - began) * 1000)
            assert status == 422
    wrong, unknown = (statistics.median(values) for values in waits.values())
    figures("Refused after, ms", {"wrong password": wrong, "unknown name": unknown})
    assert abs(wrong - unknown) < 0.35 * max(wrong, unknown)
