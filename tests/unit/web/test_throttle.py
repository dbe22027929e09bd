"""Who is checked next: guessing gets slower, the host on air gets in (P16)."""

import asyncio
from collections.abc import Callable

import pytest

from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.web.throttle import (
    AT_ONCE,
    FREE,
    LINE,
    LONGEST_MS,
    NETWORK,
    REMEMBERED,
    Caller,
    Crowded,
    Throttle,
    delay_ms,
)


class HeldClock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.alarms: list[tuple[int, Callable[[], None]]] = []

    def monotonic_ns(self) -> int:
        return self.now_ns

    def utc_ms(self) -> int:
        return 0

    def stamp(self) -> Stamp:
        return Stamp(boot="b", mono_ns=self.now_ns, utc_ms=0)

    def resolve_ns(self, stamp: Stamp) -> int:
        return stamp.mono_ns

    def at(self, mono_ns: int, call: Callable[[], None]) -> Callable[[], None]:
        alarm = (mono_ns, call)
        self.alarms.append(alarm)
        return lambda: self.alarms.remove(alarm) if alarm in self.alarms else None

    async def sleep_until(self, mono_ns: int) -> None:
        if mono_ns <= self.now_ns:
            return
        due = asyncio.Event()
        self.at(mono_ns, due.set)
        await due.wait()

    def move(self, ms: int) -> None:
        self.now_ns += ms * NS_PER_MS
        for due_ns, call in list(self.alarms):
            if due_ns <= self.now_ns:
                call()


class Bench:
    """A throttle, and checks that run until a test lets them end."""

    def __init__(self) -> None:
        self.clock = HeldClock()
        self.throttle = Throttle(self.clock)
        self.running: dict[str, asyncio.Future[str | None]] = {}
        self.tasks: dict[str, asyncio.Task[str | None]] = {}
        self.begun: list[str] = []

    async def start(
        self, name: str, account: str = "chu", address: str = "", known: str = ""
    ) -> None:
        """Begin an attempt; `name` is the test's word for it."""
        caller = Caller(account=account, address=address or name, known=known)

        async def check() -> str | None:
            self.begun.append(name)
            self.running[name] = asyncio.get_running_loop().create_future()
            return await self.running[name]

        attempt = self.throttle.attempt(caller, check)
        self.tasks[name] = asyncio.get_running_loop().create_task(attempt)
        await turn()

    async def end(self, name: str, session: str | None = None) -> None:
        """Let a check end."""
        self.running.pop(name).set_result(session)
        await turn()

    async def fail(self, times: int, address: str, known: str = "") -> None:
        """Fail so many times, one after the other."""
        caller = Caller(account="chu", address=address, known=known)
        for _ in range(times):
            assert await self.throttle.attempt(caller, wrong) is None

    async def close(self) -> None:
        """End what is left."""
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


async def wrong() -> str | None:
    return None


async def right() -> str | None:
    return "session"


async def turn() -> None:
    for _ in range(8):
        await asyncio.sleep(0)  # noqa: TID251 - lets started tasks reach their wait


def test_pause_grows_and_has_an_end() -> None:
    pauses = [delay_ms(n) for n in range(13)]
    assert pauses[:FREE] == [0] * FREE
    assert pauses[FREE : FREE + 3] == [500, 1_000, 2_000]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_MS


async def test_after_five_failures_the_next_check_waits() -> None:
    """Before the check, not before its answer: else many at once guess for free."""
    bench = Bench()
    await bench.fail(FREE, "1.2.3.4")
    await bench.start("sixth", address="1.2.3.4")
    bench.clock.move(499)
    await turn()
    assert bench.begun == []
    bench.clock.move(1)
    await turn()
    assert bench.begun == ["sixth"]
    await bench.close()


async def test_one_line_is_checked_one_at_a_time_and_bounded() -> None:
    bench = Bench()
    for number in range(LINE):
        await bench.start(f"guess {number}", address="1.2.3.4")
    caller = Caller(account="chu", address="1.2.3.4")
    with pytest.raises(Crowded):
        await bench.throttle.attempt(caller, right)
    assert bench.begun == ["guess 0"]
    await bench.end("guess 0")
    assert bench.begun == ["guess 0", "guess 1"]
    await bench.close()


async def test_network_that_tries_many_accounts_is_bounded_too() -> None:
    bench = Bench()
    for number in range(NETWORK):
        await bench.start(f"{number}", account=f"a{number}", address="1.2.3.4")
    assert len(bench.begun) == AT_ONCE
    caller = Caller(account="another", address="1.2.3.4")
    with pytest.raises(Crowded):
        await bench.throttle.attempt(caller, right)
    await bench.close()


async def test_only_two_checks_run_at_once() -> None:
    bench = Bench()
    for number in range(6):
        await bench.start(f"{number}", account=f"a{number}", address=f"1.2.3.{number}")
    assert bench.begun == ["0", "1"]
    await bench.end("1")
    assert bench.begun == ["0", "1", "2"]
    await bench.close()


