"""What a process takes, read from /proc: this one's own."""

import os
import socket

from quizserver.rehearsal.machine import listeners, usage
from tests.server import free_port


def test_who_listens_on_a_port_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert listeners(listening.getsockname()[1]) == (os.getpid(),)


def test_nobody_listens_on_a_free_port() -> None:
    assert listeners(free_port()) == ()


def test_what_a_process_has_used_only_grows() -> None:
    before = usage((os.getpid(),))
    sum(range(2_000_000))
    after = usage((os.getpid(),))
    assert before is not None
    assert after is not None
    assert 0 < before.cpu_s <= after.cpu_s
    assert 1_000 < after.memory_kib <= after.peak_kib


def test_a_process_that_is_gone_has_no_figures() -> None:
    assert usage((os.getpid(), 2**22 + 1)) is None
