"""What processes used so far, straight from /proc (Linux), and quantiles."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree(roots: Iterable[int]) -> list[int]:
    """Return the processes and all below them."""
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return found


def processor_seconds(pids: Iterable[int]) -> float:
    """Return the user and system time that processes used so far; the kernel's loopback work for them is in it."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS


def busy_seconds() -> float:
    """Return the time that all processors together were busy since the start of the machine."""
    fields = [int(one) for one in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / _TICKS


def memory_kib(pids: Iterable[int]) -> int:
    """Return the proportional resident memory (PSS), pages that are shared counted once."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total


def quantile(nanoseconds: Sequence[int], share: float) -> float | None:
    """Return a quantile in milliseconds; None of nothing."""
    if not nanoseconds:
        return None
    ordered = sorted(nanoseconds)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1e6, 2)
