"""The plane against `websockets`' own sans-I/O parser, on the same bytes.

Whatever frames come, cut wherever they are cut, both must say the same texts
and pongs and close with the same code. Where the wire has a code of its own
(4413 for 1009, 1003 for binary) or is stricter (length in its shortest form,
number of fragments, allowances), the rows here say so.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from quizserver.gateway.connection import PhoneConnection
from quizserver.gateway.limits import SECOND, Limits
from quizserver.gateway.plane import Plane
from quizserver.gateway.relays import relays_of
from quizserver.gateway.sweep import Sweep
from tests.protocol.clocks import ManualClock
from tests.protocol.echo import EchoDoor
from tests.protocol.raw import BINARY, TEXT, frame

# Above all that eight of the short payloads below make together: `websockets`
# counts a ping between fragments into their message's size, which we do not.
LONGEST = 1300
GENEROUS = Limits(
    message_bytes=LONGEST,
    fragments=1000,
    burst_frames=100_000,
    burst_bytes=1 << 30,
    bytes_per_s=SECOND,
)


@dataclass
class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    written: bytearray = field(default_factory=bytearray)
    is_shut: bool = False

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.is_shut = True

    def is_closing(self) -> bool:
        return self.is_shut

    def pause_reading(self) -> None:
        self.is_shut = True

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def set_write_buffer_limits(
        self, high: int | None = None, low: int | None = None
    ) -> None:
        pass


def by_plane(pieces: Sequence[bytes]) -> tuple[list[bytes], int | None]:
    """Return the texts and pongs the plane sends back, and its close code."""
    clock = ManualClock()
    plane = Plane(clock, GENEROUS, Sweep(clock, SECOND), EchoDoor(), relays_of(()))
    phone, wire = PhoneConnection(plane, set()), Wire()
    phone.connection_made(wire)
    for piece in pieces:
        if wire.is_shut:
            break
        phone.data_received(piece)
    return read_frames(bytes(wire.written))


def by_websockets(pieces: Sequence[bytes]) -> tuple[list[bytes], int | None]:
    """Return what the same bytes make `websockets` say, as our wire would."""
    protocol = ServerProtocol(state=OPEN, max_size=GENEROUS.message_bytes)
    oracle = Oracle()
    for piece in pieces:
        protocol.receive_data(piece)
        for event in protocol.events_received():
            if oracle.code is None:
                oracle.take(cast("Frame", event))
        if protocol.close_sent is not None and oracle.code is None:
            # It calls a close between fragments 1002; §5.4 allows it, we answer it.
            code = int((protocol.close_rcvd or protocol.close_sent).code)
            oracle.code = 4413 if code == 1009 else code
        if oracle.code is not None:
            break
    return oracle.said, oracle.code


@dataclass
class Oracle:
    """An echo over `websockets`' frames; `code` once it would close."""

    said: list[bytes] = field(default_factory=list)
    code: int | None = None
    parts: list[bytes] = field(default_factory=list)

    def take(self, one: Frame) -> None:
        if one.opcode is Opcode.BINARY:
            self.code = 1003
        elif one.opcode is Opcode.PING:
            self.said.append(b"\x8a" + bytes(one.data))
        elif one.opcode in {Opcode.TEXT, Opcode.CONT}:
            before = self.parts if one.opcode is Opcode.CONT else []
            self.parts = [*before, bytes(one.data)]
            if one.fin:
                self.say(b"".join(self.parts))

    def say(self, text: bytes) -> None:
        if is_text(text):
            self.said.append(b"\x81" + text)
        else:
            self.code = 1007


def same(
    ours: tuple[list[bytes], int | None], theirs: tuple[list[bytes], int | None]
) -> bool:
    """Tell whether both said the same and closed for the same reason.

    A frame can be wrong in two ways, too long for one; then 1002 of ours and
    "too big" of theirs are the same refusal, made after other checks first.
    """
    return ours == theirs or (
        ours[0] == theirs[0] and (ours[1], theirs[1]) == (1002, 4413)
    )


def is_text(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def read_frames(written: bytes) -> tuple[list[bytes], int | None]:
    """Cut what a server wrote into frames; the close code apart."""
    said, at = list[bytes](), 0
    while at < len(written):
        size, start = written[at + 1], at + 2
        if size == 126:
            size, start = int.from_bytes(written[start : start + 2], "big"), at + 4
        payload = written[start : start + size]
        if written[at] == 0x88:
            return said, int.from_bytes(payload, "big") if payload else 1005
        said.append(written[at : at + 1] + payload)
        at = start + size
    return said, None


PAYLOADS = st.one_of(
    st.binary(max_size=20),
    st.text(max_size=20).map(str.encode),
    st.integers(120, 130).map(lambda size: b"x" * size),
    st.sampled_from([b"\x03\xe8", b"\x03\xe8bye", b"\x00\x00", b"x" * (LONGEST + 1)]),
)
FRAMES = st.builds(
    frame,
    st.sampled_from([TEXT, TEXT, TEXT, 0, 0, BINARY, 8, 9, 9, 10, 3, 11]),
    PAYLOADS,
    fin=st.sampled_from([True, True, True, False]),
    rsv=st.sampled_from([0] * 15 + [4]),
    is_masked=st.sampled_from([True] * 15 + [False]),
)


@st.composite
def streams(draw: st.DrawFn) -> list[bytes]:
    """Frames in a row, cut into segments between them or anywhere."""
    frames = draw(st.lists(FRAMES, min_size=1, max_size=8))
    whole = b"".join(frames)
    between = list(accumulate(map(len, frames)))
    places = st.one_of(st.sampled_from(between), st.integers(0, len(whole)))
    edges = [0, *sorted(draw(st.lists(places, max_size=8))), len(whole)]
    pieces = [whole[a:b] for a, b in pairwise(edges)]
    return [piece for piece in pieces if piece]


@settings(max_examples=200, deadline=None)
@given(streams())
def test_plane_says_what_websockets_says(pieces: list[bytes]) -> None:
    assert same(by_plane(pieces), by_websockets(pieces))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5))
def test_plane_says_what_websockets_says_to_any_bytes(pieces: list[bytes]) -> None:
    ours, theirs = by_plane(pieces), by_websockets(pieces)
    if ours[1] == 1002 and theirs[1] is None:
        # Stricter by choice: a length must be in its shortest form, and the
        # first two bytes are refused without waiting for the rest.
        assert theirs[0][: len(ours[0])] == ours[0]
    else:
        assert same(ours, theirs)


@settings(max_examples=50, deadline=None)
@given(streams(), st.data())
def test_where_the_segments_are_cut_makes_no_difference(
    pieces: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(pieces)
    at = data.draw(st.integers(0, len(whole)))
    other = [piece for piece in (whole[:at], whole[at:]) if piece]
    assert by_plane(pieces) == by_plane(other)
