"""WebSocket frames as a client sends them (RFC 6455 §5), read without a socket.

Bytes in, one frame out, or the close code that the bytes deserve. Strict where
the RFC says MUST, so that the plane and everything behind it only ever see
well-formed frames. It keeps no state: fragments are put together by the plane.
`websockets`' own parser is the oracle of its differential test.
"""

from typing import Final, NamedTuple

from quizserver.wire.common import Close

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform without the C extension: slower, the same bytes
    from websockets.utils import apply_mask

__all__ = [
    "BINARY",
    "CLOSE",
    "CONTINUATION",
    "PING",
    "PONG",
    "TEXT",
    "ClientFrame",
    "FrameError",
    "apply_mask",
    "close_frame",
    "next_frame",
    "pong_frame",
    "reply_code",
]

CONTINUATION: Final = 0x0
TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
_OPCODES: Final = frozenset((CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG))

PROTOCOL_ERROR: Final = 1002
INVALID_TEXT: Final = 1007

_CODES_ON_THE_WIRE: Final = frozenset((1000, 1001, 1002, 1003, *range(1007, 1015)))


class FrameError(Exception):
    """Bytes that are no acceptable frame; `code` is the close code they earn."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class ClientFrame(NamedTuple):
    """One frame, unmasked; `end` is where the next one starts in the buffer."""

    fin: bool
    opcode: int
    payload: bytes
    end: int


def next_frame(buffer: bytes, at: int, longest: int) -> ClientFrame | None:
    """Return the frame that starts at `at`, or None while it is incomplete.

    A frame that can only be refused is refused as soon as its first two bytes
    or its length are there: no memory is spent on waiting for the rest.

    Raises:
        FrameError: 1002, or 4413 for a payload of more than `longest` bytes.

    Source: RFC 6455 §5.2.
    """
    size = len(buffer) - at
    if size < 2:
        return None
    first, second = buffer[at], buffer[at + 1]
    _check_head(first, second)
    length, start = second & 0x7F, at + 2
    if length == 126:
        if size < 4:
            return None
        length, start = int.from_bytes(buffer[start : start + 2], "big"), at + 4
        _check_minimal(length, 126)
    elif length == 127:
        if size < 10:
            return None
        length, start = int.from_bytes(buffer[start : start + 8], "big"), at + 10
        _check_minimal(length, 65_536)
    if length > longest:
        raise FrameError(Close.TOO_BIG, f"frame of {length} bytes, at most {longest}")
    end = start + 4 + length
    if len(buffer) < end:
        return None
    payload = apply_mask(buffer[start + 4 : end], buffer[start : start + 4])
    return ClientFrame(first >= 0x80, first & 0x0F, payload, end)


def _check_head(first: int, second: int) -> None:
    opcode = first & 0x0F
    if first & 0x70:
        # §5.2: "MUST be 0 unless an extension is negotiated"; we offer none.
        raise FrameError(PROTOCOL_ERROR, "reserved bit set")
    if opcode not in _OPCODES:
        raise FrameError(PROTOCOL_ERROR, f"unknown opcode {opcode}")
    if not second & 0x80:
        # §5.1: "The server MUST close the connection upon receiving a frame
        # that is not masked."
        raise FrameError(PROTOCOL_ERROR, "frame not masked")
    if opcode >= CLOSE and (first < 0x80 or second & 0x7F > 125):
        # §5.5: control frames have at most 125 bytes and MUST NOT be fragmented.
        raise FrameError(PROTOCOL_ERROR, "control frame too long or fragmented")


def _check_minimal(length: int, least: int) -> None:
    # §5.2: "the minimal number of bytes MUST be used to encode the length".
    if length < least or length >= 1 << 63:
        raise FrameError(PROTOCOL_ERROR, f"length {length} not in its shortest form")


def close_frame(code: int) -> bytes:
    """Return a close frame with `code` and no reason (RFC 6455 §5.5.1)."""
    return b"\x88\x02" + code.to_bytes(2, "big")


def ping_frame(payload: bytes) -> bytes:
    """Return a ping with at most 125 bytes of payload (RFC 6455 §5.5.2)."""
    return bytes((0x89, len(payload))) + payload


def pong_frame(payload: bytes) -> bytes:
    """Return the pong to a ping with this payload (RFC 6455 §5.5.3)."""
    return bytes((0x8A, len(payload))) + payload


def reply_code(payload: bytes) -> int | None:
    """Return the code to answer a received close frame with; None: without one.

    Raises:
        FrameError: 1002 for one byte of payload or a code that may not be sent,
            1007 for a reason that is not UTF-8.

    Source: RFC 6455 §5.5.1, §7.4.
    """
    if not payload:
        return None
    code = int.from_bytes(payload[:2], "big")
    check_text(payload[2:])
    if len(payload) == 1 or not (code in _CODES_ON_THE_WIRE or 3000 <= code < 5000):
        raise FrameError(PROTOCOL_ERROR, "close frame without a valid code")
    return code


def check_text(payload: bytes) -> None:
    """Pass if `payload` is UTF-8.

    Raises:
        FrameError: 1007 (RFC 6455 §8.1).
    """
    if payload.isascii():
        return
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        raise FrameError(INVALID_TEXT, f"not UTF-8 at byte {error.start}") from None
