"""`/ws/overlay`: a graphics page on air (docs/reference/wire.md §4).

Read-only: it is known by its key, gets the state and the phones' cues without
the personal ones, and may only report its own health; a bridge to OBS, which looks
after the sources, may ask which overlays are here.
"""

import secrets
from collections.abc import Callable
from functools import partial

import msgspec
from starlette.websockets import WebSocket

from quizserver.domain.ids import ShowCode
from quizserver.domain.outputs import LONGEST_NAME
from quizserver.gateway.credential import Credential
from quizserver.gateway.limits import Limits
from quizserver.gateway.mailbox import Mailbox
from quizserver.gateway.refusals import Refusals
from quizserver.gateway.screens import ScreenAudience
from quizserver.gateway.seams import LiveShow, Shows
from quizserver.gateway.talk import (
    attend,
    check_origin,
    converse,
    find_show,
    hear_hello,
)
from quizserver.live.access import Accounts, Right
from quizserver.wire.common import VERSION, Close, WireError, encode
from quizserver.wire.overlay import (
    AskOutputs,
    Output,
    Outputs,
    OverlayHello,
    decode_overlay,
)
from quizserver.wire.parts import OutputPart

NAME_LENGTH = 40
"""Longest text of an overlay's report that is shown to the host."""


class OverlayDoor:
    """Serves every overlay's socket."""

    def __init__(
        self,
        *,
        accounts: Accounts,
        shows: Shows,
        audience: ScreenAudience,
        refused: Refusals,
        limits: Limits,
        public_url: str | None,
    ) -> None:
        self._accounts = accounts
        self._shows = shows
        self._audience = audience
        self._refused = refused
        self._limits = limits
        self._public_url = public_url

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one socket to its end (a Starlette endpoint)."""
        await attend(websocket, self._talk)

    async def _talk(self, websocket: WebSocket) -> None:
        try:
            await self._converse(websocket)
        except WireError as error:
            if error.close is Close.TOKEN:
                self._refused.note()
            raise

    async def _converse(self, websocket: WebSocket) -> None:
        # `null`: the local loader page that OBS opens before we are up (P8).
        check_origin(websocket.headers, self._public_url, allow_null=True)
        hello = decode_overlay(await hear_hello(websocket, self._limits))
        if not isinstance(hello, OverlayHello) or hello.v != VERSION:
            raise WireError(Close.BAD_MESSAGE, "not a hello of our version")
        credential = Credential(accounts=self._accounts, text=hello.key)
        actor = await credential.expect()
        if not actor.may(Right.WATCH_OVERLAY):
            raise WireError(Close.FORBIDDEN, "key may not watch")
        if actor.show is None:
            raise WireError(Close.NO_SHOW, "key of no show")
        await self._watch(websocket, hello, actor.show, credential)

    async def _watch(
        self,
        websocket: WebSocket,
        hello: OverlayHello,
        show: ShowCode,
        credential: Credential,
    ) -> None:
        find = partial(find_show, self._shows, show)
        part = _first_part(secrets.token_hex(4), hello)

        async def fresh() -> bytes:
            return await find().stage.overlay_state(part.id)

        mailbox = self._audience.join(show)
        report = partial(_report, find, mailbox, _short(hello.page) or "")
        report(part)
        take = partial(_take, find, mailbox, part, report)
        try:
            end = credential.end(self._limits)
            await converse(websocket, mailbox, fresh, take, end)
        finally:
            self._audience.leave(show, mailbox)
            live = self._shows.get(show)
            if live is not None:
                live.outputs.gone(part.id)


def _first_part(output: str, hello: OverlayHello) -> OutputPart:
    return OutputPart(
        id=output,
        view=hello.view[:NAME_LENGTH],
        layout=hello.layout[:NAME_LENGTH],
        build=_short(hello.build),
        obs=_short(hello.obs),
        name=_short(hello.name) or None,
        place=(hello.place or "")[:LONGEST_NAME],
        bus=hello.bus,
    )


def _report(
    find: Callable[[], LiveShow], mailbox: Mailbox, page: str, part: OutputPart
) -> None:
    find().outputs.report(part, mailbox.put, page)


async def _take(
    find: Callable[[], LiveShow],
    mailbox: Mailbox,
    part: OutputPart,
    report: Callable[[OutputPart], None],
    text: str,
) -> None:
    message = decode_overlay(text)
    if isinstance(message, AskOutputs):
        mailbox.reply(encode(Outputs(outputs=find().outputs.parts())))
    elif isinstance(message, Output):
        report(_reported(part, message))
    else:
        raise WireError(Close.BAD_MESSAGE, "hello twice")


def _reported(part: OutputPart, message: Output) -> OutputPart:
    return msgspec.structs.replace(
        part,
        visible=message.visible,
        active=message.active,
        obs=_short(message.obs) or part.obs,
        frame_p95_ms=message.frame_p95_ms,
        build=_short(message.build) or part.build,
        scene=_short(message.scene),
        step=message.step,
        delay_ms=message.delay_ms,
        size=_short(message.size),
        streaming=message.streaming,
        recording=message.recording,
        control=message.control,
        fonts=message.fonts,
        place=(message.place or part.place)[:LONGEST_NAME],
        has=message.has,
        fixed=message.fixed,
    )


def _short(text: str | None) -> str | None:
    return text[:NAME_LENGTH] if text is not None else None
