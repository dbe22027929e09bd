"""The opening handshake of phones, against RFC 6455 §4.2, on the real server."""

import base64

import pytest

from quizserver.gateway.guard import GuardedHttp
from tests.protocol.clocks import ManualClock
from tests.protocol.raw import TEXT, connect, dial, frame, upgrade_request
from tests.protocol.stub import serving

PATH = "/ws/phone"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 101, id="as a browser asks"),
        pytest.param({"Connection": "keep-alive, Upgrade"}, 101, id="Firefox"),
        pytest.param({"Upgrade": "WebSocket"}, 101, id="capital letters"),
        pytest.param({"Sec_WebSocket_Protocol": "chat"}, 101, id="subprotocol"),
        pytest.param({"Sec_WebSocket_Version": None}, 426, id="no version"),
        pytest.param({"Sec_WebSocket_Version": "12"}, 426, id="version 12"),
        pytest.param({"Sec_WebSocket_Version": "13, 13"}, 426, id="two versions"),
        pytest.param({"Sec_WebSocket_Key": None}, 400, id="no key"),
        pytest.param({"Sec_WebSocket_Key": "no base64!"}, 400, id="key no base64"),
        pytest.param(
            {"Sec_WebSocket_Key": base64.b64encode(b"x" * 15).decode()},
            400,
            id="key of 15 bytes",
        ),
        pytest.param(
            {"Sec_WebSocket_Key": base64.b64encode(b"x" * 17).decode()},
            400,
            id="key of 17 bytes",
        ),
        pytest.param({"Host": None}, 400, id="no host"),
    ],
)
async def test_upgrade_is_answered_with(
    headers: dict[str, str | None], status: int, clock: ManualClock
) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        answered, _ = await raw.upgrade(PATH, **headers)
        assert answered == status
        assert served.gateway.tally.handshakes == (status == 101)
        assert served.gateway.tally.refused == (status != 101)


LINE = b"GET /ws/phone HTTP/1.1\r\n"
PLAIN = upgrade_request(PATH)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(PLAIN, id="as a browser asks"),
        pytest.param(PLAIN.replace(b"Upgrade: ", b"uPGRADE: "), id="odd case"),
        pytest.param(PLAIN.replace(b"Host: ", b"Host:   "), id="spaces"),
        pytest.param(PLAIN.replace(b"Host: ", b"Host : "), id="space before colon"),
        pytest.param(PLAIN.replace(b"Host: ", b"Ho st: "), id="space in a name"),
        pytest.param(PLAIN.replace(LINE, LINE + b"A: b\r\n c\r\n"), id="folded"),
        pytest.param(PLAIN.replace(LINE, LINE + b"no colon\r\n"), id="no colon"),
        pytest.param(PLAIN.replace(LINE, LINE + b"A: \0\r\n"), id="null"),
        pytest.param(PLAIN.replace(LINE, LINE + b"A: \xe1\r\n"), id="no ASCII"),
        pytest.param(PLAIN.replace(LINE, LINE + b"A: b\n"), id="bare line feed"),
        pytest.param(PLAIN.replace(LINE, LINE + b"Host: evil.example\r\n"), id="hosts"),
        pytest.param(PLAIN.replace(b"quiz.local", b"evil.example"), id="their host"),
        pytest.param(PLAIN.replace(b"websocket", b"h2c"), id="other upgrade"),
        pytest.param(PLAIN.replace(b"Upgrade: websocket\r\n", b""), id="no upgrade"),
        pytest.param(PLAIN.replace(b"GET", b"HEAD"), id="other method"),
        pytest.param(PLAIN.replace(b"1.1", b"1.0"), id="older HTTP"),
        pytest.param(PLAIN + PLAIN, id="twice"),
        pytest.param(b"\r\n" + PLAIN, id="an empty line first"),
        pytest.param(
            PLAIN.replace(LINE, LINE + b"Content-Length: 3\r\n") + b"abc", id="body"
        ),
        pytest.param(
            PLAIN.replace(LINE, LINE + b"content-length: x\r\n"), id="odd length"
        ),
        pytest.param(
            PLAIN.replace(LINE, LINE + b"A: " + b"b" * 17_000 + b"\r\n"), id="long"
        ),
    ],
)
async def test_a_head_that_comes_whole_is_answered_as_one_in_pieces(
    head: bytes, clock: ManualClock
) -> None:
    async with serving(clock) as served:
        async with dial(served.port) as whole:
            whole.send(head)
            expected = await whole.response()
        async with dial(served.port) as pieces:
            await pieces.send_apart(head[:1], head[1:])
            assert await pieces.response() == expected


