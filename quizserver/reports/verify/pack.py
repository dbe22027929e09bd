"""The hash of the question pack: what was fixed before the show (R6.2).

salt of a question  = given in its row once the question was revealed
its commitment      = sha256(salt + its JSON text), hex
hash of the pack    = sha256(all commitments in the order of the pack), hex
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def commitment(salt: str, authored: Mapping[str, Any]) -> str:
    """Return what was published of a question, from what opened it."""
    return sha256(salt + compact(authored))


def pack_hash(commitments: Iterable[str]) -> str:
    """Return the hash of the whole pack."""
    return sha256("".join(commitments))


def compact(value: object) -> str:
    """Return JSON text without spaces, its keys in the order they came in."""
    return _ENCODE(value)


def sha256(text: str) -> str:
    """Return the sha256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
