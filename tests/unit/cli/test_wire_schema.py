"""The published schema is that of the messages themselves."""

import json

import pytest

from quizserver.cli import app
from quizserver.cli.wire_schema import schema


def test_every_reference_is_defined() -> None:
    document = schema()
    said = json.dumps(document)
    used = {part.split('"')[0] for part in said.split("#/$defs/")[1:]}
    assert used <= set(document["$defs"])
    assert {"Hello", "Answer", "Bye", "HostState", "Receipt"} <= used


def test_messages_are_told_apart_by_their_type() -> None:
    phone_in = schema()["messages"]["phone_in"]
    assert phone_in["discriminator"]["propertyName"] == "type"
    assert set(phone_in["discriminator"]["mapping"]) == {
        "hello",
        "answer",
        "bye",
        "seen",
        "cheer",
    }


def test_command_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(["wire-schema"]) == 0
    assert json.loads(capsys.readouterr().out)["v"] == 1
