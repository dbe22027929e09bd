"""What a host should know of somebody before a prize is handed over (R4.11).

After each reveal the answers of those on the panel are looked at, and what is
remarkable becomes a note: a sentence with the numbers behind it. When the show is
over all answers are compared as well, in a thread, since that takes seconds for
twenty thousand people; until it is done the notes say what is known without.
Nothing here touches a rank or a prize, and nothing of it leaves for phones or
overlays.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import msgspec

from quizserver.domain.flags import Finding, Flag, Given, findings, show_findings
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId
from quizserver.domain.phases import QuestionState
from quizserver.domain.show import Show
from quizserver.domain.timing import US_PER_MS
from quizserver.live.ports import LedgerDown
from quizserver.live.rows import AnswerRow, AnswerStatus, FlagRow
from quizserver.live.surroundings import Surroundings
from quizserver.texts.catalogue import text
from quizserver.texts.formats import seconds
from quizserver.wire.parts import FlagPart

_LOG: Final = logging.getLogger(__name__)

GRAVEST_FIRST: Final = (
    *(Flag.IMPOSSIBLE, Flag.COVERAGE, Flag.TWINS, Flag.PONG_HELD, Flag.NO_PONG),
    *(Flag.RTT_DIP, Flag.BELOW_WINDOW, Flag.OVERHEAD, Flag.METRONOME, Flag.FAST),
    *(Flag.CLAIM_OVER, Flag.HIDDEN_PAGE, Flag.CHANGED, Flag.RESENT, Flag.ABSENT),
)
"""In which order a host reads them."""

_EVERYDAY: Final = {
    *(Flag.CLAIM_OVER, Flag.HIDDEN_PAGE, Flag.CHANGED, Flag.RESENT, Flag.ABSENT)
}
"""Told of the question at hand only: elsewhere they mean nothing."""


class _Evidence(msgspec.Struct, frozen=True):
    """As much of `live.evidence` as a note or a comparison needs."""

    e_us: int = msgspec.field(default=0, name="E_us")
    a_us: int = msgspec.field(default=0, name="A_us")
    m_us: int = msgspec.field(default=0, name="M_us")
    p_us: int = msgspec.field(default=0, name="P_us")
    t_us: int = msgspec.field(default=0, name="T_us")
    c_ms: int | None = None
    sent_rule: str = msgspec.field(default="", name="S_rule")
    tier: str = ""
    origin: str | None = None
    rtt_before_us: int | None = None
    rtt_after_us: int | None = None
    rtt_min_us: int | None = None
    ring_us: tuple[int, ...] = ()

    @property
    def claimed_us(self) -> int | None:
        """Return c where it counts (R4.3)."""
        is_believed = self.sent_rule in {"live", "capped"} and self.tier != "http"
        return self.c_ms * US_PER_MS if is_believed and self.c_ms is not None else None

    @property
    def kernel_us(self) -> int:
        """Return K (R4.4), 0 where there is none."""
        if self.rtt_before_us is None or self.rtt_after_us is None:
            return 0
        return 8 * self.rtt_after_us - 7 * self.rtt_before_us


_DECODER: Final = msgspec.json.Decoder(_Evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """An answer that counts, its evidence and all its flags."""

    row: AnswerRow
    evidence: _Evidence
    flags: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What is known of one person in a show, and the words for it."""

    show: Show
    participant: ParticipantId
    answers: tuple[_Looked, ...] = ()
    findings: tuple[Finding, ...] = ()

    def notes(self, question: QuestionId | None = None) -> tuple[FlagPart, ...]:
        """Return the notes, gravest first; about one question, or the show.

        `not_eligible` is no flag but leads them all: it settles the matter (R2.5).
        """
        return (*self._barred(), *self._flagged(question))

    def _barred(self) -> Iterator[FlagPart]:
        reason = self.show.not_eligible.get(self.participant)
        if reason is not None:
            said = text(self.show.lang, "live.passed.not_eligible", reason=reason)
            yield FlagPart(code="not_eligible", text=said)

    def _flagged(self, question: QuestionId | None) -> Iterator[FlagPart]:
        for flag in GRAVEST_FIRST:
            for sentence in self._sentences(flag, question):
                yield FlagPart(code=flag, text=sentence)

    def _sentences(self, flag: Flag, question: QuestionId | None) -> Iterator[str]:
        """Yield what is said of one flag: of the show, and of single answers.

        About a question, what happened once in another one is left out; about the
        whole show, what is of every day.
        """
        for finding in self.findings:
            if finding.flag is flag:
                yield _of_show(self.show.lang, finding)
        flagged = [one for one in self.answers if flag in one.flags]
        here = [one for one in flagged if one.row.question == question]
        least = 1 if question is None else 2
        is_told = len(flagged) >= least and flag not in _EVERYDAY
        if here or is_told:
            worst = max(here or flagged, key=partial(_weight, flag))
            yield self._of_answer(flag, worst, len(flagged), is_here=bool(here))

    def _of_answer(self, flag: Flag, one: _Looked, hits: int, *, is_here: bool) -> str:
        lang = self.show.lang
        sentence = text(lang, f"flags.{flag}", **_values(lang, flag, one))
        if not is_here:
            number = self.show.number(one.row.question)
            sentence = text(lang, "flags.at", number=number or "–", sentence=sentence)
        if hits > 1:
            of = len(self.answers)
            sentence = text(lang, "flags.often", sentence=sentence, hits=hits, of=of)
        return sentence


