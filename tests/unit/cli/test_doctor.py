"""Each check of the doctor: what is good, what is noted, what is bad."""

import json
import resource
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from quizserver.cli import app, doctor
from quizserver.cli.doctor import Finding
from quizserver.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(data_dir=tmp_path / "data", port=0)


def only(
    check: Callable[[Settings], Iterator[Finding]], settings: Settings
) -> tuple[str, str]:
    (finding,) = check(settings)
    return finding.verdict, finding.text


def test_writable_folder_is_good_and_its_fsync_measured(settings: Settings) -> None:
    verdict, text = only(doctor.check_folder, settings)
    assert verdict in {"good", "warning"}
    assert "fsync takes" in text
    assert list(settings.data_dir.iterdir()) == []


def test_folder_in_the_way_is_bad(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    verdict, text = only(doctor.check_folder, read_settings(data_dir=tmp_path / "data"))
    assert verdict == "bad"
    assert "cannot be written" in text


@pytest.mark.parametrize(
    ("free", "expected"),
    [(10 * 10**9, "good"), (10**9, "warning"), (10**8, "bad")],
)
def test_disk_is_judged_by_what_is_free(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, free: int, expected: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert only(doctor.check_disk, settings)[0] == expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [((3, 51, 3), "good"), ((3, 52, 0), "good"), ((3, 40, 1), "warning")],
)
def test_sqlite_is_noted_when_older_than_the_repair(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    version: tuple[int, int, int],
    expected: str,
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert only(doctor.check_sqlite, settings)[0] == expected


@pytest.mark.parametrize(("soft", "expected"), [(20_000, "good"), (1_024, "warning")])
def test_open_files_are_judged_by_the_phones_they_allow(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, soft: int, expected: str
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, 65_536))
    verdict, text = only(doctor.check_limits, settings)
    assert verdict == expected
    assert f"{soft - 200} phones" in text


def test_secret_is_unset_then_set_and_never_shown(settings: Settings) -> None:
    assert only(doctor.check_secret, settings)[1].startswith("unset")
    settings.data_dir.mkdir()
    settings.secret.write_bytes(b"s" * 32)
    settings.secret.chmod(0o600)
    assert only(doctor.check_secret, settings) == ("good", "set")


def test_open_secret_is_bad(settings: Settings) -> None:
    settings.data_dir.mkdir()
    settings.secret.write_bytes(b"s" * 32)
    settings.secret.chmod(0o644)
    assert only(doctor.check_secret, settings)[0] == "bad"


def test_taken_port_is_noted(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = read_settings(host="127.0.0.1", port=port, data_dir=tmp_path)
        verdict, text = only(doctor.check_address, settings)
    assert verdict == "warning"
    assert f"port {port} cannot be had" in text


def test_settings_are_named_without_their_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUIZ_DATABASE_URL", "postgresql://quiz:hunter2@db/quiz")
    verdict, text = only(doctor.check_settings, read_settings())
    assert (verdict, text) == ("good", "QUIZ_DATABASE_URL")


def test_command_prints_all_findings_and_exits_by_the_worst(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["doctor", "--json", "--data-dir", str(tmp_path)]
    assert app.run(arguments) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["fit"] is True
    assert len(said["findings"]) >= len(doctor.CHECKS)

    (tmp_path / "secret").write_bytes(b"short")
    assert app.run(["doctor", "--data-dir", str(tmp_path)]) == 1
    assert "BAD  secret:" in capsys.readouterr().out
