"""What is known of where a phone is: its network, and no more."""

import pytest

from quizserver.live.origins import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", bytes((203, 0, 113))),
        ("::ffff:203.0.113.77", bytes((203, 0, 113))),
        ("2001:db8:5:6::1", bytes.fromhex("20010db80005")),
        ("fe80::1%eth0", bytes.fromhex("fe8000000000")),
        ("", b""),
        ("not an address", b""),
        ("2001:db8::not", b""),
        ("127.0.0.1", b""),
        ("::ffff:127.0.0.1", b""),
        ("::1", b""),
    ],
)
def test_a_network_is_what_lies_behind_one_router(address: str, network: bytes) -> None:
    assert network_of(address) == network
