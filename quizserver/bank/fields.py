"""The rules of single values: what may stand in one field of a pack.

Each reader takes a value as its form gave it and returns what the domain
keeps, or raises `Wrong` with a code of the catalogue. Nothing here knows where
the value stood; `validate` adds file, line and question.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Final

from quizserver.bank.drafts import Spoilt
from quizserver.bank.flaws import Shown
from quizserver.bank.graphemes import grapheme_count, most_joined
from quizserver.domain.bounds import TIMES
from quizserver.domain.ids import OPTION_IDS, OptionId

MOST_TEXT: Final = 200
"""Graphemes of a question's text (Source: wire.md §5)."""

MOST_OPTION: Final = 80
"""Graphemes of an option (Source: wire.md §5)."""

MOST_NOTE: Final = 400
"""Graphemes of explanation, source, title, author and reviewer."""

_MOST_JOINED: Final = 8
"""Joiners in one picture; the longest that is anybody's has four."""

_DURATION: Final = TIMES["duration_ms"]

LANGS: Final = ("vi", "en")

_ID = re.compile(r"(?!show\Z)[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_PACK_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_WHOLE = re.compile(r"\d{1,9}")
_BETWEEN_KEYS = re.compile(r"[\s,;+/&|]+|\b(?:và|and)\b", re.IGNORECASE)

# What a copy from a web page brings along unseen and nobody misses.
_UNSEEN = {ord(char): None for char in "\u200b\u2060\ufeff\u00ad"}
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e") | frozenset(
    "\u2066\u2067\u2068\u2069"
)
_YES = frozenset({"true", "yes", "y", "x", "1", "có", "dự phòng", "reserve"})
_NO = frozenset({"", "false", "no", "n", "0", "không"})


class Wrong(Exception):
    """A value breaks a rule; `code` and `values` as in `Flaw`."""

    def __init__(self, code: str, **values: Shown) -> None:
        """Keep the code of the catalogue and what fills its sentence."""
        super().__init__(code)
        self.code = code
        self.values = values


def tidy(text: str) -> str:
    """Return `text` in NFC, unseen characters gone, white space single."""
    seen = unicodedata.normalize("NFC", text.translate(_UNSEEN))
    return " ".join(seen.split())


def read_text(value: object, *, most: int = MOST_NOTE) -> str:
    """Return a text of at most `most` graphemes; "" is allowed here.

    Raises:
        Wrong: not text, too long, or with characters that turn or break it.
    """
    if isinstance(value, Spoilt):
        raise Wrong(value.code, found=value.found)
    if not isinstance(value, str):
        raise Wrong("not_text", found=str(value))
    text = tidy(value)
    for char in text:
        if char in _TURNING or unicodedata.category(char) in {"Cc", "Cs"}:
            raise Wrong("hidden_character", codepoint=f"U+{ord(char):04X}")
    if most_joined(text) > _MOST_JOINED:
        raise Wrong("hidden_character", codepoint="U+200D")
    count = grapheme_count(text)
    if count > most:
        raise Wrong("too_long", count=count, most=most)
    return text


def read_id(value: object) -> str:
    """Return a question's id: letters, digits, - and _, at most 32.

    Not "show": prizes are named by their question, and that is the whole show's.
    """
    return _id_like(value, _ID, "bad_id")


def read_pack_id(value: object) -> str:
    """Return a pack's id, which is also the name of its folder."""
    return _id_like(value, _PACK_ID, "bad_pack_id")


def read_lang(value: object) -> str:
    """Return "vi" or "en"."""
    lang = read_text(value).lower()
    if lang not in LANGS:
        raise Wrong("bad_lang", found=lang)
    return lang


def read_key(value: object, options: int) -> OptionId:
    """Return the id of the one right option of `options`."""
    if isinstance(value, list):
        if len(value) != 1:
            raise Wrong("two_keys", found=", ".join(str(key) for key in value))
        value = value[0]
    key = read_text(value)
    letters = [part for part in _BETWEEN_KEYS.split(key.upper()) if part]
    if len(letters) > 1 and all(letter in OPTION_IDS for letter in letters):
        raise Wrong("two_keys", found=", ".join(letters))
    last = OPTION_IDS[max(0, min(options, len(OPTION_IDS)) - 1)]
    if len(letters) != 1 or letters[0] not in OPTION_IDS[:options]:
        raise Wrong("bad_key", found=key, last=last, options=options)
    return OptionId(letters[0])


def read_date(value: object) -> str:
    """Return an ISO date; takes dates, "2023-12-22" and "22/12/2023"."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    found = read_text(value)
    if not found:
        return ""
    day_first = _DAY_FIRST.fullmatch(found)
    try:
        if day_first:
            day, month, year = (int(part) for part in day_first.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(found).isoformat()
    except ValueError:
        raise Wrong("bad_date", found=found) from None


def read_duration(value: object) -> int | None:
    """Return milliseconds between 5 000 and 120 000; None for no value."""
    if value == "":
        return None
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong("duration_not_whole", found=str(value))
    least, most = _DURATION.least, _DURATION.most
    if not least <= value <= most:
        raise Wrong("duration_out_of_bounds", found=value, least=least, most=most)
    return value


def read_flag(value: object) -> bool:
    """Return yes or no, also from the words a sheet may hold."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Wrong("not_yes_or_no", found=word)


def _id_like(value: object, pattern: re.Pattern[str], code: str) -> str:
    found = read_text(value)
    if not pattern.fullmatch(found):
        raise Wrong(code, found=found)
    return found
