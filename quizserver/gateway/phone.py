"""What phones say (docs/reference/wire.md §3).

Decodes by `wire`, admits by signature, hands answers to the show's intake with
the moment they were received, and gives everything else away: it knows no rule
of play and sees no socket.
"""

from functools import partial
from typing import assert_never

from quizserver.domain.ids import ShowCode
from quizserver.gateway.desk import Desk
from quizserver.gateway.fanout import PhoneAudience
from quizserver.gateway.plane import Phone
from quizserver.gateway.seams import Admission, Shows
from quizserver.wire.common import VERSION, Close, WireError
from quizserver.wire.phone import Answer, Bye, Cheer, Hello, Seen, decode_phone


class PhoneDoor:
    """The door through which every phone's message comes."""

    def __init__(
        self, *, admission: Admission, shows: Shows, audience: PhoneAudience, desk: Desk
    ) -> None:
        self._admission = admission
        self._shows = shows
        self._audience = audience
        self._desk = desk

    def heard(self, phone: Phone, payload: bytes, received_ns: int) -> None:
        """Take one message.

        Raises:
            WireError: with the close code it earns.
        """
        message = decode_phone(payload)
        match message:
            case Answer():
                self._answer(phone, message, received_ns)
            case Hello():
                self._greet(phone, message)
            case Seen():
                self._saw(phone, message, received_ns)
            case Cheer():
                self._cheered(phone, message, received_ns)
            case Bye():
                raise WireError(Close.NORMAL, "goodbye")
            case _:
                assert_never(message)

    def stale(self, phone: Phone) -> None:
        """Have a fresh state made for a phone that missed some cues."""
        if phone.live is None or phone.participant is None:
            return
        if self._is_over(phone):
            phone.close(Close.TOKEN)
        else:
            make = partial(phone.live.stage.snapshot, phone.participant)
            self._desk.queue(phone, make)

    def left(self, phone: Phone) -> None:
        """Take the phone out of its show's audience."""
        self._audience.leave(phone)

    def _greet(self, phone: Phone, hello: Hello) -> None:
        if phone.participant is not None:
            raise WireError(Close.BAD_MESSAGE, "hello twice")
        if hello.v != VERSION:
            raise WireError(Close.BAD_MESSAGE, f"version {hello.v}, ours is {VERSION}")
        show = ShowCode(hello.show)
        live = self._shows.get(show)
        if live is None:
            raise WireError(Close.NO_SHOW, "no such show")
        participant = self._admission.identify(hello.token, show)
        if participant is None:
            raise WireError(Close.TOKEN, "token not good for this show")
        # In the audience before the snapshot is made: what happens meanwhile is
        # held behind it, so nothing falls between the two.
        phone.admit(show, participant, live)
        self._audience.join(show, participant, phone)
        greeting = live.stage.greeting(participant)
        if greeting is not None:
            phone.fulfil(greeting)
        else:
            self._desk.queue(phone, partial(live.stage.welcome, participant))

    def _answer(self, phone: Phone, answer: Answer, received_ns: int) -> None:
        if phone.live is None or phone.participant is None:
            raise WireError(Close.BAD_MESSAGE, "answer before hello")
        if self._is_over(phone):
            raise WireError(Close.TOKEN, "the show has begun anew")
        phone.live.intake.answer(
            phone.participant, answer, received_ns, phone.reply, phone.trip()
        )

    def _saw(self, phone: Phone, seen: Seen, received_ns: int) -> None:
        if phone.live is None or phone.participant is None:
            raise WireError(Close.BAD_MESSAGE, "seen before hello")
        phone.live.stage.seen(phone.participant, seen.number, received_ns)

    def _cheered(self, phone: Phone, cheer: Cheer, received_ns: int) -> None:
        if phone.live is None or phone.participant is None:
            raise WireError(Close.BAD_MESSAGE, "cheer before hello")
        phone.live.stage.cheered(phone.participant, cheer, received_ns)

    def _is_over(self, phone: Phone) -> bool:
        """Tell whether the run of the show that this phone joined was reset."""
        return phone.show is None or self._shows.get(phone.show) is not phone.live
