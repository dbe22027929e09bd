"""The result of a show, made from the ledger's answers and events.

Ranks come from `domain.ranking` over the raw answers, so this is a second
computation beside the ledger's own, and equal to it (Source: R5.6). Only what
was revealed is ranked; a key leaves with the reveal and not before (R3.6).
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from quizserver.domain.board import Placing
from quizserver.domain.events import (
    Event,
    QuestionOpened,
    ReserveTaken,
    ShowCreated,
)
from quizserver.domain.evolve import replay
from quizserver.domain.ids import ParticipantId, QuestionId, ShowCode
from quizserver.domain.phases import QuestionState
from quizserver.domain.prizes import SHOW_PRIZE, Award, awards
from quizserver.domain.ranking import rank_question, rank_show
from quizserver.domain.rundown import Question
from quizserver.domain.show import Play, Show
from quizserver.live.commitment import pack_hash, seal_code
from quizserver.live.journaled import from_row
from quizserver.live.review import all_flags, counting
from quizserver.live.rows import (
    AnswerRow,
    AnswerStatus,
    BatchRow,
    EventRow,
    FlagRow,
    Registration,
)
from quizserver.live.winners import award_reason
from quizserver.texts.catalogue import text
from quizserver.texts.formats import day_of
from quizserver.wire.parts import WinnerPart
from quizserver.wire.results import (
    QuestionResult,
    RankedAnswer,
    Results,
    ShowSummary,
    StandingRow,
)


class Reading(Protocol):
    """The part of a ledger that reports read."""

    async def events(self, show: ShowCode, epoch: str | None = None) -> list[EventRow]:
        """Return the events of a show's newest (or the named) epoch, by step."""
        ...

    async def answers_to(
        self, show: ShowCode, epoch: str, question: QuestionId
    ) -> list[AnswerRow]:
        """Return all answers to a question."""
        ...

    async def registrations(self, show: ShowCode, epoch: str) -> list[Registration]:
        """Return everybody who registered and was not erased."""
        ...

    async def joined(self, show: ShowCode, epoch: str) -> dict[str, int]:
        """Return how many registered, by the page they came from."""
        ...

    async def flags_of(self, show: ShowCode, epoch: str) -> list[FlagRow]:
        """Return the remarks that came after their answers."""
        ...

    async def batches(self, show: ShowCode, epoch: str) -> list[BatchRow]:
        """Return the links of the run's chain, by number."""
        ...


class NoSuchShow(LookupError):
    """The ledger has no show of this code."""


@dataclass(slots=True, kw_only=True)
class Record:
    """What the ledger knows of a show, read once.

    `answers` are the rows of each played question, of every status.
    """

    show: Show
    rows: list[EventRow]
    events: list[Event]
    people: Mapping[ParticipantId, Registration] = field(default_factory=dict)
    answers: dict[QuestionId, list[AnswerRow]] = field(default_factory=dict)
    flags: list[FlagRow] = field(default_factory=list)
    joined: Mapping[str, int] = field(default_factory=dict)

    @property
    def authored(self) -> tuple[Question, ...]:
        """The questions as they were frozen, with their first keys."""
        first = self.events[0]
        assert isinstance(first, ShowCreated)
        return first.rundown.pack.questions

    @property
    def pack_hash(self) -> str:
        """The hash that could be published before the show (Source: R6.2)."""
        return pack_hash(self.show.salt, self.authored)

    @property
    def played(self) -> list[QuestionId]:
        """The questions that were asked, in the order of the show.

        A void question that a reserve replaced stands just before it.
        """
        replaced = {
            event.question: event.replaces
            for event in self.events
            if isinstance(event, ReserveTaken)
        }
        ids: list[QuestionId] = []
        for question in self.show.order:
            line = [question]
            while line[0] in replaced:
                line.insert(0, replaced[line[0]])
            ids += line
        waiting = QuestionState.WAITING
        return [q for q in ids if self.show.plays[q].state is not waiting]

    def named(self, participant: ParticipantId) -> tuple[str, str]:
        """Return name and unit as registered, and what stands for an erased name."""
        person = self.people.get(participant)
        if person is not None:
            return person.name, person.unit
        withdrew = participant in self.show.withdrawn
        key = f"live.{'withdrawn' if withdrew else 'hidden'}_name"
        return text(self.show.lang, key), ""

    def number(self, question: QuestionId) -> int:
        """Return the number a question was played under, from 1."""
        for event in self.events:
            if isinstance(event, ReserveTaken) and event.replaces == question:
                return self.number(event.question)
        return self.show.number(question) or 0


def record_of(rows: list[EventRow]) -> Record:
    """Return a record with the events alone; `rows` are those of one run."""
    events = [from_row(row) for row in rows]
    return Record(show=replay(events), rows=rows, events=events)


async def read_record(ledger: Reading, code: ShowCode) -> Record:
    """Read a show's newest run. Raises NoSuchShow."""
    rows = await ledger.events(code)
    if not rows:
        raise NoSuchShow(code)
    record = record_of(rows)
    epoch = record.show.epoch
    people = await ledger.registrations(code, epoch)
    record.people = {person.participant: person for person in people}
    record.joined = await ledger.joined(code, epoch)
    record.flags = await ledger.flags_of(code, epoch)
    for question in record.played:
        record.answers[question] = await ledger.answers_to(code, epoch, question)
    return record


async def results_of(ledger: Reading, code: ShowCode) -> Results:
    """Return the result of a show as it stands now. Raises NoSuchShow."""
    record = await read_record(ledger, code)
    # Twenty thousand people take a second: not on the loop of the phones.
    return await asyncio.to_thread(compute, record)


