"""A load test: phones, a host who drives the show, and what the server took.

Speaks only the wire. With a host's token the host is the director; without, somebody
in the panel plays and the phones stay until the show is over. Ends in a `Report`.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from quizserver.failures import Failure, cause_of
from quizserver.rehearsal.calls import Caller, PatientCaller, Refused
from quizserver.rehearsal.director import Director, Pace
from quizserver.rehearsal.figures import (
    Machine,
    PhoneFigures,
    Progress,
    Report,
    fan_outs,
    reveal_to_own,
)
from quizserver.rehearsal.machine import Usage, listeners, usage
from quizserver.rehearsal.phone import Hints
from quizserver.rehearsal.swarm import Plan

PACE: Final = Pace(lobby=0.5, asked=0.5, locked=0.5, revealed=2.0, standings=1.0)
"""Long enough for the last phone to have everything of a step."""

_SETTLED_S: Final = 10.0
_BEGINNING: Final = ("draft", "lobby")
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Phones(Protocol):
    """What a trial needs of phones; `Swarm` and `Few` are such."""

    progress: Progress
    on_progress: Callable[[Progress], None]

    async def here(self) -> None:
        """Wait until every phone is in the show."""

    async def settled(self, seconds: float) -> None:
        """Wait until every answer has its receipt, at most so long."""

    async def ended(self) -> None:
        """Wait until everybody has heard that the show is over."""

    async def finish(self) -> PhoneFigures:
        """Have the phones leave; return everything they measured."""


@dataclass(slots=True)
class _Seen:
    """What the trial itself saw, beside its phones."""

    played: set[str] = field(default_factory=set)
    usages: list[Usage | None] = field(default_factory=list)
    stamps_ns: dict[str, int] = field(default_factory=dict)
    stored: int | None = None


class Trial:
    """One load test of one show. `check`, then `run` with the phones."""

    def __init__(
        self,
        plan: Plan,
        *,
        token: str,
        questions: int | None,
        made_by: str,
        pace: Pace = PACE,
    ) -> None:
        self._plan = plan
        self._token = token
        self._questions = questions
        self._made_by = made_by
        self._caller = PatientCaller(plan.address, token)
        self._director = Director(self._caller, plan.show, Hints(), pace)
        self._director.on_step = self._on_step
        self._seen = _Seen()

    async def check(self) -> None:
        """Look whether the server is there and the show can be played.

        Raises:
            Failure: it is not; the sentence says what to do.
        """
        plan = self._plan
        try:
            async with Caller(plan.address) as caller:
                await caller.call("GET", "/healthz", b"")
        except OSError as error:
            raise Failure(
                "failure.no_server", address=plan.address, cause=cause_of(error)
            ) from None
        except Refused as refused:
            raise Failure(
                "failure.no_quizserver", address=plan.address, status=refused.status
            ) from None
        if self._token:
            await self._check_show()

    async def _check_show(self) -> None:
        show = self._plan.show
        try:
            state = await self._director.state()
        except Refused as refused:
            raise _refused(refused, show) from None
        if state["phase"] not in _BEGINNING:
            raise Failure("failure.show_has_begun", show=show)

    async def run(self, phones: Phones) -> Report:
        """Play the show with these phones to its end. Raises Failure, Refused."""
        begun = time.monotonic()
        self._look()
        await phones.here()
        await asyncio.sleep(1)  # what is only passing has been given back then
        self._look()
        if self._token:
            await self._director.play(self._questions)
        else:
            await self._watched(phones)
        await phones.settled(_SETTLED_S)
        self._look()
        figures = await phones.finish()
        if self._token:
            await self._read_export()
        self._caller.close()
        return self._report(figures, time.monotonic() - begun)

    async def _watched(self, phones: Phones) -> None:
        """Let somebody else play the show; Ctrl-C ends it here, with figures."""
        try:
            await phones.ended()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()

    def _on_step(self, state: Mapping[str, Any]) -> None:
        if state.get("question") and state["phase"] == "open":
            self._seen.played.add(state["question"]["id"])

    def _look(self) -> None:
        """Note what the server has used so far, when it runs here."""
        parts = urlsplit(self._plan.address)
        is_here = parts.hostname in _LOOPBACK
        found = listeners(parts.port or 80) if is_here else ()
        self._seen.usages.append(usage(found) if found else None)

    async def _read_export(self) -> None:
        """Count the stored answers; take the server's stamps if its clock is ours."""
        path = f"/api/shows/{self._plan.show}/audit.jsonl"
        try:
            lines = (await self._caller.call("GET", path, b"")).splitlines()
        except (Refused, OSError):
            return
        rows = [json.loads(line) for line in lines if b'"kind":"answer"' in line]
        self._seen.stored = len(rows)
        if self._seen.usages[-1] is not None:
            self._seen.stamps_ns = {row["question"]: row["T0_ns"] for row in rows}

    def _report(self, figures: PhoneFigures, seconds: float) -> Report:
        plan, seen = self._plan, self._seen
        return Report(
            server=plan.address,
            show=plan.show,
            made_by=self._made_by,
            phones=plan.phones,
            questions=_questions(figures),
            answer_within_s=plan.within_ms / 1000 if plan.within_ms else None,
            seconds=round(seconds, 3),
            joins_per_s=_rate(figures.joined, figures.join_s),
            join=figures.join,
            connects_per_s=_rate(figures.connect.count, figures.connect_s),
            connect=figures.connect,
            fan_outs=fan_outs(figures.cues, figures.here, seen.stamps_ns),
            reveal_to_own=reveal_to_own(figures.cues),
            answers=figures.answers,
            receipts=figures.questions,
            stored=seen.stored,
            outages=figures.outages,
            reconnects=figures.lost_links,
            gone=figures.gone,
            errors=figures.errors,
            closes=figures.closes,
            machine=_machine(seen.usages, plan.phones),
            phones_cpu_s=figures.cpu_s,
            phones_lateness=figures.lateness,
            problems=tuple(_problems(figures, seen.stored)),
        )


def _questions(figures: PhoneFigures) -> int:
    return len({cue.question for cue in figures.cues if cue.cue == "open"})


def _rate(count: int, seconds: float) -> float:
    return round(count / seconds, 1) if seconds else 0.0


def _problems(figures: PhoneFigures, stored: int | None) -> list[str]:
    """Return what is not as it must be, as codes of the texts `load.problem.…`."""
    answers = figures.answers
    found = {
        "lost": answers.lost > 0,
        "refused": answers.refused > 0,
        "not_stored": stored is not None and stored != answers.accepted + answers.late,
        "errors": bool(figures.errors),
        "gone": figures.gone > 0,
    }
    return [code for code, is_so in found.items() if is_so]


def _machine(usages: list[Usage | None], phones: int) -> Machine | None:
    """Return what the server took; None when it is elsewhere or began anew."""
    before, joined, end = usages
    if before is None or joined is None or end is None:
        return None
    if not before.processes == joined.processes == end.processes:
        return None
    return Machine(
        processes=len(end.processes),
        cpu_s=round(end.cpu_s - before.cpu_s, 3),
        cpu_playing_s=round(end.cpu_s - joined.cpu_s, 3),
        before_kib=before.memory_kib,
        joined_kib=joined.memory_kib,
        peak_kib=end.peak_kib,
        per_phone_kib=round((joined.memory_kib - before.memory_kib) / phones, 2),
    )


def _refused(refused: Refused, show: str) -> Failure:
    if refused.status in {401, 403}:
        return Failure("failure.no_host_token", show=show)
    if refused.status == 404:
        return Failure("failure.no_show_there", show=show)
    return Failure("failure.no_state", show=show, status=refused.status)
