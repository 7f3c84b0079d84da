"""How far a map is, for its owner."""

from collections.abc import Callable
from typing import NamedTuple


class Step(NamedTuple):
    """A stage that was reached; `done` of `total` where it has parts, 0 of 0 where it has none."""

    stage: str
    done: int = 0
    total: int = 0


READ, UNDERSTOOD, CONNECTED, NAMED, DRAWN = STAGES = ("read", "understood", "connected", "named", "drawn")
Told = Callable[[Step], None]


def nobody(_step: Step) -> None:
    """Tell nobody."""
