"""`results verify` and `results recount` as an official types them."""

import asyncio
import json
import random
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from quizserver.app import running
from quizserver.cli import app
from quizserver.domain.evolve import replay
from quizserver.domain.rundown import Rules
from quizserver.live.journaled import from_row
from quizserver.settings import read_settings
from quizserver.store.ledger import open_ledger
from tests.unit.reports.conftest import SECRET, Exported, OpenIn
from tests.unit.reports.staged import CODE, Staged

Shell = pytest.CaptureFixture[str]


def run(*arguments: str) -> int:
    return app.run(["results", *arguments])


class TestVerify:
    @pytest.fixture
    def audit(self, tmp_path: Path, exported: Exported) -> Path:
        path = tmp_path / "audit.jsonl"
        path.write_bytes(b"\n".join(exported.lines) + b"\n")
        return path

    @pytest.mark.parametrize(
        ("lang", "sentences"),
        [
            (
                "vi",
                (
                    "audit.jsonl đúng hoàn toàn.",
                    "câu trả lời: đã tính lại thời gian, trạng thái, đúng hay sai",
                    "4 bảng kết quả câu và 5 bảng xếp hạng",
                    "3 niêm phong",
                    "5 câu hỏi đúng là gói có mã băm",
                    "thứ hạng trong tệp kết quả đúng như tính lại",
                    "1 mã niêm phong đọc trên màn hình",
                ),
            ),
            (
                "en",
                (
                    "All is right in",
                    "answers: time, status and right or wrong recomputed",
                    "4 boards and 5 standings",
                    "3 seals",
                    "5 questions are those of the hash",
                    "ranks of the results are the recomputed ones",
                    "1 codes off the screen",
                ),
            ),
        ],
    )
    def test_says_what_was_checked_in_sentences_with_counts(
        self,
        audit: Path,
        exported: Exported,
        capsys: Shell,
        monkeypatch: pytest.MonkeyPatch,
        lang: str,
        sentences: tuple[str, ...],
    ) -> None:
        monkeypatch.setenv("QUIZ_LANG", lang)
        results = audit.parent / "results.json"
        results.write_bytes(exported.results)
        seal = next(
            json.loads(r)["code"] for r in exported.lines if b'"kind":"seal"' in r
        )
        told = ("--results", str(results), "--seal", seal)
        assert run("verify", str(audit), *told) == 0
        said = capsys.readouterr().out
        for sentence in sentences:
            assert sentence in said
        # Whoever kept the hash that was published can compare it here (R6.2).
        assert json.loads(exported.lines[0])["pack_hash"] in said

    @pytest.mark.parametrize(
        ("lang", "head", "sentence"),
        [
            (
                "vi",
                "audit.jsonl có 2 chỗ không khớp:",
                "dòng {line}: câu trả lời của {who} cho {question}: "
                "T_us là 1{time}, tính lại được {time}",
            ),
            (
                "en",
                "audit.jsonl does not add up, 2 times:",
                "line {line}: answer of {who} to {question}: "
                "T_us is 1{time}, recomputed {time}",
            ),
        ],
    )
    def test_names_what_does_not_add_up_and_ends_with_1(
        self,
        audit: Path,
        exported: Exported,
        capsys: Shell,
        monkeypatch: pytest.MonkeyPatch,
        lang: str,
        head: str,
        sentence: str,
    ) -> None:
        monkeypatch.setenv("QUIZ_LANG", lang)
        lines = list(exported.lines)
        at = next(at for at, line in enumerate(lines) if b'"kind":"answer"' in line)
        row = json.loads(lines[at])
        lines[at] = lines[at].replace(b'"T_us":', b'"T_us":1')
        audit.write_bytes(b"\n".join(lines))
        assert run("verify", str(audit)) == 1
        said = capsys.readouterr().err
        told = {"who": row["participant"], "question": row["question"]}
        told |= {"line": at + 1, "time": row["T_us"]}
        assert said.splitlines()[0].endswith(head)
        assert said.splitlines()[1] == sentence.format(**told)
        assert run("verify", str(audit), "--json") == 1
        printed = json.loads(capsys.readouterr().out)
        assert printed == {"ok": False, "errors": [{"message": said.strip()}]}

    def test_half_a_letter_in_a_file_is_told_to_scripts_as_an_escape(
        self, audit: Path, exported: Exported, capsys: Shell
    ) -> None:
        """No file of ours has one, no UTF-8 can hold it, and it may hide nothing."""
        lines = list(exported.lines)
        lines[0] = lines[0].replace(b'"title":"', b'"title":"\\ud800')
        audit.write_bytes(b"\n".join(lines))
        assert run("verify", str(audit), "--json") == 1
        (error,) = json.loads(capsys.readouterr().out)["errors"]
        assert "\ud800" in error["message"]

    def test_code_of_another_chain_is_told(self, audit: Path, capsys: Shell) -> None:
        assert run("verify", str(audit), "--seal", "AAAA-BBBB-CCCC") == 1
        assert "AAAA-BBBB-CCCC không thuộc chuỗi này" in capsys.readouterr().err

    def test_of_many_problems_the_first_are_shown(
        self, audit: Path, exported: Exported, capsys: Shell
    ) -> None:
        audit.write_bytes(b"\n".join([exported.lines[0], *[b"{}"] * 50]))
        assert run("verify", str(audit)) == 1
        assert capsys.readouterr().err.splitlines()[-1].endswith("chỗ nữa")

    def test_file_that_cannot_be_read_is_one_sentence(
        self, tmp_path: Path, audit: Path, capsys: Shell
    ) -> None:
        assert run("verify", str(tmp_path / "none")) == 1
        assert capsys.readouterr().err.startswith("không đọc được")
        assert run("verify", str(audit), "--results", str(audit)) == 1
        assert "không phải là results.json" in capsys.readouterr().err

    def test_results_file_that_can_mean_two_things_is_refused(
        self, audit: Path, exported: Exported, capsys: Shell
    ) -> None:
        results = audit.parent / "results.json"
        told = exported.results.replace(b'"winners"', b'"winners": [], "winners"')
        results.write_bytes(told)
        assert run("verify", str(audit), "--results", str(results)) == 1
        assert "('winners' xuất hiện hai lần)" in capsys.readouterr().err


