"""Shows as the ledger would hold them, played on paper (`staged` really plays).

`Played` writes real journal rows of real events, so results are computed by
the same replay as in a running server.
"""

from collections import Counter
from dataclasses import dataclass, field

from quizserver.domain import events as e
from quizserver.domain.board import Board, Leaderboard
from quizserver.domain.evolve import created, evolve
from quizserver.domain.ids import (
    OPTION_IDS,
    OptionId,
    ParticipantId,
    QuestionId,
    ShowCode,
)
from quizserver.domain.ranking import rank_question, rank_show
from quizserver.domain.rundown import Option, Pack, Question, Rules, Rundown
from quizserver.domain.show import Show
from quizserver.domain.stamps import Stamp
from quizserver.domain.timing import Measured, take
from quizserver.live.evidence import evidence_text
from quizserver.live.journaled import first_row, next_row
from quizserver.live.rows import AnswerRow, Consent, EventRow, FlagRow, Registration
from quizserver.reports.results import Record

AIRED_MS = 1_697_724_000_000
"""19/10/2023 21:00 in Vietnam."""


def a_question(name: str, key: str = "C", *, reserve: bool = False) -> Question:
    options = tuple(
        Option(id=letter, text=f"Phương án {letter}") for letter in OPTION_IDS[:4]
    )
    return Question(
        id=QuestionId(name),
        text=f"Câu hỏi {name}?",
        options=options,
        key=OptionId(key),
        source="Báo cáo 4569/BC-SNV",
        author="Tác giả Bí Mật",
        reviewer="Người Duyệt",
        reserve=reserve,
    )


@dataclass
class Played:
    """A show being played; `record` is what was read of it."""

    keys: tuple[str, ...] = ("C", "A", "B")
    code: str = "CCHC1"
    lang: str = "vi"
    aired_ms: int = AIRED_MS
    salt: str = ""
    show: Show = field(init=False)
    rows: list[EventRow] = field(default_factory=list)
    events: list[e.Event] = field(default_factory=list)
    people: dict[ParticipantId, Registration] = field(default_factory=dict)
    answers: dict[QuestionId, list[AnswerRow]] = field(default_factory=dict)
    flags: list[FlagRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        questions = [a_question(f"q{n}", key) for n, key in enumerate(self.keys, 1)]
        pack = Pack(
            id="pack",
            title="Gói câu hỏi",
            lang=self.lang,
            questions=(*questions, a_question("r1", "D", reserve=True)),
        )
        rundown = Rundown(
            title="Tìm hiểu CCHC",
            lang=self.lang,
            pack=pack,
            rules=Rules(timing="received"),
        )
        first = e.ShowCreated(
            code=ShowCode(self.code), epoch="e1", rundown=rundown, salt=self.salt
        )
        self.show = created(first)
        self.events.append(first)
        self.rows.append(first_row(first, at_ms=self.aired_ms - 3_600_000, actor="ht"))
        self.then(e.LobbyOpened())

    def then(self, event: e.Event) -> None:
        """Let an event happen."""
        row = next_row(self.show, event, at_ms=self.aired_ms, actor="ht", ref="")
        self.rows.append(row)
        self.events.append(event)
        self.show = evolve(self.show, event)

    def join(
        self,
        name: str,
        *,
        unit: str = "Sở Nội vụ",
        via: str = "",
        contact: bool = False,
    ) -> None:
        """Register somebody; the id is "p-" and the name."""
        id_ = ParticipantId(f"p-{name}")
        self.people[id_] = Registration(
            show=self.show.code,
            epoch="e1",
            participant=id_,
            name=name,
            unit=unit,
            phone="0912345678",
            via=via,
            recovery_hash="",
            consent=Consent(
                version="vi-1", play=True, show_name=True, contact=contact, at_ms=0
            ),
        )

    def play(
        self, question: str, given: dict[str, tuple[str, int]], *, reveal: bool = True
    ) -> None:
        """Open a question, take answers {name: (option, ms)}, lock and reveal."""
        id_ = QuestionId(question)
        stamp = Stamp(boot="b", mono_ns=0, utc_ms=self.aired_ms)
        self.then(e.QuestionAsked(question=id_))
        self.then(e.QuestionOpened(question=id_, opened_at=stamp, duration_ms=15_000))
        for name, (option, ms) in given.items():
            self.answer(id_, name, option, ms)
        self.then(e.QuestionLocked(question=id_, duration_ms=15_000))
        if reveal:
            key = self.show.questions[id_].key
            self.then(e.AnswerRevealed(question=id_, board=self.board(id_), key=key))

    def answer(self, question: QuestionId, name: str, option: str, ms: int) -> None:
        """Store an answer; late from 15 000 ms on."""
        if ParticipantId(f"p-{name}") not in self.people:
            self.join(name)
        measured = Measured(opened_ns=0, received_ns=ms * 1_000_000)
        self.answers.setdefault(question, []).append(
            AnswerRow(
                show=self.show.code,
                epoch="e1",
                question=question,
                participant=ParticipantId(f"p-{name}"),
                option=OptionId(option),
                status="accepted" if ms < 15_000 else "late",
                time_ms=ms,
                received_ns=ms * 1_000_000,
                at_ms=self.aired_ms + ms,
                receipt=f"R{ms}",
                evidence=evidence_text(
                    "received", measured, take("received", measured, 15_000), 15_000
                ),
            )
        )

    def board(self, question: QuestionId) -> Board:
        """Return what the ledger would have ranked."""
        rows = [r for r in self.answers.get(question, []) if r.status == "accepted"]
        key = self.show.questions[question].key
        right = [(r.participant, r.time_ms) for r in rows if r.option == key]
        counts = {letter: 0 for letter in OPTION_IDS[:4]}
        for row in rows:
            counts[row.option] += 1
        return Board(counts=tuple(counts.items()), fastest=rank_question(right)[:10])

    def end(self) -> None:
        """End the show with the standings of what counts."""
        scores: dict[ParticipantId, list[int]] = {}
        for question, play in self.show.plays.items():
            if play.state.value == "revealed":
                for row in self.answers.get(question, []):
                    key = self.show.questions[question].key
                    if row.status == "accepted" and row.option == key:
                        scores.setdefault(row.participant, []).append(row.time_ms)
        order = rank_show((who, len(t), sum(t)) for who, t in scores.items())
        board = Leaderboard(top=order[:10], participants=len(self.people))
        self.then(e.ShowEnded(leaderboard=board))

    def confirm(self, prize: str, name: str) -> None:
        """Confirm a winner."""
        who = ParticipantId(f"p-{name}")
        self.then(e.WinnerConfirmed(prize=prize, participant=who))

    @property
    def record(self) -> Record:
        """What `read_record` would return."""
        return Record(
            show=self.show,
            rows=self.rows,
            events=self.events,
            people=self.people,
            joined=Counter(person.via for person in self.people.values()),
            answers=self.answers,
            flags=self.flags,
        )
