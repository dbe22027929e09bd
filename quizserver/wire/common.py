"""What every message shares: encoding, decoding, frames and close codes.

Pure: bytes in, values out. It opens no socket and reads no clock.
Source: docs/reference/wire.md §1.
"""

from enum import IntEnum
from typing import Final, TypeVar

import msgspec

VERSION: Final = 1
"""The protocol's version, `v` in `hello` and `welcome`."""

REHEARSAL: Final = "*tapduot"
"""The page (`via`) under which a rehearsal's simulated phones are counted. Nobody can
say that they come from it: an address holds no star."""

MAX_INBOUND: Final = 4096
"""Longest inbound message in bytes; a longer one is closed with TOO_BIG."""


class Close(IntEnum):
    """Close codes; the client's fixed answer to each is in the wire reference."""

    NORMAL = 1000
    GOING_AWAY = 1001
    BINARY = 1003
    RESTART = 1012
    BAD_MESSAGE = 4400
    TOKEN = 4401
    FORBIDDEN = 4403
    NO_SHOW = 4404
    TOO_SLOW = 4408
    REPLACED = 4409
    TOO_BIG = 4413
    TOO_MANY = 4429


class WireError(Exception):
    """A message that does not follow the wire; carries its close code."""

    def __init__(self, close: Close, message: str) -> None:
        super().__init__(message)
        self.close = close


class Message(msgspec.Struct, tag_field="type", omit_defaults=True):
    """Base of everything said on a socket; `type` is the message's name."""


class Error(Message, tag="error"):
    """Something asked for was refused; `ref` repeats the request's own."""

    code: str
    message: str
    ref: str | None = None


_T = TypeVar("_T")
_ENCODER: Final = msgspec.json.Encoder()


def encode(message: msgspec.Struct) -> bytes:
    """Return the message as one JSON text, UTF-8."""
    return _ENCODER.encode(message)


def decode(decoder: "msgspec.json.Decoder[_T]", payload: bytes | str) -> _T:
    """Return the message that `decoder` reads.

    A text that nests a thousand deep, or holds half a character, is as bad as
    one that is no JSON: it earns a close code, not a line in the error log.

    Raises:
        WireError: BAD_MESSAGE.
    """
    try:
        return decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise WireError(Close.BAD_MESSAGE, str(error)) from None


def text_frame(payload: bytes) -> bytes:
    """Return `payload` as one unmasked, unfragmented text frame (RFC 6455 §5.2).

    Encoded once and written to every socket as it is.
    """
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload
