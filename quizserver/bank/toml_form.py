"""Packs written in TOML: text to draft, pack to text.

`tomllib` parses but forgets lines, so a second look at the text finds the
line of each table and key; it judges nothing. Called by `load` and `export`.

Source: wire.md §5.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

from quizserver.bank.drafts import Cell, PackDraft, QuestionDraft
from quizserver.bank.flaws import Flaw, PackRefused
from quizserver.bank.names import nearest
from quizserver.bank.sources import read_utf8, refuse
from quizserver.domain.rundown import Pack, Question

_TABLES: Final = ("pack", "question")

_TABLE = re.compile(r"\s*\[\[?\s*[\"']?([\w-]+)[\"']?\s*\]\]?")
_KEY = re.compile(r"\s*(?:\"([\w-]+)\"|'([\w-]+)'|([\w-]+))\s*=\s*(\"\"\"|''')?")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_SHORT: Final = 60


@dataclass(slots=True)
class _Table:
    """A table of the text: its name, its line and its keys' lines."""

    name: str
    line: int
    keys: dict[str, int] = field(default_factory=dict)


def read_toml(path: Path) -> PackDraft:
    """Return the draft in `path`.

    Raises:
        PackRefused: unreadable, not UTF-8 or not TOML, with the line.
    """
    file = str(path)
    source = read_utf8(path)
    try:
        tables = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        _refuse_syntax(file, source, str(error))
    places = list(_places(source))
    pack, asked = tables.get("pack", {}), tables.get("question", [])
    if not isinstance(pack, dict) or not _is_tables(asked):
        wrong = "question" if isinstance(pack, dict) else "pack"
        refuse("wrong_tables", file, _first_line(places, wrong))
    packs = [place for place in places if place.name == "pack"]
    draft = PackDraft(
        file=file,
        line=packs[0].line if packs else 1,
        cells=_cells(pack, packs[0] if packs else None),
        questions=tuple(_drafts(asked, places)),
    )
    draft.flaws.extend(_unknown_tables(file, tables, places))
    return draft


def _is_tables(asked: object) -> bool:
    return isinstance(asked, list) and all(isinstance(one, dict) for one in asked)


def _drafts(
    asked: list[dict[str, object]], places: list[_Table]
) -> Iterator[QuestionDraft]:
    found = [place for place in places if place.name == "question"]
    for number, one in enumerate(asked, start=1):
        place = found[number - 1] if number <= len(found) else None
        yield QuestionDraft(
            number=number, line=place.line if place else None, cells=_cells(one, place)
        )


def _cells(table: dict[str, object], place: _Table | None) -> dict[str, Cell]:
    lines = place.keys if place else {}
    start = place.line if place else None
    return {
        name: Cell(value=value, line=lines.get(name, start))
        for name, value in table.items()
    }


def _unknown_tables(
    file: str, tables: dict[str, object], places: list[_Table]
) -> Iterator[Flaw]:
    for name in tables:
        if name not in _TABLES:
            near = nearest(name, _TABLES)
            yield Flaw(
                code="unknown_name" if near else "strange_name",
                file=file,
                line=_first_line(places, name),
                values={"found": name, "nearest": near, "known": ", ".join(_TABLES)},
            )


def _first_line(places: list[_Table], name: str) -> int:
    """Return the line of the first table, or key above all tables, so named."""
    for place in places:
        if place.name == name:
            return place.line
        if not place.name and name in place.keys:
            return place.keys[name]
    return 1


def _places(source: str) -> Iterator[_Table]:
    """Yield the tables of the text in order; first the nameless top."""
    table = _Table(name="", line=1)
    closing = ""
    for number, line in enumerate(source.split("\n"), start=1):
        if closing:
            # Inside a text of many lines nothing is a key.
            closing = "" if closing in line else closing
            continue
        if opened := _TABLE.match(line):
            yield table
            table = _Table(name=opened[1], line=number)
        elif key := _KEY.match(line):
            table.keys[key[1] or key[2] or key[3]] = number
            fence = key[4] or ""
            closing = "" if fence in line[key.end() :] else fence
    yield table


def _refuse_syntax(file: str, source: str, message: str) -> NoReturn:
    place = _AT.search(message)
    lines = source.split("\n")
    line, column = (int(place[1]), int(place[2])) if place else (len(lines), 1)
    # "Cannot overwrite a value": the parser stands at the end of the second one.
    code = "key_twice" if "overwrite" in message else "bad_toml"
    excerpt = lines[line - 1].strip()[:_SHORT] if line <= len(lines) else ""
    above = [one for one in _places(source) if one.line <= line]
    flaw = Flaw(
        code=code,
        file=file,
        line=line,
        number=sum(one.name == "question" for one in above) or None,
        values={"column": column, "excerpt": excerpt},
    )
    raise PackRefused((flaw,))


def toml_text(pack: Pack) -> str:
    """Return `pack` as TOML that `read_toml` reads back to the same pack."""
    head = ["[pack]", *_pairs({"id": pack.id, "title": pack.title, "lang": pack.lang})]
    blocks = ["\n".join(head)]
    blocks += [question_text(question) for question in pack.questions]
    return "\n\n".join(blocks) + "\n"


def question_text(question: Question) -> str:
    """Return one question as the table that a pack's TOML holds of it."""
    return "\n".join(_lines_of(question))


def _lines_of(question: Question) -> Iterator[str]:
    yield "[[question]]"
    yield from _pairs({"id": question.id, "text": question.text})
    texts = ", ".join(_quoted(option.text) for option in question.options)
    yield f"options = [{texts}]"
    yield from _pairs(
        {
            "key": question.key,
            "explanation": question.explanation,
            "source": question.source,
        }
    )
    if question.as_of:
        yield f"as_of = {question.as_of}"
    yield from _pairs(
        {
            "author": question.author,
            "reviewer": question.reviewer,
            "image": question.image or "",
        }
    )
    if question.duration_ms is not None:
        yield f"duration_ms = {question.duration_ms}"
    if question.reserve:
        yield "reserve = true"


def _pairs(values: dict[str, str]) -> Iterator[str]:
    for name, value in values.items():
        if value:
            yield f"{name} = {_quoted(value)}"


def _quoted(text: str) -> str:
    """Return a TOML basic string; a sound pack holds no control characters."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
