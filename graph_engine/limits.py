"""Bounds that a process of the engine sets itself, once it has loaded what it needs."""

import resource
from pathlib import Path

_STATUS = Path("/proc/self/status")


def bound_memory(megabytes: int) -> None:
    """Let allocations fail beyond so much memory, and leave no core behind.

    Libraries reserve a gigabyte of addresses that they never touch; what is reserved so far does not count.
    """
    most = (megabytes << 20) + reserved_bytes()
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def reserved_bytes() -> int:
    """Return how much this process has reserved and not used; 0 where the system does not tell."""
    try:
        lines = _STATUS.read_text().splitlines()
    except OSError:
        return 0
    sizes = {line.split(":")[0]: int(line.split()[1]) << 10 for line in lines if line.endswith(" kB")}
    return max(0, sizes.get("VmData", 0) - sizes.get("VmRSS", 0))
