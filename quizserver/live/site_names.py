"""Which host names are ours: asked of every request and every handshake.

Names of others that point here are refused, so that a page of theirs cannot pass
as ours (DNS rebinding). An address cannot be pointed, and nobody outside can
register a name without a dot. Pure text work.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_HOST: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]+))(?::[0-9]{1,5})?")
"""A Host header: an address in brackets or a name, then perhaps a port."""


def own_names(public_url: str | None, more: Iterable[str] = ()) -> frozenset[str]:
    """Return the names we answer to besides addresses and local ones."""
    names = {"localhost", *(name.lower() for name in more)}
    if public_url:
        names.add(urlsplit(public_url).hostname or "localhost")
    return frozenset(names)


def is_own(host: str, names: Iterable[str]) -> bool:
    """Tell whether a Host header names us: one of `names`, or any address."""
    written = _HOST.fullmatch(host)
    name = (written[1] or written[2]).lower() if written else ""
    local = name.endswith((".localhost", ".local")) or (name and "." not in name)
    return name in names or bool(local) or _is_address(name)


# Phones by the thousand say the same address.
@lru_cache(maxsize=64)
def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
