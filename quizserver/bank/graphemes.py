"""Counts what a reader calls characters, for limits on text.

A Vietnamese letter with two marks, a flag and a family emoji are one each.
Close to Unicode's extended grapheme clusters (UAX 29) for every script a
question may come in; Hangul is whole after NFC. Pure; used by the bank only.
"""

import unicodedata
from typing import Final

_JOINER: Final = "\u200d"
_MARKS: Final = frozenset({"Mn", "Me", "Mc"})
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_TAGS: Final = range(0xE0020, 0xE0080)
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)


def grapheme_count(text: str) -> int:
    """Return the number of user-perceived characters of `text`."""
    count = 0
    before = ""
    flag_open = False
    for char in text:
        closes_flag = flag_open and ord(char) in _FLAG_LETTERS
        if not (closes_flag or _continues(before, char)):
            count += 1
        # Flag letters pair up: the second closes what the first opened.
        flag_open = ord(char) in _FLAG_LETTERS and not closes_flag
        before = char
    return count


def most_joined(text: str) -> int:
    """Return how many joiners the longest chain of joined pictures has.

    A family of four has three. A chain without end would be one grapheme, and
    wider than any screen.
    """
    most = chain = 0
    before = ""
    for char in text:
        if char == _JOINER:
            chain += 1
        elif not _continues(before, char):
            chain = 0
        most = max(most, chain)
        before = char
    return most


def _continues(before: str, char: str) -> bool:
    """Tell whether `char` belongs to the cluster that `before` is part of."""
    if not before:
        return False
    if char == _JOINER or unicodedata.category(char) in _MARKS:
        return True
    if ord(char) in _SKIN_TONES or ord(char) in _TAGS:
        return True
    # A joiner glues only pictographs (all of category So or Sk).
    return before == _JOINER and unicodedata.category(char) in {"So", "Sk"}
