"""What is derived from the server's secret: tokens, nonces, codes, receipts.

Everything is a keyed hash of what it names, so that nothing has to be stored
or looked up to check it, and a restart changes none of it. Only this module
and the store's vault see the secret.
"""

import hmac
import secrets
from base64 import b32encode
from hashlib import blake2b
from itertools import product
from typing import NamedTuple

from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode

_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 10
_CODE_LENGTHS = (8, _CODE_LENGTH)  # those of shows that began earlier stay good
_TOKEN_PARTS = 6

# Base 32 (RFC 4648) two letters at a time: the library's takes three times as long,
# and every answer has a receipt.
_PAIRS = [
    "".join(pair) for pair in product("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", repeat=2)
]


class Seat(NamedTuple):
    """Whose token it is: a participant of one run (epoch) of one show."""

    show: ShowCode
    epoch: str
    participant: ParticipantId


class Signer:
    """Makes and checks what is signed with the server's secret."""

    def __init__(self, secret: bytes) -> None:
        self._token_hash = _keyed(secret, b"token", 16)
        self._nonce_hash = _keyed(secret, b"nonce", 8)
        self._order_hash = _keyed(secret, b"order", 16)
        self._code_hash = _keyed(secret, b"recovery", 16)
        self._receipt_hash = _keyed(secret, b"receipt", 5)
        self._origin_hash = _keyed(secret, b"origin", 6)
        self._page_hash = _keyed(secret, b"rehearsal", 8)

    def token(self, seat: Seat) -> str:
        """Return a new token of `seat`; earlier ones stay good (R2.2)."""
        body = ".".join(
            ("p", seat.show, seat.epoch, seat.participant, secrets.token_hex(4))
        )
        return f"{body}.{_tag(self._token_hash, body)}"

    def seat(self, token: str) -> Seat | None:
        """Return whose token this is; None when we did not make it."""
        parts = token.split(".")
        if len(parts) != _TOKEN_PARTS or len(token) > 200 or not token.isascii():
            return None
        body, _, tag = token.rpartition(".")
        if not hmac.compare_digest(tag, _tag(self._token_hash, body)):
            return None
        return Seat(
            show=ShowCode(parts[1]),
            epoch=parts[2],
            participant=ParticipantId(parts[3]),
        )

    def nonce(self, seat: Seat, question: QuestionId) -> str:
        """Return the nonce this participant gets with this question (R3.2)."""
        body = f"{seat.show}.{seat.epoch}.{question}.{seat.participant}"
        return _tag(self._nonce_hash, body)

    def order_seed(self, show: ShowCode, epoch: str, question: QuestionId) -> bytes:
        """Return the key of the order in which a question is sent (R4.10)."""
        return bytes.fromhex(_tag(self._order_hash, f"{show}.{epoch}.{question}"))

    def origin(self, show: ShowCode, epoch: str, network: bytes) -> str | None:
        """Return what stands for a network in this run; None for an unknown one.

        Without the key nobody can find the network, and in another run the same
        network has another origin: no personal data (Source: R2.4, R4.11).
        """
        if not network:
            return None
        return _tag(self._origin_hash, f"{show}.{epoch}.{network.hex()}")

    def receipt(self, seat: Seat, question: QuestionId, option: OptionId) -> str:
        """Return the short code that proves this answer was recorded (R3.4).

        It depends on nothing but who answered what: not on the key (R3.6).
        """
        body = f"{seat.show}.{seat.epoch}.{question}.{seat.participant}.{option}"
        digest = self._receipt_hash.copy()
        digest.update(body.encode())
        bits = int.from_bytes(digest.digest(), "big")
        return (
            _PAIRS[bits >> 30]
            + _PAIRS[bits >> 20 & 0x3FF]
            + _PAIRS[bits >> 10 & 0x3FF]
            + _PAIRS[bits & 0x3FF]
        )

    def rehearsal_page(self, show: ShowCode, epoch: str) -> str:
        """Return the page that only this run's own simulated phones can name."""
        return _tag(self._page_hash, f"{show}.{epoch}")

    def recovery_hash(self, show: ShowCode, epoch: str, code: str) -> str:
        """Return what a recovery code is stored and found by."""
        return _tag(self._code_hash, f"{show}.{epoch}.{_letters(code)}")


def new_recovery_code() -> str:
    """Return a fresh recovery code, "ABCDE-23456": no look-alike characters.

    50 bits: of the codes of 36,000 people one guess in 20,000 million hits one.
    """
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def is_recovery_code(text: str) -> bool:
    """Tell whether this may be a recovery code, however it is typed."""
    return len(_letters(text)) in _CODE_LENGTHS


def _letters(code: str) -> str:
    return "".join(c for c in code.upper() if c in _CODE_LETTERS)


def new_participant_id() -> ParticipantId:
    """Return a fresh pseudonym: 80 random bits."""
    return ParticipantId(b32encode(secrets.token_bytes(10)).decode().lower())


def new_epoch() -> str:
    """Return a fresh epoch: steps of two epochs cannot be compared."""
    return secrets.token_hex(4)


def new_salt() -> str:
    """Return what the hash of a run's pack is salted with, in hex (R6.2)."""
    return secrets.token_hex(32)


def _keyed(secret: bytes, purpose: bytes, size: int) -> blake2b:
    """Return a hash that has taken in the key of its purpose, to be copied.

    That takes two thirds of the time of giving the key to a new one.
    """
    key = blake2b(secret, person=purpose, digest_size=32).digest()
    return blake2b(key=key, digest_size=size)


def _tag(keyed: blake2b, body: str) -> str:
    tag = keyed.copy()
    tag.update(body.encode())
    return tag.hexdigest()
