"""Follows the events of a show and recomputes what each of them told (R5.6).

Boards, standings and lines for prizes stand in the events as they were shown.
Each is compared with what the answers give at that very moment: with the
questions revealed so far, without the void ones, by the keys then in force.
Whoever was confirmed or passed over must have had a claim at that moment.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from quizserver.reports.verify.finding import Finding
from quizserver.reports.verify.prizes import (
    Candidate,
    Claim,
    Line,
    Word,
    claims,
    lines_of,
    overtaken,
)
from quizserver.reports.verify.ranks import (
    TOP,
    Given,
    Place,
    Standing,
    counts,
    places,
    standings,
)

Row = Mapping[str, Any]
Checks = Mapping[str, Callable[["Story", Row], Iterator[Finding]]]

OVER: Final = ("ended", "confirmed", "published")
_PHASES: Final = {
    "LobbyOpened": "lobby",
    "QuestionAsked": "asked",
    "QuestionRolled": "asked",
    "QuestionOpened": "open",
    "QuestionLocked": "locked",
    "AnswerRevealed": "revealed",
    "StandingsShown": "standings",
    "ShowEnded": "ended",
    "ResultsConfirmed": "confirmed",
    "ResultsPublished": "published",
    "ShowPaused": "paused",
}
_RECOUNTS: Final = ("QuestionVoided", "KeyCorrected", "EligibilitySet")


class Story:
    """A show as its events tell it.

    `answers` are those accepted, by question; `late` counts the others.
    """

    def __init__(
        self, answers: Mapping[str, Sequence[Given]], late: Mapping[str, int]
    ) -> None:
        self.answers = answers
        self.late = late
        self.created: Row = {}
        self.rules: Row = {}
        self.steps = 0
        self.phase, self._behind = "draft", ""
        self.keys: dict[str, str] = {}
        self.first_keys: dict[str, str] = {}
        self.corrected: set[str] = set()
        self.played: set[str] = set()
        self.order: list[str] = []
        self.opened: set[str] = set()
        self.void: set[str] = set()
        self.seals: list[Row] = []
        self.told: Counter[str] = Counter()
        self._boards: dict[str, Line] = {}
        self._lines: dict[str, Line] = {}
        self._words: list[Word] = []
        self._not_eligible: set[str] = set()
        self._withdrawn: set[str] = set()

    def follow(self, event: Row) -> Iterator[Finding]:
        """Take the next event; yield what it told otherwise than recomputed."""
        self.steps += 1
        if event["step"] != self.steps:
            yield Finding("verify.other_step", step=event["step"], event=self.steps)
        name, data = event["name"], event["data"]
        check = _CHECKS.get(name)
        if check is not None:
            yield from check(self, data)
        self._move(name, data)

    def claims(self) -> dict[str, list[Claim]]:
        """Return the claims to every prize as they stand now (R5.4)."""
        lines = self._lines or self._boards
        rules = self.rules
        return claims(lines, self._words, self._not_eligible, rules, self._withdrawn)

    def standings(self) -> list[Standing]:
        """Return the order of the show as it stands now (R5.2)."""
        return standings(self.counting().values())

    def counting(self) -> dict[str, tuple[Sequence[Given], str]]:
        """Return answers and key of every question that counts now."""
        return {
            question: (self.answers.get(question, ()), key)
            for question, key in self.keys.items()
            if question not in self.void
        }

    def _move(self, name: str, data: Row) -> None:
        if name == "ShowResumed":
            self.phase = self._behind
        elif name == "QuestionVoided" and self.phase in ("asked", "open"):
            self.phase = "locked"
        elif name in _RECOUNTS and self.phase in OVER:
            self.phase = "ended"
        elif name == "StepReversed":
            self.phase = data["phase"]
        else:
            if name == "ShowPaused":
                self._behind = self.phase
            self.phase = _PHASES.get(name, self.phase)

    # --- one function per event --------------------------------------------------

    def _created(self, data: Row) -> Iterator[Finding]:
        self.created, self.rules = data, data["rules"]
        plan = data["questions"]
        self.order = [q["id"] for q in plan if not q["reserve"]]
        yield from ()

    def _asked(self, data: Row) -> Iterator[Finding]:
        """Take the next question of the run-down (R1.7)."""
        question, waiting = data["question"], self._waiting()
        if question not in self.played and waiting[:1] != [question]:
            there = waiting[:1]
            yield Finding("verify.asked_another", question=question, waiting=there)
        self.played.add(question)

    def _opened(self, data: Row) -> Iterator[Finding]:
        yield from self._asked(data)
        self.opened.add(data["question"])

    def _waiting(self) -> list[str]:
        return [question for question in self.order if question not in self.played]

    def _reserve(self, data: Row) -> Iterator[Finding]:
        taken, replaced = data["question"], data["replaces"]
        if replaced not in self.void or taken in self.order:
            yield Finding("verify.replaced", question=taken, replaced=replaced)
        self.order = [taken if q == replaced else q for q in self.order]

    def _reordered(self, data: Row) -> Iterator[Finding]:
        """Only what was not asked yet may change its place (R1.7)."""
        coming, waiting = data["order"], self._waiting()
        if sorted(coming) != sorted(waiting):
            yield Finding("verify.other_order", order=coming, waiting=waiting)
        places = iter(coming)
        self.order = [q if q in self.played else next(places, q) for q in self.order]

    def _reversed(self, data: Row) -> Iterator[Finding]:
        """Only what nothing counted on may be taken back (R1.8)."""
        unasked = data["unasked"]
        if unasked in self.opened or self.phase not in ("asked", "standings"):
            yield Finding("verify.taken_back", phase=self.phase)
        self.played.discard(unasked)

    def _sealed(self, data: Row) -> Iterator[Finding]:
        self.seals.append(data)
        yield from ()

    def _revealed(self, data: Row) -> Iterator[Finding]:
        self.first_keys.setdefault(data["question"], data["key"])
        yield from self._board(data)

    def _board(self, data: Row) -> Iterator[Finding]:
        """Put a key in force and compare the board with the answers (R5.1)."""
        question, key = data["question"], data["key"]
        self.keys[question] = key
        given, board = self.answers.get(question, ()), data["board"]
        told = [Place(*_place(row), row["time_ms"]) for row in board["fastest"]]
        self._boards[question] = [Candidate(*row) for row in told]
        self.told["boards"] += 1
        what = Finding("verify.board", question=question)
        yield from _differences(what, told, places(given, key)[:TOP])
        chosen = {option: n for option, n in board["counts"] if n}
        if chosen != counts(given):
            value = counts(given)
            yield Finding("verify.other_counts", what=what, told=chosen, value=value)

    def _leaderboard(self, data: Row) -> Iterator[Finding]:
        """Compare the standings with the answers so far (R5.2)."""
        board, order = data["leaderboard"], self.standings()
        told = [
            Standing(*_place(row), row["right"], row["total_ms"])
            for row in board["top"]
        ]
        self.told["standings"] += 1
        yield from _differences(Finding("verify.standings"), told, order[:TOP])
        if board["participants"] != len(order):
            people = board["participants"]
            yield Finding("verify.other_participants", told=people, value=len(order))

    def _prize_lines(self, data: Row) -> Iterator[Finding]:
        """Compare the lines for the prizes with the answers (R5.4)."""
        told = {
            line["prize"]: [
                Candidate(*_place(row), row["time_ms"], row["right"])
                for row in line["candidates"]
            ]
            for line in data["lines"]
        }
        expected = lines_of(self.counting(), self.rules["prize_min_right"])
        self._lines = told
        self.told["lines"] += len(told)
        if list(told) != list(expected):
            yield Finding("verify.other_lines", told=list(told), value=list(expected))
        for prize in told.keys() & expected.keys():
            what = Finding("verify.line_for", prize=prize)
            yield from _differences(what, told[prize], expected[prize])

    def _ended(self, data: Row) -> Iterator[Finding]:
        yield from self._leaderboard(data)
        yield from self._prize_lines(data)

    def _voided(self, data: Row) -> Iterator[Finding]:
        question = data["question"]
        counted = question in self.keys and question not in self.void
        self.void.add(question)
        self._boards.pop(question, None)
        if counted != (data["leaderboard"] is not None):
            yield Finding(
                "verify.had_counted" if counted else "verify.had_not_counted",
                question=question,
            )
        elif counted:
            yield from self._recounted(data)

    def _corrected(self, data: Row) -> Iterator[Finding]:
        self.corrected.add(data["question"])
        yield from self._board(data)
        yield from self._recounted(data)

    def _recounted(self, data: Row) -> Iterator[Finding]:
        yield from self._leaderboard(data)
        if self.phase in OVER:
            # Everything is to be confirmed anew; who was passed over stays so.
            self._words = [word for word in self._words if word.reason is not None]
            yield from self._prize_lines(data)

    def _eligible(self, data: Row) -> Iterator[Finding]:
        who, eligible = data["participant"], data["eligible"]
        self._not_eligible.discard(who)
        if not eligible:
            self._not_eligible.add(who)
        if self.phase in OVER:
            back = overtaken(self._lines, self._words, who) if eligible else []
            self._words = [
                word
                for word in self._words
                if (word.participant != who or word.reason is not None)
                and word not in back
            ]
        yield from ()

    def _prize_rules(self, data: Row) -> Iterator[Finding]:
        """A host may choose them anew until the lobby opens (R5.8)."""
        if self.phase != "draft":
            yield Finding("verify.late_prize_rules", phase=self.phase)
        self.rules = {**self.rules, **data}

    def _erased(self, data: Row) -> Iterator[Finding]:
        """Whoever withdrew has no claim left but to what was confirmed (R2.6)."""
        self._withdrawn.update(data["participants"])
        yield from ()

    def _confirmed(self, data: Row) -> Iterator[Finding]:
        prize, who = data["prize"], data["participant"]
        claim = self._claim(prize, who)
        rank = claim.candidate.rank if claim else 0
        for other in self.claims().get(prize, ()):
            if other.status == "confirmed" and other.candidate.rank != rank:
                winner = other.candidate.participant
                yield Finding("verify.prize_taken", prize=prize, participant=winner)
        may = ("provisional", "undecided", "skipped")
        yield from self._word(data, may, None)

    def _skipped(self, data: Row) -> Iterator[Finding]:
        prize, who = data["prize"], data["participant"]
        held = [word for word in self._words if word[:2] == (prize, who)]
        may = ("provisional", "undecided", "confirmed")
        yield from self._word(data, may, data["reason"])
        limited = self.rules["max_prizes_per_person"] > 0
        if limited and held and held[-1].reason is None:
            # With one prize less they are back in the lines for the others.
            back = overtaken(self._lines, self._words, who)
            self._words = [
                word for word in self._words if word not in back or word.prize == prize
            ]

    def _word(
        self, data: Row, may: Sequence[str], reason: str | None
    ) -> Iterator[Finding]:
        """Take a host's word; it must be about a claim of a status in `may`."""
        prize, who = data["prize"], data["participant"]
        self.told["decisions"] += 1
        claim = self._claim(prize, who)
        if claim is None:
            yield Finding("verify.no_claim", participant=who, prize=prize)
        elif claim.status not in may:
            yield Finding(
                "verify.claim_was", participant=who, prize=prize, status=claim.status
            )
        self._words.append(Word(prize, who, reason))

    def _claim(self, prize: str, who: str) -> Claim | None:
        found = self.claims().get(prize, ())
        return next((c for c in found if c.candidate.participant == who), None)

    def _results(self, data: Row) -> Iterator[Finding]:
        open_prizes = {
            prize: claim.status
            for prize, line in self.claims().items()
            for claim in line
            if claim.status in ("provisional", "undecided")
        }
        for prize, status in open_prizes.items():
            yield Finding("verify.prize_open", prize=prize, status=status)


