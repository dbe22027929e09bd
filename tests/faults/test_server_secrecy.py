"""Nothing that leaves before a reveal depends on the key (Source: R3.6).

Non-interference: the same show is played on three servers that differ in
nothing but what is secret. The second has another key and explanation of
question 1, the third of all later questions. Everything that phones, overlays,
pages, headers and metrics say up to a reveal must be the same to the byte on
all servers whose open secrets agree: people, tokens, nonces and receipts are the
same by construction. What is masked, each by its own value and nothing by its look:

- Ports, and how long somebody took: three servers play in real time. Only the fields
  and figures that hold a time, one by one; everything else is compared, counts too.
- What /readyz says about the machine, which is busier at one moment than at another.
- The published hash of the pack, which is a commitment to the keys and salted with 256
  secret bits, so it must differ.
- The code of a seal. It binds the moments at which answers came, which no two servers
  share; that it has no key in it before the reveal is held, unmasked, by the same show
  under a stopped clock (tests/unit/live/test_secrecy.py).

The strings of what is not yet told are watched as well (canaries), since two servers
could leak the same thing.
"""

import asyncio
import json
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from quizserver.rehearsal.calls import Caller
from tests.faults.handsets import Handset, History, crowd_names, join, judge
from tests.faults.onair import (
    LONG,
    FaultyServer,
    Premises,
    Show,
    assert_calm,
    figures,
    moved_in,
    on_air,
)
from tests.faults.overheard import (
    ANSWERS,
    Ear,
    differences,
    receipts,
    shown_when,
    too_early,
    unmoved,
)

CHANGED: Final = {"A": (), "B": ("q1",), "C": ("q2", "q3", "q4", "r1")}
"""Which questions have another secret on which server."""

AHEAD_MS: Final = 300
"""The delay of the stream in the second question."""

PAGES: Final = (
    "/",
    f"/{LONG}",
    f"/{LONG}/cchc",
    f"/{LONG}/results",
    f"/{LONG}/qr.svg",
    "/rules",
    "/overlay/stage",
    "/healthz",
    "/readyz",
    "/metrics",
    f"/host/{LONG}",
    f"/api/shows/{LONG}/state",
    f"/api/shows/{LONG}/coming",
    f"/api/shows/{LONG}/results.json",
    f"/api/shows/{LONG}/audit.jsonl",
    "/pictures/q1.png",
    "/pictures/CANARY-image-q2.png",
    "/pictures/CANARY-image-q3.png",
    "/static/x/q1.js",
    "/nowhere/at/all",
)


