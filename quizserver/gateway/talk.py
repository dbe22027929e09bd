"""The conversation with one host panel or overlay, the same for both.

Shake hands, hear a hello in time, then read and write side by side until one
of them ends. Every end has one close code (docs/reference/wire.md §1).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn

from starlette.datastructures import Headers
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from quizserver.domain.ids import ShowCode
from quizserver.gateway.handshake import may_connect
from quizserver.gateway.limits import SECOND, Limits
from quizserver.gateway.mailbox import Mailbox, Overfull
from quizserver.gateway.seams import LiveShow, Shows
from quizserver.live.ports import LedgerDown
from quizserver.wire.common import Close, WireError

_LOG: Final = logging.getLogger(__name__)


def check_origin(
    headers: Headers, public_url: str | None, *, allow_null: bool = False
) -> None:
    """Pass if the page behind this handshake may talk to us.

    Raises:
        WireError: FORBIDDEN.
    """
    origin, host = headers.get("origin", ""), headers.get("host", "")
    if not may_connect(origin, host, public_url, allow_null=allow_null):
        raise WireError(Close.FORBIDDEN, "foreign origin")


def find_show(shows: Shows, code: ShowCode) -> LiveShow:
    """Return the show as it is played now.

    Asked for anew with each command: a show that is reset is another one.

    Raises:
        WireError: NO_SHOW.
    """
    live = shows.get(code)
    if live is None:
        raise WireError(Close.NO_SHOW, "no such show")
    return live


async def hear(websocket: WebSocket) -> str:
    """Return the next text message.

    Raises:
        WireError: BINARY. (The guard refuses it before; this is the contract.)
        WebSocketDisconnect: the screen has gone.
    """
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text = message.get("text")
    if text is None:
        raise WireError(Close.BINARY, "binary message")
    return str(text)


async def hear_hello(websocket: WebSocket, limits: Limits) -> str:
    """Return the first message, which must come within `limits.hello_ns`.

    Raises:
        WireError: BAD_MESSAGE when it does not.
    """
    try:
        async with asyncio.timeout(limits.hello_ns / SECOND):
            return await hear(websocket)
    except TimeoutError:
        raise WireError(Close.BAD_MESSAGE, "no hello in time") from None


async def converse(
    websocket: WebSocket,
    mailbox: Mailbox,
    fresh: Callable[[], Awaitable[bytes]],
    take: Callable[[str], Awaitable[None]],
    end: Awaitable[NoReturn],
) -> None:
    """Write what the mailbox gets and give `take` what the screen says.

    `end` waits for whatever else may end it and then raises.

    Raises:
        WireError, WebSocketDisconnect: the end, from whichever side.
    """

    async def write(payload: bytes) -> None:
        await websocket.send_text(payload.decode())

    async def read() -> None:
        while True:
            await take(await hear(websocket))

    ends: list[BaseException] = []
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(mailbox.deliver(fresh, write))
            tasks.create_task(read())
            tasks.create_task(_until(end))
    except* (WireError, WebSocketDisconnect, Overfull, LedgerDown) as group:
        ends.extend(group.exceptions)
    # All three run until something ends them, so there is an end.
    raise ends[0]


async def _until(end: Awaitable[NoReturn]) -> None:
    await end


async def attend(
    websocket: WebSocket, talk: Callable[[WebSocket], Awaitable[None]]
) -> None:
    """Accept, talk, and close with the code of the way it ended."""
    await websocket.accept()
    try:
        await talk(websocket)
    except WebSocketDisconnect:
        return
    except WireError as error:
        code = int(error.close)
    except Overfull:
        code = int(Close.TOO_SLOW)
    except LedgerDown:
        code = int(Close.RESTART)
    except Exception:  # noqa: BLE001 - the border of the connection
        _LOG.exception("a screen's connection failed")
        code = 1011
    else:
        code = int(Close.NORMAL)
    if websocket.application_state is WebSocketState.CONNECTED:
        await _close(websocket, code)


async def _close(websocket: WebSocket, code: int) -> None:
    try:
        await websocket.close(code)
    except (WebSocketDisconnect, RuntimeError):
        return  # it has gone meanwhile
