"""Room for answers: measured, judged, said once in the log."""

import logging
from pathlib import Path

import pytest

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.disk import LEAST_BYTES, LOW_BYTES, Disk
from tests.manual_clock import ManualClock

FOLDER = Path("/srv/quiz")
PLENTY = 80 * 10**9


class Ended(Exception):
    """The test has seen enough minutes."""


class Minutes(ManualClock):
    """Lets a minute pass at once, each with the room that the test has listed."""

    def __init__(self, *rooms: int) -> None:
        super().__init__()
        self.rooms = list(rooms)
        self.slept: list[int] = []

    async def sleep_until(self, mono_ns: int) -> None:
        self.slept.append((mono_ns - self.mono_ns) // NS_PER_MS)
        self.mono_ns = mono_ns
        self.rooms.pop(0)
        if not self.rooms:
            raise Ended


def having(free: int) -> Disk:
    return Disk(FOLDER, lambda _: free)


def test_it_is_measured_anew_each_time_where_the_answers_are() -> None:
    asked: list[Path] = []

    def measure(folder: Path) -> int:
        asked.append(folder)
        return len(asked)

    disk = Disk(FOLDER, measure)
    assert (disk.free(), disk.free()) == (1, 2)
    assert asked == [FOLDER, FOLDER]


@pytest.mark.parametrize(
    ("free", "room"), [(LEAST_BYTES, True), (LEAST_BYTES - 1, False), (0, False)]
)
def test_a_show_needs_two_hundred_megabytes(free: int, room: bool) -> None:
    assert having(free).has_room() is room


def test_a_disk_that_does_not_say_has_no_room() -> None:
    def gone(_: Path) -> int:
        raise FileNotFoundError

    disk = Disk(FOLDER, gone)
    assert (disk.free(), disk.has_room()) == (0, False)


def test_the_refusal_names_the_place_and_how_much_in_the_readers_numbers() -> None:
    words = having(1_250_000_000).words("vi")
    assert words == {"folder": "/srv/quiz", "free": "1,2 GB", "least": "200 MB"}
    assert having(1_250_000_000).words("en")["free"] == "1.2 GB"


async def logged(caplog: pytest.LogCaptureFixture, *rooms: int) -> list[str]:
    """Watch a disk that has these rooms, minute by minute; return what was said."""
    clock = Minutes(*rooms)
    disk = Disk(FOLDER, lambda _: clock.rooms[0])
    with caplog.at_level(logging.INFO), pytest.raises(Ended):
        await disk.watch(clock)
    assert set(clock.slept) == {60_000}
    return [f"{line.levelname}: {line.getMessage()}" for line in caplog.records]


async def test_a_disk_with_room_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert await logged(caplog, PLENTY, LOW_BYTES, PLENTY) == []


async def test_what_is_short_is_said_at_the_start_and_at_each_change(
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = await logged(
        caplog, LOW_BYTES - 1, LOW_BYTES - 2, LEAST_BYTES - 1, 0, LEAST_BYTES, PLENTY
    )
    assert said == [
        "WARNING: the disk of /srv/quiz has 999 MB left; free some space",
        "ERROR: the disk of /srv/quiz has 199 MB left: no show can be opened; "
        "free some space",
        "WARNING: the disk of /srv/quiz has 200 MB left; free some space",
        "INFO: the disk of /srv/quiz has room again, 80.0 GB",
    ]
