"""The question on its way: one text, to each phone with a nonce of its own.

Under fair-1 the frame and its ping are one write of one packet, so that the round
trip of the ping is that of the question. A second packet would be lost or held up by
itself, and nobody could tell; so a question that does not fit is refused before
the show (Source: R4.10).
"""

from dataclasses import replace
from typing import Final

import msgspec

from quizserver.domain.events import QuestionOpened
from quizserver.domain.ids import QuestionId
from quizserver.domain.phases import Phase, QuestionState
from quizserver.domain.show import Play, Show
from quizserver.live.cues import Scene
from quizserver.live.ports import Clock
from quizserver.live.roster import Roster
from quizserver.wire.common import encode, text_frame
from quizserver.wire.phone import Open

MOST_BYTES: Final = 1_200
"""Longest open frame with its ping: what one packet carries on every network."""

NONCE_LENGTH: Final = 16
_PING_BYTES: Final = 6
_LATE_STEP: Final = 9_999


class QuestionTooLong(Exception):
    """A question is longer on its way than one packet carries.

    Source: R4.10.
    """

    def __init__(self, question: QuestionId, size: int) -> None:
        super().__init__(f"{question}: {size} bytes, at most {MOST_BYTES}")
        self.question = question
        self.size = size


def open_frame_around(cue: Open) -> tuple[bytes, bytes]:
    """Return what stands before and after the nonce in each phone's open frame.

    Where overlays draw the question is not in it: what is chosen for them later must
    not make it longer than was checked.
    """
    mark = "0" * NONCE_LENGTH
    question = msgspec.structs.replace(cue.question, nonce=mark, position=None)
    frame = text_frame(encode(msgspec.structs.replace(cue, question=question)))
    name = b'"nonce":"'
    head, tail = frame.split(name + mark.encode())
    return head + name, tail


def check_questions(show: Show, clock: Clock) -> None:
    """Make sure that every question of a new show fits, reserves included.

    Raises:
        QuestionTooLong: the first that does not.
    """
    if show.rules.timing != "fair-1":
        return
    for question in show.questions:
        size = open_size(show, question, clock)
        if size > MOST_BYTES:
            raise QuestionTooLong(question, size)


def open_size(show: Show, question: QuestionId, clock: Clock) -> int:
    """Return the bytes of a question's open frame with its ping.

    As the last of a show in which much has happened, when its numbers are longest.
    """
    duration_ms = show.duration_ms(question)
    play = Play(
        state=QuestionState.OPEN, opened_at=clock.stamp(), duration_ms=duration_ms
    )
    opened = replace(
        show,
        phase=Phase.OPEN,
        current=question,
        order=(*show.order[:-1], question),
        plays={**show.plays, question: play},
        step=_LATE_STEP,
    )
    event = QuestionOpened(
        question=question, opened_at=clock.stamp(), duration_ms=duration_ms
    )
    cue = Scene(opened, Roster(), clock).cue(event)
    assert isinstance(cue, Open)
    head, tail = open_frame_around(cue)
    return len(head) + NONCE_LENGTH + len(tail) + _PING_BYTES
