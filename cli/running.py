"""Which processes run on this machine: read from /proc, or from `ps` where there is no /proc."""

import os
import signal
import subprocess
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_PROC = Path("/proc")
_PS = ("ps", "-axo", "pid=,ppid=,pgid=,lstart=,args=")
_LSTART_WORDS = 5  # Sat Nov 21 01:54:13 2026
_ZOMBIE = "Z"


@dataclass(frozen=True)
class Running:
    """A process; `started` and `command` tell it from another that has its number later."""

    pid: int
    parent: int
    group: int
    started: str
    command: str

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Running":
        """Return what `as_json` wrote."""
        return cls(**kept)

    def is_same(self, other: "Running") -> bool:
        """Tell whether both are one process, under any parent."""
        return (self.pid, self.started, self.command) == (other.pid, other.started, other.command)


def running(pids: Collection[int] | None = None) -> dict[int, Running]:
    """Return every process by its number, or only some; those that have ended and are not yet reaped are left out."""
    found = _from_proc(pids) if (_PROC / "self" / "stat").exists() else _from_ps()
    return {process.pid: process for process in found if pids is None or process.pid in pids}


def descendants(pid: int, table: Mapping[int, Running]) -> set[int]:
    """Return a process and all that descend from it, by their numbers."""
    found = {pid}
    while more := {one.pid for one in table.values() if one.parent in found} - found:
        found |= more
    return found


def kill_groups(groups: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to process groups; those that are gone are passed over."""
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def _from_proc(pids: Collection[int] | None) -> Iterable[Running]:
    names = map(str, pids) if pids is not None else (entry.name for entry in _PROC.iterdir() if entry.name.isdigit())
    for name in names:
        with suppress(OSError, ValueError, IndexError):  # it ended while it was read
            process = _read_proc(_PROC / name)
            if process:
                yield process


def _read_proc(entry: Path) -> Running | None:
    # the name in parentheses may hold anything; what follows the last one is regular (proc(5))
    fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    if fields[0] == _ZOMBIE:
        return None
    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return Running(int(entry.name), int(fields[1]), int(fields[2]), fields[19], command)


def _from_ps() -> Iterable[Running]:
    listed = subprocess.run(_PS, capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        parts = line.split(None, 3 + _LSTART_WORDS)
        if len(parts) > 3 + _LSTART_WORDS:
            pid, parent, group = map(int, parts[:3])
            yield Running(pid, parent, group, " ".join(parts[3:-1]), parts[-1])
