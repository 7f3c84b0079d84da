"""Background loops that nobody has to watch: what they do is done again for ever, and an end is never unnoticed."""

import logging
import os
import signal
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass

Step = Callable[[], object]

LONGEST_PAUSE = 5.0
BROKEN_AFTER_FAULTS = 5
BROKEN_AFTER_SECONDS = 15.0
GRACE_SECONDS = 30.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoopState:
    """What is known of a loop: its faults so far, and whether it stands still although nobody stopped it."""

    name: str
    faults: int
    is_broken: bool


def end_process() -> None:
    """Ask this process to end as an operator would, and see to it 30 s later; its supervisor starts another."""
    timer = threading.Timer(GRACE_SECONDS, os._exit, [os.EX_SOFTWARE])
    timer.daemon = True
    timer.start()
    os.kill(os.getpid(), signal.SIGTERM)


class Loop:
    """A step that is done again and again in a thread of its own (a greenlet in the gateway), until `stop`.

    A step deals with what it expects: that something does not answer. Whatever else it raises is a fault, which is
    logged, counted and followed by another try, with backoff. Where a loop of the work itself cannot get over it, five
    times in a row and for 15 s, or its thread is ended, the process could do only half of its work from then on and
    look healthy: `broken_loops` names the loop, and the process ends. A loop that only observes is begun anew instead.
    """

    def __init__(
        self,
        name: str,
        step: Step,
        pause: float = 0.0,
        *,
        observes: bool = False,
        end: Callable[[], None] | None = None,
    ) -> None:
        """Prepare; the thread begins with `start`, after a fork where there is one."""
        self.name, self.faults, self.is_broken = name, 0, False
        self._step, self._pause, self._observes, self._end = step, pause, observes, end or end_process
        self._stopped, self._wake = threading.Event(), threading.Event()
        self._in_a_row, self._well_at = 0, 0.0
        self._thread = self._new_thread()
        _known.add(self)

    def start(self) -> "Loop":
        """Begin; once."""
        self._well_at = time.monotonic()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Begin no further step; does not wait for the one under way."""
        self._stopped.set()
        self._wake.set()

    def wake(self) -> None:
        """Cut the pause short that the loop is in."""
        self._wake.set()

    def join(self, seconds: float) -> None:
        """Wait for the end of the step under way, at most so long."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    @property
    def is_stopped(self) -> bool:
        """Tell whether it was stopped."""
        return self._stopped.is_set()

    @property
    def state(self) -> LoopState:
        """Return what is known of it."""
        return LoopState(self.name, self.faults, self.is_broken)

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, name=self.name, daemon=True)

    def _run(self) -> None:
        try:
            while not self._stopped.is_set() and not self.is_broken:
                self._turn()
        finally:
            if not self._stopped.is_set():
                self._stand_still()

    def _turn(self) -> None:
        try:
            self._step()
        except Exception as fault:  # the one handler of all loops: whatever it is, it is told, counted, tried again
            self._note(fault)
        else:
            self._in_a_row, self._well_at = 0, time.monotonic()
            if self._pause:
                self._wait(self._pause)

    def _wait(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()

    def _note(self, fault: Exception) -> None:
        self.faults += 1
        self._in_a_row += 1
        log.error("loop %s: fault %d in a row", self.name, self._in_a_row, exc_info=fault)
        is_lasting = time.monotonic() - self._well_at >= BROKEN_AFTER_SECONDS
        if not self._observes and self._in_a_row >= BROKEN_AFTER_FAULTS and is_lasting:
            self.is_broken = True
        else:
            self._wait(min(LONGEST_PAUSE, 0.1 * 2 ** min(self._in_a_row, 10)))

    def _stand_still(self) -> None:
        """Begin anew where the loop only observes; else end the process, which says so while it ends."""
        if self._observes:
            self.faults += 1
            self._thread = self._new_thread()
            self._thread.start()
            return
        self.is_broken = True
        log.critical("loop %s stands still after %d faults: this process ends", self.name, self.faults)
        self._end()


def forever(name: str, step: Step, pause: float = 0.0, *, observes: bool = False) -> Loop:
    """Do a step again and again in the background, with a pause of so many seconds between; see `Loop`."""
    return Loop(name, step, pause, observes=observes).start()


def loops() -> list[LoopState]:
    """Return what is known of this process's loops."""
    return [loop.state for loop in list(_known)]


def broken_loops() -> list[str]:
    """Return the loops of the work that stand still; while there are any, this process is not ready."""
    return sorted(loop.name for loop in loops() if loop.is_broken)


_known: "weakref.WeakSet[Loop]" = weakref.WeakSet()
#: The threads of a parent do not live on in a process that it forks.
os.register_at_fork(after_in_child=_known.clear)
