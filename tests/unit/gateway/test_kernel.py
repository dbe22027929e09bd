"""What TCP_INFO says of a real connection, and where there is none."""

import socket

import pytest

from quizserver.gateway import kernel


def test_a_connection_of_this_machine_has_a_round_trip() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as one:
            other, _ = server.accept()
            with other:
                one.sendall(b"x" * 100)
                assert other.recv(100)
                other.sendall(b"y")
                assert one.recv(1)
                sample = kernel.read_sample(one)
        assert sample is not None
        assert 0 < sample.rtt_us < 1_000_000
        assert sample.retrans == 0
        assert 0 < sample.rtt_min_us <= sample.rtt_us


def test_what_is_no_tcp_connection_has_none() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert kernel.read_sample(one) is None
    assert kernel.read_sample(one) is None


def test_other_systems_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "_HAS_INFO", False)
    with socket.socket() as one:
        assert kernel.read_sample(one) is None


class ShortSocket:
    """A kernel of long ago."""

    def getsockopt(self, level: int, option: int, size: int, /) -> bytes:
        """Return less than was asked for."""
        return b"\0" * 148


def test_a_kernel_that_knows_too_little_is_not_believed() -> None:
    assert kernel.read_sample(ShortSocket()) is None
