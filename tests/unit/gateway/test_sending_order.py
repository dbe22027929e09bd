"""Whose turn it is, and who shares it."""

import pytest

from quizserver.gateway.relays import relays_of
from quizserver.gateway.sending_order import place


def test_place_depends_on_the_network_and_the_seed() -> None:
    here, there = "203.0.113.1", "203.0.114.1"
    assert place(here, b"1") == place("203.0.113.99", b"1")
    assert place(here, b"1") != place(there, b"1")
    assert place(here, b"1") != place(here, b"2")


@pytest.mark.parametrize(
    ("address", "is_relay"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("192.0.2.7", True),
        ("203.0.113.77", False),
        ("2001:db8::1", False),
        ("", True),
    ],
)
def test_proxies_are_the_trusted_ones_and_this_machine(
    address: str, is_relay: bool
) -> None:
    assert relays_of(["10.0.0.0/8", "192.0.2.7"])(address) is is_relay
