"""Results leave the server: files for organisers, a page for everybody."""

import csv
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook

from quizserver.cli import app as command_line
from quizserver.desk.acts import Desk, perform
from quizserver.desk.line import open_line
from quizserver.domain.prizes import AwardStatus, awards
from quizserver.live.access import Role
from quizserver.live.commitment import published_hash, question_salt, seal_code
from quizserver.reports.verify import examine
from tests.protocol.http_site import SECRET, SHOW, World, world

OWN = f"/api/shows/{SHOW}"
UNCONFIRMED = (AwardStatus.PROVISIONAL, AwardStatus.UNDECIDED)
NAMES = ("Nguyễn Thị Phương Thảo", "=cmd|calc", "Trần Văn Kín")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        await made.command("open_lobby")
        yield made


async def seated(site: World) -> dict[str, str]:
    """Three people; the last did not agree to show the name."""
    shy = {"version": "vi-1", "play": True, "show_name": False, "contact": False}
    tokens = {name: (await site.join(name))["token"] for name in NAMES[:2]}
    return tokens | {NAMES[2]: (await site.join(NAMES[2], consent=shy))["token"]}


async def play(site: World, tokens: dict[str, str], options: str) -> None:
    await site.open_question()
    for token, option in zip(tokens.values(), options, strict=True):
        await site.answer(token, option)
    await site.finish_question()


async def ended(site: World) -> dict[str, str]:
    """Play keys C, A, B: the first and the last are right twice, the other once."""
    tokens = await seated(site)
    for options in ("CCA", "ABA", "AAB"):
        await play(site, tokens, options)
    await site.command("end")
    return tokens


async def settle(site: World) -> None:
    """Confirm a winner of every prize, also where several are equal."""
    decided: set[str] = set()
    for award in awards(site.live.stage.show):
        if award.status in UNCONFIRMED and award.prize not in decided:
            decided.add(award.prize)
            await site.command(
                "confirm_winner", prize=award.prize, participant=award.participant
            )


async def fetched(site: World, path: str, role: Role = Role.OWNER) -> httpx.Response:
    async with await site.with_token(role) as script:
        return await script.get(f"{OWN}/{path}")


async def test_json_ranks_equal_a_count_of_the_stored_answers(site: World) -> None:
    """R5.6."""
    await ended(site)
    said = (await fetched(site, "results.json")).json()
    epoch = site.live.stage.show.epoch
    sums: dict[str, list[int]] = {}
    for question, key in (("q1", "C"), ("q2", "A"), ("q3", "B")):
        rows = await site.site.ledger.answers_to(SHOW, epoch, question)  # type: ignore[arg-type]
        for row in rows:
            if row.option == key:
                sums.setdefault(row.participant, []).append(row.time_ms)
    order = sorted(sums, key=lambda who: (-len(sums[who]), sum(sums[who]), who))
    assert [row["participant"] for row in said["standings"]] == order
    assert [row["right"] for row in said["standings"]] == [2, 2, 1]
    board = await site.site.ledger.leaderboard(SHOW, epoch, 10)
    assert [(s.participant, s.rank, s.total_ms) for s in board.top] == [
        (row["participant"], row["rank"], row["total_ms"]) for row in said["standings"]
    ]