Claim = tuple[ParticipantId, QuestionId | None]
"""Somebody on the panel, for a question or (None) for the whole show."""

Notes = Mapping[Claim, tuple[FlagPart, ...]]


class Review:
    """Looks at one show's people as the panel shows them."""

    def __init__(self, around: Surroundings) -> None:
        self._ledger = around.ledger
        self._start = around.start
        self._step = -1
        self._dossiers: dict[ParticipantId, Dossier] = {}
        self._said: dict[Claim, tuple[FlagPart, ...]] = {}
        self._whole: Mapping[ParticipantId, tuple[Finding, ...]] | None = None
        self._begun: object = None
        self._has_news = False
        self.edition = 0
        """Grows when the notes of a step may have become other ones."""

    def has_news(self) -> bool:
        """Tell, once, that the whole show has been compared since last asked."""
        news, self._has_news = self._has_news, False
        return news

    async def notes(self, show: Show, claims: Collection[Claim]) -> Notes:
        """Return what is to be said of each claim, from the revealed questions.

        While the ledger cannot be read there is nothing to say: a remark must not
        keep the host's panel from its state.
        """
        self._compare(show)
        if show.step != self._step:
            self._step = show.step
            self._forget()
        missing = {who for who, _ in claims if who not in self._dossiers}
        if missing and counting(show):
            try:
                rows = await self._ledger.answers_of(show.code, show.epoch, missing)
                later = await self._ledger.flags_of(show.code, show.epoch)
            except LedgerDown:
                self.edition += 1  # nothing was said, so ask again
                return {}
            self._dossiers |= dossiers(show, missing, rows, later, self._whole)
        for claim in claims:
            who, question = claim
            # Panels and scripts ask again and again while a question is open; the
            # lab saw 30 ms of the loop go into sentences that had not changed.
            if who in self._dossiers and claim not in self._said:
                self._said[claim] = self._dossiers[who].notes(question)
        return {claim: self._said[claim] for claim in claims if claim in self._said}

    def _forget(self) -> None:
        self._dossiers, self._said = {}, {}

    def _compare(self, show: Show) -> None:
        """Begin to compare everybody, once for each count of an ended show."""
        count = tuple(counting(show).items())
        if show.over and count != self._begun:
            self._begun, self._whole = count, None
            self._start(self._compared(show, count))

    async def _compared(self, show: Show, count: object) -> None:
        try:
            whole = await self._everybody(show)
        except Exception:  # noqa: BLE001 - a remark must not stop a show; logged
            _LOG.exception("the answers of a show could not be compared")
            return
        if self._begun == count:
            self._whole, self._has_news = whole, True
            self._forget()
            self.edition += 1

    async def _everybody(self, show: Show) -> dict[ParticipantId, tuple[Finding, ...]]:
        answers: list[Given] = []
        for question in counting(show):
            rows = await self._ledger.answers_to(show.code, show.epoch, question)
            answers += await asyncio.to_thread(givens, rows)
        return await asyncio.to_thread(findings, answers)


def counting(show: Show) -> dict[QuestionId, OptionId]:
    """Return the questions that count, revealed and not void, with their keys."""
    return {
        question: show.questions[question].key
        for question in show.order
        if show.plays[question].state is QuestionState.REVEALED
    }


def givens(rows: Iterable[AnswerRow]) -> list[Given]:
    """Return the accepted answers of some rows as a review compares them."""
    return [
        _given(row, _DECODER.decode(row.evidence or "{}"))
        for row in rows
        if row.status == AnswerStatus.ACCEPTED
    ]


