"""What a person may be called: names made safe for every screen and list.

Pure text work. A name is somebody's own; it is normalised and cleaned of what
would break a line or hide another letter, never judged (Source: R2.1).
"""

import re
import unicodedata
from typing import Final

from quizserver.bank.graphemes import grapheme_count

MAX_NAME: Final = 40
"""Longest name and unit, in graphemes (Source: R2.1)."""

MAX_UNIT: Final = 80
_MAX_BYTES_PER_GRAPHEME: Final = 16
_MAX_MARKS: Final = {"Mn": 2, "Me": 2, "Mc": 4}
"""Marks of a kind on one letter. More of those that take room of their own (Mc) than
any script writes would make one letter as wide as a line."""

_MAX_JOINED: Final = 4
"""Joiners in one picture: a family of four has three."""

_JOINERS: Final = "\u200c\u200d"
_MANY_JOINERS: Final = re.compile(f"([{_JOINERS}])[{_JOINERS}]+")
_FIRST_JOINED: Final = "\u0590"
"""Below it are the scripts that join nothing: Latin, Greek, Cyrillic, bare marks."""

_BLANKS: Final = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters by category, but nothing to see: a name of them would be an empty line."""

_DROPPED: Final = frozenset({"Cc", "Cs", "Cf", "Co", "Cn"})


def clean(text: str) -> str:
    """Return `text` in NFC, on one line, without controls or stacked marks.

    Bidirectional controls, zero-width characters other than joiners between
    letters of scripts that join, and marks beyond what a letter bears are
    dropped; Vietnamese is whole after NFC and loses nothing.
    """
    # Invisible characters go first: between two marks they would hide that the
    # marks stand on one letter, and keep NFC from joining them. Joiners are looked
    # at again when it is settled what stands beside them.
    visible = _joined("".join(map(_visible, text)))
    settled = _joined(_unstacked(unicodedata.normalize("NFC", visible)))
    return " ".join(unicodedata.normalize("NFC", settled).split())


def _visible(char: str) -> str:
    """Return the character, a space for any blank, "" for what has no shape."""
    if char.isspace() or char in _BLANKS:
        return " "
    if char in _JOINERS or unicodedata.category(char) not in _DROPPED:
        return char
    return ""


def _joined(text: str) -> str:
    """Return `text` with only those joiners that join something."""
    single = _MANY_JOINERS.sub(r"\1", text)
    kept = [" "]
    chain = 0
    for char, after in zip(single, f"{single[1:]} ", strict=False):
        if char not in _JOINERS:
            chain = chain if kept[-1] in _JOINERS or _goes_on(char) else 0
        elif min(kept[-1], after) < _FIRST_JOINED or chain == _MAX_JOINED:
            continue
        else:
            chain += 1
        kept.append(char)
    return "".join(kept[1:])


def _goes_on(char: str) -> bool:
    """Tell whether a picture goes on with this: a mark, or the tone of a skin."""
    kind = unicodedata.category(char)
    return kind in _MAX_MARKS or kind == "Sk"


def _unstacked(text: str) -> str:
    """Return `text` without marks that have no letter, or too many before them."""
    kept: list[str] = []
    room: dict[str, int] = {}
    for char in text:
        kind = unicodedata.category(char)
        if kind in _MAX_MARKS:
            room[kind] = room.get(kind, 0) - 1
            if room[kind] < 0:
                continue
        elif char not in _JOINERS:
            room = {} if char == " " else dict(_MAX_MARKS)
        kept.append(char)
    return "".join(kept)


def fits(text: str, most: int) -> bool:
    """Tell whether `text` has at most `most` graphemes, none absurdly long."""
    return (
        grapheme_count(text) <= most
        and len(text.encode()) <= most * _MAX_BYTES_PER_GRAPHEME
    )


def initials(name: str) -> str:
    """Return "N. T. P. T." for those who did not agree to show their name."""
    return " ".join(f"{word[0].upper()}." for word in name.split()[:4])
