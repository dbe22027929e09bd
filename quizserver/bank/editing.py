"""What an editor may do to a pack, one question at a time.

Pure but for looking at pictures: a pack and a wish in, a pack out. Every wish
names the version its writer saw, so that nobody's work is overwritten unseen. Who
changes what a question says becomes one of its authors and takes its review away;
nobody reviews what they wrote (Source: contest.md A17). `shelf.change` writes.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from quizserver.bank.drafts import Cell, PackDraft, QuestionDraft
from quizserver.bank.fields import Wrong
from quizserver.bank.flaws import Flaw, PackRefused
from quizserver.bank.names import (
    AUTHORS_APART,
    QUESTION_FIELDS,
    authors_of,
    folded,
    is_author,
)
from quizserver.bank.toml_form import question_text
from quizserver.bank.validate import UNFINISHED, UNREVIEWED, Demands, validate
from quizserver.domain.ids import QuestionId
from quizserver.domain.rundown import Pack, Question
from quizserver.failures import Failure

SAID: Final = ("text", "options", "key", "explanation", "source", "as_of", "image")
"""Fields that a review is about; time and place in the run-down are not."""

WRITTEN: Final = (*SAID, "duration_ms", "reserve")
"""Fields that an editor writes; id, author and reviewer come from here."""

_VERSION_LETTERS: Final = 16


class Changed(Failure):
    """Somebody else has changed it since; `question` is as it stands now.

    None: the question is gone, or it is not about a question.
    """

    def __init__(self, question: Question | None = None) -> None:
        super().__init__("editor.error.changed")
        self.question = question


class OwnWork(Failure):
    """Somebody wants to review what they wrote."""

    def __init__(self) -> None:
        super().__init__("editor.error.own_work")


def question_version(question: Question) -> str:
    """Return a mark that differs whenever anything of the question does."""
    return _mark(question_text(question))


def frame_version(pack: Pack) -> str:
    """Return a mark of the pack's title, language and order of questions."""
    return _mark("\n".join([pack.title, pack.lang, *(q.id for q in pack.questions)]))


def pack_version(pack: Pack) -> str:
    """Return a mark of the whole pack."""
    texts = [question_text(question) for question in pack.questions]
    return _mark("\n".join([pack.id, frame_version(pack), *texts]))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_VERSION_LETTERS]


def fields_of(question: Question) -> dict[str, object]:
    """Return the question as its fields, empty ones too; options as texts."""
    fields: dict[str, object] = {
        name: getattr(question, name) for name in QUESTION_FIELDS
    }
    fields["options"] = [option.text for option in question.options]
    return fields | {
        "image": question.image or "",
        "duration_ms": question.duration_ms or "",
    }


def written(fields: Mapping[str, object], number: int, folder: Path) -> Question:
    """Return the question that somebody wrote, which may be unfinished.

    `fields` are some of `WRITTEN`; the id is not theirs to choose, "new" stands in
    its place. `number` is its place, for the flaws; `folder` has its picture.

    Raises:
        PackRefused: with every flaw.
    """
    kept = {name: fields[name] for name in WRITTEN if name in fields}
    options = kept.get("options")
    if isinstance(options, list):
        kept["options"] = _without_tail(options)
    drafts = [_draft(kept | {"id": "new"}, number)]
    return validate(_pack_draft(drafts), folder, UNFINISHED).questions[0]


def _without_tail(options: list[object]) -> list[object]:
    kept = list(options)
    while kept and isinstance(kept[-1], str) and not kept[-1].strip():
        kept.pop()
    return kept


def flaws_of(pack: Pack, folder: Path, demands: Demands) -> tuple[Flaw, ...]:
    """Return what `pack` still lacks; none: it may go on air."""
    drafts = [_draft(fields_of(q), n) for n, q in enumerate(pack.questions, start=1)]
    try:
        validate(_pack_draft(drafts), folder, demands)
    except PackRefused as refused:
        return refused.flaws
    return ()


def _draft(fields: Mapping[str, object], number: int) -> QuestionDraft:
    cells = {
        name: Cell(value=value, line=None)
        for name, value in fields.items()
        if value not in ("", [], None)
    }
    return QuestionDraft(number=number, line=None, cells=cells)


def _pack_draft(drafts: Sequence[QuestionDraft]) -> PackDraft:
    cells = {
        name: Cell(value=value, line=None)
        for name, value in (("id", "pack"), ("title", "pack"), ("lang", "vi"))
    }
    return PackDraft(file="", line=None, cells=cells, questions=tuple(drafts))


