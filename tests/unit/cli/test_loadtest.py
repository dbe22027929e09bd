"""`loadtest`: what it asks for before it asks a server, and how it shows figures."""

from pathlib import Path

import pytest

from quizserver.cli import app
from quizserver.cli.loadtable import table
from quizserver.rehearsal.figures import (
    Answers,
    FanOut,
    Machine,
    Outage,
    Report,
    Spread,
)

Shell = pytest.CaptureFixture[str]
SPREAD = Spread(5, 1.25, 2.0, 3.0, 1_234.5)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["http://127.0.0.1:1"], 1, "which show of http://127.0.0.1:1"),
        (["ftp://example", "--show", "A1"], 1, "is no address of a server"),
        (["http://:80", "--show", "A1"], 1, "is no address of a server"),
        (["http://127.0.0.1:1/A1", "--duration", "5"], 2, "its own duration"),
        (["http://127.0.0.1:1/A1", "--token-file", "missing"], 1, "cannot read"),
        (["http://127.0.0.1:1/A1", "--token-file", "two"], 1, "holds no token"),
        (["--phones", "0"], 2, "--phones"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    arguments: list[str],
    code: int,
    sentence: str,
    tmp_path: Path,
    capsys: Shell,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUIZ_LANG", "en")
    (tmp_path / "two").write_text("two words\n")
    assert app.run(["loadtest", *arguments]) == code
    said = capsys.readouterr()
    assert (sentence in said.err, said.out) == (True, ""), said.err


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("vi", ["12.500/giây", "1,2 / 3,0 / 1.234,5 ms", "95% trở lại sau 0,0 giây"]),
        ("en", ["12,500/s", "1.2 / 3.0 / 1,234.5 ms", "95% back after 0.0 s"]),
    ],
)
def test_the_table_speaks_the_language_of_its_reader(
    lang: str,
    expected: list[str],
    capsys: Shell,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    table(lang, report())
    shown = capsys.readouterr().out
    assert [text for text in expected if text not in shown] == []
    assert "step" not in shown


def report() -> Report:
    """Return figures with something in every place."""
    return Report(
        server="http://127.0.0.1:8000",
        show="LOAD1",
        made_by="compiled",
        phones=10_000,
        questions=2,
        answer_within_s=None,
        seconds=30.0,
        joins_per_s=12_500.4,
        join=SPREAD,
        connects_per_s=3_000,
        connect=SPREAD,
        fan_outs=(
            FanOut("open", 2, 10_000, 40.0, 50.0, 1.0, 41.0),
            FanOut("revealed", 2, 10_000, 40.0, 50.0),
            FanOut("step", 2, 10_000, 40.0, 50.0),
        ),
        reveal_to_own=SPREAD,
        answers=Answers(taps=20_000, receipts=20_000, receipt=SPREAD),
        receipts=(),
        stored=20_000,
        outages=(Outage(10_000, 900.0, 950.0, 2_000.0, SPREAD),),
        reconnects=10_000,
        gone=0,
        errors={},
        closes={"1006": 10_000},
        machine=Machine(1, 9.0, 8.0, 100_000, 150_000, 160_000, 5.0),
        phones_cpu_s=4.0,
        phones_lateness=SPREAD,
        problems=(),
    )
