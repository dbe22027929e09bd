"""`quizserver loadtest` with nothing prepared: its own server, show and phones."""

import json
import subprocess
import sys
from pathlib import Path


def test_it_measures_a_server_of_its_own_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    figures = tmp_path / "figures"
    options = f"--phones 30 --questions 1 --answer-within 1 --json {figures}"
    done = subprocess.run(
        [sys.executable, "-m", "quizserver", "loadtest", *options.split()],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Số điện thoại" in done.stdout
    report = json.loads(figures.read_text())
    assert report["made_by"] == "compiled"
    assert report["answers"]["taps"] == report["stored"] == 30
    assert report["machine"]["processes"] == 1
    assert {path.name for path in tmp_path.iterdir()} == {".cache", "figures"}