class TestRecount:
    @pytest.fixture(params=["with a server", "alone"])
    async def folder(
        self, request: pytest.FixtureRequest, tmp_path: Path, open_in: OpenIn
    ) -> AsyncIterator[Path]:
        """A data folder with an ended show, owned by a running server or nobody."""
        (tmp_path / "secret").write_bytes(SECRET)
        (tmp_path / "secret").chmod(0o600)
        ledger = open_in(tmp_path)
        show = Staged(ledger=ledger, chance=random.Random(2), rules=Rules())
        await show.begin()
        await show.play("q1")
        await show.play("q2")
        await show.end()
        await show.confirm_all()
        ledger.close()
        if request.param == "alone":
            yield tmp_path
            return
        settings = read_settings(data_dir=tmp_path, host="127.0.0.1", port=0)
        async with running(settings):
            yield tmp_path

    async def ask(self, folder: Path, *arguments: str) -> int:
        whole = ("recount", CODE, *arguments, "--data-dir", str(folder))
        return await asyncio.to_thread(run, *whole)

    async def events(self, folder: Path) -> list[Any]:
        """Return what the database holds, from a copy: a server may own it."""
        copy = folder / "copy"
        copy.mkdir()
        for file in folder.glob("quiz.db*"):
            if file.suffix != ".lock":
                shutil.copy(file, copy)
        ledger = open_ledger(f"sqlite:///{copy / 'quiz.db'}", secret=SECRET)
        rows = await ledger.events(CODE)
        ledger.close()
        return rows

    async def test_preview_changes_nothing(self, folder: Path, capsys: Shell) -> None:
        before = len(await self.events(folder))
        shutil.rmtree(folder / "copy")
        assert await self.ask(folder, "--void", "q1") == 0
        said = capsys.readouterr().out
        assert "Câu 1 (q1): C → hủy; " in said
        assert "Chưa thay đổi gì." in said
        assert len(await self.events(folder)) == before

    async def test_applied_it_is_one_act_in_the_log_and_as_previewed(
        self, folder: Path, capsys: Shell
    ) -> None:
        """R1.6, R6.3."""
        said = ("--correct", "q1=a", "--reason", "Nhầm đáp án", "--apply", "--json")
        assert await self.ask(folder, *said) == 0
        told = json.loads(capsys.readouterr().out)
        row = (await self.events(folder))[-1]
        assert (row.name, row.actor) == ("KeyCorrected", "command line")
        assert (told["applied"], told["phase"], told["step"]) == (
            True, "ended", row.step,
        )  # fmt: skip
        show = replay([from_row(r) for r in await self.reread(folder)])
        ranks = {s.participant: s.rank for s in show.leaderboard.top if s.right}
        moved = {m["participant"]: m["rank"] for m in told["recount"]["moved"]}
        assert moved
        assert {who: moved[who] for who in moved.keys() & ranks.keys()} == {
            who: ranks[who] for who in moved.keys() & ranks.keys()
        }

    async def reread(self, folder: Path) -> list[Any]:
        shutil.rmtree(folder / "copy")
        return await self.events(folder)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("--void", "q9"), "Không có câu hỏi này"),
            (("--void", "q1", "--apply"), "--apply cần lý do"),
            (("--correct", "q1"), "--correct q1 không nêu phương án"),
            ((), "hãy chọn --void"),
            (("--void", "q1", "--correct", "q1=A"), "hãy chọn --void"),
        ],
    )
    async def test_what_makes_no_sense_is_one_sentence(
        self, folder: Path, arguments: tuple[str, ...], sentence: str, capsys: Shell
    ) -> None:
        assert await self.ask(folder, *arguments) == 1
        assert sentence in capsys.readouterr().err
