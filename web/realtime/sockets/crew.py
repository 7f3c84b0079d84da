"""Greenlets on demand: they come when connections have something to do and go when nothing is left."""

import time
from collections import deque
from typing import Protocol

import gevent

_TURN = 0.01  # s without letting the hub run: steps that never block would freeze every socket while they last


class Errand(Protocol):
    """Something to be done step by step."""

    def step(self) -> bool:
        """Do one step, which may block; return whether another waits. Must not raise."""


class Crew:
    """At most `size` greenlets that share all errands fairly: after each step an errand goes to the end of the line.

    An errand must not be brought again while its last `step` said that more waits.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._working = 0
        self._line: deque[Errand] = deque()

    def bring(self, errand: Errand) -> None:
        """Have the errand's steps done soon; never blocks, so the hub may call it."""
        self._line.append(errand)
        if self._working < self._size:
            self._working += 1
            gevent.spawn(self._work)

    def _work(self) -> None:
        turned = time.monotonic()
        try:
            while self._line:
                errand = self._line.popleft()
                if errand.step():
                    self._line.append(errand)
                if time.monotonic() - turned > _TURN:
                    gevent.sleep(0)
                    turned = time.monotonic()
        finally:
            self._working -= 1
