"""Judges a draft by all rules of packs and makes a `Pack` of a sound one.

Collects every flaw before it refuses, so that a writer mends a file once. Any
flaw means no pack. Reads no pack file; only pictures are looked at, through
`images`. Called by `load`.

Source: wire.md §5; contest.md A17.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from quizserver.bank.drafts import Cell, PackDraft, QuestionDraft
from quizserver.bank.fields import (
    MOST_OPTION,
    MOST_TEXT,
    Wrong,
    read_date,
    read_duration,
    read_flag,
    read_id,
    read_key,
    read_lang,
    read_pack_id,
    read_text,
    tidy,
)
from quizserver.bank.flaws import Flaw, PackRefused, in_file_order
from quizserver.bank.images import check_image
from quizserver.bank.names import (
    PACK_FIELDS,
    QUESTION_FIELDS,
    folded,
    is_author,
    nearest,
)
from quizserver.domain.ids import OPTION_IDS, OptionId, QuestionId
from quizserver.domain.rundown import Option, Pack, Question

MOST_QUESTIONS: Final = 500

_T = TypeVar("_T")

Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """How strictly to judge.

    `reviewed` asks for an author and another person as reviewer, which every
    pack needs before it may go on air; `options` asks for exactly that many
    options (Source: contest.md A17), None for 2 to 6. A draft that is not yet
    `complete` may leave out whatever it likes; what is there must still be right.
    """

    reviewed: bool = True
    complete: bool = True
    options: int | None = None


UNREVIEWED: Final = Demands(reviewed=False)
"""Everything that a question needs but its second pair of eyes."""

UNFINISHED: Final = Demands(reviewed=False, complete=False)
"""What may be kept while somebody is still writing."""


def validate(draft: PackDraft, folder: Path, demands: Demands) -> Pack:
    """Return the pack that `draft` describes; `folder` holds its pictures.

    Raises:
        PackRefused: with every flaw, in the order of the file.
    """
    found = _Findings(draft)
    fields = _pack_fields(draft, found)
    questions = tuple(
        _question(one, folder, demands, found.about(one)) for one in draft.questions
    )
    _unique_ids(draft, questions, found)
    _enough(draft, questions, demands, found)
    if found.flaws:
        raise PackRefused(in_file_order(found.flaws))
    return Pack(
        id=fields["id"], title=fields["title"], lang=fields["lang"], questions=questions
    )


class _Findings:
    """Where flaws are written down: about the pack or about one question."""

    def __init__(self, draft: PackDraft, one: QuestionDraft | None = None) -> None:
        self.flaws = draft.flaws
        self._draft = draft
        self._one = one

    def about(self, one: QuestionDraft) -> "_Findings":
        return _Findings(self._draft, one)

    def add(self, wrong: Wrong, cell: Cell | None, field: str = "") -> None:
        named = self._one.cells.get("id") if self._one else None
        start = self._one.line if self._one else self._draft.line
        self.flaws.append(
            Flaw(
                code=wrong.code,
                file=self._draft.file,
                line=cell.line if cell and cell.line else start,
                number=self._one.number if self._one else None,
                question=tidy(str(named.value))[:40] if named else "",
                field=field,
                values=wrong.values,
            )
        )

    def take(
        self, cell: Cell | None, field: str, read: Callable[[object], _T], empty: _T
    ) -> _T:
        """Return what `read` makes of the cell; `empty` without or on a flaw."""
        if cell is None:
            return empty
        try:
            return read(cell.value)
        except Wrong as wrong:
            self.add(wrong, cell, field)
            return empty


def _pack_fields(draft: PackDraft, found: _Findings) -> dict[str, str]:
    _known_names(draft.cells, PACK_FIELDS, found)
    readers = {"id": read_pack_id, "title": read_text, "lang": read_lang}
    fields = {}
    for name, read in readers.items():
        cell = draft.cells.get(name)
        fields[name] = found.take(cell, f"pack_{name}", read, "")
        if cell is None or cell.value == "":
            found.add(Wrong(f"missing_pack_{name}"), cell, f"pack_{name}")
    return fields


def _question(
    one: QuestionDraft, folder: Path, demands: Demands, found: _Findings
) -> Question:
    cells = one.cells
    _known_names(cells, QUESTION_FIELDS, found)
    options = _options(cells.get("options"), demands, found)
    author, reviewer = _people(cells, demands, found)
    asked = _needed if demands.complete else _allowed
    return Question(
        id=QuestionId(_needed(cells, "id", read_id, found)),
        text=asked(cells, "text", lambda v: read_text(v, most=MOST_TEXT), found),
        options=options,
        key=_key(cells, options, demands, found),
        source=asked(cells, "source", read_text, found),
        explanation=found.take(cells.get("explanation"), "explanation", read_text, ""),
        as_of=found.take(cells.get("as_of"), "as_of", read_date, ""),
        author=author,
        reviewer=reviewer,
        image=_image(cells.get("image"), folder, found),
        duration_ms=found.take(
            cells.get("duration_ms"), "duration_ms", read_duration, None
        ),
        reserve=found.take(cells.get("reserve"), "reserve", read_flag, False),  # noqa: FBT003 - the value when there is none
    )


def _needed(
    cells: Cells, name: str, read: Callable[[object], str], found: _Findings
) -> str:
    cell = cells.get(name)
    if cell is None or (isinstance(cell.value, str) and not tidy(cell.value)):
        found.add(Wrong(f"missing_{name}"), cell, name)
        return ""
    return found.take(cell, name, read, "")


def _allowed(
    cells: Cells, name: str, read: Callable[[object], str], found: _Findings
) -> str:
    return found.take(cells.get(name), name, read, "")


def _options(
    cell: Cell | None, demands: Demands, found: _Findings
) -> tuple[Option, ...]:
    if cell is None and not demands.complete:
        return ()
    if cell is None or not isinstance(cell.value, list):
        found.add(Wrong("missing_options"), cell, "options")
        return ()
    texts: list[object] = cell.value
    _option_count(len(texts), cell, demands, found)
    options = tuple(
        Option(id=letter, text=_option_text(letter, text, cell, demands, found))
        for letter, text in zip(OPTION_IDS, texts, strict=False)
    )
    _no_equals(options, cell, found)
    return options


def _option_count(count: int, cell: Cell, demands: Demands, found: _Findings) -> None:
    least, most = 2 if demands.complete else 0, len(OPTION_IDS)
    if demands.options is not None and count != demands.options:
        wrong = Wrong("other_option_count", count=count, asked=demands.options)
        found.add(wrong, cell, "options")
    elif not least <= count <= most:
        found.add(
            Wrong("option_count", count=count, least=least, most=most), cell, "options"
        )


def _option_text(
    letter: OptionId, text: object, cell: Cell, demands: Demands, found: _Findings
) -> str:
    try:
        read = read_text(text, most=MOST_OPTION)
        if not read and demands.complete:
            raise Wrong("empty_option")
    except Wrong as wrong:
        placed = Wrong(f"option_{wrong.code}", letter=letter, **wrong.values)
        found.add(placed, cell, "options")
        return ""
    return read


def _no_equals(options: tuple[Option, ...], cell: Cell, found: _Findings) -> None:
    first: dict[str, Option] = {}
    for option in options:
        same = first.setdefault(folded(option.text), option)
        if same is not option and option.text:
            wrong = Wrong(
                "equal_options", first=same.id, second=option.id, found=option.text
            )
            found.add(wrong, cell, "options")


def _key(
    cells: Cells, options: tuple[Option, ...], demands: Demands, found: _Findings
) -> OptionId:
    cell = cells.get("key")
    if cell is None or cell.value in ("", []):
        if demands.complete:
            found.add(Wrong("missing_key"), cell, "key")
        return OptionId("")
    # Without options their own flaw is told; any letter passes here.
    count = len(options) or len(OPTION_IDS)
    return found.take(cell, "key", lambda value: read_key(value, count), OptionId(""))


def _people(cells: Cells, demands: Demands, found: _Findings) -> tuple[str, str]:
    """Return author and reviewer, two persons once the pack may go on air."""
    author = found.take(cells.get("author"), "author", read_text, "")
    reviewer = found.take(cells.get("reviewer"), "reviewer", read_text, "")
    if demands.reviewed:
        for name, person in (("author", author), ("reviewer", reviewer)):
            if not person:
                found.add(Wrong(f"missing_{name}"), cells.get(name), name)
        if reviewer and is_author(reviewer, author):
            wrong = Wrong("own_reviewer", found=reviewer)
            found.add(wrong, cells.get("reviewer"), "reviewer")
    return author, reviewer


def _image(cell: Cell | None, folder: Path, found: _Findings) -> str | None:
    name = found.take(cell, "image", read_text, "")
    if not name:
        return None
    try:
        check_image(name, folder)
    except Wrong as wrong:
        found.add(wrong, cell, "image")
    return name


def _known_names(cells: Cells, names: tuple[str, ...], found: _Findings) -> None:
    for name, cell in cells.items():
        if name not in names:
            near = nearest(name, names)
            code = "unknown_name" if near else "strange_name"
            found.add(
                Wrong(code, found=name, nearest=near, known=", ".join(names)), cell
            )


def _unique_ids(
    draft: PackDraft, questions: tuple[Question, ...], found: _Findings
) -> None:
    first: dict[str, QuestionDraft] = {}
    for one, question in zip(draft.questions, questions, strict=True):
        same = first.setdefault(folded(question.id), one)
        if question.id and same is not one:
            wrong = Wrong(
                "id_twice",
                found=question.id,
                other=same.number,
                other_line=same.line or 0,
            )
            found.about(one).add(wrong, one.cells.get("id"), "id")


def _enough(
    draft: PackDraft,
    questions: tuple[Question, ...],
    demands: Demands,
    found: _Findings,
) -> None:
    if demands.complete and not questions:
        found.add(Wrong("no_questions"), None)
    elif demands.complete and all(question.reserve for question in questions):
        found.add(Wrong("only_reserves"), None)
    if len(questions) > MOST_QUESTIONS:
        count = len(draft.questions)
        found.add(Wrong("too_many_questions", count=count, most=MOST_QUESTIONS), None)
