"""Messages of phones: they come back as they went, and nothing else comes in."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizserver.wire import phone as m
from quizserver.wire.common import Close, Error, WireError, encode
from quizserver.wire.parts import (
    FastestPart,
    OptionPart,
    OwnStandingPart,
    QuestionPart,
    ShowPart,
    StandingPart,
    StreamPart,
    TimingPart,
    WinnerPart,
)

OUT = msgspec.json.Decoder(m.PhoneOut)
QUESTION = QuestionPart(
    id="q1",
    number=1,
    total=10,
    text="Câu hỏi?",
    options=(OptionPart(id="A", text="Một"), OptionPart(id="B", text="Hai")),
    nonce="0123456789abcdef",
)
PLACE = OwnStandingPart(right=1, total_ms=2_910, rank=1)
MARKS: dict[str, Any] = {"epoch": "e1", "step": 7}
SAMPLES = [
    m.Welcome(
        v=1,
        epoch="e1",
        step=7,
        you=m.YouPart(id="p1", name="An"),
        show=ShowPart(code="CCHC1", title="Số 1", questions=10, lang="vi"),
        state=m.State(**MARKS, phase="lobby"),
    ),
    m.State(**MARKS, phase="open", question=QUESTION, closes_in_ms=9_000),
    m.Lobby(**MARKS),
    m.Roll(**MARKS, question=QUESTION, in_ms=3_000),
    m.Asked(**MARKS, question=QUESTION),
    m.Open(**MARKS, question=QUESTION, duration_ms=15_000),
    m.Extended(**MARKS, question="q1", duration_ms=20_000, closes_in_ms=8_000),
    m.Locked(**MARKS, question="q1"),
    m.Sealed(**MARKS, question="q1", code="7Q3K-0VXD-ZT9M"),
    m.Revealed(
        **MARKS,
        question="q1",
        correct="B",
        counts={"A": 1, "B": 2},
        fastest=(FastestPart(name="An", time_ms=2_910, rank=1),),
    ),
    m.Voided(**MARKS, question="q1", reason="Sai đáp án"),
    m.Standings(
        **MARKS,
        top=(StandingPart(rank=1, tied=False, name="An", right=1, total_ms=2_910),),
        participants=2,
    ),
    m.Paused(**MARKS, text="Mất tín hiệu"),
    m.Resumed(**MARKS, phase="standings"),
    m.Ended(
        **MARKS,
        winner=(WinnerPart(prize="show", name="An", status="provisional"),),
        you=PLACE,
    ),
    m.Notice(**MARKS, text="Xin chờ"),
    m.Stream(**MARKS, stream=StreamPart(aligned=True, delays={"a": 9_000})),
    m.Step(**MARKS),
    m.Receipt(question="q1", option="B", status="accepted", receipt="ABCD2345"),
    m.You(
        question="q1",
        right=True,
        show=PLACE,
        time_ms=2_910,
        rank=1,
        status="accepted",
        timing=TimingPart(
            elapsed_ms=3_020,
            time_ms=2_910,
            credited_ms=110,
            most_ms=130,
            claimed_ms=2_910,
            tier="kernel",
            sent="live",
        ),
    ),
    m.Presence(online=12, answered=3),
    Error(code="bad_nonce", message="Hãy tải lại trang.", ref="q1"),
]


def test_there_is_a_sample_of_every_message() -> None:
    assert {type(sample) for sample in SAMPLES} == set(get_args(m.PhoneOut))


@pytest.mark.parametrize("message", SAMPLES, ids=lambda one: type(one).__name__)
def test_a_message_comes_back_as_it_went(message: msgspec.Struct) -> None:
    assert OUT.decode(encode(message)) == message


def test_what_moves_a_show_forward_carries_epoch_and_step() -> None:
    """A client applies `step = last + 1`; the rest may come at any time."""
    free = {m.Receipt, m.You, m.Presence, Error}
    for message in get_args(m.PhoneOut):
        assert {"epoch", "step"} <= set(message.__struct_fields__) or message in free


def test_only_the_reveal_has_a_field_for_the_key() -> None:
    """R3.6."""
    with_key = {one for one in get_args(m.PhoneOut) if _names(one) & {"correct", "key"}}
    assert with_key == {m.Revealed}


def _names(message: type[msgspec.Struct]) -> set[str]:
    return set(message.__struct_fields__)


def test_a_hello_says_who_and_where_it_was() -> None:
    text = b'{"type":"hello","v":1,"show":"CCHC1","token":"t","epoch":"e1","step":6}'
    hello = m.Hello(v=1, show="CCHC1", token="t", epoch="e1", step=6)
    assert m.decode_phone(text) == hello


def test_an_answer_needs_only_question_and_option() -> None:
    """The nonce is checked by the intake, which can say so in a sentence."""
    text = '{"type":"answer","question":"q1","option":"B"}'
    assert m.decode_phone(text) == m.Answer(question="q1", option="B")


def test_a_field_that_nobody_knows_is_ignored() -> None:
    """Additions are welcome: an old server reads a new phone."""
    assert m.decode_phone(b'{"type":"bye","mood":{"good":true}}') == m.Bye()


@pytest.mark.parametrize(
    "payload",
    [
        b'{"type":"welcome"}',
        b'{"type":"hello","v":"1","show":"CCHC1","token":"t"}',
        b'{"type":"hello","v":1,"show":"CCHC1"}',
        b'{"type":"answer","question":"q1"}',
        b'{"type":"answer","question":7,"option":"A"}',
        b'{"type":"answer","question":"q1","option":"A","copy":"1"}',
        b'{"type":"answer","question":"q1","option":"A","elapsed_ms":1.5}',
        b'{"type":"bye","x":' + b"[" * 4_000,
    ],
    ids=lambda payload: payload[:60].decode(),
)
def test_a_malformed_message_is_refused_with_4400(payload: bytes) -> None:
    with pytest.raises(WireError) as caught:
        m.decode_phone(payload)
    assert caught.value.close is Close.BAD_MESSAGE


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200)))
def test_noise_is_a_message_or_a_wire_error_and_nothing_else(
    payload: bytes | str,
) -> None:
    try:
        message = m.decode_phone(payload)
    except WireError:
        return
    assert isinstance(message, m.Hello | m.Answer | m.Seen | m.Cheer | m.Bye)


def test_a_refusal_over_http_names_code_field_and_sentence() -> None:
    refused = m.Refused(
        error=m.Field(code="name_missing", message="Hãy nhập họ tên.", field="name")
    )
    assert msgspec.json.encode(refused) == (
        '{"error":{"code":"name_missing",'
        '"message":"Hãy nhập họ tên.","field":"name"}}'.encode()
    )


def test_a_form_without_the_boxes_is_read_as_no_consent() -> None:
    """R2.1: consent is explicit; `play` must be there, the others are off."""
    form = msgspec.json.decode(b'{"name":"An"}', type=m.JoinBody)
    assert form.consent is None
    ticked = msgspec.json.decode(b'{"version":"1","play":true}', type=m.ConsentBody)
    assert (ticked.show_name, ticked.contact) == (False, False)
