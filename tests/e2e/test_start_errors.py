"""A start that cannot succeed says so in one plain sentence and exits with 1."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]


def serve(
    folder: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `serve` where it must fail; a server that stays up is a failure too."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "quizserver", "serve"),
            *("--data-dir", str(folder), *arguments),
        ],
        cwd=TOP,
        env={**os.environ, "QUIZ_HOST": "127.0.0.1", **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that was said."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_taken_port_names_the_port_and_the_cure(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = sentence(serve(tmp_path, "--port", str(port)))
    assert f"cổng {port} trên 127.0.0.1 (địa chỉ đang được dùng)" in said
    assert "--port hoặc QUIZ_PORT" in said


def test_address_of_another_machine_is_named(tmp_path: Path) -> None:
    said = sentence(serve(tmp_path, "--host", "192.0.2.1"))
    assert "192.0.2.1 (máy này không có địa chỉ đó)" in said


def test_unwritable_data_folder_is_named_with_the_cure(tmp_path: Path) -> None:
    """A file in the way stops root too, which a mode would not."""
    (tmp_path / "file").write_text("")
    said = sentence(serve(tmp_path / "file" / "data", "--port", "0"))
    assert f"{tmp_path}/file/data (không phải là thư mục)" in said
    assert "QUIZ_DATA_DIR hoặc --data-dir" in said


def test_unknown_setting_is_named_with_the_nearest(tmp_path: Path) -> None:
    said = sentence(serve(tmp_path, QUIZ_PROT="8001"))
    assert said == "QUIZ_PROT không phải là thiết lập nào. Tên gần nhất là QUIZ_PORT"


@pytest.mark.parametrize(
    ("name", "value"), [("QUIZ_LINGER_MS", "soon"), ("QUIZ_LANG", "fr")]
)
def test_bad_value_is_named_with_what_was_expected(
    tmp_path: Path, name: str, value: str
) -> None:
    said = sentence(serve(tmp_path, **{name: value}))
    assert said.startswith(f"{name} đang là “{value}”. Cần: ")


def test_sentences_are_english_where_the_setting_says_so(tmp_path: Path) -> None:
    said = sentence(serve(tmp_path, "--host", "192.0.2.1", QUIZ_LANG="en"))
    assert said.startswith("cannot listen on 192.0.2.1 port ")
    assert "(cannot assign requested address)" in said


def test_redis_without_postgresql_is_refused(tmp_path: Path) -> None:
    said = sentence(serve(tmp_path, QUIZ_REDIS_URL="redis://127.0.0.1:6379/0"))
    assert said.startswith("Đã đặt QUIZ_REDIS_URL, mà nhiều tiến trình thì cần Postgre")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ": QUIZ_DATABASE_URL=postgresql://… QUIZ_REDIS_URL=redis://…"),
        ({"QUIZ_DATABASE_URL": "postgresql://nobody@/none"}, ": QUIZ_REDIS_URL="),
    ],
)
def test_workers_need_what_they_share(
    tmp_path: Path, given: dict[str, str], missing: str
) -> None:
    said = sentence(serve(tmp_path, "--workers", "2", **given))
    assert said.startswith("--workers 2 cần PostgreSQL và Redis")
    assert missing in said


def test_open_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"s" * 32)
    (tmp_path / "secret").chmod(0o644)
    said = sentence(serve(tmp_path))
    assert said.startswith("Người khác đọc được khóa bí mật ")
    assert "(quyền 0644)" in said


def test_folder_of_another_server_is_refused(tmp_path: Path) -> None:
    from quizserver.store.files import FileLock  # noqa: PLC0415 - its lock is meant

    lock = FileLock(tmp_path / "quiz.db")
    try:
        said = sentence(serve(tmp_path, "--port", "0"))
    finally:
        lock.release()
    assert said.startswith(f"Một quizserver khác đang dùng {tmp_path}/quiz.db.")


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "quiz.db").write_text("this is a shopping list, not a database\n" * 99)
    said = sentence(serve(tmp_path, "--port", "0"))
    assert "quiz.db" in said


def test_nothing_of_a_failed_start_is_left_listening(tmp_path: Path) -> None:
    """The port is taken before the database is opened, and must be let go."""
    (tmp_path / "quiz.db").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    sentence(serve(tmp_path, "--port", str(port)))
    socket.create_server(("127.0.0.1", port)).close()
