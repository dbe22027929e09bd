"""A person who asks for it is gone from everything the server writes (P17, R2.6).

The canary: one person with a name, a unit and a phone number that stand nowhere else.
Before the erasure they are in the database, and never in a log, a figure, the audit
export or another's frames; after it they are in no file of the data folder, while
ranks, receipts and `results verify` hold.
"""

import asyncio
import json
from pathlib import Path

from tests.faults.handsets import Handset, History, join
from tests.faults.onair import LONG, FaultyServer, Premises, Show, assert_calm, on_air

NAME, UNIT, PHONE = "Hoàng Yến Canari", "Lồng Chim Vàng", "0977123987"
ALIAS = "Chim Sẻ Nâu"
WORDS = (NAME, UNIT, PHONE, ALIAS)
SCRUBBED_S = 20
"""Longest until an idle second comes in which the log is emptied."""


def found(folder: Path, *words: str) -> dict[str, list[str]]:
    """Return which files of a folder hold which of some words, as grep -a does."""
    held: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            raw = path.read_bytes()
            hits = [word for word in words if word.encode() in raw]
            if hits:
                held[path.name] = hits
    return held


async def played(show: Show, canary: Handset, other: Handset) -> None:
    """Have both answer one question right, the canary first, and reveal it."""
    await show.open()
    key = await show.key()
    for phone in (canary, other):
        async with phone.online():
            await phone.hears("welcome")
            await phone.answer(key)
            await phone.receipt()
    await show.lock_and_reveal()


async def ranks(show: Show) -> list[tuple[str, int, int]]:
    """Return who stands where, by pseudonym."""
    results = await show.caller.get(f"/api/shows/{LONG}/results.json")
    return [
        (row["participant"], row["rank"], row["total_ms"])
        for row in results["standings"]
    ]


async def enter(show: Show, history: History) -> Handset:
    """Have the canary join; a moderator gives them another name."""
    consent = {"version": "vi-4/90", "play": True, "show_name": True}
    form = {"name": NAME, "unit": UNIT, "phone": PHONE, "consent": consent}
    calls = f"/api/shows/{LONG}"
    seat = await show.caller.post(f"{calls}/participants", form)
    rename = {"command": "hide_name", "ref": "alias", "name": ALIAS}
    await show.caller.post(
        f"{calls}/commands", rename | {"participant": seat["participant"]}
    )
    return Handset(show.server.address, LONG, seat, history)


async def erased(show: Show, canary: Handset) -> None:
    """Erase the canary as for a paper; their phone is sent away meanwhile."""
    why = ("--reason", "Đơn số 12", "--yes")
    async with canary.online():
        await canary.hears("welcome", since=len(canary.heard))
        await show.server.run("erase", LONG, canary.participant, *why)
        while canary.closes[-1:] != [4401]:
            await canary.news()


async def scrubbed(folder: Path) -> None:
    """Wait until nothing of the canary is in any file."""
    async with asyncio.timeout(SCRUBBED_S):
        while found(folder, *WORDS):  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.1)


async def claims(show: Show) -> list[tuple[str, str]]:
    """Return who claims the show's prize, and how far that has come."""
    rows = (await show.state())["winners"]
    return [(r["participant"], r["status"]) for r in rows if r["prize"] == "show"]


async def test_nothing_of_an_erased_person_is_left_and_every_rank_holds(
    server: FaultyServer, place: Premises
) -> None:
    """P17: the owner's export apart, which holds what it held."""
    history = History()
    async with on_air(server, LONG, place) as show:
        canary = await enter(show, history)
        (other,) = await join(server.address, LONG, ["Trần Bình"], history)
        await played(show, canary, other)
        before = await ranks(show)
        assert [rank for _, rank, _ in before] == [1, 2]
        assert found(place.folder, *WORDS), "or the search finds nothing at all"
        await erased(show, canary)
        await scrubbed(place.folder)
        assert await ranks(show) == before
        await show.command("standings")
        await show.command("end")
        assert await claims(show) == [
            (canary.participant, "passed"),
            (other.participant, "provisional"),
        ]
        lines = "".join(json.dumps(one) + "\n" for one in await show.audit())
        told = json.dumps([other.heard, await show.state()], ensure_ascii=False)
        figures = await show.metrics()
        (place.folder.parent / "audit.jsonl").write_text(lines, "utf-8")
        await server.run("results", "verify", str(place.folder.parent / "audit.jsonl"))
    after = told[told.index('"revealed"') :]
    for text in (after, figures, server.said(), lines):
        assert not [word for word in (NAME, UNIT, PHONE) if word in text]
    assert_calm(server)
