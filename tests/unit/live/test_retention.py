"""Names go when their time is over, and not before (R2.7)."""

import logging
from collections.abc import AsyncIterator, Mapping

import pytest

from quizserver.domain import events as e
from quizserver.live.journaled import from_row
from quizserver.live.retention import DAY_MS, LOOK_NS, WARNING_DAYS, Retention
from quizserver.live.rows import Registration
from quizserver.store.sql_ledger import SqlLedger
from quizserver.texts.catalogue import text
from tests.unit.live.house import CODE, HOA, House, on_air, unreadable

DAYS = 90


@pytest.fixture
async def house(ledger: SqlLedger) -> AsyncIterator[House]:
    """A show in its lobby with somebody in it, under a name of the moderator's."""
    async with on_air(ledger) as one:
        an = await one.join("Nguyễn Văn An")
        await one.do("hide_name", participant=an.participant, name="Chị A")
        yield one


class Noted:
    """Since when it is known which runs will be due."""

    def __init__(self, since_ms: dict[str, int]) -> None:
        self.since_ms = since_ms

    def read(self) -> dict[str, int]:
        """Return what was written last."""
        return self.since_ms

    def write(self, since_ms: Mapping[str, int]) -> None:
        """Write it in place of that."""
        self.since_ms = dict(since_ms)


def long_ago(*epochs: str) -> Noted:
    return Noted({f"{CODE}/{epoch}": 0 for epoch in epochs})


async def look(house: House, noted: Noted | None = None, days: int = DAYS) -> None:
    """Start the server's own look; return when it sleeps."""
    noted = noted or long_ago(house.show.epoch)
    keeper = Retention(house.ledger, house.shows, house.clock, noted, days)
    begun_ns = house.clock.monotonic_ns()
    house.tasks.start(keeper.run())
    await house.clock.sleeper(begun_ns + LOOK_NS)


async def kept(house: House) -> list[Registration]:
    return await house.ledger.registrations(CODE, house.show.epoch)


def pass_days(house: House, days: float) -> None:
    house.clock.forward(int(days * DAY_MS))


async def test_names_of_an_ended_show_go_after_the_days_and_not_before(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.do("end")
    pass_days(house, DAYS - 0.01)
    with caplog.at_level(logging.INFO):
        await look(house)
        assert len(await kept(house)) == 1
        house.clock.forward(LOOK_NS // 1_000_000)
        await house.hosts.reached(house.show.step + 1)
    assert await kept(house) == []
    rows = await house.ledger.events(CODE)
    assert (rows[-1].actor, from_row(rows[-1])) == ("timer", e.PeopleExpired(people=1))
    assert "Chị A" not in "".join(row.data for row in rows)
    assert "erased who 1 people were: CCHC1" in caplog.text
    assert "Nguyễn" not in caplog.text


async def test_a_show_that_is_on_the_air_keeps_them_whatever_the_clock_says(
    house: House,
) -> None:
    """P14: a jump of UTC takes nobody's name."""
    pass_days(house, 10 * DAYS)
    await look(house)
    assert len(await kept(house)) == 1


async def test_a_run_that_was_replaced_is_as_old_as_its_last_event(
    house: House,
) -> None:
    old, left = house.show.epoch, await kept(house)
    await house.shows.reset(CODE, HOA)
    while await house.ledger.registrations(CODE, old):
        pass  # the reset itself erases them
    await house.ledger.register(left[0])  # as an older version would have left it
    pass_days(house, DAYS + 1)
    step = house.show.step
    await look(house, long_ago(old))
    assert await house.ledger.registrations(CODE, old) == []
    assert house.show.step == step, "nobody who is here now is told"


async def test_who_ended_a_show_again_gives_it_its_days_again(house: House) -> None:
    """The last end counts: a show ends once, and what is confirmed later is no end."""
    await house.do("end")
    pass_days(house, DAYS / 2)
    await house.do("confirm")
    pass_days(house, DAYS / 2 + 1)
    await look(house)
    assert await kept(house) == []


async def test_while_the_ledger_is_away_it_tries_again_later(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.do("end")
    pass_days(house, DAYS + 1)
    with unreadable(house.ledger):
        await look(house)
    assert "names whose time is over are not erased yet" in caplog.text
    house.clock.forward(LOOK_NS // 1_000_000)
    await house.hosts.reached(house.show.step + 1)
    assert await kept(house) == []


async def test_hosts_are_told_the_day_once_the_show_is_over(house: House) -> None:
    state = house.hosts.heard("state")[-1]
    assert "names_until" not in state
    state = await house.do("end")
    day = house.live.stage.names_until
    assert state["names_until"] == day
    assert day is not None
    assert len(day) == len("2027-02-21")


async def test_a_clock_that_jumps_takes_no_name_for_a_week(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Behind on the evening of the show, or ahead on the day after."""
    await house.do("end")
    pass_days(house, DAYS + 1)
    noted = Noted({})
    with caplog.at_level(logging.WARNING):
        await look(house, noted)
    assert "who 1 people were is erased in 7 days or more: CCHC1" in caplog.text
    pass_days(house, 6.9)
    await house.ledger.flush()
    await look(house, noted)
    assert len(await kept(house)) == 1
    pass_days(house, 0.2)
    await house.hosts.reached(house.show.step + 1)
    assert await kept(house) == []


async def test_what_a_clock_wrote_that_was_ahead_counts_for_nothing(
    house: House,
) -> None:
    await house.do("end")
    pass_days(house, DAYS + 1)
    key = f"{CODE}/{house.show.epoch}"
    noted = Noted({key: house.clock.utc_ms() + DAY_MS, "GONE/e": 5})
    await look(house, noted)
    assert noted.since_ms == {key: house.clock.utc_ms()}


async def test_who_promises_a_day_waits_for_a_day(house: House) -> None:
    await house.do("end")
    noted = Noted({})
    house.clock.forward(1)
    await look(house, noted, days=1)
    pass_days(house, 1)
    await house.hosts.reached(house.show.step + 1)
    assert await kept(house) == []


@pytest.mark.parametrize(("lang", "week"), [("vi", "một tuần"), ("en", "a week")])
def test_what_people_agree_to_says_that_a_server_may_need_a_week_more(
    lang: str, week: str
) -> None:
    """R2.7: text and behaviour agree."""
    assert WARNING_DAYS == 7
    for key in ("phone.consent.notice", "web.mine.until_day", "web.mine.until_days"):
        said = text(lang, key, who="", days=90, contact="", day="")
        assert week in said, key
