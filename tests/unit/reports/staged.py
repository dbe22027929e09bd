"""A whole show, played into a real ledger: what an audit export is made of.

`Staged` appends events as a running show does, with the ranks, lines and links
that the ledger gives; answers are timed by the real rule from trips by chance.
The clock stands where the play puts it.
"""

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count

from quizserver.domain import events as e
from quizserver.domain.board import Board, Leaderboard
from quizserver.domain.evolve import created, evolve
from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode
from quizserver.domain.phases import QuestionState
from quizserver.domain.prizes import LINE, AwardStatus, awards
from quizserver.domain.rundown import Pack, Rules, Rundown
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS, Stamp
from quizserver.domain.timing import Measured, take
from quizserver.live.appending import TOP
from quizserver.live.evidence import evidence_text
from quizserver.live.journaled import first_row, next_row
from quizserver.live.rows import (
    AnswerRow,
    AnswerStatus,
    EventRow,
    FlagRow,
    Rescored,
    ShowHead,
    Stored,
)
from quizserver.reports.audit import audit_of
from quizserver.store.sql_ledger import SqlLedger
from tests.chance import trip_by_chance
from tests.unit.reports.played import AIRED_MS, a_question
from tests.unit.store.rows import Judged

CODE, EPOCH = ShowCode("CCHC1"), "e1"


