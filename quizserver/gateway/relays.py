"""Whose TCP connection a phone's is: its own, or a proxy's.

What the kernel measures ends at the other end of the connection. If a proxy is
there, that is no phone's round trip, and answers have the tier `pong` (R4.4).
A connection from this machine is always such a one: people hold phones, so
whatever connects over loopback passes on what came from elsewhere.
"""

from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network


def relays_of(trusted: Sequence[str]) -> Callable[[str], bool]:
    """Return what tells whether a proxy sits at an address.

    `trusted` are the addresses and networks of known proxies. What is no
    address, such as a Unix socket's, is a proxy's.
    """
    networks = [ip_network(one, strict=False) for one in trusted]

    def is_relay(address: str) -> bool:
        try:
            peer = ip_address(address.partition("%")[0])
        except ValueError:
            return True
        peer = getattr(peer, "ipv4_mapped", None) or peer
        return peer.is_loopback or any(peer in network for network in networks)

    return is_relay
