"""In which order phones are sent a question: nobody can choose their place.

The order is that of a keyed hash of the network prefix, under a key that is new
for each question. Phones behind one router are therefore served next to each
other: reading on the first and answering on the last of many gains a few
milliseconds, not the length of the fan-out (Source: R4.10).
"""

import socket
from hashlib import blake2b
from typing import Final

_MAPPED: Final = b"\0" * 10 + b"\xff\xff"
"""What an IPv4 address begins with when it is written as IPv6."""


def place(address: str, seed: bytes) -> bytes:
    """Return the sort key of a phone at `address`, under a question's `seed`."""
    return blake2b(prefix(address), key=seed, digest_size=8).digest()


def prefix(address: str) -> bytes:
    """Return the network of an address: /24 of IPv4, /48 of IPv6."""
    try:
        if ":" not in address:
            return socket.inet_pton(socket.AF_INET, address)[:3]
        packed = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
    except OSError:
        return b""
    return packed[12:15] if packed.startswith(_MAPPED) else packed[:6]