def all_flags(
    rows: Sequence[AnswerRow], later: Iterable[FlagRow]
) -> dict[ParticipantId, tuple[str, ...]]:
    """Return every flag of everybody in a show, gravest first: for reports.

    `rows` are the answers to the questions that count, `later` the run's flags.
    """
    codes: defaultdict[ParticipantId, set[str]] = defaultdict(set)
    for row in rows:
        if row.flags and row.status == AnswerStatus.ACCEPTED:
            codes[row.participant].update(row.flags.split(","))
    questions = {row.question for row in rows}
    for flag in later:
        if flag.question in questions:
            codes[flag.participant].add(flag.flag)
    for who, found in findings(givens(rows)).items():
        codes[who].update(one.flag for one in found)
    order = {str(flag): at for at, flag in enumerate(GRAVEST_FIRST)}
    return {
        who: tuple(sorted(own, key=lambda code: (order.get(code, len(order)), code)))
        for who, own in codes.items()
    }


def dossiers(
    show: Show,
    people: Iterable[ParticipantId],
    rows: Iterable[AnswerRow],
    later: Iterable[FlagRow],
    whole: Mapping[ParticipantId, tuple[Finding, ...]] | None = None,
) -> dict[ParticipantId, Dossier]:
    """Return a dossier of each of some people from their own answers.

    `whole` is what comparing everybody found; without it only a person's own
    series are looked at.
    """
    counts = counting(show)
    marks: defaultdict[tuple[ParticipantId, QuestionId], set[str]] = defaultdict(set)
    for flag in later:
        marks[flag.participant, flag.question].add(flag.flag)
    answers: defaultdict[ParticipantId, list[_Looked]] = defaultdict(list)
    for row in rows:
        if row.question in counts and row.status == AnswerStatus.ACCEPTED:
            stored = row.flags.split(",") if row.flags else ()
            flags = marks[row.participant, row.question].union(stored)
            evidence = _DECODER.decode(row.evidence or "{}")
            looked = _Looked(row=row, evidence=evidence, flags=frozenset(flags))
            answers[row.participant].append(looked)
    return {
        who: Dossier(
            show=show,
            participant=who,
            answers=tuple(answers[who]),
            findings=_own_findings(answers[who])
            if whole is None
            else whole.get(who, ()),
        )
        for who in people
    }


def _own_findings(answers: Iterable[_Looked]) -> tuple[Finding, ...]:
    return show_findings([_given(one.row, one.evidence) for one in answers])


def _given(row: AnswerRow, evidence: _Evidence) -> Given:
    return Given(
        participant=row.participant,
        question=row.question,
        option=row.option,
        time_ms=row.time_ms,
        origin=evidence.origin,
        e_us=evidence.e_us,
        a_us=evidence.a_us,
        m_us=evidence.m_us,
        claimed_us=evidence.claimed_us,
    )


def _of_show(lang: str, one: Finding) -> str:
    return text(
        lang,
        f"flags.{one.flag}",
        hits=one.hits,
        of=one.of,
        ms=one.ms,
        people=one.people,
    )


def _weight(flag: Flag, one: _Looked) -> int:
    """Return how far an answer goes beyond a flag's threshold."""
    evidence = one.evidence
    match flag:
        case Flag.PONG_HELD:
            return evidence.p_us - evidence.kernel_us
        case Flag.RTT_DIP:
            return min(evidence.ring_us) - (evidence.rtt_min_us or 0)
        case Flag.CLAIM_OVER:
            return (evidence.c_ms or 0) * US_PER_MS - evidence.e_us
        case _:
            return -one.row.time_ms


def _values(lang: str, flag: Flag, one: _Looked) -> dict[str, str | int]:
    """Return the numbers that a flag's sentence names."""
    evidence = one.evidence
    match flag:
        case Flag.IMPOSSIBLE | Flag.FAST:
            return {"seconds": seconds(lang, one.row.time_ms)}
        case Flag.PONG_HELD:
            pong, kernel = evidence.p_us, max(0, evidence.kernel_us)
            return {"pong": pong // US_PER_MS, "kernel": kernel // US_PER_MS}
        case Flag.RTT_DIP:
            shown, least = min(evidence.ring_us), evidence.rtt_min_us or 0
            return {"shown": shown // US_PER_MS, "least": least // US_PER_MS}
        case Flag.CLAIM_OVER:
            elapsed_ms = evidence.e_us // US_PER_MS
            claimed = seconds(lang, evidence.c_ms or 0)
            return {"claimed": claimed, "elapsed": seconds(lang, elapsed_ms)}
        case _:
            return {}
