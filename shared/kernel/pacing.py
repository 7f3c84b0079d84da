"""A loop over what gathers: it rests while nothing waits, and hands groups on at the pace that its owner sets."""

import threading
import time
from collections.abc import Callable, Sized

from shared.kernel.loops import Loop


class Pace:
    """Groups what others put into a queue, in a thread of its own (a greenlet in the gateway), until `stop`.

    After putting something into the queue, look at `is_resting`, and call `wake` where it is true. Both are left to the
    caller because the event loop does this for every command and message.
    """

    __slots__ = ("_due", "_hand_on", "_loop", "_rests", "_waiting", "_woken", "is_resting", "is_stopping")

    def __init__(
        self,
        name: str,
        waiting: Sized,
        *,
        due: Callable[[], float],
        hand_on: Callable[[bool], None],
        rests: Callable[[], None] | None = None,
    ) -> None:
        """Prepare a loop over `waiting`.

        `due` returns the time of `time.monotonic` at which the next group leaves. `hand_on` takes at least one item
        out, and is told whether the loop had to wait for that time. `rests` is called whenever nothing waits.
        """
        self._waiting, self._due, self._hand_on, self._rests = waiting, due, hand_on, rests
        self._woken = threading.Event()
        self._loop = Loop(name, self._turn)
        self.is_resting = self.is_stopping = False

    def start(self) -> None:
        """Begin; once."""
        self._loop.start()

    def wake(self) -> None:
        """End the rest: something waits."""
        self.is_resting = False
        self._woken.set()

    def stop(self) -> None:
        """End once nothing waits."""
        self.is_stopping = True
        self._woken.set()

    def _turn(self) -> None:
        while not self._waiting:
            if self._rests is not None:
                self._rests()
            if self.is_stopping:
                self._loop.stop()
                return
            self._rest()
        pause = self._due() - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._hand_on(pause > 0)

    def _rest(self) -> None:
        self._woken.clear()
        self.is_resting = True
        if not self._waiting and not self.is_stopping:  # else it came just before the rest began
            self._woken.wait()
        self.is_resting = False
