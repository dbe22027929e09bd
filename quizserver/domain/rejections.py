"""What the rules forbid, answered to whoever asked; nothing changes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_TEXT: Final = 200
"""Longest notice, reason or alias, in characters."""


class Reason(StrEnum):
    """Codes of rejections; the sentences are in the catalogues."""

    STALE_STEP = "stale_step"
    NOT_NOW = "not_now"
    NO_QUESTION_LEFT = "no_question_left"
    QUESTION_IS_VOID = "question_is_void"
    QUESTION_IS_NOT_VOID = "question_is_not_void"
    ROLLING = "rolling"
    NOT_THIS_QUESTION = "not_this_question"
    UNKNOWN_QUESTION = "unknown_question"
    BAD_ORDER = "bad_order"
    NO_RESERVE_LEFT = "no_reserve_left"
    REASON_MISSING = "reason_missing"
    BAD_DURATION = "bad_duration"
    BAD_DELAY = "bad_delay"
    BAD_COUNT = "bad_count"
    BAD_OUTPUT = "bad_output"
    TOO_LATE = "too_late"
    TEXT_TOO_LONG = "text_too_long"
    NOT_A_WINNER = "not_a_winner"
    TIE_UNDECIDED = "tie_undecided"
    WINNERS_UNCONFIRMED = "winners_unconfirmed"
    UNKNOWN_OPTION = "unknown_option"
    SAME_KEY = "same_key"
    NOT_REVEALED = "not_revealed"
    QUESTION_IS_ON = "question_is_on"
    UNKNOWN_PARTICIPANT = "unknown_participant"
    UNKNOWN_COMMAND = "unknown_command"
    FORBIDDEN = "forbidden"
    NOT_DRIVER = "not_driver"
    LEDGER_DOWN = "ledger_down"
    NO_SPACE = "no_space"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A command that was not carried out, and why."""

    reason: Reason


def bad_reason(text: str) -> Reason | None:
    """Return what is wrong with a host's reason for the log: missing, or too long."""
    if not text.strip():
        return Reason.REASON_MISSING
    return Reason.TEXT_TOO_LONG if len(text) > MAX_TEXT else None
