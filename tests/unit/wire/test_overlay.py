"""Messages of overlays."""

import msgspec
import pytest

from quizserver.wire import overlay as m
from quizserver.wire.common import Close, WireError, encode
from quizserver.wire.parts import OutputPart, OutputWord, QuestionPart, SettingsPart

LED = OutputWord(place="led", settings=SettingsPart(theme="sen"))
SEEN = OutputPart(id="o1", view="stage", layout="16x9", place="led", number=1)
QUESTION = QuestionPart(id="q1", number=1, total=10, state="open", text="Câu hỏi?")


@pytest.mark.parametrize(
    "message",
    [
        m.Outputs(outputs=(SEEN,)),
        m.Identify(number=2),
        m.Reload(),
        m.Settings(output=LED),
        m.Ahead(epoch="e1", phase="open", question=QUESTION, closes_in_ms=9_000),
        m.Cheers(counts={"star": 1}, totals={"clap": 7, "star": 1}),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_an_overlay_alone_is_told_comes_back_as_it_went(
    message: msgspec.Struct,
) -> None:
    assert msgspec.json.decode(encode(message), type=m.OverlayOut) == message


def test_an_overlay_says_hello_and_how_it_is() -> None:
    hello = m.decode_overlay(b'{"type":"hello","v":1,"key":"k"}')
    assert hello == m.OverlayHello(v=1, key="k", view="stage", layout="16x9")
    report = b'{"type":"output","visible":false,"frame_p95_ms":16.7}'
    assert m.decode_overlay(report) == m.Output(visible=False, frame_p95_ms=16.7)


@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"[]", b'{"type":"answer"}', b"\xff", b'{"x":' + b"[" * 4_000),
        b'{"type":"output","delay_ms":60001}',
    ],
    ids=lambda payload: repr(payload[:20]),
)
def test_a_malformed_message_is_refused_with_4400(payload: bytes) -> None:
    with pytest.raises(WireError) as caught:
        m.decode_overlay(payload)
    assert caught.value.close is Close.BAD_MESSAGE