@dataclass
class Staged:
    """A show that is being played; `chance` makes its answers."""

    ledger: SqlLedger
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    rules: Rules = field(default_factory=Rules)
    show: Show = field(init=False)
    now_ms: int = AIRED_MS
    _refs: "count[int]" = field(default_factory=lambda: count(1))

    async def begin(
        self, keys: str = "CABD", people: int = 12, before: e.Event | None = None
    ) -> None:
        """Make the show, with a question for each key and a reserve.

        `before` happens before the lobby opens.
        """
        questions = [a_question(f"q{n}", key) for n, key in enumerate(keys, 1)]
        pack = Pack(
            id="pack",
            title="Gói câu hỏi",
            lang="vi",
            questions=(*questions, a_question("r1", "D", reserve=True)),
        )
        rundown = Rundown(title="Cải cách", lang="vi", pack=pack, rules=self.rules)
        first = e.ShowCreated(code=CODE, epoch=EPOCH, rundown=rundown, salt="5a17" * 8)
        self.show = created(first)
        self.people = [ParticipantId(f"p{n:05}") for n in range(people)]
        row = first_row(first, at_ms=self.now_ms, actor="ht")
        head = ShowHead(title="Cải cách", lang="vi", phase="draft")
        await self.ledger.append(row, head=head)
        if before is not None:
            await self.then(before)
        await self.then(e.LobbyOpened())

    def row(self, event: e.Event) -> EventRow:
        """Return the row of the next event, a second later."""
        self.now_ms += 1_007
        ref = f"ref{next(self._refs)}"
        return next_row(self.show, event, at_ms=self.now_ms, actor="Hòa", ref=ref)

    async def then(self, event: e.Event) -> None:
        """Let an event happen."""
        await self.ledger.append(self.row(event))
        self.show = evolve(self.show, event)

    async def ask(self, question: str) -> QuestionId:
        """Ask and open a question."""
        id_ = QuestionId(question)
        await self.then(e.QuestionAsked(question=id_))
        stamp = Stamp(boot="b", mono_ns=self.now_ms * NS_PER_MS, utc_ms=self.now_ms)
        await self.then(e.QuestionRolled(question=id_, opens_at=stamp))
        await self.then(
            e.QuestionOpened(question=id_, opened_at=stamp, duration_ms=15_000)
        )
        return id_

    async def answer(
        self, question: QuestionId, given: Iterable[tuple[ParticipantId, str, int]]
    ) -> None:
        """Store answers (who, option, E in ms), in one commit."""
        rows = [self.answer_row(question, *one) for one in given]
        settled = asyncio.get_running_loop().create_future()
        left = len(rows)

        def done(row: AnswerRow, how: Stored) -> None:
            nonlocal left
            assert how is Stored.NEW
            left -= 1
            if left == 0:
                settled.set_result(None)

        for row in rows:
            self.ledger.put_answer(Judged(row), done)
        if rows:
            await settled

    def answer_row(
        self, question: QuestionId, who: ParticipantId, option: str, e_ms: int
    ) -> AnswerRow:
        """Return an answer's row, timed over a trip by chance."""
        play = self.show.plays[question]
        assert play.opened_at is not None
        opened_ns = play.opened_at.mono_ns
        measured = Measured(
            opened_ns=opened_ns,
            received_ns=opened_ns + e_ms * NS_PER_MS + self.chance.randrange(NS_PER_MS),
            claimed_ms=self.chance.choice((None, e_ms - 90, e_ms - 40)),
            trip=trip_by_chance(self.chance, opened_ns),
        )
        rule = self.show.rules.timing
        taken = take(rule, measured, play.duration_ms)
        status = AnswerStatus.ACCEPTED if taken.in_time else AnswerStatus.LATE
        return AnswerRow(
            show=CODE,
            epoch=EPOCH,
            question=question,
            participant=who,
            option=OptionId(option),
            status=status.value,
            time_ms=taken.time_ms,
            received_ns=measured.received_ns,
            at_ms=self.now_ms + e_ms,
            receipt=f"{self.chance.randrange(16**6):06X}",
            evidence=evidence_text(rule, measured, taken, play.duration_ms),
            flags=self.chance.choice(("", "", "fast", "fast,resent")),
        )

    async def answers_by_chance(self, question: QuestionId) -> None:
        """Let nine in ten answer, half of them right, a few late."""
        key = self.show.questions[question].key
        given = [
            (
                who,
                key if self.chance.random() < 0.5 else self.chance.choice("ABCD"),
                self.chance.choice((250, 900, 2_000, 2_003, 4_000, 9_500, 16_050)),
            )
            for who in self.people
            if self.chance.random() < 0.9
        ]
        half = len(given) // 2
        await self.answer(question, given[:half])
        await self.answer(question, given[half:])

    async def close(self, question: QuestionId) -> None:
        """Lock a question and seal it."""
        await self.then(e.QuestionLocked(question=question, duration_ms=15_000))
        link = await self.ledger.chain_head(CODE, EPOCH)
        await self.then(
            e.QuestionSealed(question=question, link=link.no, sha256=link.sha256)
        )

    async def reveal(self, question: QuestionId) -> None:
        """Reveal a question with the ledger's board."""
        key = self.show.questions[question].key

        told: list[e.Event] = []

        def event(board: Board) -> EventRow:
            told.append(e.AnswerRevealed(question=question, board=board, key=key))
            return self.row(told[-1])

        await self.ledger.append_reveal(
            event, show=CODE, epoch=EPOCH, question=question, key=key, top=TOP
        )
        self.show = evolve(self.show, told[-1])

    async def play(self, question: str) -> QuestionId:
        """Play a question from its text to its reveal."""
        id_ = await self.ask(question)
        await self.answers_by_chance(id_)
        await self.close(id_)
        await self.reveal(id_)
        return id_

    async def leaderboard(self) -> Leaderboard:
        """Return the ledger's standings."""
        return await self.ledger.leaderboard(CODE, EPOCH, TOP)

    async def standings(self) -> None:
        """Show the standings."""
        await self.then(e.StandingsShown(leaderboard=await self.leaderboard()))

    async def end(self) -> None:
        """End the show with the ledger's order and lines."""
        lines = await self.ledger.prize_lines(
            show=CODE,
            epoch=EPOCH,
            least_right=self.show.rules.prize_min_right,
            depth=LINE,
        )
        await self.then(e.ShowEnded(leaderboard=await self.leaderboard(), lines=lines))

    async def void(self, question: str) -> None:
        """Make a question void; ranks are made anew if it counted."""
        id_ = QuestionId(question)
        event = e.QuestionVoided(question=id_, reason="Hai đáp án", leaderboard=None)
        if self.show.plays[id_].state is QuestionState.REVEALED:
            await self._recount(event)
        else:
            await self.then(event)

    async def correct(self, question: str, key: str) -> None:
        """Correct a key."""
        empty = Board(counts=(), fastest=())
        await self._recount(
            e.KeyCorrected(
                question=QuestionId(question),
                key=OptionId(key),
                reason="Nhầm đáp án",
                board=empty,
                leaderboard=self.show.leaderboard,
            )
        )

    async def _recount(self, event: e.QuestionVoided | e.KeyCorrected) -> None:
        after = evolve(self.show, event)
        keys = {
            question: after.questions[question].key
            for question, play in after.plays.items()
            if play.state is QuestionState.REVEALED
        }

        told: list[e.Event] = []

        def made(found: Rescored) -> EventRow:
            lines = found.lines if self.show.over else ()
            filled = replace(event, leaderboard=found.leaderboard, lines=lines)
            if isinstance(filled, e.KeyCorrected):
                filled = replace(filled, board=found.boards[filled.question])
            told.append(filled)
            return self.row(filled)

        await self.ledger.append_rescore(
            made,
            show=CODE,
            epoch=EPOCH,
            keys=keys,
            top=TOP,
            least_right=self.show.rules.prize_min_right,
            depth=LINE,
        )
        self.show = evolve(self.show, told[-1])

    async def flag(self, question: str, who: ParticipantId, flag: str) -> None:
        """Put a flag on an answer, and wait until it is stored."""
        row = FlagRow(
            show=CODE,
            epoch=EPOCH,
            question=QuestionId(question),
            participant=who,
            flag=flag,
            at_ms=self.now_ms,
        )
        self.ledger.put_flag(row)
        await self.then(e.NoticePosted(text="Nghỉ một phút"))

    async def confirm_all(self) -> None:
        """Confirm every winner; of a tie the first."""
        while open_ := [a for a in awards(self.show) if a.status in _OPEN]:
            first = open_[0]
            await self.then(
                e.WinnerConfirmed(prize=first.prize, participant=first.participant)
            )

    async def export(self) -> list[bytes]:
        """Return the lines of the audit export."""
        return [
            line
            async for chunk in audit_of(self.ledger, CODE)
            for line in chunk.splitlines()
        ]


