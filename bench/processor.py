"""Seconds of the processor that a platform's processes have used, by what they are; from /proc."""

import os
from contextlib import suppress
from pathlib import Path

from cli.running import descendants, running

Spent = dict[str, float]
_TICKS = os.sysconf("SC_CLK_TCK")
_USED = slice(11, 15)
"""Of a process itself and of its children that have ended, in user mode and in the kernel (proc(5))."""


def spent_by(pid: int, families: dict[str, str]) -> Spent:
    """Return the seconds used so far by a process and all its descendants, by the first family whose words fit.

    `families` are words of commands by the family's name; empty words fit everything.
    """
    table = running()
    spent = dict.fromkeys(families, 0.0)
    for one in descendants(pid, table) & table.keys():
        name = next(name for name, words in families.items() if words in table[one].command)
        spent[name] += seconds_of(one)
    return spent


def seconds_of(pid: int) -> float:
    """Return the seconds of one process and of its children that have ended; 0 where it is gone."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
        return sum(map(int, fields[_USED])) / _TICKS
    return 0.0
