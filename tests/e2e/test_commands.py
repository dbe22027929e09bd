"""Commands do the same with and without a running server beside them."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from quizserver.app import running
from quizserver.cli import app
from quizserver.settings import read_settings

PACK = "cchc-2023-so-1"


@pytest.fixture(params=["with a server", "alone"])
async def folder(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Path]:
    """A data folder, owned by a running server or by nobody."""
    if request.param == "alone":
        yield tmp_path
        return
    settings = read_settings(data_dir=tmp_path, host="127.0.0.1", port=0)
    async with running(settings):
        yield tmp_path


class Said:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


@pytest.fixture
def command(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> "Command":
    monkeypatch.setenv("QUIZ_LANG", "en")
    return Command(folder, capsys)


class Command:
    """Runs commands on the folder, in a thread of their own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    async def __call__(self, *arguments: str) -> Said:
        whole = [*arguments, "--data-dir", str(self._folder)]
        code = await asyncio.to_thread(app.run, whole)
        return Said(code, *self._capsys.readouterr())

    async def told(self, *arguments: str) -> dict[str, Any]:
        said = await self(*arguments, "--json")
        assert said.code == 0, said.err
        told: dict[str, Any] = json.loads(said.out)
        assert told.pop("ok") is True
        return told


async def test_created_show_is_listed(command: Command) -> None:
    await command.told("show", "create", "test1", "--pack", PACK, "--title", "Thử")
    (show,) = (await command.told("show", "list"))["shows"]
    assert (show["code"], show["title"], show["phase"]) == ("TEST1", "Thử", "draft")


async def test_created_show_has_the_rules_asked_for(
    command: Command,
) -> None:
    """Its hash is for publishing; a show made anew has another (R6.2)."""
    rules = ("--timing", "received", "--prize-min-right", "8")
    one_each = ("--max-prizes-per-person", "1")
    times = ("--duration-ms", "20000", "--roll-ms", "5000", "--no-ask-first")
    made = await command.told(
        "show", "create", "T1", "--pack", PACK, *rules, *one_each, *times
    )
    assert made["timing"] == "received"
    assert (made["prize_min_right"], made["max_prizes_per_person"]) == (8, 1)
    assert (made["duration_ms"], made["roll_ms"]) == (20_000, 5_000)
    assert made["ask_first"] is False
    assert re.fullmatch("[0-9a-f]{64}", made["pack_hash"])
    anew = await command.told("show", "reset", "T1", "--yes")
    assert anew["pack_hash"] != made["pack_hash"]
    sure = await command("show", "reset", "T1", "--yes")
    assert len(sure.out.split()[-1]) == 64


async def test_created_show_is_timed_by_the_default_rule(command: Command) -> None:
    made = await command.told("show", "create", "T1", "--pack", PACK)
    assert made["timing"] == "fair-1"
    assert (made["prize_min_right"], made["max_prizes_per_person"]) == (0, 0)


async def test_reset_show_has_a_new_epoch(command: Command) -> None:
    await command.told("show", "create", "TEST1", "--pack", PACK)
    (before,) = (await command.told("show", "list"))["shows"]
    await command.told("show", "reset", "TEST1", "--yes")
    (after,) = (await command.told("show", "list"))["shows"]
    assert after["epoch"] != before["epoch"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("create", "A-1", "--pack", PACK), "cannot be a show's code"),
        (("create", "A1", "--pack", "none"), "there is no pack 'none'"),
        (("create", "A1", "--pack", PACK, "--timing", "x"), "no timing rule 'x'"),
        (
            ("create", "A1", "--pack", PACK, "--prize-min-right", "-1"),
            "--prize-min-right -1 makes no sense here; use 0 (off) to 10",
        ),
        (
            ("create", "A1", "--pack", PACK, "--roll-ms", "999"),
            "--roll-ms 999 is out of bounds; use 1000 to 10000 milliseconds",
        ),
        (
            ("create", "A1", "--pack", PACK, "--max-prizes-per-person", "12"),
            "--max-prizes-per-person 12 makes no sense here; use 0 (off) to 11",
        ),
        (("reset", "A1", "--yes"), "there is no show 'A1'; there is: none"),
    ],
)
async def test_show_that_cannot_be_made_is_one_sentence(
    command: Command, arguments: tuple[str, ...], sentence: str
) -> None:
    said = await command("show", *arguments)
    assert said.code == 1
    assert sentence in said.err
    assert said.err.count("\n") == 1


async def test_code_that_is_taken_is_refused(command: Command) -> None:
    await command.told("show", "create", "TEST1", "--pack", PACK)
    said = await command("show", "create", "TEST1", "--pack", PACK)
    assert said.code == 1
    assert "quizserver show reset TEST1" in said.err


async def test_account_signs_in_with_the_password_from_standard_input(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("mật khẩu đủ dài\n")
    with (tmp_path / "password").open() as given:
        monkeypatch.setattr("sys.stdin", given)
        await command.told("account", "add", "minh", "--role", "owner")
    (account,) = (await command.told("account", "list"))["accounts"]
    assert (account["name"], account["role"]) == ("minh", "owner")


async def test_token_is_the_last_word(command: Command) -> None:
    await command.told("show", "create", "TEST1", "--pack", PACK)
    said = await command("account", "token", "--role", "overlay", "--show", "test1")
    assert said.code == 0
    assert len(said.out.split()[-1]) > 30


async def test_overlay_key_is_for_one_show(command: Command) -> None:
    said = await command("account", "token", "--role", "overlay")
    assert said.code == 1
    assert "--show CODE" in said.err


async def test_token_is_listed_and_revoked_by_an_id_that_is_no_secret(
    command: Command,
) -> None:
    made = await command.told("account", "token", "--role", "host", "--days", "2")
    (row,) = (await command.told("account", "tokens"))["tokens"]
    assert (row["role"], row["show"]) == ("host", "")
    assert row["expires_ms"] - row["created_ms"] == 2 * 24 * 3_600_000
    assert row["id"] not in made["token"]
    await command.told("account", "revoke", row["id"])
    assert (await command.told("account", "tokens"))["tokens"] == []
    said = await command("account", "revoke", row["id"])
    assert said.code == 1
    assert f"there is no token {row['id']}" in said.err


@pytest.mark.parametrize("days", ["-1", "99999"])
async def test_token_of_no_sensible_length_is_refused(
    command: Command, days: str
) -> None:
    said = await command("account", "token", "--role", "host", "--days", days)
    assert said.code == 1
    assert f"--days {days} makes no sense" in said.err


async def test_account_is_changed_and_removed(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "passwords").write_text("mật khẩu đủ dài\n" * 3)
    with (tmp_path / "passwords").open() as given:
        monkeypatch.setattr("sys.stdin", given)
        await command.told("account", "add", "minh", "--role", "owner")
        await command.told("account", "add", "hoa")
        await command.told("account", "password", "hoa")
    await command.told("account", "remove", "hoa")
    left = (await command.told("account", "list"))["accounts"]
    assert [account["name"] for account in left] == ["minh"]
    said = await command("account", "remove", "minh")
    assert "minh is the last owner; add another first" in said.err