_OPEN = (AwardStatus.PROVISIONAL, AwardStatus.UNDECIDED)


async def whole_show(ledger: SqlLedger, seed: int = 1) -> Staged:
    """Play a show in which everything happens that an export can hold."""
    rules = Rules(prize_min_right=5)
    show = Staged(ledger=ledger, chance=random.Random(seed), rules=rules)
    set_anew = e.PrizeRulesSet(prize_min_right=2, max_prizes_per_person=2)
    await show.begin(before=set_anew)
    await show.play("q1")
    await show.flag("q1", show.people[3], "changed")
    await show.standings()
    q2 = await show.ask("q2")
    await show.answers_by_chance(q2)
    await show.void("q2")
    await show.then(e.ReserveTaken(question=QuestionId("r1"), replaces=q2))
    await show.then(e.ShowPaused(reason="Nghỉ"))
    await show.then(e.ShowResumed())
    await show.play("r1")
    await show.play("q3")
    await show.void("q1")
    await show.standings()
    await show.then(
        e.NameHidden(participant=show.people[1], hidden=True, alias="Bạn đọc")
    )
    await show.end()
    await show.confirm_all()
    await show.correct("q3", "A")
    await show.then(
        e.EligibilitySet(
            participant=show.people[2], eligible=False, reason="Ban Tổ chức"
        )
    )
    await show.confirm_all()
    await show.then(e.ResultsConfirmed())
    await show.then(e.ResultsPublished())
    return show
