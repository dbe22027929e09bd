"""The command line's border: exit codes, sentences, JSON, and no traceback."""

import json
from importlib import import_module
from types import ModuleType

import pytest

from quizserver.cli import app
from quizserver.cli.output import Json
from quizserver.failures import Failure


def standing_in(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Make `doctor` a command that fails with `error`."""

    def command(as_json: Json = False) -> None:
        raise error

    module = ModuleType("doctor")
    module.command = command  # type: ignore[attr-defined]
    monkeypatch.setattr(app, "import_module", lambda name: module)


@pytest.mark.parametrize("name", app.COMMANDS)
def test_every_command_has_its_file_and_its_help(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    module = import_module(f"quizserver.cli.{app.COMMANDS[name]}")
    assert hasattr(module, "app") or hasattr(module, "command")
    assert app.run([name, "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert [name for name in app.COMMANDS if f"  {name} " not in shown] == []


def test_only_the_file_of_the_command_is_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    imported: list[str] = []

    def watched(name: str) -> ModuleType:
        imported.append(name)
        return import_module(name)

    monkeypatch.setattr(app, "import_module", watched)
    app.run(["wire-schema", "--help"])
    assert imported == ["quizserver.cli.wire_schema"]


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(["--version"]) == 0
    assert capsys.readouterr().out.strip().count(".") == 2


@pytest.mark.parametrize(
    "arguments",
    [["no-such-command"], ["doctor", "--no-such-option"], ["show", "create"], []],
)
def test_wrong_use_exits_with_2(arguments: list[str]) -> None:
    assert app.run(arguments) == 2


def test_failure_is_one_sentence_and_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    standing_in(monkeypatch, Failure("desk.no_answer"))
    assert app.run(["doctor"]) == 1
    streams = capsys.readouterr()
    said = "Máy chủ không trả lời. Hãy xem nhật ký của nó\n"
    assert (streams.out, streams.err) == ("", said)


def test_failure_is_json_when_json_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    standing_in(monkeypatch, Failure("desk.unknown_act", cause="ổ đĩa đầy"))
    assert app.run(["doctor", "--json"]) == 1
    streams = capsys.readouterr()
    said = json.loads(streams.out)
    message = (
        "Máy chủ này không biết lệnh đó (ổ đĩa đầy). "
        "Hãy khởi động lại máy chủ với cùng phiên bản quizserver"
    )
    assert said == {"ok": False, "errors": [{"message": message}]}
    assert message in streams.out


def test_fault_is_one_sentence_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    standing_in(monkeypatch, KeyError("x"))
    assert app.run(["doctor"]) == 1
    assert capsys.readouterr().err == "quizserver bị lỗi: KeyError: 'x'\n"


def test_failure_inside_a_task_group_is_the_same_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = ExceptionGroup("inner", [Failure("desk.no_token", id="x")])
    standing_in(monkeypatch, ExceptionGroup("tasks", [inner]))
    monkeypatch.setenv("QUIZ_LANG", "en")
    assert app.run(["doctor"]) == 1
    said = "there is no token x; see: quizserver account tokens\n"
    assert capsys.readouterr().err == said


def test_fault_beside_a_failure_is_not_hidden_by_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both = ExceptionGroup("tasks", [Failure("desk.no_answer"), KeyError("x")])
    standing_in(monkeypatch, both)
    assert app.run(["doctor"]) == 1
    assert "bị lỗi" in capsys.readouterr().err


def test_interrupt_ends_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    standing_in(monkeypatch, KeyboardInterrupt())  # type: ignore[arg-type]
    assert app.run(["doctor"]) == 130
    assert "Traceback" not in capsys.readouterr().err