async def test_phone_is_let_in_without_an_http_protocol(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it costs to let a phone in counts when ten thousand come back."""
    made: list[object] = []
    monkeypatch.setattr(GuardedHttp, "keep_deadline", lambda *_: made.append(1))
    async with serving(clock) as served, dial(served.port) as raw:
        assert (await raw.upgrade(PATH))[0] == 101
        assert not made
        async with dial(served.port) as other:
            await other.upgrade("/ws/host")
            assert made


async def test_accept_value_is_that_of_the_rfcs_example(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        _, head = await raw.upgrade(PATH, Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==")
        assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head


async def test_compression_is_never_agreed_to(clock: ManualClock) -> None:
    async with serving(clock) as served:
        for path in (PATH, "/ws/host", "/ws/overlay"):
            async with dial(served.port) as raw:
                status, head = await raw.upgrade(
                    path, Sec_WebSocket_Extensions="permessage-deflate"
                )
                assert status == 101
                assert b"extensions" not in head.lower()


async def test_refused_version_is_told_the_right_one(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        _, head = await raw.upgrade(PATH, Sec_WebSocket_Version="8")
        assert b"Sec-WebSocket-Version: 13\r\n" in head
        assert await raw.rest() == b"Sec-WebSocket-Version is not 13\n"


async def test_post_cannot_upgrade(clock: ManualClock) -> None:
    async with serving(clock) as served, dial(served.port) as raw:
        raw.send(upgrade_request(PATH).replace(b"GET", b"POST", 1))
        status, _ = await raw.response()
        assert status == 405


async def test_phone_path_may_have_a_query_and_nothing_more(
    clock: ManualClock,
) -> None:
    async with serving(clock) as served:
        async with dial(served.port) as raw:
            assert (await raw.upgrade(PATH + "?x=1"))[0] == 101
        async with dial(served.port) as raw:
            assert (await raw.upgrade(PATH + "s"))[0] == 403


@pytest.mark.parametrize(
    ("origin", "path", "code"),
    [
        ("http://quiz.local", PATH, None),
        ("https://quiz.local", PATH, None),
        ("HTTPS://QUIZ.LOCAL", PATH, None),
        ("https://show.example", PATH, None),
        ("https://evil.example", PATH, 4403),
        ("http://quiz.local:8001", PATH, 4403),
        ("http://quiz.local.evil.example", PATH, 4403),
        ("null", PATH, 4403),
        ("null", "/ws/host", 4403),
        ("https://evil.example", "/ws/host", 4403),
        ("https://evil.example", "/ws/overlay", 4403),
        ("null", "/ws/overlay", None),
        ("https://quiz.local", "/ws/host", None),
    ],
)
async def test_only_our_own_pages_may_connect(
    origin: str, path: str, code: int | None, clock: ManualClock
) -> None:
    public_url = "https://show.example"
    async with (
        serving(clock, public_url=public_url) as served,
        connect(served.port, path, Origin=origin) as raw,
    ):
        # Nonsense is closed with 4400: then the origin was no obstacle.
        raw.send(frame(TEXT, b"?"))
        assert await raw.close_code() == (code or 4400)
