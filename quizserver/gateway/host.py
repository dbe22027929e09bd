"""`/ws/host`: the panel of whoever runs the show (docs/reference/wire.md §4).

A host is known by the session cookie or by a token in `hello`, needs the right
to watch; the conductor asks for the right to each command. A host gets the
whole state after every event, its key included: it goes to nobody else.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from starlette.websockets import WebSocket

from quizserver.domain.ids import ShowCode
from quizserver.gateway.credential import Credential
from quizserver.gateway.limits import Limits
from quizserver.gateway.mailbox import Mailbox
from quizserver.gateway.screens import ScreenAudience
from quizserver.gateway.seams import LiveShow, Shows
from quizserver.gateway.talk import (
    attend,
    check_origin,
    converse,
    find_show,
    hear_hello,
)
from quizserver.live.access import Accounts, Actor, Right
from quizserver.live.orders import commands_of
from quizserver.wire.common import VERSION, Close, WireError, encode
from quizserver.wire.host import (
    CommandMessage,
    HostHello,
    OutputOrder,
    You,
    decode_host,
)

COOKIES: Final = {"wss": "__Host-quiz", "ws": "quiz"}
"""The session's cookie behind TLS and without. Over TLS only the one that no other
site, and no page without TLS, can have planted in the browser."""


class HostDoor:
    """Serves every host panel's socket."""

    def __init__(
        self,
        *,
        accounts: Accounts,
        shows: Shows,
        audience: ScreenAudience,
        limits: Limits,
        public_url: str | None,
    ) -> None:
        self._accounts = accounts
        self._shows = shows
        self._audience = audience
        self._limits = limits
        self._public_url = public_url

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one socket to its end (a Starlette endpoint)."""
        await attend(websocket, self._talk)

    async def _talk(self, websocket: WebSocket) -> None:
        check_origin(websocket.headers, self._public_url)
        hello = decode_host(await hear_hello(websocket, self._limits))
        if not isinstance(hello, HostHello) or hello.v != VERSION:
            raise WireError(Close.BAD_MESSAGE, "not a hello of our version")
        show = ShowCode(hello.show)
        credential = self._credential(websocket, hello)
        actor = await credential.expect()
        if not actor.may(Right.WATCH_HOST, show):
            raise WireError(Close.FORBIDDEN, "may not watch this show")
        find = partial(find_show, self._shows, show)
        find()

        async def fresh() -> bytes:
            return await find().stage.host_state()

        mailbox = self._audience.join(show)
        mailbox.reply(encode(_you(actor)))
        take = partial(_take, find, mailbox, actor)
        try:
            end = credential.end(self._limits)
            await converse(websocket, mailbox, fresh, take, end)
        finally:
            self._audience.leave(show, mailbox)

    def _credential(self, websocket: WebSocket, hello: HostHello) -> Credential:
        # A token wins over a cookie: a script acts as its token says.
        if hello.token is not None:
            return Credential(accounts=self._accounts, text=hello.token)
        session = websocket.cookies.get(COOKIES[websocket.url.scheme], "")
        return Credential(accounts=self._accounts, text=session, is_session=True)


def _you(actor: Actor) -> You:
    return You(name=actor.name, role=actor.role, commands=commands_of(actor.role))


async def _take(
    find: Callable[[], LiveShow], mailbox: Mailbox, actor: Actor, text: str
) -> None:
    message = decode_host(text)
    if isinstance(message, OutputOrder):
        if actor.may(Right.CONDUCT):
            find().outputs.order(message.do, message.output)
        return
    if not isinstance(message, CommandMessage):
        raise WireError(Close.BAD_MESSAGE, "hello twice")
    # The conductor asks for the right to this command and refuses in the reply.
    mailbox.reply(encode(await find().conductor.command(actor, message)))
