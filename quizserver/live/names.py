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
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MAX_MARKS or (marks and not kept):
            continue
        if char.isspace():
            kept.append(" ")
        elif category not in _DROPPED or char in _JOINERS:
            kept.append(char)
    return " ".join("".join(kept).split()).strip(_JOINERS)


def fits(text: str, most: int) -> bool:
    """Tell whether `text` has at most `most` graphemes, none absurdly long."""
    return (
        grapheme_count(text) <= most
        and len(text.encode()) <= most * _MAX_BYTES_PER_GRAPHEME
    )


def initials(name: str) -> str:
    """Return "N. T. P. T." for those who did not agree to show their name."""
    return " ".join(f"{word[0].upper()}." for word in name.split()[:4])
