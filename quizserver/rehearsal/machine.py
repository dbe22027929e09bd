"""What a server on this machine takes: read from /proc, as anybody could.

Linux only; elsewhere, or without the right to look, there is nothing to tell.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_LISTENING: Final = "0A"
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """What some processes have used: CPU seconds, memory now and at most, in KiB."""

    processes: tuple[int, ...]
    cpu_s: float
    memory_kib: int
    peak_kib: int


def listeners(port: int) -> tuple[int, ...]:
    """Return the processes that hold a socket listening on `port`, as far as seen."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    if not sockets:
        return ()
    pids = [int(path.name) for path in _PROC.iterdir() if path.name.isdigit()]
    return tuple(sorted(pid for pid in pids if _holds(pid, sockets)))


def usage(processes: tuple[int, ...]) -> Usage | None:
    """Return what they have used together; None when one is gone."""
    try:
        memory = [_memory(pid) for pid in processes]
        cpu_s = sum(_cpu_s(pid) for pid in processes)
    except (OSError, ValueError, IndexError):
        return None
    return Usage(
        processes, cpu_s, sum(now for now, _ in memory), sum(most for _, most in memory)
    )


def _inodes(port: int) -> set[str]:
    found: set[str] = set()
    for name in ("tcp", "tcp6"):
        try:
            lines = (_PROC / "net" / name).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        rows = [line.split() for line in lines]
        suffix = f":{port:04X}"
        found |= {r[9] for r in rows if r[3] == _LISTENING and r[1].endswith(suffix)}
    return found


def _holds(pid: int, sockets: set[str]) -> bool:
    folder = _PROC / str(pid) / "fd"
    try:
        return any(_leads_to(file) in sockets for file in folder.iterdir())
    except OSError:
        return False


def _leads_to(file: Path) -> str:
    try:
        return str(file.readlink())
    except OSError:
        return ""


def _memory(pid: int) -> tuple[int, int]:
    text = (_PROC / str(pid) / "status").read_text(encoding="utf-8")
    rows = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return int(rows["VmRSS"].split()[0]), int(rows["VmHWM"].split()[0])


def _cpu_s(pid: int) -> float:
    text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8")
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
