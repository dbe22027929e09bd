"""What a refused body is told: the field at fault, by its dotted name."""

import msgspec
import pytest

from quizserver.web.visit import field_at_fault
from quizserver.wire.host import CommandMessage
from quizserver.wire.phone import JoinBody, RecoverBody


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        (JoinBody, b"{}", "name"),
        (JoinBody, b'{"name": 5}', "name"),
        (JoinBody, b'{"name": "An", "consent": {"version": "1"}}', "consent.play"),
        (
            JoinBody,
            b'{"name": "An", "consent": {"version": "1", "play": "yes"}}',
            "consent.play",
        ),
        (JoinBody, b"[]", None),
        (RecoverBody, b'{"recovery_code": null}', "recovery_code"),
        (CommandMessage, b'{"command": "open", "ref": "1", "ms": "5"}', "ms"),
    ],
)
def test_field_is_named(kind: type, body: bytes, field: str | None) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(body, type=kind)
    assert field_at_fault(str(caught.value)) == field
