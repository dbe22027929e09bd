"""What all messages share: one encoding, one ladder, one kind of frame."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizserver.wire.common import (
    Close,
    Error,
    Message,
    WireError,
    decode,
    encode,
    text_frame,
)

ANY = msgspec.json.Decoder(Error)


def unframed(frame: bytes) -> bytes:
    """Return the payload of a text frame, read as RFC 6455 §5.2 says."""
    assert frame[0] == 0x81, "FIN and opcode text, nothing reserved"
    assert frame[1] < 0x80, "a server does not mask"
    extended = {126: 2, 127: 8}.get(frame[1], 0)
    size = int.from_bytes(frame[2 : 2 + extended]) if extended else frame[1]
    payload = frame[2 + extended :]
    assert len(payload) == size
    return payload


@pytest.mark.parametrize(
    ("size", "head"),
    [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10), (70_000, 10)],
)
def test_a_frame_says_its_length_in_the_shortest_form(size: int, head: int) -> None:
    frame = text_frame(b"x" * size)
    assert len(frame) == head + size
    assert unframed(frame) == b"x" * size


@given(st.binary(max_size=300))
def test_every_payload_comes_out_of_its_frame_unchanged(payload: bytes) -> None:
    assert unframed(text_frame(payload)) == payload


def test_a_field_with_its_default_is_left_out() -> None:
    error = Error(code="bad_nonce", message="Hãy tải lại trang.")
    text = '{"type":"error","code":"bad_nonce","message":"Hãy tải lại trang."}'
    assert encode(error) == text.encode()


def test_the_type_comes_first_so_that_a_reader_may_stop_there() -> None:
    assert encode(Error(code="x", message="", ref="r")).startswith(b'{"type":"error"')


def test_decode_returns_the_message() -> None:
    error = Error(code="x", message="y", ref="z")
    assert decode(ANY, encode(error)) == error


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'{"type":"error"}',
        b'{"type":"answer","code":"x","message":"y"}',
        b'{"type":"error","code":1,"message":"y"}',
        b'{"type":"error","code":"\\ud800","message":"y"}',
        b'{"type":"error","code":"x","message":"y"} {}',
        '{"type":"error","code":"\ud800"}',
        b'{"type":"error","x":' + b"[" * 4_000,
        b'{"type":"error","x":' + b"[" * 2_000 + b"]" * 2_000 + b"}",
    ],
    ids=lambda payload: repr(payload[:40]),
)
def test_what_is_no_message_earns_one_close_code(payload: bytes | str) -> None:
    """The ladder has one rung for malformed input: 4400, and no traceback."""
    with pytest.raises(WireError) as caught:
        decode(ANY, payload)
    assert caught.value.close is Close.BAD_MESSAGE
    assert str(caught.value)


def test_close_codes_are_those_of_the_reference() -> None:
    """Clients have one fixed behaviour for each; a number is a promise."""
    assert {code.name: int(code) for code in Close} == {
        "NORMAL": 1000,
        "GOING_AWAY": 1001,
        "BINARY": 1003,
        "RESTART": 1012,
        "BAD_MESSAGE": 4400,
        "TOKEN": 4401,
        "FORBIDDEN": 4403,
        "NO_SHOW": 4404,
        "TOO_SLOW": 4408,
        "REPLACED": 4409,
        "TOO_BIG": 4413,
        "TOO_MANY": 4429,
    }


def test_messages_are_told_apart_by_type() -> None:
    assert Message.__struct_config__.tag_field == "type"
