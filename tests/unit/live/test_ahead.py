"""The aligned mode: overlays are `lead` ahead, phones and T0 as they always are."""

from typing import Any

from quizserver.domain.rundown import Rules
from quizserver.domain.stamps import NS_PER_MS
from quizserver.store.sqlite import SqliteLedger
from tests.unit.live.house import House, Message, open_house, said

LEAD = 8_000
ROLL = 3_000
LASTS = 15_000


async def aligned(house: House, **delays: int) -> str:
    """Open a lobby whose picture is late; return who has come."""
    await house.create(Rules(timing="received", roll_ms=ROLL, duration_ms=LASTS))
    an = (await house.join("An", via="a")).participant
    await house.do("open_lobby")
    await house.do("stream", aligned=True, delays=delays or {"a": LEAD, "b": 2_000})
    return an


async def overlay(house: House) -> Message:
    """Return what an overlay that connects now is shown."""
    return said(await house.live.stage.overlay_state())


def ahead(house: House) -> list[Message]:
    """Return what overlays were told to show before the phones."""
    return house.overlays.heard("ahead")


async def test_overlays_open_the_question_before_the_phones(
    ledger: SqliteLedger,
) -> None:
    async with open_house(ledger) as house:
        an = await aligned(house)
        await house.do("ask", "open")
        assert house.overlays.heard("roll")[0]["in_ms"] == ROLL
        assert house.crowd.heard(an, "roll")[0]["in_ms"] == ROLL + LEAD
        assert (await overlay(house))["opens_in_ms"] == ROLL
        assert ahead(house) == []
        house.clock.forward(ROLL)
        (told,) = ahead(house)
        assert (told["phase"], told["duration_ms"]) == ("open", LASTS)
        assert told["closes_in_ms"] == LASTS
        assert len(told["question"]["options"]) > 1
        assert house.crowd.heard(an, "open") == []
        house.clock.forward(1_000)
        shown = await overlay(house)
        assert (shown["phase"], shown["closes_in_ms"]) == ("open", LASTS - 1_000)
        assert shown["question"]["state"] == "open"
        assert "opens_in_ms" not in shown
        await house.pass_by(LEAD - 1_000)
        assert house.crowd.heard(an, "open")[0]["duration_ms"] == LASTS
        # T0 is no news to them.
        assert house.overlays.heard("open") == []
        assert len(ahead(house)) == 1
        assert (await overlay(house))["closes_in_ms"] == LASTS - LEAD


async def test_overlays_lock_before_the_phones(ledger: SqliteLedger) -> None:
    async with open_house(ledger) as house:
        an = await aligned(house)
        await house.do("ask", "open")
        await house.pass_by(ROLL + LEAD)
        house.clock.forward(LASTS - LEAD)
        assert [one["phase"] for one in ahead(house)] == ["open", "locked"]
        shown = await overlay(house)
        assert (shown["phase"], shown["question"]["state"]) == ("locked", "locked")
        assert "closes_in_ms" not in shown
        receipt = await house.tap(an, "B", LASTS - 1)
        assert receipt["status"] == "accepted"


async def test_a_question_shorter_than_the_delay_is_locked_before_phones_open(
    ledger: SqliteLedger,
) -> None:
    async with open_house(ledger) as house:
        await aligned(house, a=20_000)
        await house.do("ask", "open")
        house.clock.forward(ROLL)
        house.clock.forward(LASTS)
        assert [one["phase"] for one in ahead(house)] == ["open", "locked"]
        await house.pass_by(20_000 - LASTS)
        assert len(ahead(house)) == 2
        assert house.overlays.heard("open") == []


async def test_more_time_opens_the_overlays_again(ledger: SqliteLedger) -> None:
    async with open_house(ledger) as house:
        await aligned(house)
        await house.do("ask", "open")
        await house.pass_by(ROLL + LEAD)
        house.clock.forward(LASTS - LEAD + 1_000)
        await house.do("extend", ms=5_000)
        assert [one["phase"] for one in ahead(house)] == ["open", "locked", "open"]
        assert ahead(house)[-1]["closes_in_ms"] == 4_000
        assert ahead(house)[-1]["duration_ms"] == LASTS + 5_000
        assert house.overlays.heard("extended") == []


async def test_an_early_lock_is_everybodys_at_once(ledger: SqliteLedger) -> None:
    async with open_house(ledger) as house:
        an = await aligned(house)
        await house.do("ask", "open")
        await house.pass_by(ROLL + LEAD)
        locking = house.tasks.start(_do(house, "lock"))
        await house.clock.sleeper(house.clock.mono_ns + 150 * NS_PER_MS)
        house.clock.forward(150)
        await house.overlays.came("locked")
        locking()
        house.clock.forward(LASTS)
        assert [one["phase"] for one in ahead(house)] == ["open"]
        assert house.crowd.heard(an, "locked")


async def _do(house: House, *commands: str, **fields: Any) -> None:
    await house.do(*commands, **fields)


async def test_a_restart_goes_on_showing_it_ahead(ledger: SqliteLedger) -> None:
    async with open_house(ledger) as house:
        await aligned(house)
        await house.do("ask", "open")
        clock = house.clock
    clock.forward(ROLL + 2_000)
    async with open_house(ledger, clock=clock) as again:
        shown = await overlay(again)
        assert (shown["phase"], shown["closes_in_ms"]) == ("open", LASTS - 2_000)


async def test_with_phones_first_overlays_and_phones_are_told_the_same(
    ledger: SqliteLedger,
) -> None:
    async with open_house(ledger) as house:
        an = await aligned(house)
        await house.do("stream", aligned=False)
        await house.open_next()
        assert ahead(house) == []
        assert house.overlays.heard("roll") == house.crowd.heard(an, "roll")
        assert house.overlays.heard("open")


async def test_viewers_say_what_they_see_while_overlays_count(
    ledger: SqliteLedger,
) -> None:
    async with open_house(ledger) as house:
        an = await aligned(house)
        stage = house.live.stage
        stage.seen(house.crowd.come(an), 4, house.clock.monotonic_ns())
        state = await house.do("stream", sync=True)
        assert state["stream"]["sync_ms"] == 0
        assert house.overlays.heard("stream")[-1]["stream"]["sync_ms"] == 0
        house.clock.forward(16_000)
        # The fourth began at 6 s and is looked at 8 s later, at 15 s: half a second on.
        stage.seen(house.crowd.come(an), 4, house.clock.monotonic_ns())
        state = said(await stage.host_state())
        assert state["live"]["delays"] == {
            "a": {"count": 1, "median_ms": 8_000, "spread_ms": 0}
        }
        assert (await overlay(house))["stream"]["sync_ms"] == 16_000
        await house.do("ask")
        assert "sync_ms" not in (await overlay(house))["stream"]
