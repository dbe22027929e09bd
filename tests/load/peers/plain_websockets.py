"""`websockets` by itself, with its own `broadcast`: PORT is the one argument."""

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

from tests.load.peers.speech import receipt_for

_here: set[ServerConnection] = set()


async def phone(link: ServerConnection) -> None:
    """Talk to one phone until it leaves."""
    _here.add(link)
    try:
        async for text in link:
            assert isinstance(text, str)
            if text.startswith("GO "):
                broadcast(_here, text[3:])
            else:
                await link.send(receipt_for(text))
    finally:
        _here.discard(link)


async def main(port: int) -> None:
    """Serve until ended."""
    async with serve(
        phone, "127.0.0.1", port, backlog=4096, compression=None, open_timeout=60
    ):
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
