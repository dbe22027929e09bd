"""The phone socket against RFC 6455, byte by byte.

Each row: what is sent after the handshake, and what must come back: texts (the
server behind is an echo), pongs, and then the close code; None stays open.
"""

from dataclasses import dataclass, field

import pytest

from tests.protocol.clocks import ManualClock
from tests.protocol.echo import echoing
from tests.protocol.raw import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    RawSocket,
    closing,
    connect,
    frame,
    shortest_length,
)

VIETNAMESE = "Cải cách hành chính".encode()
LONGEST = b"x" * 4096


@dataclass(frozen=True, kw_only=True)
class Case:
    """One conversation."""

    name: str
    sent: tuple[bytes, ...]
    back: tuple[tuple[int, bytes], ...] = ()
    code: int | None = None
    is_apart: bool = field(default=False)


def text(*payloads: bytes) -> tuple[tuple[int, bytes], ...]:
    return tuple((TEXT, payload) for payload in payloads)


def case(
    name: str, *sent: bytes, back: tuple[tuple[int, bytes], ...] = (), **more: object
) -> Case:
    return Case(name=name, sent=sent, back=back, **more)  # type: ignore[arg-type]


DATA = [
    case("empty text", frame(TEXT), back=text(b"")),
    case("one byte", frame(TEXT, b"x"), back=text(b"x")),
    case("125 bytes", frame(TEXT, b"x" * 125), back=text(b"x" * 125)),
    case("126 bytes", frame(TEXT, b"x" * 126), back=text(b"x" * 126)),
    case("127 bytes", frame(TEXT, b"x" * 127), back=text(b"x" * 127)),
    case("128 bytes", frame(TEXT, b"x" * 128), back=text(b"x" * 128)),
    case("4096 bytes", frame(TEXT, LONGEST), back=text(LONGEST)),
    case("4097 bytes", frame(TEXT, LONGEST + b"x"), code=4413),
    case("Vietnamese", frame(TEXT, VIETNAMESE), back=text(VIETNAMESE)),
    case(
        "two in one segment",
        frame(TEXT, b"a") + frame(TEXT, b"b"),
        back=text(b"a", b"b"),
    ),
    case(
        "byte by byte",
        *(bytes((b,)) for b in frame(TEXT, b"hi")),
        back=text(b"hi"),
        is_apart=True,
    ),
    case(
        "head and payload apart",
        frame(TEXT, b"hello")[:6],
        frame(TEXT, b"hello")[6:],
        back=text(b"hello"),
        is_apart=True,
    ),
    case(
        "long length apart",
        frame(TEXT, b"x" * 200)[:3],
        frame(TEXT, b"x" * 200)[3:],
        back=text(b"x" * 200),
        is_apart=True,
    ),
    case(
        "one and a half",
        frame(TEXT, b"a") + frame(TEXT, b"bcd")[:5],
        frame(TEXT, b"bcd")[5:],
        back=text(b"a", b"bcd"),
        is_apart=True,
    ),
    case("binary", frame(BINARY, b"x"), code=1003),
    case("empty binary", frame(BINARY), code=1003),
    case(
        "binary after text",
        frame(TEXT, b"a") + frame(BINARY, b"x"),
        back=text(b"a"),
        code=1003,
    ),
]

HEADS = [
    *(
        case(f"reserved bits {rsv:03b}", frame(TEXT, b"x", rsv=rsv), code=1002)
        for rsv in range(1, 8)
    ),
    *(
        case(f"reserved opcode {opcode}", frame(opcode, b"x"), code=1002)
        for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
    ),
    case("compressed ping", frame(PING, b"x", rsv=4), code=1002),
    case("text not masked", frame(TEXT, b"x", is_masked=False), code=1002),
    case("ping not masked", frame(PING, is_masked=False), code=1002),
    case("close not masked", frame(CLOSE, is_masked=False), code=1002),
    case("refused by its first two bytes", b"\x81\x05", code=1002),
    case(
        "16-bit length of 5", frame(TEXT, b"hello", length=b"\x7e\x00\x05"), code=1002
    ),
    case(
        "64-bit length of 5",
        frame(TEXT, b"hello", length=b"\x7f" + bytes(7) + b"\x05"),
        code=1002,
    ),
    case(
        "64-bit length of 200",
        frame(TEXT, b"x" * 200, length=b"\x7f" + bytes(7) + b"\xc8"),
        code=1002,
    ),
    case(
        "highest bit of a 64-bit length",
        frame(TEXT, b"", length=b"\x7f\x80" + bytes(7)),
        code=1002,
    ),
    case(
        "2^40 bytes announced",
        frame(TEXT, b"", length=shortest_length(1 << 40)),
        code=4413,
    ),
    case(
        "65 536 bytes announced",
        frame(TEXT, b"", length=shortest_length(1 << 16)),
        code=4413,
    ),
    case(
        "5 000 bytes announced, none sent",
        frame(TEXT, b"", length=shortest_length(5000)),
        code=4413,
    ),
    case(
        "2^40 bytes of binary",
        frame(BINARY, b"", length=shortest_length(1 << 40)),
        code=4413,
    ),
]

