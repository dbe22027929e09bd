"""Hosts who all press at once: one transition, told to everybody (Source: R1.4).

Two to eight hosts have seen the same step and send commands that exclude each
other, over HTTP and over their panels' sockets; some send theirs twice, some
panels die before they hear what became of it.
"""

import asyncio
import json
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from quizserver.rehearsal.calls import Caller, Refused
from tests.faults.onair import (
    LONG,
    FaultyServer,
    Premises,
    assert_calm,
    figures,
    on_air,
    spread,
)
from tests.faults.victims import chance

HOSTS = 8
PANEL_EVERY = 12
"""A panel's socket has a byte allowance, so it takes part in one round of so many."""


@dataclass
class Replies:
    """What became of every command: by `ref`, all replies that came."""

    told: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    unheard: set[str] = field(default_factory=set)
    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    waits_ms: list[float] = field(default_factory=list)

    def hear(self, ref: str, reply: dict[str, Any]) -> None:
        """Note one reply: the step of whoever won, else only why not."""
        outcome = {key: reply[key] for key in ("step", "phase") if "error" not in reply}
        if "error" in reply:
            error = reply["error"]
            code = error["code"] if isinstance(error, dict) else error
            outcome = {"error": code, "step": reply["step"]}
        self.told.setdefault(ref, []).append(outcome)

    def winners(self) -> dict[str, int]:
        """Return the step of every command that was told it was carried out."""
        return {
            ref: int(told[0]["step"])
            for ref, told in self.told.items()
            if "error" not in told[0]
        }


class Host:
    """One host with two kept connections for calls and, at times, a panel."""

    def __init__(self, address: str, token: str, replies: Replies) -> None:
        self.caller = Caller(address, token)
        self.spare = Caller(address, token)
        self._url = address.replace("http", "ws", 1) + "/ws/host"
        self._token = token
        self._replies = replies

    async def call(self, body: dict[str, Any], caller: Caller) -> None:
        """Send a command over HTTP and note the reply."""
        self._replies.sent += 1
        began_ns = time.monotonic_ns()
        try:
            reply = await caller.post(f"/api/shows/{LONG}/commands", body)
        except Refused as refused:
            reply = refused.body
            self._replies.statuses[refused.status] += 1
        self._replies.waits_ms.append((time.monotonic_ns() - began_ns) / 1e6)
        self._replies.hear(body["ref"], reply)

    async def press(self, body: dict[str, Any], *, dies: bool) -> None:
        """Send a command from a panel, which may die before it hears the reply."""
        async with connect(self._url, compression=None, proxy=None) as panel:
            hello = {"type": "hello", "v": 1, "show": LONG, "token": self._token}
            await panel.send(json.dumps(hello))
            await panel.recv()
            self._replies.sent += 1
            await panel.send(json.dumps({"type": "command", **body}))
            if dies:
                self._replies.unheard.add(body["ref"])
                panel.transport.abort()
                return
            self._replies.hear(body["ref"], await self._reply(panel))

    async def _reply(self, panel: ClientConnection) -> dict[str, Any]:
        while True:
            message: dict[str, Any] = json.loads(await panel.recv())
            if message["type"] == "reply":
                return message


@pytest.mark.parametrize(
    "commands",
    [300, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(900)])],
)
async def test_hosts_who_press_at_once_make_one_transition_each_time(
    server: FaultyServer, place: Premises, commands: int
) -> None:
    random, replies, rounds = chance("hosts"), Replies(), 0
    async with on_air(server, LONG, place) as show, AsyncExitStack() as kept:
        hosts = [Host(server.address, token, replies) for token in place.hosts]
        for host in hosts:
            await kept.enter_async_context(host.caller)
            await kept.enter_async_context(host.spare)
        state = await show.state()
        first = int(state["step"])
        while replies.sent < commands:
            await one_round(hosts, state, random, rounds)
            rounds += 1
            before, state = state["step"], await show.state()
            assert state["step"] == before + 1, "not one transition"
        lines = await show.audit()
    events = [line for line in lines if line["kind"] == "event"]
    assert [event["step"] for event in events] == list(range(1, first + rounds + 1))
    check_replies(replies, events, first)
    figures(
        f"{replies.sent} commands in {rounds} rounds",
        {
            "transitions": len(events) - first,
            "told so": len(replies.winners()),
            "refused": dict(Counter(errors(replies))),
            "panels that died unheard": len(replies.unheard),
            "reply after, ms": spread(replies.waits_ms),
        },
        goal="exactly the right number of transitions",
    )
    assert_calm(server)


async def one_round(
    hosts: list[Host], state: dict[str, Any], random: Random, number: int
) -> None:
    """Let some hosts send what they each want at this step, all at once."""
    toggle = "resume" if state.get("paused") else "pause"
    chosen = random.sample(hosts, random.randint(2, HOSTS))
    async with asyncio.TaskGroup() as tasks:
        for at, host in enumerate(chosen):
            body = {
                "command": random.choice((toggle, "notice")),
                "ref": f"{number}-{at}",
                "step": state["step"],
                "text": f"Thông báo {number}",
                "reason": "thử",
            }
            if at == 0 and number % PANEL_EVERY == 0:
                tasks.create_task(host.press(body, dies=random.random() < 0.5))
                continue
            tasks.create_task(host.call(body, host.caller))
            if random.random() < 0.2:
                # Its first try seems lost: the same command over another line.
                tasks.create_task(host.call(body, host.spare))


def check_replies(replies: Replies, events: list[dict[str, Any]], first: int) -> None:
    """Hold what hosts were told to what is in the log."""
    done = {e["ref"]: e["step"] for e in events if e["step"] > first}
    assert len(done) == len(events) - first, "a ref made two transitions"
    for ref, told in replies.told.items():
        assert all(reply == told[0] for reply in told), (ref, told)
    winners = replies.winners()
    assert winners.items() <= done.items(), "told it was done, and it was not"
    assert done.keys() - winners.keys() <= replies.unheard, "done, and told it was not"
    assert set(errors(replies)) == {"stale_step"}
    assert set(replies.statuses) == {409}


def errors(replies: Replies) -> list[str]:
    """Return why each refused command was refused."""
    return [told[0]["error"] for told in replies.told.values() if "error" in told[0]]
