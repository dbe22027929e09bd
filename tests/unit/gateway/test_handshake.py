"""Upgrade requests and origins, without a socket."""

import pytest

from quizserver.gateway.handshake import (
    HandshakeError,
    accept,
    may_connect,
    read_head,
    refuse,
)
from tests.protocol.raw import upgrade_request


def test_head_is_read_with_lower_case_names_and_joined_repeats() -> None:
    head = b"GET /ws/phone?x=1 HTTP/1.1\r\nHost: a\r\nX: 1\r\nx: 2\r\nodd\r\n\r\n"
    request = read_head(head)
    assert (request.method, request.path) == (b"GET", b"/ws/phone")
    assert request.header(b"x") == "1, 2"
    assert request.header(b"missing") == ""


@pytest.mark.parametrize("line", [b"", b"GET", b"GET /", b"GET / HTTP/1.1 x"])
def test_request_line_without_three_parts_is_refused(line: bytes) -> None:
    with pytest.raises(HandshakeError) as caught:
        read_head(line + b"\r\n\r\n")
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Upgrade": "h2c"}, 400),
        ({"Upgrade": None}, 400),
        ({"Connection": "close"}, 400),
        ({"Connection": None}, 400),
        ({"Sec_WebSocket_Key": ""}, 400),
        ({"Sec_WebSocket_Version": "13, 8"}, 426),
    ],
)
def test_request_that_is_no_upgrade_is_refused(
    changed: dict[str, str | None], status: int
) -> None:
    with pytest.raises(HandshakeError) as caught:
        accept(read_head(upgrade_request("/ws/phone", **changed)))
    assert caught.value.status == status
    assert refuse(caught.value).startswith(b"HTTP/1.1 %d " % status)


def test_old_http_is_refused() -> None:
    head = upgrade_request("/ws/phone").replace(b"HTTP/1.1", b"HTTP/1.0")
    with pytest.raises(HandshakeError) as caught:
        accept(read_head(head))
    assert caught.value.status == 505


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        ("", True),
        ("http://10.0.0.7:8000", True),
        ("https://show.example", True),
        ("http://10.0.0.7", False),
        ("http://10.0.0.7:8000.evil.example", False),
        ("https://evil.example/10.0.0.7:8000", False),
        ("file://", False),
        ("null", False),
        ("nonsense", False),
    ],
)
def test_origin_is_this_host_or_the_public_address(origin: str, is_ours: bool) -> None:
    assert may_connect(origin, "10.0.0.7:8000", "https://show.example/") is is_ours


def test_local_file_is_welcome_where_allowed() -> None:
    assert may_connect("null", "a", None, allow_null=True)