@dataclass
class Playback:
    """One playing of the show: all who listen, and the two moments of truth."""

    server: FaultyServer
    place: Premises
    seats: list[dict[str, Any]]
    ear: Ear = field(default_factory=Ear)
    before_reveal: list[dict[str, tuple[str, ...]]] = field(default_factory=list)

    async def play(self) -> None:
        """Play two questions up to the second reveal."""
        address, history = self.server.address, History()
        phones = [Handset(address, LONG, seat, history) for seat in self.seats]
        async with (
            on_air(self.server, LONG, self.place) as show,
            AsyncExitStack() as online,
            asyncio.TaskGroup() as tasks,
        ):
            for phone in phones[:5]:
                await online.enter_async_context(phone.online())
                await phone.hears("welcome")
            listening = []
            for bus, channel in (("program", "overlay"), ("preview", "preview")):
                socket = await online.enter_async_context(self._overlay())
                hears = self._listen(socket, bus, channel)
                listening.append(tasks.create_task(hears))
            await self._fetch(phones[0], "lobby")
            for number in (1, 2):
                if number == 2:
                    # Overlays run ahead of the phones: what they say then is new.
                    await show.command("stream", aligned=True, delays={"": AHEAD_MS})
                await self._question(show, phones, number, online)
                await self._stage_hears("sealed", number)
                self._collect(phones)
                self.before_reveal.append(self.ear.so_far(await show.state()))
                await show.command("reveal")
                await self._hear_all(phones, "you", number)
                await show.command("standings")
            for one in listening:
                one.cancel()
        assert_calm(self.server)

    async def _question(
        self, show: Show, phones: list[Handset], number: int, online: AsyncExitStack
    ) -> None:
        await show.command("ask")
        await self._hear_all(phones, "asked", number)
        await self._fetch(phones[0], f"asked {number}")
        await show.command("open")
        await self._hear_all(phones, "open", number)
        await self._fetch(phones[0], f"open {number}")
        since = len(phones[1].heard)
        await self._answers(phones, number)
        await self._all_counted(phones[1], since)
        async with phones[5].online():
            await phones[5].hears("welcome", since=len(phones[5].heard))
        # A newer socket: the older one is closed with 4409.
        await online.enter_async_context(phones[0].online())
        await phones[0].hears("welcome", since=len(phones[0].heard))
        await self._fetch(phones[0], f"answered {number}")
        await show.command("lock")
        # Until then pages would or would not hold the seal's code.
        await self._hear_all(phones, "sealed", number)
        late = await phones[5].answer_by_call("C")
        self.ear.hear(f"late {number}", json.dumps(late))
        await self._fetch(phones[0], f"locked {number}")

    async def _answers(self, phones: list[Handset], number: int) -> None:
        """Answer each option once, repeat, be refused; 40 ms from one to the next.

        Not at once: an impossibly quick answer would or would not win a prize.
        """
        await asyncio.sleep(0.35)
        for phone, option in zip(phones[:4], "ABCD", strict=True):
            await asyncio.sleep(0.04)
            await phone.answer(option)
            await phone.receipt()
        told = await phones[4].answer_by_call("D")
        self.ear.hear("call", json.dumps(told))
        await phones[0].answer("B")
        await phones[0].receipt(2)
        answer = {"type": "answer", "question": f"q{number}", "option": "A"}
        for wrong in ({"option": "Z"}, {"nonce": "0" * 16}, {"question": "q9"}):
            await self._post(phones[5], f"wrong {number}", answer | wrong)

    async def _all_counted(self, phone: Handset, since: int) -> None:
        """Wait until a count says that everybody has answered, right or wrong."""
        async with asyncio.timeout(20):
            while ANSWERS not in [m.get("answered") for m in phone.heard[since:]]:
                await phone.news()

    async def _hear_all(self, phones: list[Handset], kind: str, number: int) -> None:
        for phone in phones[1:5]:
            await phone.hears(kind, count=number)

    async def _stage_hears(self, kind: str, count: int) -> None:
        told = self.ear.said["overlay"]
        async with asyncio.timeout(20):
            while sum(f'"type":"{kind}"' in text for text in told) < count:  # noqa: ASYNC110 - another server's socket
                await asyncio.sleep(0.01)

    def _collect(self, phones: list[Handset]) -> None:
        for number, phone in enumerate(phones):
            self.ear.said.pop(f"phone {number}", None)
            for message in phone.heard:
                text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
                self.ear.hear(f"phone {number}", text)

    def _overlay(self) -> Any:
        url = self.server.address.replace("http", "ws", 1) + "/ws/overlay"
        return connect(url, compression=None, proxy=None)

    async def _listen(self, socket: ClientConnection, bus: str, channel: str) -> None:
        hello = {"type": "hello", "v": 1, "key": self.place.overlay, "view": "stage"}
        await socket.send(json.dumps(hello | {"layout": "16x9", "bus": bus}))
        async for text in socket:
            self.ear.hear(channel, str(text))

    async def _fetch(self, phone: Handset, moment: str) -> None:
        """Fetch every page as a stranger, and what a phone and an overlay may see."""
        async with self._client() as client:
            for path in PAGES:
                self._note(f"{moment} {path}", await client.get(path))
            for token in (phone.token, self.place.overlay):
                client.headers["Authorization"] = f"Bearer {token}"
                for path in ("/api/phone/state", f"/api/shows/{LONG}/state"):
                    channel = f"{moment} {path} as {token[:1]}"
                    self._note(channel, await client.get(path))

    async def _post(self, phone: Handset, channel: str, answer: object) -> None:
        path, bearer = "/api/phone/answers", {"Authorization": f"Bearer {phone.token}"}
        async with self._client() as client:
            self._note(channel, await client.post(path, json=answer, headers=bearer))

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.server.address,
            trust_env=False,
            headers={"Accept-Encoding": "identity"},
        )

    def _note(self, channel: str, response: httpx.Response) -> None:
        # The body's length is that of the body, which is compared without times.
        length = str(len(response.content))
        assert response.headers.get("content-length", length) == length
        left_out = {"date", "content-length"}
        heads = sorted(
            one for one in response.headers.items() if one[0] not in left_out
        )
        body = response.text
        if channel.endswith("/metrics"):
            body = unmoved(body)
        self.ear.hear(channel, f"{response.status_code} {heads}\n{body}")


def change_secrets(folder: Path, questions: tuple[str, ...]) -> None:
    """Give questions another key and another explanation, and change nothing else."""
    with closing(sqlite3.connect(folder / "quiz.db")) as db, db:
        where = "where name = 'ShowCreated' and show = ?"
        ((text,),) = db.execute(f"select data from event {where}", (LONG,)).fetchall()
        event = json.loads(text)
        changed = 0
        for question in event["rundown"]["pack"]["questions"]:
            _plant(question)
            if question["id"] in questions:
                question["key"] = "A" if question["key"] != "A" else "D"
                question["explanation"] += " Một lời giải thích khác hẳn và dài hơn."
                changed += 1
        assert changed == len(questions)
        text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        db.execute(f"update event set data = ? {where}", (text, LONG))


