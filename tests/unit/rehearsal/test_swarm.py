"""The phones in C, held to the wire by a server that is awkward on purpose."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quizserver.failures import Failure
from quizserver.rehearsal.compiled import program
from quizserver.rehearsal.figures import PhoneFigures
from quizserver.rehearsal.swarm import Plan, Swarm, swarm
from tests.unit.rehearsal.oddserver import Link, OddServer, Scene, odd_server

OPTIONS = [
    {"id": "A", "text": 'gạch chéo \\ ngoặc ]} và "nháy"'},
    {"id": "B", "text": '{"id":"X","text":"không phải phương án"}'},
]
QUESTION = {"id": "q1", "number": 1, "total": 1, "text": "?", "options": OPTIONS}
OPEN = {"type": "open", "epoch": "e1", "step": 2, "duration_ms": 5_000}


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program."""
    return program(tmp_path_factory.mktemp("cache"))


async def opens(link: Link, *, bytewise: bool = False) -> dict[str, Any]:
    """Open the question; return the phone's first answer."""
    asked = {**QUESTION, "nonce": "n-1"}
    await link.says(bytewise=bytewise, **OPEN, question=asked)
    return await link.message()


async def receipts(link: Link, answer: dict[str, Any], status: str) -> None:
    """Send the receipt of an answer."""
    known = {key: answer[key] for key in ("question", "option")}
    await link.says(type="receipt", **known, status=status, receipt="r", time_ms=9)


async def stays(link: Link) -> None:
    """Hear the phone out until it leaves."""
    while True:
        await link.hears()


def plan(odd: OddServer, count: int = 1) -> Plan:
    """Return a plan for phones that answer within 50 ms."""
    return Plan(address=odd.address, show="ODD1", phones=count, within_ms=50)


async def played(phones: Path, scene: Scene, *, done: asyncio.Event) -> PhoneFigures:
    """Let one phone play a scene until it is done; return its figures."""
    async with (
        odd_server(scene) as odd,
        asyncio.timeout(10),
        swarm(phones, plan(odd)) as crowd,
    ):
        await done.wait()
        return await crowd.finish()


async def test_an_answer_goes_out_twice_with_masks_that_nobody_foresees(
    phones: Path,
) -> None:
    done, said = asyncio.Event(), list[dict[str, Any]]()
    masks: list[bytes] = []

    async def scene(link: Link, number: int) -> None:
        hello = await link.welcomes()
        assert hello == {"type": "hello", "v": 1, "show": "ODD1", "token": "t1"}
        said.append(await opens(link, bytewise=True))
        said.append(await link.message())
        await link.sends(b"\x89\x04ping")
        assert await link.hears() == (10, b"ping")
        for _ in range(2):
            await receipts(link, said[0], "accepted")
        await link.sends(b"\x89\x00")
        assert await link.hears() == (10, b"")
        masks.extend(link.masks)
        done.set()
        await stays(link)

    figures = await played(phones, scene, done=done)
    first, second = said
    assert first["option"] in {"A", "B"}
    assert 0 <= first.pop("elapsed_ms") == second.pop("elapsed_ms") < 5_000
    assert (first.pop("copy"), second.pop("copy")) == (0, 1)
    assert first == second
    assert {key: first[key] for key in ("type", "question", "nonce", "visible")} == {
        "type": "answer",
        "question": "q1",
        "nonce": "n-1",
        "visible": True,
    }
    assert len(set(masks)) == len(masks) == 5
    answers = figures.answers
    assert (answers.taps, answers.copies, answers.resent) == (1, 2, 0)
    assert (answers.accepted, answers.duplicates, answers.lost) == (1, 1, 0)
    assert answers.missed == 0
    assert [cue.cue for cue in figures.cues] == ["open"]
    assert figures.errors == {}


async def test_a_lost_receipt_is_asked_for_again_over_the_same_and_the_next_socket(
    phones: Path,
) -> None:
    done, again = asyncio.Event(), list[dict[str, Any]]()

    async def scene(link: Link, number: int) -> None:
        await link.welcomes()
        if number == 0:
            await opens(link)
            await link.message()
            again.append(await link.message())  # after two seconds of silence
            return  # and the line is cut
        again.append(await link.message())
        await receipts(link, again[-1], "late")
        await link.sends(b"\x89\x00")
        assert await link.hears() == (10, b"")
        done.set()
        await stays(link)

    figures = await played(phones, scene, done=done)
    assert [message["copy"] for message in again] == [1, 0]
    answers = figures.answers
    assert (answers.receipts, answers.late, answers.lost) == (1, 1, 0)
    assert answers.resent == 2
    assert answers.receipt.max_ms > 2_000
    assert figures.closes == {"1006": 1}
    (outage,) = figures.outages
    assert (outage.lost, outage.back.count) == (1, 1)


async def test_bare_phones_say_no_hello_and_answer_once_and_not_too_soon(
    phones: Path,
) -> None:
    done = asyncio.Event()

    async def scene(link: Link, number: int) -> None:
        await link.says(type="presence", online=1)
        answer = await opens(link)
        assert answer["elapsed_ms"] >= 40
        await receipts(link, answer, "accepted")
        await link.sends(b"\x89\x00")
        assert await link.hears() == (10, b"")
        done.set()
        await stays(link)

    async with odd_server(scene) as odd, asyncio.timeout(10):
        bare = replace(plan(odd), least_ms=40, copies=1, is_bare=True)
        async with swarm(phones, bare) as crowd:
            await done.wait()
            figures = await crowd.finish()
    assert (odd.joined, figures.joined, figures.connect.count) == (0, 1, 1)
    assert (figures.answers.copies, figures.answers.accepted) == (1, 1)
    (question,) = figures.questions
    assert (question.question, question.receipt) == ("q1", figures.answers.receipt)


