"""The settings table: defaults, environment, flags, and one sentence for a slip."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from quizserver.failures import Failure
from quizserver.settings import Settings, read_settings, table

BAD_VALUES = {
    "QUIZ_PORT": "80a",
    "QUIZ_LINGER_MS": "-1",
    "QUIZ_RETENTION_DAYS": "0",
    "QUIZ_DATABASE_URL": "mysql://host/name",
    "QUIZ_REDIS_URL": "localhost:6379",
    "QUIZ_PUBLIC_URL": "quiz.example",
    "QUIZ_TRUSTED_PROXIES": "10.0.0.1,nobody",
    "QUIZ_LOG_LEVEL": "loud",
    "QUIZ_LOG_FORMAT": "xml",
    "QUIZ_LANG": "fr",
}


def test_a_redis_port_must_be_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZ_REDIS_URL", "redis://here:there/0")
    with pytest.raises(Failure, match="expected redis://HOST:PORT/0"):
        read_settings()


def test_defaults_need_no_environment() -> None:
    settings = read_settings()
    assert settings.port == 8000
    assert settings.data_dir == Path("data")
    assert settings.trusted_proxies == ()


def test_database_and_secret_live_in_the_data_folder_unless_named(
    tmp_path: Path,
) -> None:
    settings = read_settings(data_dir=tmp_path)
    assert settings.database == f"sqlite:///{tmp_path}/quiz.db"
    assert settings.secret == tmp_path / "secret"


def test_named_database_and_secret_are_taken_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUIZ_DATABASE_URL", "postgresql://quiz@db/quiz")
    monkeypatch.setenv("QUIZ_SECRET_FILE", "/run/secrets/quiz")
    settings = read_settings()
    assert settings.database == "postgresql://quiz@db/quiz"
    assert settings.secret == Path("/run/secrets/quiz")


def test_environment_is_read_and_a_flag_wins_over_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUIZ_PORT", "9001")
    assert read_settings().port == 9001
    assert read_settings(port=9002).port == 9002
    assert read_settings(port=None).port == 9001


def test_empty_variable_means_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZ_REDIS_URL", "")
    monkeypatch.setenv("QUIZ_PORT", "")
    assert read_settings() == Settings()


def test_proxies_are_addresses_and_networks_with_commas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUIZ_TRUSTED_PROXIES", "10.0.0.5, fd00::/8")
    expected = (ip_network("10.0.0.5/32"), ip_network("fd00::/8"))
    assert read_settings().trusted_proxies == expected


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://quiz.example", "https://quiz.example"),
        ("http://192.168.1.7:8000/", "http://192.168.1.7:8000"),
    ],
)
def test_public_url_is_kept_without_a_slash(
    monkeypatch: pytest.MonkeyPatch, given: str, kept: str
) -> None:
    monkeypatch.setenv("QUIZ_PUBLIC_URL", given)
    assert read_settings().public_url == kept


@pytest.mark.parametrize(
    "url",
    ["ftp://host", "http://", "https://h/path", "https://h?q=1", "https://a@h"],
)
def test_public_url_is_an_origin_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("QUIZ_PUBLIC_URL", url)
    with pytest.raises(Failure, match="without a path"):
        read_settings()


@pytest.mark.parametrize(("name", "value"), BAD_VALUES.items())
def test_bad_value_names_setting_value_and_what_was_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    expected = next(row.expected for row in table() if row.name == name)
    with pytest.raises(Failure) as failure:
        read_settings()
    assert str(failure.value) == f"{name} is '{value}'; expected {expected}"


def test_bad_flag_is_named_as_a_flag() -> None:
    with pytest.raises(Failure, match=r"^--port is '70000'; expected a"):
        read_settings(port=70000)


def test_unknown_setting_is_refused_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUIZ_DATADIR", "/srv")
    with pytest.raises(Failure) as failure:
        read_settings()
    expected = "QUIZ_DATADIR is not a setting; the nearest one is QUIZ_DATA_DIR"
    assert str(failure.value) == expected


def test_password_in_a_bad_url_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUIZ_DATABASE_URL", "mysql://quiz:hunter2@db/quiz")
    with pytest.raises(Failure) as failure:
        read_settings()
    assert "hunter2" not in str(failure.value)


def test_every_row_says_what_it_means_and_what_it_takes() -> None:
    for row in table():
        assert row.name.startswith("QUIZ_")
        assert row.text.endswith("."), row.name
        assert row.expected, row.name
