"""Numbers and times as people read them, in both languages.

Vietnamese: decimal comma, point between thousands, dd/mm/yyyy. Times of day are
those of Việt Nam in every language: that is where the show is. Pure: it is
handed milliseconds and reads no clock.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

VIETNAM: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""One offset without summer time since 1975: no time zone database is needed."""


def decimal(lang: str, value: float, digits: int) -> str:
    """Return `value` with `digits` decimals: "1.234,5" (vi), "1,234.5" (en)."""
    english = f"{value:,.{digits}f}"
    return english.translate(_SWAPPED) if lang == "vi" else english


def integer(lang: str, value: int) -> str:
    """Return a whole number with groups of three: "12.345" (vi), "12,345" (en)."""
    return decimal(lang, value, 0)


def seconds(lang: str, ms: int) -> str:
    """Return milliseconds as seconds, cut to hundredths: 2919 is "2,91" (vi).

    Cut, not rounded: people see the unit that ranks are decided in.
    Source: R4.8.
    """
    whole, hundredths = divmod(ms // 10, 100)
    point = "," if lang == "vi" else "."
    return f"{integer(lang, whole)}{point}{hundredths:02}"


def size(lang: str, count: int) -> str:
    """Return bytes as a disk's size, "1,9 GB" (vi) or "180 MB".

    Cut, not rounded: there is never less room than it says.
    """
    if count < _GB:
        return f"{integer(lang, count // 10**6)} MB"
    return f"{decimal(lang, count // 10**8 / 10, 1)} GB"


def day(lang: str, utc_ms: int) -> str:
    """Return the day in Việt Nam: "22/11/2026" (vi), "22 Nov 2026" (en)."""
    local = _local(utc_ms)
    if lang == "vi":
        return f"{local:%d/%m/%Y}"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def day_of(utc_ms: int) -> str:
    """Return the ISO date of a moment as the calendar in Việt Nam shows it."""
    return _local(utc_ms).date().isoformat()


def moment(lang: str, utc_ms: int) -> str:
    """Return time and day in Việt Nam: "09:51:07 22/11/2026" (vi)."""
    return f"{_local(utc_ms):%H:%M:%S} {day(lang, utc_ms)}"


_GB: Final = 10**9
_SWAPPED: Final = str.maketrans(",.", ".,")
_MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]


def _local(utc_ms: int) -> datetime:
    return datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(VIETNAM)
