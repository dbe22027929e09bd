"""Names of things, as types, so that one kind of id cannot pass for another.

Pure; imported by every layer and importing none.
"""

from typing import NewType

ShowCode = NewType("ShowCode", str)
"""What people type to reach a show: upper-case letters and digits, "CCHC1"."""

QuestionId = NewType("QuestionId", str)
"""A question's id inside its pack: "a15"."""

OptionId = NewType("OptionId", str)
"""An option's id, "A" to "F"; answers name options by it (Source: R3.2)."""

ParticipantId = NewType("ParticipantId", str)
"""A participant's public pseudonym; never a name, never a socket."""

OPTION_IDS: tuple[OptionId, ...] = tuple(OptionId(letter) for letter in "ABCDEF")
"""Ids of the options in the order of the pack; a question has 2 to 6."""
