"""Calls of phones and hosts over plain HTTP: the same path as over a socket.

An answer that comes this way meets the same door, key and receipt (Source:
R3.5); a command the same conductor (R1.4).
"""

import asyncio
from typing import Final

import msgspec
from starlette.responses import JSONResponse, Response

from quizserver.domain.rejections import Reason
from quizserver.domain.stamps import NS_PER_MS
from quizserver.domain.timing import Trip
from quizserver.live.admission import Refusal
from quizserver.live.origins import network_of
from quizserver.web.access import keep_seat, phone_cookie, seat_held
from quizserver.web.denied import Denied
from quizserver.web.visit import PhoneSeat, Visit, decoded
from quizserver.wire.common import Error, encode
from quizserver.wire.host import CommandMessage, Reply
from quizserver.wire.phone import Answer, JoinBody, Joined, Receipt, RecoverBody

RECEIPT_WAIT_MS: Final = 5_000
"""How long a call waits for the ledger; without a receipt the phone resends."""

_COMMAND_STATUS: Final = {
    Reason.FORBIDDEN: 403,
    Reason.UNKNOWN_COMMAND: 422,
    Reason.LEDGER_DOWN: 503,
    Reason.NO_SPACE: 503,
}
"""Status of a refused command; all other reasons are conflicts, 409."""

_REFUSAL_STATUS: Final = {"closed": 409, "ledger_down": 503}
_SAID: Final = msgspec.json.Decoder(Receipt | Error)


async def join(visit: Visit) -> Response:
    """Register a participant: 201 with id, token and recovery code."""
    body = await visit.body(JoinBody)
    visit.live_show()
    joined = await visit.site.admission.join(visit.code, body)
    if isinstance(joined, Refusal):
        sentence = visit.say(f"live.refused.{joined.code}", letters=joined.letters)
        status = _REFUSAL_STATUS.get(joined.code, 422)
        raise Denied(joined.code, field=joined.field, sentence=sentence, status=status)
    return _seated(visit, joined, 201)


async def recover(visit: Visit) -> Response:
    """Give a participant who knows the code a new token (Source: R2.2).

    An empty code asks for the token that this browser's cookie holds: in-app
    browsers forget what pages store and keep cookies, or the other way round.
    """
    body = await visit.body(RecoverBody)
    stage = visit.live_show().stage
    if not body.recovery_code and (held := seat_held(visit)):
        who = held.participant
        try:
            await stage.know(who)  # they may have joined at another process
        except LookupError:  # the time is over for which they were kept
            raise Denied("bad_token") from None
        name = stage.roster.own_name(who)
        token = visit.request.cookies[phone_cookie(visit.code)]
        again = Joined(participant=who, name=name, token=token, recovery_code="")
        return _seated(visit, again, 200)
    joined = await visit.site.admission.recover(visit.code, body.recovery_code)
    if joined is None:
        raise Denied("wrong_code", field="recovery_code")
    return _seated(visit, joined, 200)


def _seated(visit: Visit, joined: Joined, status: int) -> Response:
    response = _json(encode(joined), status)
    return keep_seat(visit, response, joined.token)


async def phone_state(visit: Visit) -> Response:
    """Return the snapshot that the socket would send."""
    seat = _seat(visit)
    try:
        snapshot = await visit.live_show(seat.show).stage.snapshot(seat.participant)
    except LookupError:
        raise Denied("bad_token") from None
    return _json(snapshot)


async def phone_answer(visit: Visit) -> Response:
    """Take an answer and return its receipt, once it is durable (R3.4)."""
    seat = _seat(visit)
    raw = await visit.content()
    # R is stamped before the body is parsed (R4.2), but when it is whole, as on
    # the socket: who sends the head early and the option after long thought
    # would have answered in no time.
    received_ns = visit.site.clock.monotonic_ns()
    answer = decoded(raw, Answer)
    intake = visit.live_show(seat.show).intake
    said: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def reply(text: bytes) -> None:
        if not said.done():
            said.set_result(text)

    end_ns = received_ns + RECEIPT_WAIT_MS * NS_PER_MS
    cancel = visit.site.clock.at(end_ns, lambda: reply(b""))
    trip = Trip(network=network_of(visit.address))
    intake.answer(seat.participant, answer, received_ns, reply, trip)
    try:
        return _receipt(await said)
    finally:
        cancel()


def _receipt(text: bytes) -> Response:
    if not text:
        raise Denied("not_ready")
    said = _SAID.decode(text)
    if isinstance(said, Error):
        raise Denied(said.code, sentence=said.message, status=422)
    return _json(text)


def _seat(visit: Visit) -> PhoneSeat:
    assert visit.seat is not None, "the door lets only phones in"
    return visit.seat


async def command(visit: Visit) -> Response:
    """Carry out a host's command: 200 `{ref, step, phase}`, or why not."""
    return await carry_out(visit, await visit.body(CommandMessage))


async def carry_out(visit: Visit, message: CommandMessage) -> Response:
    """Carry out `message` for whoever sent the request."""
    assert visit.actor is not None, "the door lets only hosts in"
    reply = await visit.live_show().conductor.command(visit.actor, message)
    said: dict[str, object] = {
        "ref": reply.ref,
        "step": reply.step,
        "phase": reply.phase,
    }
    if reply.error is None:
        return JSONResponse(said)
    return JSONResponse(said | _error(visit, reply), status_code=_status(reply.error))


def _error(visit: Visit, reply: Reply) -> dict[str, object]:
    # Where there is no room, and how little, only the show's own sentence says.
    says_where = reply.error == Reason.NO_SPACE
    sentence = (
        reply.message if says_where else visit.say(f"live.rejected.{reply.error}")
    )
    return {"error": {"code": reply.error, "message": sentence}}


def _status(reason: str) -> int:
    return _COMMAND_STATUS.get(Reason(reason), 409)


async def host_state(visit: Visit) -> Response:
    """Return everything a host panel shows."""
    return _json(await visit.live_show().stage.host_state())


async def anybodys_state(visit: Visit) -> Response:
    """Return what a phone is shown, without what is one participant's own."""
    return _json(visit.live_show().stage.anybodys_state())


async def coming(visit: Visit) -> Response:
    """Return what overlays will show next, for a host's own eyes."""
    return _json(await visit.live_show().stage.coming())


def _json(text: bytes, status: int = 200) -> Response:
    return Response(text, status_code=status, media_type="application/json")
