"""Which language a visitor reads, and figures as that language writes them.

Order: `?lang=`, the cookie a former `?lang=` left, `Accept-Language`,
Vietnamese. Pure but for reading the request.
"""

from datetime import date
from typing import Final

from starlette.requests import Request

from quizserver.texts.formats import seconds

LANGUAGES: Final = ("vi", "en")
COOKIE: Final = "quiz-lang"


def language(request: Request) -> str:
    """Return "vi" or "en" for this request."""
    for wish in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return _accepted(request.headers.get("accept-language", ""))


def _accepted(header: str) -> str:
    wishes = []
    for place, part in enumerate(header.split(",")[:10]):
        tag, _, weight = part.strip().partition(";q=")
        lang = tag.split("-")[0].lower()
        if lang in LANGUAGES:
            wishes.append((-_quality(weight), place, lang))
    return min(wishes)[2] if wishes else "vi"


def _quality(weight: str) -> float:
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0


def whole_seconds(lang: str, ms: int) -> str:
    """Return a duration for people: "15" or, where it is needed, "7,5"."""
    if ms % 1000 == 0:
        return str(ms // 1000)
    return seconds(lang, ms).rstrip("0")


def day(lang: str, iso: str) -> str:
    """Return "19/10/2023" or "19 October 2023" for an ISO date; "" for ""."""
    if not iso:
        return ""
    on = date.fromisoformat(iso)
    if lang == "vi":
        return on.strftime("%d/%m/%Y")
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