def compute(record: Record) -> Results:
    """Return the result of what was read; pure."""
    return Results(
        show=_summary(record),
        questions=tuple(_question(record, q) for q in record.played),
        standings=_standings(record),
        winners=tuple(_winner(record, award) for award in awards(record.show)),
    )


def _summary(record: Record) -> ShowSummary:
    show = record.show
    return ShowSummary(
        code=show.code,
        title=show.title,
        lang=show.lang,
        epoch=show.epoch,
        step=show.step,
        phase=show.phase.value,
        timing=show.rules.timing,
        duration_ms=show.rules.duration_ms,
        participants=sum(record.joined.values()),
        aired_on=aired_on(record),
        via=dict(sorted(record.joined.items())),
        pack_hash=record.pack_hash if show.salt else "",
    )


def aired_on(record: Record) -> str:
    """Return the ISO date, in Vietnam, on which the first question was opened."""
    pairs = zip(record.rows, record.events, strict=True)
    for row, event in pairs:
        if isinstance(event, QuestionOpened):
            return day_of(row.at_ms)
    return ""


def _question(record: Record, id_: QuestionId) -> QuestionResult:
    question = record.show.questions[id_]
    play = record.show.plays[id_]
    out = was_revealed(play)
    answers = record.answers.get(id_, [])
    counts = Counter({option.id: 0 for option in question.options})
    counts.update(row.option for row in _accepted(answers))
    return QuestionResult(
        question=id_,
        number=record.number(id_),
        text=question.text,
        correct=question.key if out else None,
        correct_text=_key_text(question) if out else None,
        void=play.state is QuestionState.VOID,
        void_reason=play.void_reason or None,
        counts={str(option): n for option, n in counts.items()},
        late=sum(row.status == AnswerStatus.LATE for row in answers),
        seal=seal_code(play.seal) if play.seal else None,
        key_was=play.key_was,
        ranking=_ranking(record, question) if _counts(play) else (),
    )


def was_revealed(play: Play) -> bool:
    """Tell whether the key was on air; a void question may have been before."""
    return play.board is not None


def _counts(play: Play) -> bool:
    return play.state is QuestionState.REVEALED


def _key_text(question: Question) -> str:
    return next(o.text for o in question.options if o.id == question.key)


def _accepted(answers: Iterable[AnswerRow]) -> list[AnswerRow]:
    return [row for row in answers if row.status == AnswerStatus.ACCEPTED]


def _right(record: Record, question: Question) -> list[AnswerRow]:
    rows = _accepted(record.answers.get(question.id, []))
    return [row for row in rows if row.option == question.key]


def _ranking(record: Record, question: Question) -> tuple[RankedAnswer, ...]:
    rows = {row.participant: row for row in _right(record, question)}
    placings = rank_question((row.participant, row.time_ms) for row in rows.values())
    later = _later(record, question.id)
    ranked = []
    for place in placings:
        flags = rows[place.participant].flags
        stored = flags.split(",") if flags else []
        said = (*stored, *later.get(place.participant, ()))
        ranked.append(ranked_answer(record, place, said))
    return tuple(ranked)


def ranked_answer(
    record: Record, place: Placing, flags: tuple[str, ...] = ()
) -> RankedAnswer:
    """Return a place in a question with the name of whoever holds it."""
    name, unit = record.named(place.participant)
    return RankedAnswer(
        participant=place.participant,
        name=name,
        unit=unit,
        rank=place.rank,
        tied=place.tied,
        time_ms=place.time_ms,
        flags=flags,
    )


def _later(record: Record, question: QuestionId) -> Mapping[ParticipantId, list[str]]:
    """Return the remarks that came after their answers to a question (R4.11)."""
    flags: dict[ParticipantId, list[str]] = defaultdict(list)
    for row in record.flags:
        if row.question == question:
            flags[row.participant].append(row.flag)
    return flags


def _standings(record: Record) -> tuple[StandingRow, ...]:
    """Rank everybody who answered a question that counts (Source: R5.2).

    As the screens do, also those without a right answer, who stand last (R5.6).
    """
    right: dict[ParticipantId, list[int]] = {}
    for id_, key in counting(record.show).items():
        for row in _accepted(record.answers.get(id_, [])):
            times = right.setdefault(row.participant, [])
            if row.option == key:
                times.append(row.time_ms)
    order = rank_show((who, len(times), sum(times)) for who, times in right.items())
    counted = [row for q in counting(record.show) for row in record.answers.get(q, [])]
    flags = all_flags(counted, record.flags)
    rows = []
    for standing in order:
        name, unit = record.named(standing.participant)
        person = record.people.get(standing.participant)
        rows.append(
            StandingRow(
                participant=standing.participant,
                name=name,
                unit=unit,
                rank=standing.rank,
                tied=standing.tied,
                right=standing.right,
                total_ms=standing.total_ms,
                via=person.via if person else "",
                flags=flags.get(standing.participant, ()),
                consent=_consent(person),
            )
        )
    return tuple(rows)


def _consent(person: Registration | None) -> tuple[str, ...]:
    """Return what somebody agreed to beside taking part (Source: R2.1)."""
    if person is None:
        return ()
    given = person.consent
    said = {"show_name": given.show_name, "contact": given.contact}
    return tuple(purpose for purpose, agreed in said.items() if agreed)


def _winner(record: Record, award: Award) -> WinnerPart:
    name, unit = record.named(award.participant)
    of_show = award.prize == SHOW_PRIZE
    return WinnerPart(
        prize=award.prize,
        name=name,
        status=award.status.value,
        number=None if of_show else record.number(QuestionId(award.prize)),
        unit=unit,
        right=award.right,
        time_ms=award.time_ms,
        rank=award.rank,
        tied=award.tied,
        participant=award.participant,
        reason=award_reason(record.show, award) or None,
    )
