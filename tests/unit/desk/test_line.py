"""The line to a running server: real sockets in a real folder."""

import asyncio
import socket
from pathlib import Path

import pytest

from quizserver.bank.flaws import Flaw, PackRefused
from quizserver.desk.acts import Act, ListShows, ResetShow, Told
from quizserver.desk.line import NAME, ask, open_line
from quizserver.failures import Failure
from quizserver.texts.catalogue import LANGS


async def echo(act: Act) -> Told:
    if isinstance(act, ResetShow):
        raise Failure("desk.no_show", code=act.code, there="")
    return {"shows": ["CCHC1"], "tên": "Số 1"}


async def asked(folder: Path, act: Act) -> Told | None:
    return await asyncio.to_thread(ask, folder, act)


async def said(folder: Path, line: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(str(folder / NAME))
    writer.write(line)
    writer.write_eof()
    reply = await reader.read()
    writer.close()
    await writer.wait_closed()
    return reply


async def test_act_is_done_and_told(tmp_path: Path) -> None:
    async with open_line(tmp_path, echo):
        told = await asked(tmp_path, ListShows())
    assert told == {"shows": ["CCHC1"], "tên": "Số 1"}


@pytest.mark.parametrize(
    "refusal",
    [
        Failure("desk.no_show", code="X1", there=""),
        Failure("desk.no_line", file="x", cause=Failure("failure.cause.EACCES")),
        PackRefused((Flaw(code="no_questions", file="thu/pack.toml"),)),
    ],
)
async def test_refusal_is_said_in_the_askers_language(
    tmp_path: Path, refusal: Failure
) -> None:
    async def refuse(act: Act) -> Told:
        raise refusal

    async with open_line(tmp_path, refuse):
        with pytest.raises(Failure) as caught:
            await asked(tmp_path, ListShows())
    told = [caught.value.in_words(lang) for lang in LANGS]
    assert told == [refusal.in_words(lang) for lang in LANGS]
    assert len(set(told)) == len(LANGS)


async def test_refusal_arrives_as_the_same_sentence(tmp_path: Path) -> None:
    async with open_line(tmp_path, echo):
        with pytest.raises(Failure, match=r"^there is no show 'X1'; there is: none$"):
            await asked(tmp_path, ResetShow(code="X1"))


def test_no_server_is_told_as_none(tmp_path: Path) -> None:
    assert ask(tmp_path, ListShows()) is None


def test_missing_folder_is_told_as_none(tmp_path: Path) -> None:
    assert ask(tmp_path / "none", ListShows()) is None


def test_socket_of_a_server_that_was_killed_is_told_as_none(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(tmp_path / NAME))
    assert ask(tmp_path, ListShows()) is None


async def test_socket_of_a_server_that_was_killed_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(tmp_path / NAME))
    async with open_line(tmp_path, echo):
        assert await asked(tmp_path, ListShows()) is not None


async def test_socket_is_for_its_owner_and_goes_with_the_server(
    tmp_path: Path,
) -> None:
    async with open_line(tmp_path, echo):
        assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == []


async def test_folder_deeper_than_a_socket_address_allows(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 100) / ("e" * 100)
    folder.mkdir(parents=True)
    async with open_line(folder, echo):
        assert await asked(folder, ListShows()) is not None
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "line", [b"not json\n", b'{"act":"show_fly"}\n', b'{"act":"show_reset"}\n', b""]
)
async def test_what_is_no_act_is_refused_and_the_line_goes_on(
    tmp_path: Path, line: bytes
) -> None:
    async with open_line(tmp_path, echo):
        reply = await said(tmp_path, line)
        assert b"does not know that command" in reply
        assert await asked(tmp_path, ListShows()) is not None


async def test_line_that_never_ends_is_dropped(tmp_path: Path) -> None:
    async with open_line(tmp_path, echo):
        assert await said(tmp_path, b"x" * 100_000) == b""
        assert await asked(tmp_path, ListShows()) is not None


async def test_server_that_goes_away_is_a_sentence(tmp_path: Path) -> None:
    async def hang_up(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.close()

    async with await asyncio.start_unix_server(hang_up, str(tmp_path / NAME)):
        with pytest.raises(Failure, match="gave no answer"):
            await asked(tmp_path, ListShows())


async def test_folder_that_cannot_hold_a_socket_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="cannot make the socket"):
        async with open_line(tmp_path / "missing", echo):
            pass


async def test_of_several_servers_each_has_a_socket_and_one_of_them_answers(
    tmp_path: Path,
) -> None:
    """That of one which was killed is passed over, and removed by the next."""
    gone = tmp_path / "desk-999999999.sock"
    for path in (gone, tmp_path / "desk-x.sock"):
        with socket.socket(socket.AF_UNIX) as killed:
            killed.bind(str(path))
    assert ask(tmp_path, ListShows()) is None
    async with open_line(tmp_path, echo, several=True):
        assert not gone.exists()
        told = await asked(tmp_path, ListShows())
    assert told == {"shows": ["CCHC1"], "tên": "Số 1"}
