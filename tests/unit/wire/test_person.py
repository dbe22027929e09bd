"""What a person is told of their own data, and what they may ask (wire §2)."""

import msgspec
import pytest

from quizserver.wire.person import ConsentKept, CorrectBody, EraseBody, MyData


def test_own_data_has_every_field_also_the_empty_ones() -> None:
    consent = ConsentKept(
        version="vi-4/90", at="2026-11-23T02:00:00Z", play=True, show_name=False,
        contact=False,
    )  # fmt: skip
    data = MyData(
        show="CCHC1", title="Số 1", participant="p", name="An", unit="", phone="",
        via="", consent=consent, answers=0, may_rename=True, keep_days=90,
    )  # fmt: skip
    said = msgspec.json.decode(msgspec.json.encode(data))
    assert said["names_until"] is None
    assert (said["phone"], said["consent"]["contact"]) == ("", False)


def test_what_is_missing_in_a_correction_stays_as_it_is() -> None:
    body = msgspec.json.decode(b'{"withdraw": ["contact"]}', type=CorrectBody)
    assert (body.name, body.unit, body.phone) == (None, None, None)
    assert body.withdraw == ("contact",)


def test_nobody_is_erased_without_a_word() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b"{}", type=EraseBody)
