"""Gives processes a share of a core each, so that what they do can be compared.

On a machine whose cores servers and load share, two servers are no quicker than one
that has a core to itself. With a share each (cgroup v1 or v2, bandwidth of the `cpu`
controller) the rest of the machine is idle enough not to be what is measured.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PERIOD_US: Final = 5_000
_FIRST: Final = Path("/sys/fs/cgroup/cpu")
_SECOND: Final = Path("/sys/fs/cgroup")


@contextmanager
def shares(pids: Iterable[int], percent: int) -> Iterator[None]:
    """Hold each process at so many percent of a core until this is left.

    Raises OSError when this machine or this user has no such group.
    """
    is_first = _FIRST.is_dir()
    groups = []
    try:
        for pid in pids:
            group = (_FIRST if is_first else _SECOND) / f"quizserver-bench-{pid}"
            group.mkdir()
            groups.append(group)
            _limit(group, _PERIOD_US * percent // 100, is_first=is_first)
            (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        for group in groups:
            _give_back(group)


def _limit(group: Path, quota_us: int, *, is_first: bool) -> None:
    if is_first:
        (group / "cpu.cfs_period_us").write_text(str(_PERIOD_US))
        (group / "cpu.cfs_quota_us").write_text(str(quota_us))
    else:
        (group / "cpu.max").write_text(f"{quota_us} {_PERIOD_US}")


def _give_back(group: Path) -> None:
    for pid in (group / "cgroup.procs").read_text().split():
        (group.parent / "cgroup.procs").write_text(pid)
    group.rmdir()


def processes(pid: int) -> list[int]:
    """Return a server's workers; itself when it has none."""
    children = [
        int(child)
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text().split()
    ]
    return children or [pid]
