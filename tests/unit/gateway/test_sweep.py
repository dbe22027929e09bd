"""The one timer behind all connections."""

from quizserver.gateway.limits import SECOND
from quizserver.gateway.sweep import Sweep
from tests.protocol.clocks import START_NS, ManualClock


class Member:
    """Notes when it was visited, in milliseconds."""

    def __init__(self) -> None:
        self.visits: list[int] = []

    def swept(self, now_ns: int) -> None:
        self.visits.append((now_ns - START_NS) // 1_000_000)


def test_every_connection_is_visited_once_a_lap() -> None:
    clock = ManualClock()
    sweep = Sweep(clock, SECOND)
    members = [Member() for _ in range(1000)]
    for member in members:
        sweep.add(member)
    sweep.start()
    clock.advance(1)
    assert {len(member.visits) for member in members} == {1}
    clock.advance(9)
    assert {len(member.visits) for member in members} == {10}
    for member in members:
        gaps = [b - a for a, b in zip(member.visits, member.visits[1:], strict=False)]
        assert max(gaps) < 2000


def test_visits_are_spread_over_the_lap() -> None:
    clock = ManualClock()
    sweep = Sweep(clock, SECOND)
    members = [Member() for _ in range(1000)]
    for member in members:
        sweep.add(member)
    sweep.start()
    clock.advance(1)
    moments = [member.visits[0] for member in members]
    assert len(set(moments)) == 20
    assert max(moments.count(moment) for moment in set(moments)) == 50


def test_connection_that_left_in_mid_lap_is_not_visited() -> None:
    clock = ManualClock()
    sweep = Sweep(clock, SECOND)
    members = [Member() for _ in range(40)]
    for member in members:
        sweep.add(member)
    sweep.start()
    clock.advance(0.1)
    late = [member for member in members if not member.visits]
    for member in late:
        sweep.discard(member)
    clock.advance(1)
    assert late
    assert not any(member.visits for member in late)


def test_stopped_sweep_stands_still_and_can_go_on() -> None:
    clock, member = ManualClock(), Member()
    sweep = Sweep(clock, SECOND)
    sweep.add(member)
    sweep.start()
    sweep.start()
    sweep.stop()
    clock.advance(5)
    assert not member.visits
    sweep.start()
    clock.advance(1)
    assert member.visits
    assert len(sweep) == 1


def test_trouble_with_one_connection_does_not_stop_the_sweep() -> None:
    class Broken(Member):
        def swept(self, now_ns: int) -> None:
            super().swept(now_ns)
            raise ValueError("bug")

    clock, broken = ManualClock(), Broken()
    sweep = Sweep(clock, SECOND)
    sweep.add(broken)
    sweep.start()
    for _ in range(3):
        try:
            clock.advance(0.05)
        except ValueError:
            continue
    assert len(broken.visits) == 3
