"""Client frames, one at a time."""

import pytest

from quizserver.gateway.frames import (
    ClientFrame,
    FrameError,
    check_text,
    close_frame,
    next_frame,
    ping_frame,
    pong_frame,
    reply_code,
)
from tests.protocol.raw import CLOSE, PING, TEXT, frame


def test_frame_is_read_at_its_place_in_the_buffer() -> None:
    buffer = frame(TEXT, b"one") + frame(PING, b"two")
    first = next_frame(buffer, 0, 4096)
    assert first == ClientFrame(True, TEXT, b"one", 9)
    assert next_frame(buffer, 9, 4096) == ClientFrame(True, PING, b"two", 18)
    assert next_frame(buffer, 18, 4096) is None


@pytest.mark.parametrize("size", [0, 1, 125, 126, 4096])
def test_incomplete_frame_is_none_wherever_it_is_cut(size: int) -> None:
    whole = frame(TEXT, b"x" * size)
    for cut in [*range(min(len(whole), 20)), len(whole) - 1]:
        assert next_frame(whole[:cut], 0, 4096) is None
    assert next_frame(whole, 0, 4096) == ClientFrame(
        True, TEXT, b"x" * size, len(whole)
    )


def test_length_alone_is_enough_to_refuse() -> None:
    with pytest.raises(FrameError, match="frame of 4097 bytes, at most 4096") as caught:
        next_frame(frame(TEXT, b"x" * 4097)[:4], 0, 4096)
    assert caught.value.code == 4413


@pytest.mark.parametrize(
    "first_two", [b"\xc1\x80", b"\x83\x80", b"\x81\x00", b"\x09\x80"]
)
def test_two_bytes_are_enough_to_refuse(first_two: bytes) -> None:
    with pytest.raises(FrameError) as caught:
        next_frame(first_two, 0, 4096)
    assert caught.value.code == 1002


def test_control_frames_we_send_are_unmasked_and_whole() -> None:
    assert close_frame(4401) == b"\x88\x02\x11\x31"
    assert ping_frame(b"1234") == b"\x89\x041234"
    assert pong_frame(b"") == b"\x8a\x00"


def test_close_is_answered_with_its_own_code() -> None:
    assert reply_code(b"") is None
    assert reply_code(b"\x03\xe8bye") == 1000
    for bad in (b"\x03", b"\x03\xed", b"\x00\x00", b"\xff\xff"):
        with pytest.raises(FrameError):
            reply_code(bad)


def test_text_is_utf8_or_nothing() -> None:
    check_text(b"plain")
    check_text("Hương".encode())
    with pytest.raises(FrameError, match="not UTF-8 at byte 1") as caught:
        check_text(b"a\xff")
    assert caught.value.code == 1007
    assert frame(CLOSE)[0] == 0x88
