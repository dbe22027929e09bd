"""What waits for one host panel or overlay."""

import asyncio

import pytest

from quizserver.gateway.mailbox import CUES, Mailbox, Overfull

STATE = b'{"type":"state","step":%d}'
CUE = b'{"type":"step","step":%d}'


async def delivered(mailbox: Mailbox, fresh: bytes = b"fresh") -> list[bytes]:
    """Return all that waits now, in order."""
    written: list[bytes] = []

    async def make() -> bytes:
        return fresh

    async def write(payload: bytes) -> None:
        written.append(payload)

    task = asyncio.ensure_future(mailbox.deliver(make, write))
    for _ in range(200):
        await asyncio.sleep(0)
    task.cancel()
    return written


async def test_new_screen_gets_a_fresh_state_first() -> None:
    mailbox = Mailbox()
    mailbox.put(CUE % 1)
    assert await delivered(mailbox) == [b"fresh"]


async def test_cues_keep_their_order() -> None:
    mailbox = Mailbox()
    await delivered(mailbox)
    for step in range(5):
        mailbox.put(CUE % step)
    assert await delivered(mailbox) == [CUE % step for step in range(5)]


async def test_newest_state_takes_the_place_of_all_that_waits() -> None:
    mailbox = Mailbox()
    await delivered(mailbox)
    mailbox.put(STATE % 1)
    mailbox.put(CUE % 2)
    mailbox.put(STATE % 3)
    mailbox.put(CUE % 4)
    assert await delivered(mailbox) == [STATE % 3, CUE % 4]


@pytest.mark.parametrize("kind", [b'{"type":"live"', b'{"type":"presence"'])
async def test_only_the_newest_count_waits(kind: bytes) -> None:
    mailbox = Mailbox()
    await delivered(mailbox)
    mailbox.put(kind + b",1}")
    mailbox.put(CUE % 1)
    mailbox.put(kind + b",2}")
    assert await delivered(mailbox) == [CUE % 1, kind + b",2}"]


async def test_too_many_cues_become_one_fresh_state() -> None:
    mailbox = Mailbox()
    await delivered(mailbox)
    for step in range(CUES + 1):
        mailbox.put(CUE % step)
    assert await delivered(mailbox) == [b"fresh"]


async def test_state_told_to_a_new_screen_is_fresh_enough() -> None:
    mailbox = Mailbox()
    mailbox.put(STATE % 1)
    assert await delivered(mailbox) == [STATE % 1]


async def test_cue_that_comes_while_the_state_is_made_follows_it() -> None:
    mailbox = Mailbox()
    written: list[bytes] = []

    async def make() -> bytes:
        mailbox.put(CUE % 1)
        return b"fresh"

    async def write(payload: bytes) -> None:
        written.append(payload)

    task = asyncio.ensure_future(mailbox.deliver(make, write))
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    assert written == [b"fresh", CUE % 1]


async def test_replies_are_never_dropped() -> None:
    mailbox = Mailbox()
    await delivered(mailbox)
    mailbox.reply(b"reply")
    for step in range(CUES + 1):
        mailbox.put(CUE % step)
    assert await delivered(mailbox) == [b"fresh", b"reply"]


async def test_screen_that_asks_and_never_reads_is_overfull() -> None:
    mailbox = Mailbox()
    for _ in range(CUES):
        mailbox.reply(b"reply")
    with pytest.raises(Overfull):
        mailbox.reply(b"reply")
