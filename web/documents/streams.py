"""What the event stream says of itself, beside what is pushed to its user."""

from typing import Literal

from shared.kernel.contract import Event


class StreamResynced(Event):
    """The place to go on from is not known any more: read over HTTP what may have been missed."""

    type: Literal["resync"] = "resync"


class StreamPaused(Event):
    """Five later streams of the same person are told; this one goes on from its place when one of them ends."""

    type: Literal["paused"] = "paused"
    reason: str