_CHECKS: Final[Checks] = {
    "ShowCreated": Story._created,  # noqa: SLF001 - the table of this class
    "QuestionAsked": Story._asked,  # noqa: SLF001
    "QuestionOpened": Story._opened,  # noqa: SLF001
    "ReserveTaken": Story._reserve,  # noqa: SLF001
    "QuestionsReordered": Story._reordered,  # noqa: SLF001
    "StepReversed": Story._reversed,  # noqa: SLF001
    "QuestionSealed": Story._sealed,  # noqa: SLF001
    "AnswerRevealed": Story._revealed,  # noqa: SLF001
    "StandingsShown": Story._leaderboard,  # noqa: SLF001
    "ShowEnded": Story._ended,  # noqa: SLF001
    "QuestionVoided": Story._voided,  # noqa: SLF001
    "KeyCorrected": Story._corrected,  # noqa: SLF001
    "EligibilitySet": Story._eligible,  # noqa: SLF001
    "PrizeRulesSet": Story._prize_rules,  # noqa: SLF001
    "WinnerConfirmed": Story._confirmed,  # noqa: SLF001
    "WinnerSkipped": Story._skipped,  # noqa: SLF001
    "ResultsConfirmed": Story._results,  # noqa: SLF001
    "PeopleErased": Story._erased,  # noqa: SLF001
}


def _place(row: Row) -> tuple[int, bool, str]:
    return row["rank"], row["tied"], row["participant"]


def _differences(
    what: Finding, told: Sequence[Any], expected: Sequence[Any]
) -> Iterator[Finding]:
    """Yield the first place at which two orders differ."""
    if list(told) == list(expected):
        return
    pairs = zip([*told, None], [*expected, None], strict=False)
    at, (one, other) = next(
        (at, pair) for at, pair in enumerate(pairs, 1) if pair[0] != pair[1]
    )
    yield Finding(
        "verify.other_place", what=what, place=at, told=_said(one), value=_said(other)
    )


def _said(row: Any) -> object:
    if row is None:
        return Finding("verify.nobody")
    return " ".join(f"{key} {value}" for key, value in row._asdict().items())