FRAGMENTS = [
    case(
        "two fragments", frame(TEXT, b"a", fin=False) + frame(0, b"b"), back=text(b"ab")
    ),
    case(
        "three fragments",
        frame(TEXT, b"a", fin=False),
        frame(0, b"b", fin=False),
        frame(0, b"c"),
        back=text(b"abc"),
        is_apart=True,
    ),
    case(
        "four fragments",
        frame(TEXT, b"a", fin=False),
        frame(0, b"b", fin=False) * 2 + frame(0, b"d"),
        code=4429,
    ),
    case(
        "empty fragments",
        frame(TEXT, fin=False) + frame(0, fin=False) + frame(0),
        back=text(b""),
    ),
    case(
        "empty fragments without end",
        frame(TEXT, fin=False) + frame(0, fin=False) * 3,
        code=4429,
    ),
    case(
        "ping between",
        frame(TEXT, b"a", fin=False) + frame(PING, b"p") + frame(0, b"b"),
        back=((PONG, b"p"), (TEXT, b"ab")),
    ),
    case(
        "pong between",
        frame(TEXT, b"a", fin=False) + frame(PONG, b"p") + frame(0, b"b"),
        back=text(b"ab"),
    ),
    case("close between", frame(TEXT, b"a", fin=False) + closing(1000), code=1000),
    case("text between", frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), code=1002),
    case(
        "text between, in a segment of its own",
        frame(TEXT, b"a", fin=False),
        frame(TEXT, b"b"),
        code=1002,
        is_apart=True,
    ),
    case(
        "binary between",
        frame(TEXT, b"a", fin=False) + frame(BINARY, b"b"),
        code=1002,
    ),
    case(
        "unfinished text between",
        frame(TEXT, b"a", fin=False) + frame(TEXT, b"b", fin=False),
        code=1002,
    ),
    case("continuation of nothing", frame(0, b"a"), code=1002),
    case("unfinished continuation of nothing", frame(0, b"a", fin=False), code=1002),
    case(
        "continuation after the end",
        frame(TEXT, b"a", fin=False) + frame(0, b"b") + frame(0, b"c"),
        back=text(b"ab"),
        code=1002,
    ),
    case("binary in fragments", frame(BINARY, b"a", fin=False), code=1003),
    case(
        "together 4096",
        frame(TEXT, LONGEST[:2000], fin=False) + frame(0, LONGEST[2000:]),
        back=text(LONGEST),
    ),
    case(
        "together 4097",
        frame(TEXT, LONGEST[:2000], fin=False) + frame(0, LONGEST[1999:]),
        code=4413,
    ),
    case(
        "letter cut in two",
        frame(TEXT, VIETNAMESE[:2], fin=False) + frame(0, VIETNAMESE[2:]),
        back=text(VIETNAMESE),
    ),
    case(
        "two messages in fragments",
        (frame(TEXT, b"a", fin=False) + frame(0, b"b")) * 2,
        back=text(b"ab", b"ab"),
    ),
]

