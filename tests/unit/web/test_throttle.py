"""Failed sign-ins wait; a right password never does."""

import asyncio
from collections.abc import Callable

import pytest

from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.web.throttle import FREE, LONGEST_MS, Throttle, delay_ms


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


async def wrong() -> str | None:
    return None


async def right() -> str | None:
    return "session"


async def turn() -> None:
    for _ in range(5):
        await asyncio.sleep(0)  # noqa: TID251 - lets started tasks reach their wait


async def fail(throttle: Throttle, times: int, address: str = "1.2.3.4") -> None:
    for _ in range(times):
        assert await throttle.attempt("host", address, wrong) is None


def test_delay_grows_and_has_an_end() -> None:
    delays = [delay_ms(n) for n in range(1, 14)]
    assert delays[:FREE] == [0] * FREE
    assert delays[FREE : FREE + 3] == [500, 1_000, 2_000]
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_MS


async def test_sixth_failure_is_answered_only_after_its_delay() -> None:
    clock = HeldClock()
    throttle = Throttle(clock)
    await fail(throttle, FREE)
    async with asyncio.TaskGroup() as tasks:
        sixth = tasks.create_task(throttle.attempt("host", "1.2.3.4", wrong))
        await turn()
        clock.move(499)
        await turn()
        assert not sixth.done()
        clock.move(1)
        await turn()
        assert sixth.done()


async def test_right_password_is_never_held_back() -> None:
    """P16: no lock that an attacker can cause for the host on air."""
    throttle = Throttle(HeldClock())
    await fail(throttle, FREE)
    async with asyncio.TaskGroup() as tasks:
        flood = [
            tasks.create_task(throttle.attempt("host", "1.2.3.4", wrong))
            for _ in range(50)
        ]
        await turn()
        assert await throttle.attempt("host", "1.2.3.4", right) == "session"
        for task in flood:
            task.cancel()


async def test_another_address_is_not_made_to_wait() -> None:
    throttle = Throttle(HeldClock())
    await fail(throttle, FREE)
    assert await throttle.attempt("host", "5.6.7.8", wrong) is None


async def test_success_and_a_quiet_quarter_hour_forget_the_failures() -> None:
    clock = HeldClock()
    throttle = Throttle(clock)
    await fail(throttle, FREE)
    assert await throttle.attempt("host", "1.2.3.4", right) == "session"
    await fail(throttle, FREE)
    clock.move(16 * 60_000)
    await fail(throttle, FREE)


async def test_an_account_in_capitals_is_the_same_account() -> None:
    throttle = Throttle(HeldClock())
    await fail(throttle, FREE)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await throttle.attempt("HOST", "1.2.3.4", wrong)
