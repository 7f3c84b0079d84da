"""The open connections, laid out on a wheel so that the heartbeat needs no timer and no list of its own."""

from collections.abc import Iterator
from itertools import chain
from typing import Protocol

from web.realtime.sockets.port import Connection

SLOTS = 256  # 25 s in turns of 98 ms; a slot's number is one of CPython's shared small integers


class RosterConnection(Connection, Protocol):
    """What a connection does beyond the port, for the process's own sake."""

    slot: int

    def beat(self, silent_since: float, round_began: float) -> None:
        """Ping the peer, or close with 1001 if it was not heard since the first (while reading is paused: never).

        A peer that was heard and told something since the second, when the round began that ends, needs no ping, and is
        not closed in the next round either. Both are seconds of time.monotonic().
        """

    def cut_off(self) -> None:
        """End the connection at once, whatever is unsent."""


class Roster:
    """The connections of a process, each on a slot of the wheel."""

    def __init__(self) -> None:
        self._slots: list[set[RosterConnection]] = [set() for _ in range(SLOTS)]
        self._next = 0

    def add(self, member: RosterConnection) -> None:
        """Take a new member, on the next slot in turn: a storm of reconnects is spread over the whole round."""
        self._next = (self._next + 1) % SLOTS
        member.slot = self._next
        self._slots[member.slot].add(member)

    def discard(self, member: RosterConnection) -> None:
        """Let a member go; a second time does nothing."""
        self._slots[member.slot].discard(member)

    def __len__(self) -> int:
        return sum(map(len, self._slots))

    def __iter__(self) -> Iterator[RosterConnection]:
        """Go through all members; take a copy first if any may come or go meanwhile."""
        return chain.from_iterable(self._slots)

    def __contains__(self, member: object) -> bool:
        return any(member in slot for slot in self._slots)

    def on_slot(self, number: int) -> tuple[RosterConnection, ...]:
        """Return a copy of one slot's members."""
        return tuple(self._slots[number % SLOTS])
