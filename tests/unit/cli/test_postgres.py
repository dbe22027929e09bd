"""Commands where the ledger is on PostgreSQL."""

import json
from pathlib import Path

import pytest

from quizserver.cli import app, doctor
from quizserver.settings import read_settings
from quizserver.store.ledger import open_ledger
from tests.postgres import Cluster

URL = "QUIZ_DATABASE_URL"
AWAY = "postgresql://quiz:hunter2@127.0.0.1:1/quiz"


@pytest.fixture(scope="module")
def url(postgres: Cluster) -> str:
    """An empty database for the commands."""
    return postgres.make("commands")


def test_migrate_makes_the_tables_once(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(URL, url)
    told = []
    for _ in range(2):
        assert app.run(["migrate", "--json", "--data-dir", str(tmp_path)]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert [one["changed"] for one in told] == [True, False]
    assert told[0]["database"] == "postgresql://quiz@/commands"


@pytest.mark.parametrize(
    ("arguments", "instead"),
    [(["backup"], "pg_dump"), (["restore", "a.tar"], "pg_restore")],
)
def test_what_copies_a_file_names_what_to_use_instead(
    url: str,
    arguments: list[str],
    instead: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(URL, url)
    assert app.run(arguments) == 1
    assert instead in capsys.readouterr().err


def test_export_reads_it(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_ledger(url, secret=b"s" * 32).close()
    monkeypatch.setenv(URL, url)
    command = ["results", "export", "CCHC1", "--data-dir", str(tmp_path)]
    assert app.run(command) == 1
    assert "CCHC1" in capsys.readouterr().err


def test_doctor_measures_a_commit(url: str, tmp_path: Path) -> None:
    settings = read_settings(data_dir=tmp_path, database_url=url, lang="en")
    (found,) = doctor.check_database(settings)
    assert (found.check, found.verdict) in {
        ("postgresql", "good"),
        ("postgresql", "warning"),
    }
    assert "a commit takes" in found.text
    (folder,) = doctor.check_folder(settings)
    assert str(tmp_path) in folder.text


def test_doctor_calls_a_server_that_may_lose_commits_bad(
    url: str, tmp_path: Path, postgres: Cluster
) -> None:
    settings = read_settings(data_dir=tmp_path, database_url=url)
    postgres.run("alter database commands set synchronous_commit = off")
    try:
        (found,) = doctor.check_database(settings)
    finally:
        postgres.run("alter database commands reset synchronous_commit")
    assert (found.verdict, "synchronous_commit=off" in found.text) == ("bad", True)


def test_server_that_is_away_is_one_sentence_without_the_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = read_settings(data_dir=tmp_path, database_url=AWAY)
    (found,) = doctor.check_database(settings)
    assert (found.verdict, "hunter2" in found.text) == ("bad", False)
    assert "postgresql://quiz@127.0.0.1/quiz" in found.text
