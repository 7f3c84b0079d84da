"""Processes of a pool that stand still are killed: Celery starts others, and what they ran is handed back."""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from shared.kernel.heartbeat import BEAT_SECONDS, Heartbeats, beat
from shared.kernel.logs import get_log
from shared.kernel.loops import forever

LISTENER = "POOL_NOTIFY_SOCKET"

log = get_log()


class PoolLife:
    """A worker's ear for its pool's processes. Their time limits are minutes, and a person waits for what they do."""

    def __init__(self) -> None:
        """Listen to nobody yet."""
        self._heartbeats: Heartbeats | None = None

    def listen(self) -> None:
        """Begin to listen, in the worker, before its pool is there."""
        self._heartbeats = Heartbeats()
        os.environ[LISTENER] = self._heartbeats.address

    def speak(self) -> None:
        """Give signs of life from now on, in a process of the pool: by a thread, since its loop is in the task."""
        forever("pool-heartbeat", partial(beat, LISTENER), BEAT_SECONDS, observes=True)

    def look(self, pids: Iterable[int]) -> None:
        """Kill those of the pool's processes that were heard once and have been silent for 25 s."""
        if self._heartbeats is None:
            return
        self._heartbeats.take_in()
        for pid in self._heartbeats.silent(pids):
            log.critical("pool.frozen", frozen=pid)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
