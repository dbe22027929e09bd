"""Background work ends when it is done, when its starter says so, or with all."""

import asyncio

from quizserver.live.tasks import Tasks


class Work:
    """Something that goes on until it is cancelled."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.ended = asyncio.Event()

    async def run(self) -> None:
        """Go on."""
        try:
            self.began.set()
            await asyncio.Event().wait()
        finally:
            self.ended.set()


async def test_work_is_cancelled_one_by_one_or_all_at_once() -> None:
    one, two = Work(), Work()
    async with asyncio.TaskGroup() as group:
        tasks = Tasks(group)
        stop_one, _ = tasks.start(one.run()), tasks.start(two.run())
        await one.began.wait()
        await two.began.wait()
        stop_one()
        await one.ended.wait()
        assert not two.ended.is_set()
        tasks.cancel()
    assert two.ended.is_set()


async def test_who_stops_what_is_done_already_stops_nothing() -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    async with asyncio.TaskGroup() as group:
        stop = Tasks(group).start(work())
    stop()
    assert done.is_set()
