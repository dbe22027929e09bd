"""What a host sees: everything, the key included.

Only the host socket and the host call read this; it never goes to a phone or
an overlay (Source: R3.6).
"""

from collections import deque
from typing import Final

import msgspec

from quizserver.bank.names import is_author
from quizserver.domain.events import ShowEnded
from quizserver.domain.ids import ParticipantId, QuestionId
from quizserver.domain.next_step import next_step
from quizserver.domain.phases import Phase, QuestionState
from quizserver.domain.prizes import SHOW_PRIZE, Award, awards
from quizserver.domain.rundown import Question
from quizserver.domain.show import Show
from quizserver.domain.views import host_question
from quizserver.live.commitment import seal_code
from quizserver.live.cues import Scene, picture_path
from quizserver.live.delays import Delays
from quizserver.live.elsewhere import Elsewhere
from quizserver.live.intake import Intake
from quizserver.live.log_lines import log_line
from quizserver.live.orders import allowed
from quizserver.live.outputs import Outputs, part_of
from quizserver.live.ports import LedgerDown
from quizserver.live.review import Notes, Review
from quizserver.live.roster import Roster
from quizserver.live.rows import EventRow
from quizserver.live.surroundings import Surroundings
from quizserver.live.vitals import Concern
from quizserver.live.winners import award_reason
from quizserver.texts.catalogue import text
from quizserver.texts.formats import day_of
from quizserver.wire import host as m
from quizserver.wire.parts import OptionPart, WinnerPart

FASTEST_SHOWN: Final = 10
_AUDIT_SHOWN: Final = 30
_DAY_MS: Final = 24 * 3_600_000
_NO_NUMBERS: Final = m.LivePart(online=0, joined=0)


