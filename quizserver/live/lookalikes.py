"""Letters of another alphabet that make a name look like somebody else's.

Pure text work, on a name that was cleaned: what is invisible, or stacked marks, is
gone by then (`names.clean`), which cures it; a letter of another alphabet cannot be
taken out without changing the name, so whoever typed it is told which one it is.
Names wholly of one alphabet are nobody's disguise, and neither is one in which the
words have an alphabet each, unless one looks as if it were of the other (R2.1).
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

_ALIKE: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN"})
"""Alphabets whose letters are taken for one another."""

_TWINS: Final = frozenset(
    "АВЕЅІЈКМНОРСТУХаеорсухіјѕһԁԛԝ"  # Cyrillic
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧον"  # Greek
)
"""Letters of others that nobody can tell from a Latin one."""


def strange_letters(name: str) -> str:
    """Return the letters that stand among those of another alphabet, each once.

    Empty when the name is what it looks like. Where Latin is in it, the others are
    the strange ones; else the fewer.
    """
    words = [_by_alphabet(word) for word in _words(name)]
    latin = any("LATIN" in word for word in words)
    found = (one for word in words for one in _strange(word, beside_latin=latin))
    return "".join(dict.fromkeys(found))


def _words(name: str) -> list[str]:
    """Return the words of a name; marks are taken off first."""
    apart = unicodedata.normalize("NFD", name)
    letters = (
        char if unicodedata.category(char).startswith("L") else " "
        for char in apart
        if not unicodedata.category(char).startswith("M")
    )
    return "".join(letters).split()


def _by_alphabet(word: str) -> dict[str, str]:
    """Return the letters of a word by alphabet, of those that are alike."""
    found: dict[str, str] = {}
    for char in word:
        alphabet = unicodedata.name(char, "").partition(" ")[0]
        if alphabet in _ALIKE:
            found[alphabet] = found.get(alphabet, "") + char
    return found


def _strange(word: dict[str, str], *, beside_latin: bool) -> Iterator[str]:
    if len(word) > 1:
        own = "LATIN" if "LATIN" in word else max(word, key=lambda one: len(word[one]))
        yield from "".join(those for one, those in word.items() if one != own)
    elif beside_latin and "LATIN" not in word:
        others = "".join(word.values())
        if _TWINS.issuperset(others):
            yield from others
