"""Reads an audit export line by line and finds what does not add up.

The lines come in a fixed order (docs/reference/wire.md §7): the header, the
questions, the events, the answers, the flags, the links, the seals. Answers are
checked as they pass and not kept, so that a large show fits into memory.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from quizserver.reports.verify import outcome, seals
from quizserver.reports.verify.chain import Chain, Link
from quizserver.reports.verify.finding import Finding, at, line, why
from quizserver.reports.verify.pack import commitment, pack_hash
from quizserver.reports.verify.ranks import Given
from quizserver.reports.verify.story import Story
from quizserver.reports.verify.strict import parsed
from quizserver.reports.verify.times import times

Row = Mapping[str, Any]

VERSION: Final = 2
"""The format of the export that is understood."""

_KINDS: Final = ("header", "question", "event", "answer", "flag", "batch", "seal")
_CLOCK_STARTS: Final = ("QuestionOpened", "QuestionExtended", "QuestionLocked")
_BROKEN: Final = (
    *(ValueError, KeyError, TypeError, AttributeError, IndexError),
    *(RecursionError, OverflowError),
)
"""What a line raises that holds something else than it should."""


@dataclass(slots=True)
class Found:
    """What was checked, as counts by name, and what does not add up.

    `pack_hash` is for whoever kept the one that was published before the show.
    """

    problems: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    pack_hash: str = ""


def verify(lines: Iterable[bytes | str]) -> list[Finding]:
    """Return what does not add up; nothing: all is right.

    `lines` are those of an audit export, the header first.
    """
    return examine(lines).problems


def examine(
    lines: Iterable[bytes | str],
    *,
    results: Row | None = None,
    codes: Sequence[str] = (),
) -> Found:
    """Check an export; also a `results.json`, and seal codes read off a screen."""
    export = Export()
    for number, read in enumerate(lines, 1):
        export.read(number, read)
        if not export.header:
            what = Finding("verify.no_export", version=VERSION)
            export.found.problems = [at(line(1), what)]
            return export.found
    if not export.header:
        export.found.problems.append(at(line(1), Finding("verify.file_empty")))
        return export.found
    export.finish(results, codes)
    return export.found


class Export:
    """An export while it is read."""

    def __init__(self) -> None:
        self.found = Found()
        self.header: Row = {}
        self.chain = Chain()
        self._questions: list[tuple[int, Row]] = []
        self._places: dict[str, int] = {}
        self._events: list[tuple[int, Row]] = []
        self._seals: list[tuple[int, Row]] = []
        self._durations: defaultdict[str, set[int]] = defaultdict(set)
        self._accepted: defaultdict[str, list[Given]] = defaultdict(list)
        self._late: Counter[str] = Counter()
        self._newest: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        self._last: tuple[Any, ...] = ()
        self._end = 0

    def read(self, number: int, text: bytes | str) -> None:
        """Take the next line; `number` counts from 1."""
        self._end = number
        try:
            row = parsed(text)
            kind = row["kind"]
            place = (_KINDS.index(kind), *self._order(row))
            if self._last and place <= self._last:
                self._say(number, Finding("verify.out_of_order", kind=kind))
            self._last = place
            for problem in _READ[kind](self, number, row):
                self._say(number, problem)
            self.found.counts[kind] += 1
        except _BROKEN as error:
            self._say(number, Finding("verify.no_line", why=why(error)))

    def _say(self, number: int, problem: Finding) -> None:
        self.found.problems.append(at(line(number), problem))

    def _order(self, row: Row) -> tuple[Any, ...]:
        """Return what lines of one kind are sorted by."""
        kind = row["kind"]
        if kind == "event":
            return (row["step"],)
        if kind == "batch":
            return (row["no"],)
        if kind in ("answer", "flag"):
            # A flag may be of the whole show: of no question.
            question = self._places.get(row["question"], -1)
            return (question, row["participant"], row.get("flag", ""))
        if kind == "header":
            return ()
        return (len(self._questions), len(self._seals))

    # --- one function per kind of line -------------------------------------------

    def _header(self, number: int, row: Row) -> Iterator[Finding]:
        if number == 1 and row["version"] == VERSION:
            self.header = row
        yield from ()

    def _question(self, number: int, row: Row) -> Iterator[Finding]:
        self._places[row["question"]] = len(self._questions)
        self._questions.append((number, row))
        if "salt" not in row:
            return
        if row["authored"]["id"] != row["question"]:
            yield Finding("verify.opens_another", question=row["authored"]["id"])
        if commitment(row["salt"], row["authored"]) != row["commitment"]:
            yield Finding("verify.other_commitment", question=row["question"])

    def _event(self, number: int, row: Row) -> Iterator[Finding]:
        self._events.append((number, row))
        if row["name"] in _CLOCK_STARTS:
            self._durations[row["data"]["question"]].add(row["data"]["duration_ms"])
        yield from self.chain.add(number, row, self.header)

    def _answer(self, number: int, row: Row) -> Iterator[Finding]:
        question, who = row["question"], row["participant"]
        for problem in answer_problems(self.header, row, self._durations[question]):
            where = Finding("verify.answer", participant=who, question=question)
            yield at(where, problem)
        yield from self.chain.add(number, row, self.header)
        if row["status"] == "accepted":
            given = Given(who, row["option"], row["time_ms"])
            self._accepted[question].append(given)
            place = (row["batch"], number)
            self._newest[question] = max(self._newest[question], place)
        elif row["status"] == "late":
            self._late[question] += 1

    def _flag(self, number: int, row: Row) -> Iterator[Finding]:
        yield from self.chain.add(number, row, self.header)

    def _batch(self, number: int, row: Row) -> Iterator[Finding]:
        fields = (row[name] for name in ("no", "rows", "prev", "sha256"))
        self.chain.add_link(Link(number, *fields))
        yield from ()

    def _seal(self, number: int, row: Row) -> Iterator[Finding]:
        self._seals.append((number, row))
        yield from ()

    # --- when all lines are read --------------------------------------------------

    def finish(self, results: Row | None, codes: Sequence[str]) -> None:
        """Check what takes the whole file; add it to what was found."""
        story = Story(self._accepted, self._late)
        for number, row in self._events:
            self._guard(line(number), story.follow, row)
        chain, counts = self.chain, self.found.counts
        newest, end = self._newest, self._end
        self._guard(None, lambda: chain.problems(self.header["head"]))
        self._guard(None, seals.problems, chain, story.seals, self._seals, newest, end)
        self._guard(None, seals.codes_problems, chain, codes)
        self._guard(line(1), _header_problems, self.header, story)
        self._guard(None, _pack_problems, self.header, self._questions, story)
        if results is not None:
            where = Finding("verify.results")
            self._guard(where, self._results_problems, results, story)
        counts.update(story.told)
        counts["codes"] = len(codes)
        self.found.pack_hash = str(self.header.get("pack_hash", ""))

    def _results_problems(self, results: Row, story: Story) -> Iterator[Finding]:
        yield from outcome.problems(results, self.header, story)
        self.found.counts["ranks"] = outcome.ranks(results)

    def _guard(
        self,
        where: Finding | None,
        check: Callable[..., Iterable[Finding]],
        *given: Any,
    ) -> None:
        """Run a check; what it cannot read is a problem too."""
        try:
            found = list(check(*given))
        except _BROKEN as error:
            found = [Finding("verify.unreadable", why=why(error))]
        self.found.problems += [at(where, one) for one in found] if where else found


_READ: Final[Mapping[str, Callable[[Export, int, Row], Iterator[Finding]]]] = {
    "header": Export._header,  # noqa: SLF001 - the table of this class
    "question": Export._question,  # noqa: SLF001
    "event": Export._event,  # noqa: SLF001
    "answer": Export._answer,  # noqa: SLF001
    "flag": Export._flag,  # noqa: SLF001
    "batch": Export._batch,  # noqa: SLF001
    "seal": Export._seal,  # noqa: SLF001
}


def answer_problems(header: Row, row: Row, durations: set[int]) -> Iterator[Finding]:
    """Yield how an answer's row differs from what its own numbers say."""
    expected = times(header["rule"], row)
    key = header["keys"].get(row["question"])
    expected["right"] = None if key is None else row["option"] == key
    for name, value in expected.items():
        if row[name] != value:
            told = row[name]
            yield Finding("verify.other_value", name=name, told=told, value=value)
    if row["duration_ms"] not in durations:
        yield Finding("verify.never_open_for", ms=row["duration_ms"])