async def test_csv_opens_in_excel_without_a_formula(site: World) -> None:
    await ended(site)
    answer = await fetched(site, "results.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f'filename="{SHOW}-results.csv"' in answer.headers["content-disposition"]
    cells = [c for row in csv.reader(io.StringIO(answer.text)) for c in row]
    assert "'=cmd|calc" in cells
    assert "Nguyễn Thị Phương Thảo" in cells


async def test_workbook_opens(site: World) -> None:
    await ended(site)
    answer = await fetched(site, "results.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[:4] == ["Số phát sóng", "Câu 1", "Câu 2", "Câu 3"]


async def test_overlays_come_as_graphics_that_know_the_server_and_no_key(
    site: World,
) -> None:
    async with await site.with_token(Role.HOST) as script:
        answer = await script.get("/api/overlays.zip")
    assert 'filename="quizserver-overlays.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        module = archive.read("stage.mjs").decode()
    address = re.search(r"given: (\{.*\}),", module)
    assert address
    assert json.loads(address[1]) == {"server": str(script.base_url).rstrip("/")}


async def test_audit_export_is_lines_without_names(site: World) -> None:
    await ended(site)
    lines = [
        json.loads(line) for line in (await fetched(site, "audit.jsonl")).iter_lines()
    ]
    kinds = [line["kind"] for line in lines]
    assert kinds[0] == "header"
    assert kinds.count("answer") == 9
    assert lines[0]["keys"] == {"q1": "C", "q2": "A", "q3": "B"}
    text = json.dumps(lines, ensure_ascii=False)
    assert not [name for name in NAMES if name in text]


async def test_unrevealed_key_is_in_no_export(site: World) -> None:
    """R3.6."""
    tokens = await seated(site)
    await play(site, tokens, "CCA")
    await site.open_question()
    await site.command("lock")
    said = (await fetched(site, "results.json")).json()
    assert [q["correct"] for q in said["questions"]] == ["C", None]
    header = json.loads((await fetched(site, "audit.jsonl")).text.splitlines()[0])
    assert header["keys"] == {"q1": "C"}


async def test_a_show_played_here_verifies(site: World) -> None:
    """Through the real conductor, with seals, decisions and the results."""
    await ended(site)
    await site.command("correct_key", question="q2", option="B", reason="Nhầm")
    await settle(site)
    await site.command("confirm")
    lines = (await fetched(site, "audit.jsonl")).content.splitlines()
    results = (await fetched(site, "results.json")).json()
    codes = [question["seal"] for question in results["questions"]]
    found = examine(lines, results=results, codes=codes)
    assert found.problems == []
    assert found.counts["seal"] == found.counts["codes"] == 3
    assert found.counts["decisions"] == 4


class TestRecount:
    async def test_preview_says_who_moves_and_changes_nothing(
        self, site: World
    ) -> None:
        await ended(site)
        step = site.live.stage.show.step
        said = (await fetched(site, "recount?void=q1", Role.HOST)).json()
        assert (said["action"], said["key_was"], said["key"]) == ("void", "C", None)
        moved = {row["name"]: (row["right_was"], row["right"]) for row in said["moved"]}
        assert moved.items() >= {NAMES[0]: (2, 1), NAMES[1]: (1, 0)}.items()
        assert said["participants"] == len(moved)
        assert site.live.stage.show.step == step

    async def test_corrected_key_comes_to_what_was_previewed(self, site: World) -> None:
        await ended(site)
        said = (await fetched(site, "recount?question=q2&option=B")).json()
        await site.command("correct_key", question="q2", option="B", reason="Nhầm")
        after = (await fetched(site, "results.json")).json()
        ranks = {row["participant"]: row["rank"] for row in after["standings"]}
        assert said["key"] == after["questions"][1]["correct"] == "B"
        assert all(ranks[row["participant"]] == row["rank"] for row in said["moved"])

    @pytest.mark.parametrize(
        ("asked", "status", "code"),
        [
            ("void=q9", 409, "unknown_question"),
            ("question=q1&option=C", 409, "same_key"),
            ("question=q1", 422, "bad_field"),
        ],
    )
    async def test_what_makes_no_sense_is_refused(
        self, site: World, asked: str, status: int, code: str
    ) -> None:
        await play(site, await seated(site), "CCA")
        answer = await fetched(site, f"recount?{asked}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


class TestPublicPage:
    async def page(self, site: World, **headers: str) -> str:
        async with site.client(**headers) as anybody:
            return (await anybody.get(f"/{SHOW}/results")).text

    async def test_running_show_has_no_standings_and_says_provisional(
        self, site: World
    ) -> None:
        await play(site, await seated(site), "CAA")
        page = await self.page(site)
        assert 'data-stage="running"' in page
        assert "Nguyễn Thị Phương Thảo" in page
        assert 'class="standings"' not in page

    async def test_ended_show_waits_for_the_organisers(self, site: World) -> None:
        await ended(site)
        page = await self.page(site)
        assert "Kết quả tạm tính, chờ Ban Tổ chức xác nhận" in page
        assert 'class="standings"' in page

    async def test_who_was_right_in_nothing_has_no_time(self, site: World) -> None:
        """A time of "0,00" would look like the best of all."""
        await play(site, await seated(site), "CAA")
        await site.command("end")
        table = (await self.page(site)).partition('class="standings"')[2]
        figures = re.findall(r'<td class="figure">(.+?)</td>', table)
        assert (figures[0], figures[2:]) == ("1", ["0", "–", "0", "–"])
        assert re.fullmatch(r"\d+,\d\d", figures[1])

    async def test_confirmed_show_says_so(self, site: World) -> None:
        await ended(site)
        await settle(site)
        await site.command("confirm")
        assert 'data-stage="final"' in await self.page(site)

    async def test_published_show_can_be_checked_by_anybody(self, site: World) -> None:
        """R6.2: hash, seals and salts; but for a question that was kept."""
        await ended(site)
        await settle(site)
        await site.command("confirm")
        show = site.live.stage.show
        assert published_hash(show) not in await self.page(site)
        await site.command("publish")
        page = await self.page(site)
        assert published_hash(show) in page
        for question, play_ in show.plays.items():
            salt = question_salt(show.salt, question)
            assert (salt in page) is (question != "r1"), question
            assert not play_.seal or seal_code(play_.seal) in page
        assert show.salt not in page

    async def test_question_void_before_its_reveal_is_not_called_unplayed(
        self, site: World
    ) -> None:
        """It was on air; its salt stays closed, for its key was never told (R6.2)."""
        tokens = await seated(site)
        await play(site, tokens, "CCC")
        await site.open_question()
        await site.command("void", question="q2", reason="Hai đáp án đúng")
        await site.command("reserve")
        await play(site, tokens, "DDD")
        await site.command("end")
        await settle(site)
        await site.command("confirm")
        await site.command("publish")
        proofs = (await self.page(site)).split("<ol")[-1]
        rows = re.findall(r"<li>\s*<p>(Câu \d|[^<·]+?)\s*(?:·|</p>)", proofs)
        assert rows == ["Câu 1", "Câu hỏi đã hủy", "Câu 3", "Câu 2"]

    async def test_name_without_consent_is_initials(self, site: World) -> None:
        await ended(site)
        page = await self.page(site)
        assert "Trần Văn Kín" not in page
        assert "T. V. K." in page

    async def test_hidden_name_is_hidden_here_too(self, site: World) -> None:
        await ended(site)
        said = (await fetched(site, "results.json")).json()
        who = next(row for row in said["standings"] if row["name"] == NAMES[0])
        await site.command("hide_name", participant=who["participant"])
        assert "Nguyễn Thị Phương Thảo" not in await self.page(site)

    async def test_units_and_phones_never_appear(self, site: World) -> None:
        await ended(site)
        assert "Sở Nội vụ" not in await self.page(site)

    async def test_names_are_escaped(self, site: World) -> None:
        token = (await site.join("<script>alert(1)</script>"))["token"]
        await play(site, {"x": token}, "C")
        page = await self.page(site)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    async def test_void_question_is_struck_with_its_reason(self, site: World) -> None:
        await play(site, await seated(site), "CCC")
        await site.command("void", question="q1", reason="Hai đáp án đúng")
        page = await self.page(site)
        assert "Câu hỏi đã hủy. Lý do: Hai đáp án đúng" in page

    async def test_reserve_stands_after_the_question_it_replaces(
        self, site: World
    ) -> None:
        await play(site, await seated(site), "CCC")
        await site.open_question()
        await site.command("void", reason="Sai đáp án")
        await site.command("reserve")
        await site.open_question()
        page = await self.page(site)
        assert re.findall(r"Câu hỏi (q1|q2|r1) về|đã hủy", page) == [
            "q1",
            "q2",
            "",
            "r1",
        ]
        assert re.findall(r"Câu (\d)</p>", page) == ["1", "2"]

    async def test_figures_follow_the_language(self, site: World) -> None:
        await ended(site)
        assert "Provisional result" in await self.page(
            site, **{"Accept-Language": "en"}
        )


class TestCommandLine:
    @pytest.fixture
    async def folder(self, site: World, tmp_path: Path) -> AsyncIterator[Path]:
        """The folder of a server whose desk takes acts."""
        secret = tmp_path / "secret"
        secret.write_bytes(SECRET)
        secret.chmod(0o600)
        desk = Desk(shows=site.shows, accounts=site.accounts, packs=())
        async with open_line(tmp_path, partial(perform, desk)):
            yield tmp_path

    def export(self, folder: Path, *arguments: str) -> int:
        return command_line.run(
            ["results", "export", *arguments, "--data-dir", str(folder)]
        )

    async def test_exports_while_the_server_runs(
        self, site: World, folder: Path
    ) -> None:
        await ended(site)
        online = (await fetched(site, "results.json")).json()
        for form in ("json", "csv", "xlsx", "audit"):
            out = folder / f"out.{form}"
            code = await site.aside(
                lambda form=form, out=out: self.export(  # type: ignore[misc]
                    folder, "cchc1", "--format", form, "--out", str(out)
                )
            )
            assert code == 0
            assert out.stat().st_size > 100
        offline = json.loads((folder / "out.json").read_bytes())
        assert online["show"].pop("step") < offline["show"].pop("step"), "R6.3"
        assert offline == online
        lines = [row.actor for row in await site.site.ledger.events(SHOW)]
        assert lines[-4:] == ["owner token", *["command line"] * 3], "R6.3"

    async def test_without_a_file_the_bytes_go_to_standard_output(
        self, site: World, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        await play(site, await seated(site), "CCA")
        assert (
            await site.aside(lambda: self.export(folder, SHOW, "--format", "csv")) == 0
        )
        assert capfdbinary.readouterr().out.startswith(b"\xef\xbb\xbf")

    async def test_without_a_line_in_the_log_there_is_no_file(
        self, site: World, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """R6.3: while a question is open the line waits, and so does the file."""
        await site.open_question()
        out = folder / "x.csv"
        given = ("--format", "csv", "--out", str(out))
        assert await site.aside(lambda: self.export(folder, SHOW, *given)) == 1
        assert not out.exists()
        assert "khi câu hỏi đã khóa" in capsys.readouterr().err

    async def test_file_that_cannot_be_written_is_one_sentence(
        self, site: World, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = str(folder / "nowhere" / "x.json")
        assert await site.aside(lambda: self.export(folder, SHOW, "--out", out)) == 1
        assert capsys.readouterr().err.startswith(f"không ghi được {out} (")

    async def test_unknown_show_is_one_sentence(
        self, site: World, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert await site.aside(lambda: self.export(folder, "NIX")) == 1
        said = capsys.readouterr().err.strip()
        assert said == "Không có số phát sóng “NIX”. Hiện có: CCHC1, CCHC2."

    def test_folder_without_a_database_stays_as_it_is(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.export(tmp_path, "CCHC1") == 1
        assert "Không có cơ sở dữ liệu" in capsys.readouterr().err
        assert list(tmp_path.iterdir()) == []