CONTROL = [
    case("ping", frame(PING), back=((PONG, b""),)),
    case("ping with payload", frame(PING, b"hello"), back=((PONG, b"hello"),)),
    case("ping of 125", frame(PING, b"x" * 125), back=((PONG, b"x" * 125),)),
    case("ping of 126", frame(PING, b"x" * 126), code=1002),
    case("ping in fragments", frame(PING, b"a", fin=False), code=1002),
    case(
        "three pings",
        frame(PING, b"a") + frame(PING, b"b") + frame(PING, b"c"),
        back=((PONG, b"a"), (PONG, b"b"), (PONG, b"c")),
    ),
    case(
        "ping byte by byte",
        *(bytes((b,)) for b in frame(PING, b"p")),
        back=((PONG, b"p"),),
        is_apart=True,
    ),
    case(
        "pong nobody asked for", frame(PONG, b"x") + frame(TEXT, b"a"), back=text(b"a")
    ),
    case("pong of 126", frame(PONG, b"x" * 126), code=1002),
    case("pong in fragments", frame(PONG, b"a", fin=False), code=1002),
]

CLOSING = [
    case("without a code", frame(CLOSE), code=1005),
    case("one byte", frame(CLOSE, b"\x03"), code=1002),
    case("with a reason", closing(1000, b"bye"), code=1000),
    case("with a reason in Vietnamese", closing(1000, VIETNAMESE), code=1000),
    case("reason of 123 bytes", closing(1000, b"x" * 123), code=1000),
    case("reason of 124 bytes", closing(1000, b"x" * 124), code=1002),
    case("reason not UTF-8", closing(1000, b"\xff\xfe"), code=1007),
    case("in fragments", frame(CLOSE, b"\x03\xe8", fin=False), code=1002),
    *(
        case(f"code {code}", closing(code), code=code)
        for code in (
            1000,
            1001,
            1002,
            1003,
            1007,
            1008,
            1009,
            1010,
            1011,
            1012,
            1013,
            1014,
            3000,
            3999,
            4000,
            4999,
        )
    ),
    *(
        case(f"impossible code {code}", closing(code), code=1002)
        for code in (
            0,
            1,
            999,
            1004,
            1005,
            1006,
            1015,
            1016,
            1100,
            2000,
            2999,
            5000,
            65_535,
        )
    ),
    case("nothing after it counts", closing(1000) + frame(TEXT, b"a"), code=1000),
    case(
        "text before it counts",
        frame(TEXT, b"a") + closing(1001),
        back=text(b"a"),
        code=1001,
    ),
]

UTF8 = [
    case("lone continuation byte", frame(TEXT, b"a\x80"), code=1007),
    case("cut at the end", frame(TEXT, VIETNAMESE[:2]), code=1007),
    case("overlong slash", frame(TEXT, b"\xc0\xaf"), code=1007),
    case("surrogate", frame(TEXT, b"\xed\xa0\x80"), code=1007),
    case("beyond Unicode", frame(TEXT, b"\xf4\x90\x80\x80"), code=1007),
    case("0xff", frame(TEXT, b"\xff"), code=1007),
    case(
        "in fragments", frame(TEXT, b"a\xc3", fin=False) + frame(0, b"\x28"), code=1007
    ),
    case(
        "highest letter",
        frame(TEXT, b"\xf4\x8f\xbf\xbf"),
        back=text(b"\xf4\x8f\xbf\xbf"),
    ),
    case("zero byte", frame(TEXT, b"\x00"), back=text(b"\x00")),
    case("emoji", frame(TEXT, "🎉".encode()), back=text("🎉".encode())),
]

GROUPS = {
    "data": DATA,
    "heads": HEADS,
    "fragments": FRAGMENTS,
    "control": CONTROL,
    "closing": CLOSING,
    "utf8": UTF8,
}
CASES = [
    pytest.param(one, id=f"{group}: {one.name}")
    for group, cases in GROUPS.items()
    for one in cases
]


@pytest.mark.parametrize("one", CASES)
async def test_phone_socket_answers_as_the_rfc_says(
    one: Case, clock: ManualClock
) -> None:
    async with echoing(clock) as port, connect(port) as raw:
        if one.is_apart:
            await raw.send_apart(*one.sent)
        else:
            raw.send(b"".join(one.sent))
        for expected in one.back:
            assert await raw.read() == expected
        if one.code is None:
            await check_open(raw)
        else:
            assert await raw.close_code() == one.code


async def check_open(raw: RawSocket) -> None:
    raw.send(frame(TEXT, b"still here"))
    assert await raw.read() == (TEXT, b"still here")


def test_table_has_a_row_for_every_rule() -> None:
    assert len(CASES) >= 100
