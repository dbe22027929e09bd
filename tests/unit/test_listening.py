"""The servers of tests forget nobody, or a later test would be blamed for it."""

import asyncio
import socket

from tests.listening import take_no_more


async def test_who_was_accepted_as_a_server_closes_comes_in() -> None:
    """Python would leave that connection open, with nobody to close it."""
    came = asyncio.Event()

    async def welcome(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(welcome, "127.0.0.1", 0)
    with socket.create_connection(server.sockets[0].getsockname()):
        for _ in ("it is seen", "it is accepted, and no more"):
            await asyncio.sleep(0)  # noqa: TID251 - one turn
        await take_no_more(server.sockets)
        server.close()
        async with asyncio.timeout(20):
            await came.wait()
