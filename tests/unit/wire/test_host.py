"""Messages of hosts."""

import json
from collections.abc import Callable

import msgspec
import pytest

from quizserver.wire import host as m
from quizserver.wire.common import Close, WireError, encode

STATE = m.HostState(
    epoch="e1",
    step=4,
    phase="asked",
    code="CCHC1",
    title="Số 1",
    lang="vi",
    timing="received",
    questions=(m.RundownRow(id="q1", number=1, text="Câu hỏi?", state="asked"),),
    allowed=("open",),
    live=m.LivePart(online=3, joined=5),
    next=m.NextPart(command="open", label="Mở câu 1", number=1, seconds=15),
    question=m.HostQuestion(
        id="q1",
        number=1,
        total=10,
        state="asked",
        text="Câu hỏi?",
        options=(),
        key="B",
        explanation="Vì sao",
        source="000",
        duration_ms=15_000,
    ),
    audit=(
        m.AuditPart(at="2023-10-19T13:00:00.000Z", actor="Hoa", name="LobbyOpened"),
    ),
)


@pytest.mark.parametrize(
    "message",
    [STATE, m.Live(live=STATE.live), m.Reply(ref="r1", step=4, phase="asked")],
    ids=lambda one: type(one).__name__,
)
def test_what_a_host_is_told_comes_back_as_it_went(message: msgspec.Struct) -> None:
    assert msgspec.json.decode(encode(message), type=m.HostOut) == message


def test_a_host_says_hello_and_commands() -> None:
    hello = b'{"type":"hello","v":1,"show":"CCHC1"}'
    assert m.decode_host(hello) == m.HostHello(v=1, show="CCHC1")
    command = b'{"type":"command","command":"ask","ref":"r1","step":3}'
    assert m.decode_host(command) == m.CommandMessage(command="ask", ref="r1", step=3)


def test_a_command_over_http_needs_no_type() -> None:
    """The body of POST …/commands, as the reference shows it."""
    body = b'{"command":"void","ref":"r2","question":"q1","reason":"Sai"}'
    assert m.decode_command(body) == m.CommandMessage(
        command="void", ref="r2", question="q1", reason="Sai"
    )


@pytest.mark.parametrize(
    "read",
    [m.decode_host, m.decode_command],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize(
    "payload",
    [b"", b"[]", b'{"type":"answer"}', b"\xff", b'{"x":' + b"[" * 4_000],
    ids=lambda payload: repr(payload[:20]),
)
def test_a_malformed_message_is_refused_with_4400(
    read: Callable[[bytes], object], payload: bytes
) -> None:
    with pytest.raises(WireError) as caught:
        read(payload)
    assert caught.value.close is Close.BAD_MESSAGE


def test_a_command_must_say_its_ref() -> None:
    """R1.4: without one a repeat could not be told from a second click."""
    with pytest.raises(WireError):
        m.decode_command(b'{"command":"ask"}')


@pytest.mark.parametrize(
    ("settings", "is_good"),
    [
        ({}, True),
        ({"theme": "sen", "lang": "vi", "layout": "4x5", "position": "side"}, True),
        ({"delay_ms": 60_000, "safe": True, "mute": False, "hide": ["notice"]}, True),
        ({"theme": "../x"}, False),
        ({"lang": "fr"}, False),
        ({"layout": ""}, False),
        ({"delay_ms": 60_001}, False),
        ({"delay_ms": -1}, False),
        ({"safe": 1}, False),
        ({"hide": ["<script>"]}, False),
        ({"hide": ["notice"] * 17}, False),
    ],
)
def test_only_settings_that_an_address_could_hold_are_taken(
    settings: dict[str, object], is_good: bool
) -> None:
    body = {"command": "set_output", "ref": "r1", "output": "led"}
    text = json.dumps(body | {"settings": settings})
    if is_good:
        taken = m.decode_command(text).settings
        assert taken is not None
        assert json.loads(encode(taken)) == settings
    else:
        with pytest.raises(WireError):
            m.decode_command(text)
