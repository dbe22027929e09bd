"""Results reach the loop in order, and as many in a turn as answers may come in one."""

import asyncio

from quizserver.store.deliveries import SLICE, Deliveries


async def test_a_full_turn_of_answers_is_delivered_in_one() -> None:
    """Else receipts pile up behind answers while the core is full."""
    deliveries, heard, turns = Deliveries(), list[int](), list[int]()
    loop, over = asyncio.get_running_loop(), asyncio.Event()

    def look() -> None:
        turns.append(len(heard))
        if len(heard) < 1_000:
            loop.call_soon(look)
        else:
            over.set()

    deliveries.follow(loop)
    deliveries.post([(lambda one, _: heard.append(one), n, None) for n in range(1_000)])
    look()
    await over.wait()
    assert heard == list(range(1_000))
    # The first may come before the loop has heard of them.
    assert [count for count in turns if count] == [SLICE, 1_000]
    assert SLICE >= 500
