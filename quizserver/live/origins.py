"""Where a phone is on the internet, as far as anybody may know it here.

Only the network of an address is ever looked at, never the address: phones
behind one router are served next to each other (R4.10), and answers of one
network can be compared when somebody reviews them (R4.11). Thousands of phones
share one carrier's network, so it is no reason for anything (Source: R2.4).
"""

import socket
from typing import Final

_MAPPED: Final = b"\0" * 10 + b"\xff\xff"
"""What an IPv4 address begins with when it is written as IPv6."""

_THIS_MACHINE: Final = 127


def network_of(address: str) -> bytes:
    """Return the network of an address: /24 of IPv4, /48 of IPv6.

    Empty for what is no address, and for this machine: a proxy here passes on
    what came from elsewhere.
    """
    try:
        if ":" not in address:
            packed = socket.inet_pton(socket.AF_INET, address)
        else:
            packed = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
    except OSError:
        return b""
    if packed.startswith(_MAPPED):
        packed = packed[12:]
    if packed[0] == _THIS_MACHINE or packed == b"\0" * 15 + b"\1":
        return b""
    return packed[:3] if len(packed) == 4 else packed[:6]
