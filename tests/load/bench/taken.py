"""What a server process takes: processor time to the nanosecond, and memory."""

import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Taken:
    """Since its start, at one moment: processor seconds, resident KiB.

    `kernel_kib` is what the kernel holds for everybody on this machine (slab).
    """

    at_ns: int
    cpu_s: float
    memory_kib: int
    kernel_kib: int


def taken(pid: int) -> Taken:
    """Return what the process has taken, all its threads together."""
    folder = Path("/proc") / str(pid)
    threads = (folder / "task").glob("*/schedstat")
    cpu_ns = sum(int(one.read_text("ascii").split()[0]) for one in threads)
    lines = (folder / "status").read_text("utf-8").splitlines()
    (memory,) = (line for line in lines if line.startswith("VmRSS:"))
    lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    (slab,) = (line for line in lines if line.startswith("Slab:"))
    kib = int(memory.split()[1]), int(slab.split()[1])
    return Taken(time.monotonic_ns(), cpu_ns / 1e9, *kib)


def port_is_taken(port: int) -> bool:
    """Tell whether somebody listens on this port of this machine."""
    lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    rows = [line.split() for line in lines]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)
