"""Names that a host looks at before screens show them: those with a word of a list.

Nobody is refused for a name, and nobody is told: screens show initials until a host
passes the name (R2.5), so a word found in an honest name costs a glance. Pure text
work; `app` reads the lists. Filters that can be had are for comments, not for names:
they fold Vietnamese marks away, which makes Cúc, Bưởi and Dũng into swearing.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_DIGITS: Final = str.maketrans("013457@$!", "oieastasi")
"""Digits and signs that stand for letters."""

_TWICE: Final = re.compile(r"(.)\1+")
_WORDS: Final = re.compile(r"[^\W\d_]+")
_LEAST_SPELT: Final = 3
"""Single letters in a row that make a word; fewer are somebody's initials."""


class HeldWords:
    """A list of words and whether a name has one."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Read words, one a line; a `#` begins a remark."""
        marked: list[str] = []
        bare: list[str] = []
        for line in lines:
            entry = line.partition("#")[0].strip()
            words = _words(entry)
            if words:
                of_its_kind = bare if _bare(words) == words else marked
                of_its_kind.append(_found_by(words, entry))
        self._marked, self._bare = _any_of(marked), _any_of(bare)

    def are_in(self, name: str) -> bool:
        """Tell whether a name has one of the words."""
        words = f" {_words(name)} "
        return bool(self._marked.search(words) or self._bare.search(_bare(words)))


def _found_by(words: str, entry: str) -> str:
    """Return the pattern of an entry, whose words may be written as one."""
    return words.replace(" ", " ?") + (r"\w*" if entry.endswith("*") else "")


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    """Return what finds one of them as whole words; nothing when there is none."""
    return re.compile(f"(?<= )(?:{'|'.join(patterns)})(?= )" if patterns else r"(?!)")


def _words(text: str) -> str:
    """Return the words of a text: small letters, none twice in a row, marks kept."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_DIGITS)
    words = _WORDS.findall(unicodedata.normalize("NFC", plain))
    return _TWICE.sub(r"\1", " ".join(_spelt(words)))


def _spelt(words: list[str]) -> list[str]:
    """Return the words with those joined that are spelt out: f u c k."""
    joined: list[str] = []
    letters: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1:
            letters.append(word)
            continue
        spelt = len(letters) >= _LEAST_SPELT
        joined += ["".join(letters)] if spelt else letters
        letters = []
        joined.append(word)
    return joined[:-1]


def _bare(words: str) -> str:
    """Return the words without marks."""
    apart = unicodedata.normalize("NFD", words).replace("đ", "d")
    return "".join(char for char in apart if not unicodedata.combining(char))
