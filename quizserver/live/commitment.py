"""What is published of a secret before it is told (Source: R6).

The questions of a show are frozen before it begins. Their hash is published
first, so that nobody can say afterwards that a key was changed; it is salted, so
that nobody can try keys until the hash fits. Each question is opened on its own,
since a reserve that was never played stays secret.

    salt of a question  = HMAC-SHA256(salt of the show, "question:" + id), hex
    its commitment      = sha256(salt of the question + its JSON text), hex
    hash of the pack    = sha256(all commitments in the order of the pack), hex

The JSON text is compact, in UTF-8, with keys in alphabetical order. A seal code
is the beginning of a link of the hash chain, short enough to be read aloud: 60
bits, which cannot be made to fit by trying within the evening.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import msgspec

from quizserver.domain.ids import QuestionId
from quizserver.domain.rundown import Question
from quizserver.domain.show import Show

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U to be mistaken for something else."""

_CODE_LENGTH: Final = 12
_ENCODE: Final = msgspec.json.Encoder(order="sorted").encode


def seal_code(sha256: str) -> str:
    """Return the code of a link (64 hex digits) as `XXXX-XXXX-XXXX`."""
    bits = int(sha256[:15], 16)
    letters = [_ALPHABET[bits >> 5 * at & 31] for at in reversed(range(_CODE_LENGTH))]
    text = "".join(letters)
    return "-".join(text[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def question_salt(salt: str, question: QuestionId) -> str:
    """Return the salt that opens one question."""
    message = f"question:{question}".encode()
    return hmac.new(salt.encode(), message, hashlib.sha256).hexdigest()


def question_text(question: Question) -> str:
    """Return the JSON text of an authored question that is committed to."""
    return _ENCODE(question).decode()


def question_commitment(salt: str, question: Question) -> str:
    """Return what is published of a question before it is opened."""
    secret = question_salt(salt, question.id) + question_text(question)
    return hashlib.sha256(secret.encode()).hexdigest()


def pack_hash(salt: str, questions: Iterable[Question]) -> str:
    """Return the hash of a whole pack, 64 hex digits (Source: R6.2)."""
    commitments = "".join(question_commitment(salt, q) for q in questions)
    return hashlib.sha256(commitments.encode()).hexdigest()


def as_created(show: Show) -> tuple[Question, ...]:
    """Return the questions as the show was made with: before any correction."""
    return tuple(
        replace(question, key=show.plays[question.id].key_was or question.key)
        for question in show.questions.values()
    )


def published_hash(show: Show) -> str:
    """Return the hash of the show's pack; "" of a show made without a salt."""
    return pack_hash(show.salt, as_created(show)) if show.salt else ""