async def test_a_phone_that_is_too_slow_for_the_lock_is_counted(phones: Path) -> None:
    done = asyncio.Event()

    async def scene(link: Link, number: int) -> None:
        await link.welcomes()
        asked = {**QUESTION, "nonce": "n-1"}
        await link.says(
            type="open", epoch="e1", step=2, duration_ms=15_000, question=asked
        )
        await link.says(type="locked", question="q1")
        await link.sends(b"\x89\x00")
        assert await link.hears() == (10, b"")
        done.set()
        await stays(link)

    async with odd_server(scene) as odd, asyncio.timeout(10):
        slow = replace(plan(odd), least_ms=9_000, within_ms=10_000)
        async with swarm(phones, slow) as crowd:
            await done.wait()
            figures = await crowd.finish()
    answers = figures.answers
    assert (answers.taps, answers.missed, answers.lost) == (0, 1, 0)


async def test_an_answer_without_any_receipt_is_told_as_lost(phones: Path) -> None:
    done = asyncio.Event()

    async def scene(link: Link, number: int) -> None:
        await link.welcomes()
        answer = await opens(link)
        await receipts(link, {**answer, "question": "q7"}, "accepted")
        await link.says(type="error", code="bad_nonce", message="no")
        await link.sends(b"\x89\x00")
        while await link.hears() != (10, b""):
            pass
        done.set()
        await stays(link)

    figures = await played(phones, scene, done=done)
    answers = figures.answers
    assert (answers.taps, answers.receipts, answers.lost) == (1, 0, 1)
    assert figures.errors == {"bad_nonce": 1, "unasked_receipt": 1}


@pytest.mark.parametrize(
    ("code", "sockets"),
    [(1000, 1), (1003, 1), (4401, 1), (4403, 1), (4404, 1), (4409, 1), (4413, 1)],
)
async def test_a_close_code_that_is_final_is_obeyed(
    phones: Path, code: int, sockets: int
) -> None:
    figures, odd = await closed_with(phones, code)
    assert (figures.gone, figures.closes, odd.sockets) == (1, {str(code): 1}, sockets)


async def closed_with(phones: Path, code: int) -> tuple[PhoneFigures, OddServer]:
    """Let a phone be closed with a code whenever it has come; wait until it is gone."""

    async def scene(link: Link, number: int) -> None:
        await link.welcomes()
        await link.closes(code)

    async with (
        odd_server(scene) as odd,
        asyncio.timeout(10),
        swarm(phones, plan(odd)) as crowd,
    ):
        await told(crowd, gone=1)
        return await crowd.finish(), odd


async def told(crowd: Swarm, *, gone: int) -> None:
    """Wait until the phones tell that so many are gone."""
    is_so = asyncio.Event()
    crowd.on_progress = lambda progress: is_so.set() if progress.gone == gone else None
    await is_so.wait()


@pytest.mark.parametrize(("code", "least_s"), [(1006, 0.0), (1012, 0.2), (4408, 0.0)])
async def test_after_another_close_code_a_phone_comes_back(
    phones: Path, code: int, least_s: float
) -> None:
    done, moments = asyncio.Event(), list[float]()
    loop = asyncio.get_running_loop()

    async def scene(link: Link, number: int) -> None:
        moments.append(loop.time())
        await link.welcomes()
        if number == 0:
            if code != 1006:
                await link.closes(code)
            moments.append(loop.time())
            return
        await link.sends(b"\x89\x00")
        await link.hears()
        done.set()
        await stays(link)

    figures = await played(phones, scene, done=done)
    assert (figures.gone, figures.lost_links, figures.closes) == (0, 1, {str(code): 1})
    assert least_s - 0.05 <= moments[2] - moments[1] < 3


async def test_a_question_that_is_open_already_is_answered(phones: Path) -> None:
    done = asyncio.Event()

    async def scene(link: Link, number: int) -> None:
        asked = {**QUESTION, "nonce": "n-2"}
        await link.welcomes(phase="open", question=asked, closes_in_ms=4_000)
        answer = await link.message()
        assert (answer["question"], answer["nonce"]) == ("q1", "n-2")
        await receipts(link, answer, "accepted")
        await link.sends(b"\x89\x00")
        while await link.hears() != (10, b""):
            pass
        done.set()
        await stays(link)

    assert (await played(phones, scene, done=done)).answers.accepted == 1


@pytest.mark.parametrize(
    ("frame", "fault"),
    [(b"\x81\x81\0\0\0\0{", "a masked frame"), (b"\xc1\x01{", "a reserved bit")],
)
async def test_a_frame_against_the_rules_is_counted_and_left(
    phones: Path, frame: bytes, fault: str
) -> None:
    done = asyncio.Event()

    async def scene(link: Link, number: int) -> None:
        await link.welcomes()
        if number == 0:
            await link.sends(frame)
            assert await link.reader.read(1) == b"", fault
            return
        await link.sends(b"\x89\x00")
        await link.hears()
        done.set()
        await stays(link)

    figures = await played(phones, scene, done=done)
    assert figures.errors == {"not_understood": 1}


async def test_nobody_there_is_a_sentence(phones: Path) -> None:
    async def nothing(link: Link, number: int) -> None:
        raise AssertionError

    async with odd_server(nothing) as odd:
        pass
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.timeout(30), swarm(phones, plan(odd)) as crowd:
            await crowd.here()
    (failure,) = caught.value.exceptions
    assert isinstance(failure, Failure)
    said = f"{odd.address} cannot be reached (connection refused)"
    assert str(failure).startswith(f"{said}; ")
