"""The messages of obs-websocket v5, as far as the bridge speaks them.

Pure: text in, values out. The protocol is published with obs-websocket: a message
is `{"op": n, "d": {…}}`; OBS says Hello, we Identify, OBS says Identified; then each
Request has one RequestResponse with its id.
"""

import base64
import hashlib
from typing import Any, Final

import msgspec

VERSION: Final = 1
"""The version of the messages that we speak (`rpcVersion`)."""

HELLO: Final = 0
IDENTIFY: Final = 1
IDENTIFIED: Final = 2
EVENT: Final = 5
REQUEST: Final = 6
RESPONSE: Final = 7

WRONG_PASSWORD: Final = 4009
"""Close code of a password that is not good, or missing."""

NOT_FOUND: Final = 600
"""Code of a request that names a scene or source which is not there."""

NO_EVENTS: Final = 0


class Message(msgspec.Struct):
    """Any message; what `d` holds depends on `op`."""

    op: int
    d: dict[str, Any] = {}


class Refused(Exception):
    """OBS did not do what a request asked for."""

    def __init__(self, request: str, code: int, comment: str) -> None:
        """Keep the code; the sentence is OBS's own comment."""
        super().__init__(f"OBS refused {request} ({code}): {comment}")
        self.code = code


_DECODER: Final = msgspec.json.Decoder(Message)


def decode(text: str | bytes) -> Message:
    """Return a message of OBS. Raises msgspec.DecodeError, msgspec.ValidationError."""
    return _DECODER.decode(text)


def identify(hello: Message, password: str) -> str:
    """Return the answer to Hello, with the password's proof where OBS asks for it."""
    fields: dict[str, Any] = {"rpcVersion": VERSION, "eventSubscriptions": NO_EVENTS}
    asked = hello.d.get("authentication")
    if asked:
        fields["authentication"] = proof(password, asked["salt"], asked["challenge"])
    return encode(IDENTIFY, fields)


def proof(password: str, salt: str, challenge: str) -> str:
    """Return what proves that we know the password, which itself is never sent."""
    secret = _digest(password + salt)
    return _digest(secret + challenge)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def request(name: str, number: str, fields: dict[str, Any]) -> str:
    """Return a Request that is answered under `number`."""
    asked = {"requestType": name, "requestId": number, "requestData": fields}
    return encode(REQUEST, asked)


def answer(response: Message) -> dict[str, Any]:
    """Return what a RequestResponse brings. Raises Refused."""
    status = response.d["requestStatus"]
    if not status["result"]:
        name, comment = response.d["requestType"], status.get("comment", "")
        raise Refused(name, status["code"], comment)
    return response.d.get("responseData") or {}


def encode(op: int, fields: dict[str, Any]) -> str:
    """Return a message as text."""
    return msgspec.json.encode(Message(op=op, d=fields)).decode()