async def test_newcomer_passes_a_flood_from_many_networks() -> None:
    """P16: the right password gets in whatever others try from elsewhere."""
    bench = Bench()
    for number in range(200):
        await bench.fail(1, f"10.0.{number}.1")
    for number in range(200):
        await bench.start(f"flood {number}", address=f"10.0.{number}.1")
    await bench.start("host", address="192.168.1.7")
    await bench.end("flood 0")
    assert bench.begun[-1] == "host"
    await bench.end("host", "session")
    assert await bench.tasks["host"] == "session"
    await bench.close()


async def test_only_the_first_of_a_network_are_newcomers() -> None:
    """Who comes at once from one network is one newcomer and then a guesser."""
    bench = Bench()
    for number in range(5):
        await bench.start(f"{number}", account=f"a{number}", address="1.2.3.4")
    await bench.start("host", address="5.6.7.8")
    await bench.end("0")
    assert bench.begun[-1] == "host"
    await bench.close()


async def test_known_browser_passes_strangers_and_failures_of_its_own_network() -> None:
    """The host behind the same router as who guesses, with the host's own name."""
    bench = Bench()
    for number in range(NETWORK):
        account = "chu" if number < LINE else f"a{number}"
        await bench.start(f"{number}", account=account, address="1.2.3.4")
    await bench.start("fresh", account="x", address="5.6.7.8")
    await bench.start("host", address="1.2.3.4", known="mark")
    await bench.end(bench.begun[0])
    assert bench.begun[-1] == "host"
    await bench.close()


async def test_known_browser_that_guesses_is_a_stranger_again() -> None:
    bench = Bench()
    await bench.fail(FREE, "1.2.3.4", known="mark")
    await bench.start("one", account="a", address="5.5.5.5")
    await bench.start("two", account="b", address="6.6.6.6")
    await bench.start("newcomer", account="c", address="7.7.7.7")
    bench.clock.move(500)
    await bench.start("guess", address="1.2.3.4", known="mark")
    await bench.end("one")
    assert bench.begun[-1] == "newcomer"
    await bench.close()


async def test_another_account_and_another_network_have_lines_of_their_own() -> None:
    bench = Bench()
    await bench.fail(FREE, "1.2.3.4")
    for account, address in (("chu", "5.6.7.8"), ("ai", "1.2.3.4")):
        caller = Caller(account=account, address=address)
        assert await bench.throttle.attempt(caller, right) == "session"


async def test_success_and_a_quiet_quarter_hour_forget_the_failures() -> None:
    bench = Bench()
    caller = Caller(account="chu", address="1.2.3.4")
    await bench.fail(FREE - 1, "1.2.3.4")
    assert await bench.throttle.attempt(caller, right) == "session"
    await bench.fail(FREE, "1.2.3.4")
    bench.clock.move(16 * 60_000)
    await bench.fail(FREE, "1.2.3.4")


async def test_an_account_in_capitals_is_the_same_account() -> None:
    bench = Bench()
    await bench.fail(FREE, "1.2.3.4")
    await bench.start("capitals", account="CHU", address="1.2.3.4")
    assert bench.begun == []
    await bench.close()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("2001:db8:0:7::1", "2001:db8:0:7::/64"),
        ("2001:db8:0:7:ffff::2", "2001:db8:0:7::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_one_machine_is_one_network(address: str, network: str) -> None:
    """Who has an IPv6 connection has 2^64 addresses of it."""
    assert Caller(account="chu", address=address).network == network


async def test_check_that_fails_gives_its_place_back() -> None:
    bench = Bench()

    async def broken() -> str | None:
        raise RuntimeError

    caller = Caller(account="chu", address="1.2.3.4")
    for _ in range(LINE + AT_ONCE + 1):
        with pytest.raises(RuntimeError):
            await bench.throttle.attempt(caller, broken)
    assert await bench.throttle.attempt(caller, right) == "session"


async def test_visitor_who_goes_away_gives_the_place_back() -> None:
    bench = Bench()
    for number in range(4):
        await bench.start(f"{number}", account=f"a{number}", address=f"1.2.3.{number}")
    bench.tasks["2"].cancel()
    await bench.end("0")
    bench.tasks["3"].cancel()
    await bench.start("4", account="a4", address="1.2.3.9")
    await turn()
    assert bench.begun[-1] == "4"
    await bench.close()


async def test_place_passed_on_to_somebody_who_just_left_is_not_lost() -> None:
    bench = Bench()
    for number in range(4):
        await bench.start(f"{number}", account=f"a{number}", address=f"1.2.3.{number}")
    bench.running.pop("0").set_result(None)
    queue = bench.throttle._checks._queue  # noqa: SLF001 - the moment between
    while len(queue) == 2:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0)  # noqa: TID251 - as above
    bench.tasks["2"].cancel()
    await turn()
    assert bench.begun[-1] == "3"
    await bench.close()


async def test_memory_of_failures_is_bounded() -> None:
    bench = Bench()
    for number in range(REMEMBERED + 10):
        await bench.fail(1, str(number))
    assert len(bench.throttle._lines) == REMEMBERED  # noqa: SLF001 - its size
    assert len(bench.throttle._networks) == REMEMBERED  # noqa: SLF001 - as above