class Backstage:
    """Builds the host state of one show."""

    def __init__(
        self,
        around: Surroundings,
        *,
        intake: Intake,
        roster: Roster,
        outputs: Outputs,
        join_url: str,
        pack_hash: str,
    ) -> None:
        self._ledger = around.ledger
        self._clock = around.clock
        self._phones = around.phones
        self._vitals = around.vitals
        self._neighbours = around.neighbours
        self._elsewhere = Elsewhere(around, intake=intake, roster=roster)
        self._trouble = around.trouble
        self._cheers = around.cheers
        self._intake = intake
        self._roster = roster
        self.outputs = outputs
        self._join_url = join_url
        self._pack_hash = pack_hash
        self._audit: deque[m.AuditPart] = deque(maxlen=_AUDIT_SHOWN)
        self._review = Review(around)
        self.delays = Delays()
        self._keep_ms = around.keep_days * _DAY_MS
        self.names_until: str | None = None
        """The day (ISO, in Vietnam) on which names are erased; None before the end."""
        self._lasting: m.HostState | None = None
        self._lasts: object = None

    def log(self, row: EventRow) -> None:
        """Add an event to the audit tail."""
        self._audit.append(log_line(row))
        if row.name == ShowEnded.__name__:
            self.names_until = day_of(row.at_ms + self._keep_ms)

    def told(self, step: int) -> None:
        """Note that overlays are told of `step` now, to see how soon they show it."""
        self.outputs.told(step)

    def has_news(self) -> bool:
        """Tell, once, that there are new notes on those who may win (R4.11)."""
        return self._review.has_news()

    async def state(self, show: Show) -> m.HostState:
        """Return everything a host panel shows."""
        scene = Scene(show, self._roster, self._clock)
        return msgspec.structs.replace(
            await self._until_news(show, scene),
            allowed=allowed(show, self._clock.stamp()),
            live=await self.live(show),
            opens_in_ms=scene.opens_in_ms(),
            closes_in_ms=scene.closes_in_ms(),
            stream=scene.stream(),
        )

    async def _until_news(self, show: Show, scene: Scene) -> m.HostState:
        """Return what stays as it is until the next event or new notes.

        Scripts ask for the state many times a second, also while answers come in.
        A row for each question and a note for each prize took 10 ms of the loop in
        a show of a hundred questions, and so long came every answer too late.
        """
        lasts = (show.step, self._review.edition)
        if self._lasting is None or lasts != self._lasts:
            self._lasting, self._lasts = await self._said(show, scene), lasts
        return self._lasting

    async def _said(self, show: Show, scene: Scene) -> m.HostState:
        claims = awards(show)
        notes = await self._review.notes(show, [_claim(one) for one in claims])
        order = (*show.order, *(q for q in show.questions if q not in show.order))
        return m.HostState(
            epoch=show.epoch,
            step=show.step,
            phase=show.stage_phase,
            code=show.code,
            title=show.title,
            lang=show.lang,
            timing=show.rules.timing,
            questions=tuple(_row(show, question) for question in order),
            allowed=(),
            live=_NO_NUMBERS,
            join_url=self._join_url,
            next=next_part(show),
            question=_question(show),
            paused=show.behind is not None,
            standings=scene.standings(show.leaderboard).top,
            winners=tuple(self._winner(show, award, notes) for award in claims),
            notice=show.notice or None,
            pack_hash=self._pack_hash or None,
            prize_min_right=show.rules.prize_min_right,
            max_prizes_per_person=show.rules.max_prizes_per_person,
            audit=tuple(self._audit),
            look=scene.look(),
            driver=show.driver or None,
            names_held=show.names_held,
            cheering=show.cheering,
            again=_again(show),
            names_until=self.names_until,
            outputs={place: part_of(one) for place, one in show.outputs.items()},
        )

    async def live(self, show: Show) -> m.LivePart:
        """Return the numbers, and the provisional order of the question."""
        tally, vitals = self._intake.tally, self._vitals()
        elsewhere = self._neighbours.said(show.code)
        fastest = await self._fastest(show)
        return m.LivePart(
            online=self._phones.online(show.code) + elsewhere.online,
            joined=len(self._roster),
            answered=tally.accepted,
            counts={str(option): n for option, n in tally.counts.items()},
            accepted=tally.accepted,
            late=tally.late,
            rejected=tally.rejected + elsewhere.rejected,
            fastest=fastest,
            via=dict(self._roster.via),
            delays=self.delays.parts(),
            outputs=(*self.outputs.parts(), *elsewhere.outputs),
            waiting=self._waiting(show, fastest),
            fair=self._intake.trips.parts(self._roster.page),
            health=dict(vitals.numbers),
            concerns=tuple(_concern(one) for one in vitals.concerns),
            rehearsal_trouble=self._trouble(show.code),
            cheers=self._cheers.told(show.code),
        )

    def _waiting(
        self, show: Show, fastest: tuple[m.HostFastest, ...]
    ) -> tuple[m.WaitingName, ...]:
        """Return whose names screens show, or soon will, and wait to be passed."""
        people = [ParticipantId(one.participant) for one in fastest]
        people += [row.participant for row in show.leaderboard.top]
        if show.over:
            people += [award.participant for award in awards(show)]
        return tuple(
            m.WaitingName(
                participant=one,
                name=self._roster.full_name(show, one),
                unit=self._roster.unit(one),
            )
            for one in dict.fromkeys(people)
            if self._roster.waits(show, one)
        )

    async def _fastest(self, show: Show) -> tuple[m.HostFastest, ...]:
        running = (Phase.OPEN, Phase.LOCKED, Phase.REVEALED)
        if show.current is None or show.stage_phase not in running:
            return ()
        notes: Notes = {}
        try:
            if show.play.board is not None:
                placings = show.play.board.fastest
                claims = [(placing.participant, show.current) for placing in placings]
                notes = await self._review.notes(show, claims)
            else:
                key = show.questions[show.current].key
                placings = await self._ledger.provisional(
                    show.code, show.epoch, show.current, key, FASTEST_SHOWN
                )
            people = [placing.participant for placing in placings]
            await self._elsewhere.people(show, people)
        except LedgerDown:
            return ()  # the concerns must come, which say that it is down
        return tuple(
            m.HostFastest(
                participant=placing.participant,
                name=self._roster.full_name(show, placing.participant),
                unit=self._roster.unit(placing.participant),
                rank=placing.rank,
                tied=placing.tied,
                time_ms=placing.time_ms,
                flags=self._marks(show, placing.participant),
                notes=notes.get((placing.participant, show.current), ()),
                shown=self._roster.shown_instead(show, placing.participant),
            )
            for placing in placings
        )

    def _marks(self, show: Show, participant: ParticipantId) -> tuple[str, ...]:
        """Return an answer's flags, and "hidden" for whom screens name otherwise."""
        flags, mark = self._intake.flags(participant), show.names.get(participant)
        if mark is None or not (mark.hidden or mark.alias):
            return flags
        return (*flags, "hidden")

    def _winner(self, show: Show, award: Award, notes: Notes) -> WinnerPart:
        number = None
        if award.prize != SHOW_PRIZE:
            number = next(
                (show.number(q) for q in show.order if q == award.prize), None
            )
        return WinnerPart(
            prize=award.prize,
            name=self._roster.full_name(show, award.participant),
            status=award.status,
            number=number,
            unit=self._roster.unit(award.participant),
            right=award.right,
            time_ms=award.time_ms,
            rank=award.rank,
            tied=award.tied,
            participant=award.participant,
            reason=award_reason(show, award) or None,
            notes=notes.get(_claim(award), ()),
            shown=self._roster.shown_instead(show, award.participant),
        )


