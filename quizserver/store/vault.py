"""Encrypts personal data at rest: phone numbers, under a key of their own.

The key is derived from the server's secret for this one purpose, so that no
other use of the secret can open what is stored, and a copy of the database
without the secret opens nothing.
"""

from base64 import urlsafe_b64encode
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE: Final = b"quizserver personal data 1"


class Vault:
    """Seals and opens short texts with a key derived from `secret`."""

    def __init__(self, secret: bytes) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
        self._fernet = Fernet(urlsafe_b64encode(key.derive(secret)))

    def seal(self, plain: str) -> str:
        """Return `plain` encrypted and authenticated; "" stays ""."""
        return self._fernet.encrypt(plain.encode()).decode() if plain else ""

    def open(self, sealed: str) -> str:
        """Return what was sealed, or "" when it was under another secret.

        A lost secret costs the phone numbers, not the show.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode() if sealed else ""
        except InvalidToken:
            return ""
