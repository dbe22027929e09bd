"""What is wrong with the server: by driven figures, each limit on both sides."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from quizserver.domain.stamps import NS_PER_MS
from quizserver.live.disk import LEAST_BYTES, Disk
from quizserver.live.vitals import (
    ERRORS,
    LIMITS,
    Concern,
    Vitals,
    VitalSigns,
    stops_phones,
)
from quizserver.live.watch import Watchdog
from quizserver.store.journal import Health
from quizserver.texts.catalogue import LANGS, catalogue
from quizserver.texts.formats import size
from tests.manual_clock import ManualClock

WELL = Health(
    error="",
    queued=3,
    commits=40,
    rows=1_200,
    failures=0,
    commit_ns=4_250_000,
    busy_ns=1_500_000,
)


@dataclass
class Machine:
    """A server whose figures a test sets."""

    ledger: Health = WELL
    free: int = 80 * 10**9
    loop_ms: float = 2
    writer_ms: float = 4
    has_bus: bool = True
    backup_age_s: float | None = None

    def read(self) -> Vitals:
        """Return what its vital signs say."""
        age_s = self.backup_age_s
        dog = Watchdog(ManualClock(), lambda: self.ledger)
        dog.loop.add(int(self.loop_ms * NS_PER_MS))
        dog.loop.add(NS_PER_MS)
        dog.writer.add(int(self.writer_ms * NS_PER_MS))
        return VitalSigns(
            ledger=lambda: self.ledger,
            disk=Disk(Path("/srv/quiz"), lambda _: self.free),
            watchdog=dog,
            audience={"phones_online": lambda: 12},
            is_carried=lambda: self.has_bus,
            backup_age_s=(lambda: age_s) if age_s is not None else None,
        ).read()


def codes(machine: Machine) -> list[tuple[str, str]]:
    return [(one.code, one.level) for one in machine.read().concerns]


def test_a_bus_that_is_away_is_to_be_looked_at() -> None:
    """Nothing is lost with it, so phones may go on joining."""
    machine = Machine(has_bus=False)
    assert codes(machine) == [("bus_away", "warning")]
    assert not stops_phones(machine.read().concerns[0], on_air=False)


def test_a_server_that_is_well_has_figures_and_no_concern() -> None:
    vitals = Machine().read()
    assert vitals.concerns == ()
    assert vitals.numbers == {
        "loop_lag_ms": 1.0,
        "loop_lag_p99_ms": 2.0,
        "loop_lag_worst_ms": 2.0,
        "ledger_ok": 1.0,
        "ledger_queued": 3.0,
        "ledger_commit_ms": 4.25,
        "ledger_lag_ms": 1.5,
        "ledger_lag_worst_ms": 4.0,
        "ledger_commits_total": 40.0,
        "ledger_rows_total": 1_200.0,
        "ledger_failures_total": 0.0,
        "disk_free_bytes": 80e9,
        "bus_ok": 1.0,
        "phones_online": 12.0,
    }


def test_the_age_of_the_last_backup_is_a_figure_where_it_is_known() -> None:
    """Of a ledger on PostgreSQL nobody tells the server."""
    assert "backup_age_s" not in Machine().read().numbers
    assert Machine(backup_age_s=7_300).read().numbers["backup_age_s"] == 7_300


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (Machine(free=1_000_000_000), []),
        (Machine(free=999_999_999), [("disk_low", "warning")]),
        (Machine(free=200_000_000), [("disk_low", "warning")]),
        (Machine(free=199_999_999), [("disk_out", "bad")]),
        (Machine(loop_ms=249), []),
        (Machine(loop_ms=250), [("loop_slow", "warning")]),
        (Machine(loop_ms=999), [("loop_slow", "warning")]),
        (Machine(loop_ms=1_000), [("loop_stuck", "bad")]),
        (Machine(writer_ms=499), []),
        (Machine(writer_ms=500), [("writer_slow", "warning")]),
        (Machine(writer_ms=2_000), [("writer_stuck", "bad")]),
        (Machine(ledger=replace(WELL, queued=9_999)), []),
        (Machine(ledger=replace(WELL, queued=10_000)), [("queue_long", "warning")]),
        (Machine(ledger=replace(WELL, queued=50_000)), [("queue_full", "bad")]),
    ],
)
def test_each_limit_holds_to_the_last_digit(
    machine: Machine, expected: list[tuple[str, str]]
) -> None:
    assert codes(machine) == expected


@pytest.mark.parametrize("error", ERRORS)
def test_a_ledger_that_cannot_write_says_why(error: str) -> None:
    machine = Machine(ledger=replace(WELL, error=error))
    assert codes(machine) == [(f"ledger_{error}", "bad")]
    assert machine.read().numbers["ledger_ok"] == 0.0


def test_an_error_nobody_foresaw_has_a_sentence_too() -> None:
    machine = Machine(ledger=replace(WELL, error="moon_phase"))
    assert codes(machine) == [("ledger_write_failed", "bad")]


def test_the_worst_comes_first_and_answers_before_all() -> None:
    machine = Machine(
        ledger=replace(WELL, error="disk_full"), free=0, loop_ms=300, writer_ms=600
    )
    assert codes(machine) == [
        ("ledger_disk_full", "bad"),
        ("disk_out", "bad"),
        ("writer_slow", "warning"),
        ("loop_slow", "warning"),
    ]


def test_sentences_carry_the_figure_as_the_reader_writes_it() -> None:
    low, slow = Machine(free=850 * 10**6, loop_ms=1_350.4).read().concerns[::-1]
    assert low.sentence("vi").startswith("Ổ đĩa của máy chủ chỉ còn 850 MB.")
    assert slow.sentence("vi").startswith("Máy chủ chậm 1.350 ms")
    assert slow.sentence("en").startswith("The server is slow by 1,350 ms")


def test_whatever_can_be_wrong_has_its_sentence_in_every_language() -> None:
    known = {code for limit in LIMITS for code in (limit.warns, limit.alarms)}
    known |= {f"ledger_{error}" for error in (*ERRORS, "write_failed")} | {"bus_away"}
    for lang in LANGS:
        keys = {key for key in catalogue(lang, ["host"]) if ".concern." in key}
        assert keys == {f"host.concern.{code}" for code in known}


def test_sentences_that_name_the_least_room_name_the_right_one() -> None:
    for lang in LANGS:
        texts, least = catalogue(lang, ["host"]), size(lang, LEAST_BYTES)
        assert least in texts["host.concern.disk_low"]
        assert least in texts["host.error.no_space"]


@pytest.mark.parametrize(
    ("machine", "on_air", "stops"),
    [
        (Machine(free=0), False, True),
        (Machine(free=0), True, False),
        (Machine(free=10**9 - 1), False, False),
        (Machine(loop_ms=5_000), False, False),
        (Machine(ledger=replace(WELL, error="io_error")), False, True),
        (Machine(ledger=replace(WELL, error="io_error")), True, True),
    ],
)
def test_a_full_disk_sends_no_phone_of_a_running_show_away(
    machine: Machine, on_air: bool, stops: bool
) -> None:
    (concern,) = machine.read().concerns
    assert isinstance(concern, Concern)
    assert stops_phones(concern, on_air=on_air) is stops