def put(pack: Pack, at: str, version: str, wish: Question, editor: str) -> Pack:
    """Return the pack with the question `at` as `wish` says; "" adds a new one.

    Raises:
        Changed: somebody changed or removed it since `version`.
    """
    if not at:
        return _added(pack, wish, editor)
    now = _found(pack, at)
    if _same(now, wish, WRITTEN):
        return pack  # a save that was sent twice
    if question_version(now) != version:
        raise Changed(now)
    is_said_same = _same(now, wish, SAID)
    put = replace(
        wish,
        id=now.id,
        author=now.author if is_said_same else _with_author(now.author, editor),
        reviewer=now.reviewer if is_said_same else "",
    )
    return _swapped(pack, put)


def _added(pack: Pack, wish: Question, editor: str) -> Pack:
    new = replace(wish, id=_free_id(pack), author=editor, reviewer="")
    of_kind = [n for n, q in enumerate(pack.questions) if q.reserve == new.reserve]
    # After the last of its kind, so that reserves stay at the end.
    place = of_kind[-1] + 1 if of_kind else len(pack.questions) * new.reserve
    before, after = pack.questions[:place], pack.questions[place:]
    return replace(pack, questions=(*before, new, *after))


def remove(pack: Pack, at: str, version: str) -> Pack:
    """Return the pack without the question `at`; gone already is as good.

    Raises:
        Changed: somebody changed it since `version`.
    """
    now = next((one for one in pack.questions if one.id == at), None)
    if now is not None and question_version(now) != version:
        raise Changed(now)
    return replace(pack, questions=tuple(q for q in pack.questions if q.id != at))


def arrange(pack: Pack, version: str, title: str, order: Sequence[str]) -> Pack:
    """Return the pack under `title`, its questions in `order`.

    Raises:
        Changed: a question came or went, or title or order changed, since `version`.
    """
    by_id: dict[str, Question] = {one.id: one for one in pack.questions}
    if frame_version(pack) != version or sorted(order) != sorted(by_id):
        raise Changed
    return replace(pack, title=title, questions=tuple(by_id[one] for one in order))


def review(pack: Pack, at: str, version: str, reviewer: str, folder: Path) -> Pack:
    """Return the pack with `at` reviewed by `reviewer`; "" takes the review back.

    Raises:
        Changed: somebody changed it since `version`, so it was not this that was read.
        OwnWork: the reviewer is one of the authors, or nobody is named as author.
        PackRefused: the question is not finished.
    """
    now = _found(pack, at)
    if question_version(now) != version:
        raise Changed(now)
    if reviewer:
        if not now.author or is_author(reviewer, now.author):
            raise OwnWork
        number = pack.questions.index(now) + 1
        validate(_pack_draft([_draft(fields_of(now) | {"reserve": ""}, number)]),
                 folder, UNREVIEWED)  # fmt: skip
    return _swapped(pack, replace(now, reviewer=reviewer))


def difference(old: Pack | None, new: Pack) -> dict[str, int]:
    """Return how many questions of `new` are added, changed and the same, and gone."""
    was = {one.id: one for one in old.questions} if old else {}
    known = [one for one in new.questions if one.id in was]
    same = sum(was[one.id] == one for one in known)
    return {
        "added": len(new.questions) - len(known),
        "changed": len(known) - same,
        "same": same,
        "removed": len(was) - len(known),
    }


def title_of(value: str, read: Callable[[object], str]) -> str:
    """Return a pack's title. Raises PackRefused: empty, too long, hidden characters."""
    try:
        title = read(value)
        if not title:
            raise Wrong("missing_pack_title")
    except Wrong as wrong:
        flaw = Flaw(code=wrong.code, file="", field="pack_title", values=wrong.values)
        raise PackRefused((flaw,)) from None
    return title


def sought(words: str) -> str:
    """Return what somebody types into a search, so that accents do not matter."""
    apart = unicodedata.normalize("NFD", words.casefold().replace("đ", "d"))
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return " ".join(plain.split())


def searchable(question: Question) -> str:
    """Return everything of a question that a search looks at."""
    options = (option.text for option in question.options)
    return sought(
        "\n".join([question.id, question.text, *options, question.source,
                   question.explanation, question.author, question.reviewer])
    )  # fmt: skip


def _found(pack: Pack, at: str) -> Question:
    for question in pack.questions:
        if question.id == at:
            return question
    raise Changed


def _same(one: Question, other: Question, names: Sequence[str]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _swapped(pack: Pack, question: Question) -> Pack:
    return replace(
        pack,
        questions=tuple(
            question if one.id == question.id else one for one in pack.questions
        ),
    )


def _with_author(author: str, editor: str) -> str:
    """Return the authors with `editor` among them."""
    if is_author(editor, author):
        return author
    return f"{AUTHORS_APART} ".join([*authors_of(author), editor])


def _free_id(pack: Pack) -> QuestionId:
    taken = {folded(one.id) for one in pack.questions}
    number = len(taken) + 1
    while f"c{number:02d}" in taken:
        number += 1
    return QuestionId(f"c{number:02d}")
