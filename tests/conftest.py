"""What every test shares: an environment without settings of this machine."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.postgres import Cluster, cluster

# A shell starts what stands before an & with Ctrl-C ignored, and so would every program
# that the tests start: they could not be stopped by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine makes an example slow, not wrong; hangs are pytest's to end.
settings.register_profile("quizserver", deadline=None)
settings.load_profile("quizserver")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server that runs; who kills it starts it again."""
    with cluster() as made:
        yield made


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's QUIZ_ variables must not change what is tested."""
    for name in list(os.environ):
        if name.startswith("QUIZ_"):
            monkeypatch.delenv(name)
