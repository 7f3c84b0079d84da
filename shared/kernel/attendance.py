"""How many of somebody's listeners are open."""

from typing import NamedTuple


class Attendance(NamedTuple):
    """How many of a user's listeners are open, over all processes, and how many of them came later than one."""

    later: int
    all: int
