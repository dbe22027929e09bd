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
from quizserver.texts.catalogue import LANGS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(data_dir=tmp_path / "data", port=0, lang="en")


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
    settings = read_settings(data_dir=tmp_path / "data", lang="vi")
    verdict, text = only(doctor.check_folder, settings)
    assert verdict == "bad"
    assert "Không ghi được vào thư mục dữ liệu" in text


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (10**9, "good"),
        (10**9 - 1, "warning"),
        (200 * 10**6, "warning"),
        (200 * 10**6 - 1, "bad"),
    ],
)
def test_disk_is_judged_as_the_server_does(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, free: int, expected: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert only(doctor.check_disk, settings)[0] == expected


def test_disk_is_that_of_the_database(tmp_path: Path) -> None:
    elsewhere = tmp_path / "fast" / "disk" / "quiz.db"
    settings = read_settings(
        data_dir=tmp_path / "data", database_url=f"sqlite:///{elsewhere}"
    )
    assert only(doctor.check_disk, settings)[0] in {"good", "warning", "bad"}
    verdict, text = only(doctor.check_folder, settings)
    assert (verdict, str(elsewhere.parent) in text) == ("bad", True), "not there yet"
    elsewhere.parent.mkdir(parents=True)
    assert only(doctor.check_folder, settings)[1].startswith(str(elsewhere.parent))


def test_disk_of_a_database_of_its_own_server_is_that_of_the_data(
    tmp_path: Path,
) -> None:
    settings = read_settings(
        data_dir=tmp_path / "data", database_url="postgresql://quiz@db/quiz"
    )
    assert only(doctor.check_folder, settings)[1].startswith(str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((3, 6, 23), "good"),
        ((3, 7, 0), "warning"),
        ((3, 40, 1), "warning"),
        ((3, 44, 5), "warning"),
        ((3, 44, 6), "good"),
        ((3, 45, 0), "warning"),
        ((3, 50, 6), "warning"),
        ((3, 50, 7), "good"),
        ((3, 51, 2), "warning"),
        ((3, 51, 3), "good"),
        ((3, 53, 0), "good"),
    ],
)
def test_sqlite_is_noted_when_it_has_the_fault(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    version: tuple[int, int, int],
    expected: str,
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert only(doctor.check_sqlite, settings)[0] == expected


def findings(settings: Settings) -> dict[str, tuple[str, str]]:
    """Return what is found of the clocks, by check."""
    return {one.check: (one.verdict, one.text) for one in doctor.check_clock(settings)}


@pytest.mark.parametrize(
    ("state", "verdict", "word"),
    [
        (0, "good", "keeps"),
        (1, "good", "keeps"),
        (5, "warning", "set-ntp"),
        (-1, "good", "unknown"),
    ],
)
def test_clock_is_noted_when_no_time_service_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    state: int,
    verdict: str,
    word: str,
) -> None:
    monkeypatch.setattr(doctor, "kernel_clock_state", lambda: state)
    found = findings(settings)
    assert found["clock"][0] == "good"
    assert found["time_service"][0] == verdict
    assert word in found["time_service"][1]


def test_kernel_is_asked_for_its_clock_and_nothing_is_changed(
    settings: Settings,
) -> None:
    """Whatever it says here: an answer that has a sentence, or none at all."""
    assert doctor.kernel_clock_state() in {-1, 0, 1, 2, 3, 4, 5}


def test_clock_is_noted_where_boots_cannot_be_told_apart(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    assert findings(settings)["boot_id"][0] == "good"
    monkeypatch.setattr(doctor, "BOOT_ID", tmp_path / "none")
    assert findings(settings)["boot_id"][0] == "warning"


@pytest.mark.parametrize(("hard", "expected"), [(20_000, "good"), (1_024, "warning")])
def test_open_files_are_judged_by_the_phones_they_allow(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, hard: int, expected: str
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1_024, hard))
    verdict, text = only(doctor.check_limits, settings)
    assert verdict == expected
    assert f"{hard - 200:,} phones" in text


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
    assert f"không mở được cổng {port} trên 127.0.0.1 (địa chỉ đang được dùng)" in text


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
    assert "HỎNG  khóa bí mật: " in capsys.readouterr().out


@pytest.mark.parametrize("lang", LANGS)
def test_every_finding_is_said_in_the_language_of_the_setting(
    lang: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those that are all names, numbers and paths are the same in both."""
    monkeypatch.setenv("QUIZ_LANG", lang)
    monkeypatch.setattr(doctor, "BOOT_ID", tmp_path / "none")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    arguments = ["--data-dir", str(tmp_path), "--json"]
    assert app.run(["doctor", *arguments]) == 0
    told = {
        one["check"]: one["text"]
        for one in json.loads(capsys.readouterr().out)["findings"]
    }
    assert set(told) >= {"data_folder", "disk", "clock", "open_files", "address"}
    same = {"versions", "settings", "shipped"}
    plain = [check for check, said in told.items() if said.isascii()]
    assert set(plain) - same == (set() if lang == "vi" else set(told) - same)
