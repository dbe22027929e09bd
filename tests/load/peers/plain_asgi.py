"""uvicorn with a plain application and with Starlette's endpoint: KIND PORT.

`uvicorn` is the raw ASGI interface, the least that uvicorn can be asked for;
`starlette` a `WebSocketEndpoint`. Both send to each phone in turn.
"""

import sys
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from tests.load.peers.speech import receipt_for

_sends: set[Send] = set()
_here: set[WebSocket] = set()


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    """Talk to one phone until it leaves; there is nothing but sockets."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    _sends.add(send)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            text = message["text"]
            if text.startswith("GO "):
                for other in list(_sends):
                    await other({"type": "websocket.send", "text": text[3:]})
            else:
                await send({"type": "websocket.send", "text": receipt_for(text)})
    finally:
        _sends.discard(send)


class Phone(WebSocketEndpoint):
    """One phone, the way Starlette's documentation shows."""

    encoding = "text"

    async def on_connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        _here.add(websocket)

    async def on_receive(self, websocket: WebSocket, data: Any) -> None:
        if data.startswith("GO "):
            for other in list(_here):
                await other.send_text(data[3:])
        else:
            await websocket.send_text(receipt_for(data))

    async def on_disconnect(self, websocket: WebSocket, close_code: int) -> None:
        _here.discard(websocket)


def main(kind: str, port: int) -> None:
    """Serve until ended."""
    starlette = Starlette(routes=[WebSocketRoute("/ws/phone", Phone)])
    uvicorn.run(
        starlette if kind == "starlette" else plain,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        backlog=4096,
        access_log=False,
        log_level="warning",
        lifespan="off",
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
