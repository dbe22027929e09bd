"""What a person may be called: names made safe for every screen and list.

Pure text work. A name is somebody's own; it is normalised and cleaned of what
would break a line or hide another letter, never judged (Source: R2.1).
"""

import unicodedata
from typing import Final

from quizserver.bank.graphemes import grapheme_count

MAX_NAME: Final = 40
"""Longest name and unit, in graphemes (Source: R2.1)."""

MAX_UNIT: Final = 80
_MAX_BYTES_PER_GRAPHEME: Final = 16
_MAX_MARKS: Final = 2
_JOINERS: Final = "\u200c\u200d"
_DROPPED: Final = frozenset({"Cc", "Cs", "Cf", "Co", "Cn"})


def clean(text: str) -> str:
    """Return `text` in NFC, on one line, without controls or stacked marks.

    Bidirectional controls, zero-width characters other than joiners between
    letters, and combining marks beyond two per letter are dropped; Vietnamese
    is whole after NFC and loses nothing.
    """
    # Invisible characters go first: between two marks they would hide that the
    # marks stand on one letter, and keep NFC from joining them.
    visible = "".join(filter(None, map(_visible, text)))
    words = _unstacked(unicodedata.normalize("NFC", visible)).split()
    return " ".join(filter(None, (word.strip(_JOINERS) for word in words)))


def _visible(char: str) -> str:
    """Return the character, a space for any blank, "" for what has no shape."""
    if char.isspace():
        return " "
    if char in _JOINERS or unicodedata.category(char) not in _DROPPED:
        return char
    return ""


def _unstacked(text: str) -> str:
    """Return `text` without marks that have no letter, or two before them."""
    kept: list[str] = []
    room = 0
    for char in text:
        if unicodedata.category(char) in ("Mn", "Me"):
            room -= 1
            if room < 0:
                continue
        elif char not in _JOINERS:
            room = 0 if char == " " else _MAX_MARKS
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
