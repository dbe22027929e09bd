"""What the kernel lets this process do: a test that needs more is skipped, and says so.

Root has these rights, unless it is the root of a container. Whoever has them and
fails all the same has found a fault.
"""

from enum import IntEnum
from pathlib import Path

import pytest


class Right(IntEnum):
    """Linux capabilities, by their bit (capabilities(7))."""

    NET_ADMIN = 12
    SYS_ADMIN = 21


def needs(purpose: str, *rights: Right) -> None:
    """Skip the test unless this process has the rights."""
    status = Path("/proc/self/status").read_text("ascii")
    held = int(status.split("CapEff:")[1].split()[0], 16)
    missing = [right.name for right in rights if not held >> right & 1]
    if missing:
        pytest.skip(f"{purpose} needs root with CAP_{', CAP_'.join(missing)}")
