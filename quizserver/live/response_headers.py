"""The headers that every answer carries, whoever writes it.

Pages get theirs from `web.headers`; what is refused before any page was asked for
(a broken request, a head without end, a handshake) is answered by the gateway with
the same ones and may load nothing at all (reliability, security baseline).
"""

from collections.abc import Mapping
from typing import Final

COMMON: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    # With "no-referrer" browsers post our own forms with `Origin: null`.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"
"""The policy of what is no page: it may load nothing and be framed by nobody."""

HSTS: Final = "max-age=31536000"
"""`Strict-Transport-Security`, for who came over TLS."""

REFUSAL: Final[Mapping[str, str]] = {
    **COMMON,
    "Content-Security-Policy": NOTHING,
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
"""All headers of an answer that is no page."""


def refusal_lines(*, secure: bool) -> bytes:
    """Return the lines of `REFUSAL` as they stand in a response's head."""
    headers = dict(REFUSAL)
    if secure:
        headers["Strict-Transport-Security"] = HSTS
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
