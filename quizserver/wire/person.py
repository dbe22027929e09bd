"""What is kept of one person, as they see it, and what they may ask about it.

Source: docs/reference/wire.md §2 ("My data"), rule R2.6.
"""

import msgspec


class ConsentKept(msgspec.Struct, frozen=True):
    """What was agreed to; `at` is RFC 3339 UTC, `version` that of the text shown."""

    version: str
    at: str
    play: bool
    show_name: bool
    contact: bool


class MyData(msgspec.Struct, frozen=True):
    """Everything that is kept of who somebody is.

    `names_until` is the day (ISO) on which it is erased, None before the show's end;
    then it is `keep_days` after that. `may_rename` says whether name and unit may be
    corrected here still.
    """

    show: str
    title: str
    participant: str
    name: str
    unit: str
    phone: str
    via: str
    consent: ConsentKept
    answers: int
    may_rename: bool
    keep_days: int
    names_until: str | None = None


class CorrectBody(msgspec.Struct, frozen=True):
    """Body of `POST /api/shows/{code}/me`; what is missing stays as it is.

    `withdraw` names consents: `show_name`, `contact`, which takes the phone number
    with it.
    """

    name: str | None = None
    unit: str | None = None
    phone: str | None = None
    withdraw: tuple[str, ...] = ()


class EraseBody(msgspec.Struct, frozen=True):
    """Body of `POST /api/shows/{code}/me/erase`: nobody erases by a slip."""

    confirm: bool


class ErasePersonBody(msgspec.Struct, frozen=True):
    """Body of `POST /api/shows/{code}/people/erase`, for an owner (R6.3)."""

    participant: str
    reason: str
