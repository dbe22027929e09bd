"""Who is told what, in which order, and with how many turns between."""

import asyncio

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.gateway.fanout import CHUNK, PhoneAudience
from quizserver.live.audiences import Phones
from tests.protocol.phones import NotingPhone

CODE, OTHER = ShowCode("A1"), ShowCode("B2")


def audience_of(count: int) -> tuple[PhoneAudience, list[NotingPhone]]:
    audience = PhoneAudience()
    phones = []
    for number in range(count):
        participant = ParticipantId(f"p{number}")
        phones.append(NotingPhone(show=CODE, participant=participant))
        audience.join(CODE, participant, phones[-1])
    return audience, phones


async def test_audience_is_the_port_live_asks_for() -> None:
    port: Phones = PhoneAudience()
    await port.tell(CODE, b"to nobody")
    await port.tell_each(CODE, lambda _: b"to nobody")
    assert port.online(CODE) == 0
    assert port.participants(CODE) == []


async def test_everybody_is_told_once_in_order_of_joining() -> None:
    audience, phones = audience_of(200)
    order: list[str] = []
    await audience.tell_each(CODE, order.append)
    assert order == [f"p{number}" for number in range(200)]
    await audience.tell(CODE, b"cue")
    assert [phone.told for phone in phones] == [[b"cue"]] * 200


async def test_other_shows_hear_nothing() -> None:
    audience, phones = audience_of(3)
    await audience.tell(OTHER, b"cue")
    assert not any(phone.told for phone in phones)


async def test_loop_has_a_turn_after_every_64_phones() -> None:
    audience, phones = audience_of(CHUNK * 3)
    seen: list[int] = []

    async def watch() -> None:
        while len(seen) < 10:
            seen.append(sum(len(phone.told) for phone in phones))
            await asyncio.sleep(0)

    await asyncio.gather(audience.tell(CODE, b"cue"), watch())
    assert seen[:4] == [CHUNK, CHUNK * 2, CHUNK * 3, CHUNK * 3]


async def test_what_is_told_in_passing_gives_way_to_a_cue() -> None:
    """A question would else be sent by so much later."""
    audience, phones = audience_of(CHUNK * 3)
    assert await audience.tell_in_passing(OTHER, b"count")
    assert await audience.tell_in_passing(CODE, b"count")
    assert [phone.told for phone in phones] == [[b"count"]] * (CHUNK * 3)
    passing = asyncio.ensure_future(audience.tell_in_passing(CODE, b"again"))
    await asyncio.sleep(0)
    cue = asyncio.ensure_future(audience.tell(CODE, b"cue"))
    assert not await passing
    assert not await audience.tell_in_passing(CODE, b"too late")
    await cue
    told = [phone.told[1:] for phone in phones]
    assert told == [[b"again", b"cue"]] * (CHUNK * 2) + [[b"cue"]] * CHUNK
    assert await audience.tell_in_passing(CODE, b"count")


async def test_two_fan_outs_never_overtake_each_other() -> None:
    audience, phones = audience_of(CHUNK * 4)
    first = asyncio.ensure_future(audience.tell(CODE, b"1"))
    await asyncio.sleep(0)
    # Everybody of the first chunks leaves: the second would start far ahead.
    for phone in phones[: CHUNK * 3]:
        audience.leave(phone)
    await audience.tell(CODE, b"2")
    await first
    assert all(phone.told == [b"1", b"2"] for phone in phones[CHUNK * 3 :])


async def test_leaving_of_a_replaced_phone_does_not_take_the_newer_one_out() -> None:
    audience, (older,) = audience_of(1)
    newer = NotingPhone(show=CODE, participant=older.participant)
    assert older.participant is not None
    audience.join(CODE, older.participant, newer)
    assert older.closed == [4409]
    audience.leave(older)
    assert audience.online(CODE) == 1
    audience.leave(newer)
    assert audience.online(CODE) == 0
    audience.leave(NotingPhone())


async def test_stamps_are_taken_for_frames_that_were_written_only() -> None:
    audience, phones = audience_of(3)
    phones[1].is_writable = False
    sent: list[str] = []
    await audience.tell_timed(
        CODE,
        lambda _: b"frame",
        b"seed",
        lambda participant, _: sent.append(participant),
    )
    assert sorted(sent) == ["p0", "p2"]


async def test_questions_are_sent_network_by_network_in_a_new_order_each_time() -> None:
    """R4.10: phones of one network are served together; nobody picks a place."""
    audience, phones = audience_of(40)
    for number, phone in enumerate(phones):
        phone.address = f"203.0.{number % 10}.{number}"
    orders = []
    for seed in (b"q1", b"q2"):
        order: list[int] = []
        await audience.tell_timed(
            CODE,
            lambda _: b"frame",
            seed,
            lambda who, _, order=order: order.append(int(who[1:]) % 10),  # type: ignore[misc]
        )
        networks = list(dict.fromkeys(order))
        assert order == [network for network in networks for _ in range(4)]
        orders.append(networks)
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(10))


async def test_a_cue_that_warms_reaches_everybody() -> None:
    audience, phones = audience_of(3)
    await audience.tell_warm(CODE, b"roll", b"seed")
    await audience.tell_warm(OTHER, b"roll", b"seed")
    assert [phone.warmed for phone in phones] == [[b"roll"]] * 3


async def test_order_drawn_at_the_roll_is_that_of_the_question() -> None:
    """Also of those who joined in between, and not of another question."""
    orders: list[list[ParticipantId]] = []
    for rolled in (None, b"q1", b"q2"):
        audience, phones = audience_of(20)
        for number, phone in enumerate(phones):
            phone.address = f"203.0.{number}.1"
        if rolled is not None:
            audience.leave(phones[7])
            await audience.tell_warm(CODE, b"roll", rolled)
            audience.join(CODE, ParticipantId("p7"), phones[7])
        orders.append([])
        await audience.tell_timed(
            CODE, lambda _: b"frame", b"q1", lambda who, _: orders[-1].append(who)
        )
    assert orders[0] == orders[1] == orders[2]
    assert len(orders[0]) == 20


async def test_phone_that_joined_during_a_fan_out_is_not_told_again() -> None:
    audience, phones = audience_of(CHUNK + 1)
    late = NotingPhone(show=CODE, participant=ParticipantId("late"))
    fan_out = asyncio.ensure_future(audience.tell(CODE, b"cue"))
    await asyncio.sleep(0)
    audience.join(CODE, ParticipantId("late"), late)
    await fan_out
    assert late.told == []
    assert phones[-1].told == [b"cue"]