def _header_problems(header: Row, story: Story) -> Iterator[Finding]:
    """Yield what the header says otherwise than the events."""
    created = story.created
    told = {
        "show": created["code"],
        "epoch": created["epoch"],
        "title": created["title"],
        "rule": created["rules"]["timing"],
        "parameters": story.rules,
        "step": story.steps,
        "phase": story.phase,
        "keys": story.keys,
    }
    for name, value in told.items():
        if header[name] != value:
            said = header[name]
            yield Finding("verify.other_header", name=name, told=said, value=value)
    if sorted(header["void"]) != sorted(story.void):
        void = sorted(story.void)
        yield Finding("verify.other_void", told=header["void"], value=void)


def _pack_problems(
    header: Row, questions: Sequence[tuple[int, Row]], story: Story
) -> Iterator[Finding]:
    """Yield how the questions differ from what was fixed before the show (R6.2)."""
    rows = [row for _, row in questions]
    planned = {question["id"]: question for question in story.created["questions"]}
    if [row["question"] for row in rows] != list(planned):
        where = Finding("verify.these_lines", lines=[number for number, _ in questions])
        yield at(where, Finding("verify.other_questions"))
    for number, row in questions:
        where, id_ = line(number), row["question"]
        if ("salt" in row) != (id_ in story.keys):
            what = Finding(
                "verify.is_opened" if "salt" in row else "verify.not_opened",
                question=id_,
            )
            yield at(where, what)
        elif "salt" in row:
            authored = row["authored"]
            if authored["key"] != story.first_keys[id_]:
                was = authored["key"]
                yield at(where, Finding("verify.other_key", question=id_, option=was))
            options = [option["id"] for option in authored["options"]]
            if id_ in planned and options != planned[id_]["options"]:
                yield at(where, Finding("verify.other_options", question=id_))
    if pack_hash(row["commitment"] for row in rows) != header["pack_hash"]:
        closed = [number for number, row in questions if "salt" not in row]
        yield at(line(1), Finding("verify.other_pack_hash", lines=closed))
