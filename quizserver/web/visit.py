"""One request with everything known about who sent it.

Handlers take a `Visit` and return a response; what they may read of the
request is here, bounded in size and checked in type. Rights are checked
before a handler runs (`access`).
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from quizserver.domain.ids import ParticipantId, ShowCode
from quizserver.live.access import Actor
from quizserver.texts.catalogue import text
from quizserver.web.denied import Denied
from quizserver.web.seams import LiveShow
from quizserver.web.site import Site

MAX_BODY: Final = 4_096
"""Longest body of a call in bytes, as on the sockets (wire §1)."""

MAX_FORM: Final = 16_384
MAX_FIELDS: Final = 50

_T = TypeVar("_T")
_PATH = re.compile(r"at `\$\.?([^`]*)`")
_NAMED = re.compile(r"field `([^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSeat:
    """The participant a phone's token names, and of which show."""

    show: ShowCode
    participant: ParticipantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request, its language and its sender.

    `actor` is who signed in or sent a host's token; `session` the cookie that
    said so, missing for tokens; `seat` is a phone's.
    """

    site: Site
    request: Request
    lang: str
    actor: Actor | None = None
    session: str | None = None
    seat: PhoneSeat | None = None

    @property
    def code(self) -> ShowCode:
        """The show the path names, in upper case ("" when it names none)."""
        return ShowCode(str(self.request.path_params.get("code", "")).upper())

    @property
    def secure(self) -> bool:
        """Whether the visitor came over TLS (a trusted proxy may say so)."""
        return bool(self.request.scope["scheme"] == "https")

    @property
    def address(self) -> str:
        """The sender's network address; never a reason to refuse (R2.4)."""
        return self.request.client.host if self.request.client else ""

    @property
    def origin(self) -> str:
        """Scheme and host as the visitor sees them, without a slash.

        Of the header that was checked to name us, never of a parsed address.
        """
        return (
            f"{self.request.scope['scheme']}://{self.request.headers.get('host', '')}"
        )

    @property
    def public_url(self) -> str:
        """The address to print and to draw as a QR code."""
        return self.site.public_url or self.origin

    @property
    def csrf(self) -> str:
        """The token that forms of this session carry; "" without a session."""
        if self.session is None:
            return ""
        said = f"csrf|{self.session}".encode()
        return hmac.new(self.site.secret, said, hashlib.sha256).hexdigest()[:32]

    def say(self, key: str, **values: str | int) -> str:
        """Return a text of the catalogue in the visitor's language."""
        return text(self.lang, key, **values)

    def live_show(self, code: ShowCode | None = None) -> LiveShow:
        """Return the show of the path, or of `code`. Raises Denied: none."""
        show = self.site.shows.get(self.code if code is None else code)
        if show is None:
            raise Denied("no_such_show")
        return show

    async def body(self, kind: type[_T]) -> _T:
        """Return the JSON body as `kind`. Raises Denied as `content`, `decoded`."""
        return decoded(await self.content(), kind)

    async def content(self, most: int = MAX_BODY) -> bytes:
        """Return the body of a call, once it is whole. Raises Denied: too long."""
        return await self._read(most)

    async def form(self) -> dict[str, str]:
        """Return the fields of a posted form; of a repeated one the last."""
        raw = await self._read(MAX_FORM)
        try:
            pairs = parse_qsl(
                raw.decode("utf-8"),
                keep_blank_values=True,
                max_num_fields=MAX_FIELDS,
                errors="strict",
            )
        except ValueError:
            raise Denied("bad_form") from None
        return dict(pairs)

    async def _read(self, cap: int) -> bytes:
        # Starlette keeps the body, so a form can be read twice: once for its
        # CSRF token and once by the handler; the cap holds for the first.
        if hasattr(self.request, "_body"):
            return await self.request.body()
        body = bytearray()
        async for chunk in self.request.stream():
            body += chunk
            if len(body) > cap:
                raise Denied("too_big")
        self.request._body = bytes(body)  # noqa: SLF001 - see above
        return bytes(body)


def decoded(raw: bytes, kind: type[_T]) -> _T:
    """Return a JSON body as `kind`.

    Raises:
        Denied: not JSON, or a field of another type, which it names
            ("consent.play").
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise Denied("bad_field", field=field_at_fault(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Denied("bad_json") from None


def field_at_fault(message: str) -> str | None:
    """Return the dotted name of the field that msgspec's message is about."""
    path = _PATH.search(message)
    parts = [path.group(1)] if path and path.group(1) else []
    if "missing required field" in message:
        parts += [match.group(1) for match in _NAMED.finditer(message)]
    return ".".join(parts) or None