def _concern(concern: Concern) -> m.ConcernPart:
    return m.ConcernPart(
        code=concern.code,
        level=concern.level,
        gauge=concern.gauge,
        value=concern.value,
        unit=concern.unit,
    )


def _claim(award: Award) -> tuple[ParticipantId, QuestionId | None]:
    """Return who is to be looked at, and for which question."""
    is_show = award.prize == SHOW_PRIZE
    return award.participant, None if is_show else QuestionId(award.prize)


def next_part(show: Show) -> m.NextPart | None:
    """Return what the big button says and does, in the show's language."""
    step = next_step(show)
    if step is None:
        return None
    ahead = step.value in ("ask", "next") or (
        step.value == "open" and show.phase is not Phase.ASKED
    )
    question = show.next_question if ahead else show.current
    number = show.number(question) if question is not None else None
    seconds = show.duration_ms(question) // 1000 if question is not None else None
    label = text(
        show.lang, f"live.next.{step.value}", number=number or "", seconds=seconds or ""
    )
    return m.NextPart(command=step, label=label, number=number, seconds=seconds)


def _row(show: Show, question: QuestionId) -> m.RundownRow:
    authored, play = show.questions[question], show.plays[question]
    board = play.board
    right = dict(board.counts).get(authored.key, 0) if board is not None else None
    is_out = play.state is QuestionState.REVEALED
    return m.RundownRow(
        id=authored.id,
        number=show.number(authored.id),
        text=authored.text,
        state=play.state,
        reserve=authored.reserve,
        void_reason=play.void_reason or None,
        key=authored.key if is_out else None,
        key_was=play.key_was,
        seal=seal_code(play.seal) if play.seal else None,
        lost_ms=play.lost_ms,
        answered=board.answered if board is not None else None,
        right=right,
        options=_options(authored) if is_out else (),
        unread=not _is_read(authored),
        position=show.positions.get(authored.id),
    )


def _is_read(question: Question) -> bool:
    """Tell whether somebody has reviewed it who did not write it."""
    author, reviewer = question.author, question.reviewer
    return bool(author and reviewer) and not is_author(reviewer, author)


def _again(show: Show) -> m.AgainPart | None:
    again = show.again
    if again is None:
        return None
    return m.AgainPart(picture=again.picture, question=again.question)


def _options(question: Question) -> tuple[OptionPart, ...]:
    return tuple(OptionPart(id=o.id, text=o.text) for o in question.options)


def _question(show: Show) -> m.HostQuestion | None:
    """Return the current question, or the coming one before it is asked."""
    view = host_question(show)
    if view is None:
        return None
    question = view.question
    return m.HostQuestion(
        id=question.id,
        number=view.public.number,
        total=view.public.total,
        state=QuestionState(view.public.state),
        text=question.text,
        options=_options(question),
        key=question.key,
        explanation=question.explanation,
        source=question.source,
        duration_ms=view.public.duration_ms,
        as_of=question.as_of,
        image=picture_path(question.image),
        lost_ms=show.play.lost_ms,
    )
