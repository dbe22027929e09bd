"""The machine's clocks; the only tests that live on real time, a few ms each."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.live import clock as module
from quizserver.live.clock import SystemClock, rfc3339


class EarlyClock(SystemClock):
    """A clock whose loop rings too early once, as a coarse timer does."""

    def __init__(self, readings: Iterator[int]) -> None:
        super().__init__()
        self._readings = readings

    def monotonic_ns(self) -> int:
        return next(self._readings)


class JumpingClock(SystemClock):
    """A clock whose UTC somebody sets."""

    jump_ms = 0

    def utc_ms(self) -> int:
        return super().utc_ms() + self.jump_ms


def test_a_stamp_is_one_moment_on_three_clocks() -> None:
    clock = SystemClock()
    before, utc = clock.monotonic_ns(), clock.utc_ms()
    stamp = clock.stamp()
    assert before <= stamp.mono_ns <= clock.monotonic_ns()
    assert utc <= stamp.utc_ms <= clock.utc_ms()
    assert stamp.boot == SystemClock().stamp().boot


def test_on_the_same_boot_a_stamp_is_its_monotonic_part() -> None:
    """Whatever the wall clock says of it: jumped ahead an hour, or back."""
    clock = SystemClock()
    stamp = clock.stamp()
    jumped = Stamp(
        boot=stamp.boot, mono_ns=stamp.mono_ns, utc_ms=stamp.utc_ms - 3_600_000
    )
    assert clock.resolve_ns(jumped) == stamp.mono_ns


def test_after_another_boot_a_stamp_is_counted_back_over_utc() -> None:
    clock = SystemClock()
    stamp = Stamp(boot="another", mono_ns=7, utc_ms=clock.utc_ms() - 5_000)
    age_ms = (clock.monotonic_ns() - clock.resolve_ns(stamp)) / NS_PER_MS
    assert 4_999 <= age_ms < 5_500


@pytest.mark.parametrize("jump_ms", [3_600_000, -3_600_000])
def test_a_stamp_of_another_machine_stays_where_it_was_whatever_utc_does(
    jump_ms: int,
) -> None:
    """Its question would close at once there, or never (Source: R1.5)."""
    clock = JumpingClock()
    stamp = Stamp(boot="another", mono_ns=7, utc_ms=clock.utc_ms() - 5_000)
    before = clock.resolve_ns(stamp)
    clock.jump_ms = jump_ms
    assert clock.resolve_ns(stamp) == before
    assert clock.resolve_ns(stamp.plus_ms(20)) == before + 20 * NS_PER_MS
    new = Stamp(boot="another", mono_ns=11, utc_ms=clock.utc_ms())
    resolved_ns = clock.resolve_ns(new)
    assert abs(clock.monotonic_ns() - resolved_ns) < 500 * NS_PER_MS


def test_where_the_kernel_names_no_boot_each_process_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "BOOT_ID", tmp_path / "none")
    assert SystemClock().stamp().boot.startswith("process-")


async def test_a_call_comes_at_its_time_and_not_before() -> None:
    clock = SystemClock()
    due = clock.monotonic_ns() + 2 * NS_PER_MS
    rung: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    clock.at(due, lambda: rung.set_result(clock.monotonic_ns()))
    assert await rung >= due


async def test_a_call_whose_time_has_passed_comes_at_once() -> None:
    clock = SystemClock()
    rung = asyncio.Event()
    clock.at(clock.monotonic_ns() - 5_000 * NS_PER_MS, rung.set)
    await rung.wait()


async def test_a_loop_that_is_early_is_sent_back_to_wait() -> None:
    clock = EarlyClock(iter((0, 999_999, 999_999, 1_000_000)))
    rung = asyncio.Event()
    clock.at(1_000_000, rung.set)
    await rung.wait()
    with pytest.raises(StopIteration):
        clock.monotonic_ns()


async def test_a_call_that_was_taken_back_does_not_come() -> None:
    clock = SystemClock()
    rung: list[str] = []
    done = asyncio.Event()
    now = clock.monotonic_ns()
    cancel = clock.at(now + NS_PER_MS, lambda: rung.append("taken back"))
    clock.at(now + 2 * NS_PER_MS, done.set)
    cancel()
    cancel()
    await done.wait()
    assert rung == []


async def test_sleep_ends_at_its_time_and_not_before() -> None:
    clock = SystemClock()
    due = clock.monotonic_ns() + 2 * NS_PER_MS
    await clock.sleep_until(due)
    assert clock.monotonic_ns() >= due
    await clock.sleep_until(due)


def test_a_time_of_day_is_written_in_utc_to_the_millisecond() -> None:
    assert rfc3339(1_697_720_400_125) == "2023-10-19T13:00:00.125Z"
    assert rfc3339(0) == "1970-01-01T00:00:00.000Z"
