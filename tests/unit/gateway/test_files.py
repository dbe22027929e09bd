"""The limit of open files goes as far as it may."""

import resource
from collections.abc import Iterator

import pytest

from quizserver.gateway.files import allow_files


@pytest.fixture(autouse=True)
def limit() -> Iterator[tuple[int, int]]:
    """What it was, and is again afterwards."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_low_limit_is_raised_to_the_hard_one(limit: tuple[int, int]) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, limit[1]))
    assert allow_files() == limit[1]
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (limit[1], limit[1])
