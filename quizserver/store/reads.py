"""Every read of the ledger; nothing here can write.

The server reads its own database this way, beside the writer; exports and checks
read one that another process may own (`archive`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import msgspec

from quizserver.domain.board import Leaderboard, Placing, PrizeLine, Standing
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode
from quizserver.live.rows import (
    AnswerRow,
    AnswerStatus,
    BatchRow,
    EventRow,
    FlagRow,
    Link,
    OwnResult,
    OwnStanding,
    Registration,
    RosterRow,
    RunOfPeople,
    ShowRow,
)
from quizserver.store import people, queries
from quizserver.store.lines import LineRow, prize_lines
from quizserver.store.readers import Readers
from quizserver.store.vault import Vault
from quizserver.store.writes import Run

_ACCEPTED: Final = AnswerStatus.ACCEPTED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """What a query counted."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _TallyRow:
    status: str
    option: OptionId
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _JoinedRow:
    via: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _OwnAnswer:
    participant: ParticipantId
    status: str
    time_ms: int


class SqlReads:
    """The reads of `live.ports.Ledger`. Methods are called on the event loop."""

    def __init__(self, readers: Readers[Any], *, secret: bytes) -> None:
        """Read over `readers`; `secret` opens personal data."""
        self.readers = readers
        self._vault = Vault(secret)

    def close(self) -> None:
        """Finish the reads under way and close. May be called again."""
        self.readers.close()

    # --- shows and events ---------------------------------------------------------

    async def shows(self) -> list[ShowRow]:
        """Return the shows, oldest first."""
        return await self.readers.read(queries.SHOWS, {}, ShowRow)

    async def events(
        self, show: ShowCode, epoch: str | None = None, *, after: int = 0
    ) -> list[EventRow]:
        """Return the events of a show's newest (or the named) epoch after a step."""
        values = {"show": show, "epoch": epoch, "after": after}
        return await self.readers.read(queries.EVENTS, values, EventRow)

    # --- answers ------------------------------------------------------------------

    async def answers_to(
        self,
        show: ShowCode,
        epoch: str,
        question: QuestionId,
        participants: Iterable[ParticipantId] | None = None,
    ) -> list[AnswerRow]:
        """Return the answers to a question, of all by id, or of the named."""
        values = Run(show=show, epoch=epoch).values(question=question)
        sql = queries.ANSWERS_TO
        if participants is not None:
            sql = queries.SOME_ANSWERS_TO + self.readers.NAMED
            values["participants"] = _listed(participants)
        return await self.readers.read(sql, values, AnswerRow)

    async def tally(
        self, show: ShowCode, epoch: str, question: QuestionId
    ) -> tuple[dict[OptionId, int], int]:
        """Return accepted answers by option, and the number of late ones."""
        values = Run(show=show, epoch=epoch).values(question=question)
        rows = await self.readers.read(queries.TALLY, values, _TallyRow)
        counts = {r.option: r.number for r in rows if r.status == AnswerStatus.ACCEPTED}
        return counts, sum(r.number for r in rows if r.status == AnswerStatus.LATE)

    async def answers_of(
        self, show: ShowCode, epoch: str, participants: Iterable[ParticipantId]
    ) -> list[AnswerRow]:
        """Return all answers of the named participants, by question and id."""
        values = Run(show=show, epoch=epoch).values(participants=_listed(participants))
        order = "order by answer.question, participant"
        sql = f"{queries.ANSWERS_OF}{self.readers.NAMED} {order}"
        return await self.readers.read(sql, values, AnswerRow)

    async def flags_of(self, show: ShowCode, epoch: str) -> list[FlagRow]:
        """Return the flags that were put on answers, in order of the chain."""
        values = Run(show=show, epoch=epoch).values()
        return await self.readers.read(queries.FLAGS_OF, values, FlagRow)

    # --- boards -------------------------------------------------------------------

    async def provisional(
        self, show: ShowCode, epoch: str, question: QuestionId, key: OptionId, top: int
    ) -> tuple[Placing, ...]:
        """Return the first right answers so far, ranked (Source: R5.1)."""
        values = Run(show=show, epoch=epoch).values(question=question, key=key, top=top)
        return tuple(await self.readers.read(queries.PROVISIONAL, values, Placing))

    async def leaderboard(self, show: ShowCode, epoch: str, top: int) -> Leaderboard:
        """Return the top of the standings as of the last reveal (Source: R5.2)."""
        values = Run(show=show, epoch=epoch).values(top=top)
        first, total = await self.readers.read_together(
            [(queries.STANDINGS, Standing), (queries.PARTICIPANTS_SCORED, Number)],
            values,
        )
        return Leaderboard(top=tuple(first), participants=total[0].number)

    async def own_results(
        self,
        show: ShowCode,
        epoch: str,
        question: QuestionId | None,
        participants: Iterable[ParticipantId] | None,
    ) -> list[OwnResult]:
        """Return results of the named, or of everybody who answered.

        Placings and standings are those of the last reveal; a named participant
        who never answered is in the list too.
        """
        values = Run(show=show, epoch=epoch).values(question=question or "")
        named = "" if participants is None else self.readers.NAMED
        ids = [] if participants is None else list(participants)
        values["participants"] = _listed(ids)
        standings, placings, answers = await self.readers.read_together(
            [
                (queries.OWN_STANDINGS + named, OwnStanding),
                (queries.OWN_PLACINGS + named, Placing),
                (queries.OWN_ANSWERS + named, _OwnAnswer),
            ],
            values,
        )
        return _own_results(ids, standings, placings, answers)

    async def prize_lines(
        self, *, show: ShowCode, epoch: str, least_right: int, depth: int
    ) -> tuple[PrizeLine, ...]:
        """Return who comes next for each prize, best first (Source: R5.4)."""
        values = Run(show=show, epoch=epoch).values(
            least_right=least_right, depth=depth
        )
        of_questions, of_show = await self.readers.read_together(
            [(queries.PRIZE_CANDIDATES, LineRow), (queries.SHOW_CANDIDATES, LineRow)],
            values,
        )
        return prize_lines(of_questions, of_show)

    # --- the chain ------------------------------------------------------------------

    async def chain_head(self, show: ShowCode, epoch: str) -> Link:
        """Return the newest link of the run's chain (Source: R6.1)."""
        values = Run(show=show, epoch=epoch).values()
        found = await self.readers.read(queries.CHAIN_HEAD, values, Link)
        return found[0] if found else Link()

    async def batches(self, show: ShowCode, epoch: str) -> list[BatchRow]:
        """Return the links of the run's chain, by number."""
        values = Run(show=show, epoch=epoch).values()
        return await self.readers.read(queries.BATCHES, values, BatchRow)

    # --- participants -------------------------------------------------------------

    async def registrations(self, show: ShowCode, epoch: str) -> list[Registration]:
        """Return everybody who registered, by participant id."""
        return await self._registered(queries.REGISTRATIONS, show, epoch)

    async def roster(
        self,
        show: ShowCode,
        epoch: str,
        participants: Iterable[ParticipantId] | None = None,
    ) -> list[RosterRow]:
        """Return everybody who registered, or the named, as screens know them.

        A restart reads everybody: nothing is decrypted for it.
        """
        values = Run(show=show, epoch=epoch).values()
        sql = queries.ROSTER
        if participants is not None:
            sql += self.readers.NAMED
            values["participants"] = _listed(participants)
        return await self.readers.read(sql, values, RosterRow)

    async def joined(self, show: ShowCode, epoch: str) -> dict[str, int]:
        """Return how many registered, by the label of the page they came from."""
        values = Run(show=show, epoch=epoch).values()
        rows = await self.readers.read(queries.JOINED, values, _JoinedRow)
        return {row.via: row.number for row in rows}

    async def find_participant(
        self, show: ShowCode, epoch: str, participant: ParticipantId
    ) -> Registration | None:
        """Return the participant with this id."""
        found = await self._registered(
            queries.BY_PARTICIPANT, show, epoch, participant=participant
        )
        return found[0] if found else None

    async def find_by_recovery(
        self, show: ShowCode, epoch: str, recovery_hash: str
    ) -> Registration | None:
        """Return the participant with this recovery code."""
        found = await self._registered(
            queries.BY_RECOVERY, show, epoch, recovery=recovery_hash
        )
        return found[0] if found else None

    async def expired(self, before_ms: int) -> list[RunOfPeople]:
        """Return the runs that keep names and ended before a moment (UTC)."""
        values: people.Values = {"before_ms": before_ms}
        return await self.readers.read(queries.EXPIRED, values, RunOfPeople)

    async def _registered(
        self, sql: str, show: ShowCode, epoch: str, **more: str
    ) -> list[Registration]:
        values = Run(show=show, epoch=epoch).values(**more)
        rows = await self.readers.read(sql, values, people.PersonRow)
        return [people.registration(row, show, epoch, self._vault) for row in rows]


def _listed(participants: Iterable[ParticipantId]) -> str:
    """Return the value of `:participants`."""
    return msgspec.json.encode(list(participants)).decode()


def _own_results(
    ids: Iterable[ParticipantId],
    standings: Iterable[OwnStanding],
    placings: Iterable[Placing],
    answers: Sequence[_OwnAnswer],
) -> list[OwnResult]:
    """Return a result for each of `ids` and for whoever else has a row."""
    standing = {row.participant: row for row in standings}
    placing = {row.participant: row for row in placings}
    times = {row.participant: row.time_ms for row in answers if row.status == _ACCEPTED}
    return [
        OwnResult(
            participant=one,
            answered=one in times,
            right=one in placing,
            time_ms=times.get(one),
            placing=placing.get(one),
            standing=standing.get(one),
        )
        for one in dict.fromkeys(
            chain(ids, standing, (row.participant for row in answers))
        )
    ]
