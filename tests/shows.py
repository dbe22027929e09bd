"""Shows for tests: a small run-down, stamps, and the commands that play it."""

from quizserver.domain import commands as c
from quizserver.domain import events as e
from quizserver.domain.board import (
    Board,
    Candidate,
    Leaderboard,
    Placing,
    PrizeLine,
    Standing,
)
from quizserver.domain.decide import decide
from quizserver.domain.evolve import created, evolve
from quizserver.domain.ids import (
    OPTION_IDS,
    OptionId,
    ParticipantId,
    QuestionId,
    ShowCode,
)
from quizserver.domain.prizes import AwardStatus, awards
from quizserver.domain.rejections import Rejected
from quizserver.domain.rundown import Option, Pack, Question, Rules, Rundown
from quizserver.domain.show import Show
from quizserver.domain.stamps import NS_PER_MS, Stamp

AN, BINH, CHI, DUNG = map(ParticipantId, ("an", "binh", "chi", "dung"))
Q1, Q2, Q3, R1 = map(QuestionId, ("q1", "q2", "q3", "r1"))


def question(name: str, key: str = "B", *, reserve: bool = False) -> Question:
    """Return a question of four options."""
    return Question(
        id=QuestionId(name),
        text=f"Câu hỏi {name}?",
        options=tuple(
            Option(id=letter, text=f"Phương án {letter}") for letter in OPTION_IDS[:4]
        ),
        key=OptionId(key),
        source="000",
        explanation=f"Vì sao {name}",
        author="Tổ biên soạn",
        reviewer="Tổ thẩm định",
        reserve=reserve,
    )


def pack(*questions: Question) -> Pack:
    """Return a pack of three questions and a reserve, or of `questions`."""
    chosen = questions or (
        question("q1", "B"),
        question("q2", "C"),
        question("q3", "A"),
        question("r1", "D", reserve=True),
    )
    return Pack(id="thu", title="Thử", lang="vi", questions=chosen)


def creation(rules: Rules | None = None, *questions: Question) -> e.ShowCreated:
    """Return the first event of a show."""
    rundown = Rundown(
        title="Thử", lang="vi", pack=pack(*questions), rules=rules or Rules()
    )
    return e.ShowCreated(code=ShowCode("THU1"), epoch="e1", rundown=rundown)


def new_show(rules: Rules | None = None) -> Show:
    """Return a show at step 1."""
    return created(creation(rules))


def at(ms: int) -> Stamp:
    """Return a stamp `ms` after the test's beginning."""
    return Stamp(boot="boot-1", mono_ns=ms * NS_PER_MS, utc_ms=1_697_720_400_000 + ms)


def board(*right: tuple[ParticipantId, int], key: str = "B", wrong: int = 1) -> Board:
    """Return a board whose right answers are those given, first to last."""
    placings = tuple(
        Placing(participant=who, rank=n, tied=False, time_ms=ms)
        for n, (who, ms) in enumerate(right, start=1)
    )
    other = "A" if key != "A" else "D"
    counts = ((OptionId(key), len(right)), (OptionId(other), wrong))
    return Board(counts=counts, fastest=placings)


def leaderboard(*rows: tuple[ParticipantId, int, int]) -> Leaderboard:
    """Return standings in the order given, (participant, right, total)."""
    top = tuple(
        Standing(participant=who, rank=n, tied=False, right=right, total_ms=total)
        for n, (who, right, total) in enumerate(rows, start=1)
    )
    return Leaderboard(top=top, participants=len(top))


def line(prize: str, *rows: tuple[ParticipantId, int, int, int]) -> PrizeLine:
    """Return a line for a prize, (participant, rank, ms, right in the show)."""
    ranks = [rank for _, rank, _, _ in rows]
    return PrizeLine(
        prize=prize,
        candidates=tuple(
            Candidate(
                participant=who,
                rank=rank,
                tied=ranks.count(rank) > 1,
                time_ms=ms,
                right=right,
            )
            for who, rank, ms, right in rows
        ),
    )


def carried(show: Show, *commands: c.Command) -> Show:
    """Return the show after commands that must all be carried out."""
    for command in commands:
        outcome = decide(show, command)
        assert not isinstance(outcome, Rejected), (command, outcome)
        show = evolve(show, outcome)
    return show


def opening(name: QuestionId, ms: int = 10_000) -> tuple[c.Command, ...]:
    """Return the commands that ask a question and open it at `ms`."""
    return (
        c.AskQuestion(),
        c.OpenQuestion(at=at(ms - 3_000)),
        c.BeginQuestion(question=name, at=at(ms)),
    )


def revealing(name: QuestionId, shown: Board | None = None) -> tuple[c.Command, ...]:
    """Return the commands that close an open question and reveal it."""
    return (
        c.CloseQuestion(question=name),
        c.RevealAnswer(board=shown or board((AN, 2_000), (BINH, 3_000))),
    )


def confirmed(show: Show) -> Show:
    """Return the show after its host has confirmed every provisional winner."""
    while waiting := [a for a in awards(show) if a.status is AwardStatus.PROVISIONAL]:
        first = waiting[0]
        word = c.ConfirmWinner(prize=first.prize, participant=first.participant)
        show = carried(show, word)
    return show


def ended_with_lines(rules: Rules | None = None, *lines: PrizeLine) -> Show:
    """Return a show that ended after one question, with lines for its prizes."""
    both = (AN, 1, 2_000, 1), (BINH, 2, 3_000, 1)
    return carried(
        new_show(rules),
        c.OpenLobby(),
        *opening(Q1),
        *revealing(Q1),
        c.EndShow(
            leaderboard=leaderboard((AN, 1, 2_000), (BINH, 1, 3_000)),
            lines=lines or (line(Q1, *both), line("show", *both)),
        ),
    )
