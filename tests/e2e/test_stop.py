"""A server that is told to stop does, tidily, and exits with 0."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizserver.desk.acts import ListShows
from quizserver.desk.line import NAME, ask

TOP = Path(__file__).parents[2]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A server on a free port that has said where to go."""
    options = ["--port", "0", "--data-dir", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "quizserver", "serve", "--samples", *options],
        cwd=TOP,
        env={**os.environ, "QUIZ_HOST": "127.0.0.1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
def test_stop_is_clean(
    server: subprocess.Popen[str], tmp_path: Path, order: signal.Signals
) -> None:
    assert ask(tmp_path, ListShows()) is not None
    server.send_signal(order)
    said, _ = server.communicate(timeout=20)
    assert server.returncode == 0, said
    assert "Traceback" not in said
    assert not (tmp_path / NAME).exists()


def test_killed_server_leaves_a_folder_that_serves_again(
    server: subprocess.Popen[str], tmp_path: Path
) -> None:
    before = ask(tmp_path, ListShows())
    server.kill()
    server.wait()
    command = [sys.executable, "-m", "quizserver", "show", "list", "--json"]
    done = subprocess.run(
        [*command, "--data-dir", str(tmp_path)],
        cwd=TOP,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert before is not None
    for show in before["shows"]:  # type: ignore[attr-defined]
        assert show["epoch"] in done.stdout
