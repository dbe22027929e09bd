"""What is derived from the server's secret: tokens, nonces, codes, receipts.

Everything is a keyed hash of what it names, so that nothing has to be stored
or looked up to check it, and a restart changes none of it. Only this module
and the store's vault see the secret.
"""

import hmac
import secrets
from base64 import b32encode
from dataclasses import dataclass
from hashlib import blake2b
from itertools import product

from quizserver.domain.ids import OptionId, ParticipantId, QuestionId, ShowCode

_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 8
_TOKEN_PARTS = 6

# Base 32 (RFC 4648) two letters at a time: the library's takes three times as long,
# and every answer has a receipt.
_PAIRS = [
    "".join(pair) for pair in product("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", repeat=2)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Whose token it is: a participant of one run (epoch) of one show."""

    show: ShowCode
    epoch: str
    participant: ParticipantId


class Signer:
    """Makes and checks what is signed with the server's secret."""

    def __init__(self, secret: bytes) -> None:
        self._token_key = _derived(secret, b"token")
        self._nonce_key = _derived(secret, b"nonce")
        self._order_key = _derived(secret, b"order")
        self._code_key = _derived(secret, b"recovery")
        self._receipt_key = _derived(secret, b"receipt")
        self._origin_key = _derived(secret, b"origin")
        self._page_key = _derived(secret, b"rehearsal")

    def token(self, seat: Seat) -> str:
        """Return a new token of `seat`; earlier ones stay good (R2.2)."""
        body = ".".join(
            ("p", seat.show, seat.epoch, seat.participant, secrets.token_hex(4))
        )
        return f"{body}.{_tag(self._token_key, body, 16)}"

    def seat(self, token: str) -> Seat | None:
        """Return whose token this is; None when we did not make it."""
        parts = token.split(".")
        if len(parts) != _TOKEN_PARTS or len(token) > 200 or not token.isascii():
            return None
        body, _, tag = token.rpartition(".")
        if not hmac.compare_digest(tag, _tag(self._token_key, body, 16)):
            return None
        return Seat(
            show=ShowCode(parts[1]),
            epoch=parts[2],
            participant=ParticipantId(parts[3]),
        )

    def nonce(self, seat: Seat, question: QuestionId) -> str:
        """Return the nonce this participant gets with this question (R3.2)."""
        body = f"{seat.show}.{seat.epoch}.{question}.{seat.participant}"
        return _tag(self._nonce_key, body, 8)

    def order_seed(self, show: ShowCode, epoch: str, question: QuestionId) -> bytes:
        """Return the key of the order in which a question is sent (R4.10)."""
        return bytes.fromhex(_tag(self._order_key, f"{show}.{epoch}.{question}", 16))

    def origin(self, show: ShowCode, epoch: str, network: bytes) -> str | None:
        """Return what stands for a network in this run; None for an unknown one.

        Without the key nobody can find the network, and in another run the same
        network has another origin: no personal data (Source: R2.4, R4.11).
        """
        if not network:
            return None
        return _tag(self._origin_key, f"{show}.{epoch}.{network.hex()}", 6)

    def receipt(self, seat: Seat, question: QuestionId, option: OptionId) -> str:
        """Return the short code that proves this answer was recorded (R3.4).

        It depends on nothing but who answered what: not on the key (R3.6).
        """
        body = f"{seat.show}.{seat.epoch}.{question}.{seat.participant}.{option}"
        digest = blake2b(body.encode(), key=self._receipt_key, digest_size=5).digest()
        bits = int.from_bytes(digest, "big")
        return (
            _PAIRS[bits >> 30]
            + _PAIRS[bits >> 20 & 0x3FF]
            + _PAIRS[bits >> 10 & 0x3FF]
            + _PAIRS[bits & 0x3FF]
        )

    def rehearsal_page(self, show: ShowCode, epoch: str) -> str:
        """Return the page that only this run's own simulated phones can name."""
        return _tag(self._page_key, f"{show}.{epoch}", 8)

    def recovery_hash(self, show: ShowCode, epoch: str, code: str) -> str:
        """Return what a recovery code is stored and found by."""
        letters = "".join(c for c in code.upper() if c in _CODE_LETTERS)
        return _tag(self._code_key, f"{show}.{epoch}.{letters}", 16)


def new_recovery_code() -> str:
    """Return a fresh recovery code, "ABCD-2345": no look-alike characters."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def new_participant_id() -> ParticipantId:
    """Return a fresh pseudonym: 80 random bits."""
    return ParticipantId(b32encode(secrets.token_bytes(10)).decode().lower())


def new_epoch() -> str:
    """Return a fresh epoch: steps of two epochs cannot be compared."""
    return secrets.token_hex(4)


def new_salt() -> str:
    """Return what the hash of a run's pack is salted with, in hex (R6.2)."""
    return secrets.token_hex(32)


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return blake2b(secret, person=purpose, digest_size=32).digest()


def _tag(key: bytes, body: str, size: int) -> str:
    return blake2b(body.encode(), key=key, digest_size=size).hexdigest()
