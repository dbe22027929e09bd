"""Reads JSON text that can mean one thing only.

Of a name that stands twice programs take the first or the last, and a number with a
point or NaN compares in ways of its own: a file could say one thing to this verifier
and another to whoever reads it. The server writes none of these, so each is a fault
(docs/reference/wire.md §6).
"""

import json
from typing import Any, Final, NoReturn

from quizserver.reports.verify.finding import Finding, Unreadable


def parsed(text: bytes | str) -> Any:
    """Return the value of a JSON text, in UTF-8 when it is bytes.

    Raises:
        ValueError: it is none, or can mean more than one thing.
        RecursionError: it is nested without end.
    """
    return _DECODE(text if isinstance(text, str) else text.decode())


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; each name stands in it once."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(Finding("verify.name_twice", name=repr(twice)))
    return made


def _no_number(text: str) -> NoReturn:
    raise Unreadable(Finding("verify.no_whole_number", number=text))


_DECODE: Final = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number
).decode