def _plant(question: dict[str, Any]) -> None:
    """Mark what is told only at the reveal, and what only when it is asked."""
    name = question["id"]
    for told in ("explanation", "source", "author", "reviewer"):
        question[told] = f"CANARY-{told}-{name}"
    if name != "q1":
        question["text"] = f"CANARY-text-{name}?"
        question["image"] = f"CANARY-image-{name}.png"


def _draw(folder: Path) -> None:
    """Put the pictures where the server looks for those of packs."""
    pictures = folder / "packs" / "faults"
    pictures.mkdir(parents=True)
    for name in ("q2", "q3"):
        (pictures / f"CANARY-image-{name}.png").write_bytes(b"\x89PNG\r\n\x1a\n")


@pytest.fixture
async def playbacks(
    server: FaultyServer, place: Premises, tmp_path: Path
) -> list[Playback]:
    """Three servers with the same people and, in part, other secrets."""
    await server.start()
    seats = []
    async with Caller(server.address) as caller:
        for name in crowd_names(6):
            form = {"name": name, "unit": "x", "consent": {"version": "1"}}
            form["consent"] |= {"play": True, "show_name": True}  # type: ignore[operator]
            path = f"/api/shows/{LONG}/participants"
            seats.append(await caller.post(path, form))
    server.stop()
    made = []
    for name, questions in CHANGED.items():
        copied = moved_in(place, tmp_path / name)
        change_secrets(copied.folder, questions)
        _draw(copied.folder)
        # The port differs, and is drawn into QR codes: give all the same address.
        alike = {"QUIZ_PUBLIC_URL": "http://quiz.test"}
        playing = FaultyServer(tmp_path / name, environment=alike)
        made.append(Playback(playing, copied, seats))
    return made


@pytest.fixture
def played(playbacks: list[Playback]) -> Iterator[list[Playback]]:
    """The servers, killed at the end."""
    yield playbacks
    for playback in playbacks:
        playback.server.kill()


async def test_everything_said_before_a_reveal_is_the_same_whatever_the_key(
    played: list[Playback],
) -> None:
    async with asyncio.TaskGroup() as tasks:
        for playback in played:
            tasks.create_task(playback.play())
    one, first_differs, later_differ = (p.before_reveal for p in played)
    assert differences(one[0], first_differs[0]) == []
    assert differences(one[1], later_differ[1]) == []
    for before in (playback.before_reveal for playback in played):
        assert too_early(before[0], asked="q1", revealed="") == []
        assert too_early(before[1], asked="q1 q2", revealed="q1") == []
        assert shown_when(before[1], "/pictures/CANARY-image-q2.png") == "asked 2"
        assert shown_when(before[1], "/pictures/CANARY-image-q3.png") == "never"
    previews = [t for t in one[1]["preview"] if t.startswith('{"type":"coming"')]
    assert any('"command":"reveal"' in text for text in previews)
    # The ear hears secrets indeed: once they are out, everybody hears them.
    assert differences(one[1], first_differs[1]) != []
    texts = sum(len(said) for said in one[1].values())
    size = sum(len(text) for said in one[1].values() for text in said)
    figures(
        "Non-interference",
        {"channels": len(one[1]), "texts": texts, "characters": size},
    )
    sizes = {len(text) for text in receipts(one[0]) if '"accepted"' in text}
    assert len(sizes) == 1, "a receipt's size tells something"


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_right_and_wrong_answers_are_receipted_in_the_same_time(
    server: FaultyServer, place: Premises
) -> None:
    """A thousand of each, one after the other; medians within 0.1 ms."""
    history, waits = History(), {True: list[float](), False: list[float]()}
    async with on_air(server, LONG, place) as show:
        phones = await join(server.address, LONG, crowd_names(2_000), history)
        await show.open()
        key = (await show.state())["question"]["key"]
        wrong = next(option for option in "ABCD" if option != key)
        async with Caller(server.address) as caller:
            for number, phone in enumerate(phones):
                caller.token = phone.token
                state = await caller.get("/api/phone/state")
                answer = {"type": "answer", "question": state["question"]["id"]}
                answer |= {"nonce": state["question"]["nonce"]}
                right = number % 2 == 0
                answer |= {"option": key if right else wrong}
                began_ns = time.monotonic_ns()
                receipt = await caller.post("/api/phone/answers", answer)
                waits[right].append((time.monotonic_ns() - began_ns) / 1e6)
                history.receipts.append((phone.participant, receipt))
        stored = await show.answers()
    assert not judge(history, stored).lost
    medians = {right: statistics.median(values) for right, values in waits.items()}
    figures("Median ms to a receipt", {"right": medians[True], "wrong": medians[False]})
    assert abs(medians[True] - medians[False]) < 0.1
