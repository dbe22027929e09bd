"""The bridge's line to OBS: one request after the other, each with its answer.

It knows how to ask, not what for (`rig`, `follow`).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from quizserver.studio import protocol

ANSWER_S: Final = 10.0
"""OBS answers at once, unless it hangs."""

SUBPROTOCOL: Final = Subprotocol("obswebsocket.json")


class Away(Exception):
    """OBS cannot be reached, or has gone."""


class WrongPassword(Exception):
    """OBS asks for another password."""


class Obs:
    """An OBS that knows us."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._asking = asyncio.Lock()

    async def ask(self, request: str, **fields: Any) -> dict[str, Any]:
        """Return OBS's answer.

        Raises:
            protocol.Refused: OBS does not do that.
            Away: OBS has gone, hangs, or says what nobody understands.
        """
        async with self._asking:
            number = str(next(self._numbers))
            try:
                async with asyncio.timeout(ANSWER_S):
                    await self._socket.send(protocol.request(request, number, fields))
                    return protocol.answer(await self._answer_to(number))
            except (TimeoutError, ConnectionClosed, msgspec.MsgspecError) as error:
                raise Away(str(error)) from None

    async def _answer_to(self, number: str) -> protocol.Message:
        while True:
            message = protocol.decode(await self._socket.recv())
            if message.op == protocol.RESPONSE and message.d["requestId"] == number:
                return message


@asynccontextmanager
async def studio(address: str, password: str) -> AsyncIterator[Obs]:
    """Connect to the OBS at `address`, ws://127.0.0.1:4455.

    Raises:
        Away: nobody is there who speaks obs-websocket v5.
        WrongPassword: somebody is, and wants another password.
    """
    try:
        async with connect(
            address,
            subprotocols=[SUBPROTOCOL],
            max_size=None,
            open_timeout=ANSWER_S,
            proxy=None,  # OBS sits beside us
        ) as socket:
            await _shake_hands(socket, password)
            yield Obs(socket)
    except (OSError, TimeoutError, InvalidHandshake) as error:
        raise Away(str(error)) from None


async def _shake_hands(socket: ClientConnection, password: str) -> None:
    try:
        async with asyncio.timeout(ANSWER_S):
            hello = protocol.decode(await socket.recv())
            await socket.send(protocol.identify(hello, password))
            protocol.decode(await socket.recv())
    except ConnectionClosed as closed:
        if closed.rcvd and closed.rcvd.code == protocol.WRONG_PASSWORD:
            raise WrongPassword from None
        raise Away(str(closed)) from None
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Away(str(error)) from None
