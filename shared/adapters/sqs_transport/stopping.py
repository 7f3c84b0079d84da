"""Ending a worker in time: what still runs when its grace is over is handed back, and the process ends."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from celery.worker import state

if TYPE_CHECKING:
    from .channel import Channel

logger = logging.getLogger(__name__)

#: So long the pool's processes have to note that they did not finish, and SQS to be told.
NOTE_SECONDS = 1.0
TELL_SECONDS = 2.0


def end_in_time(channel: Channel, pool: Any) -> None:
    """Wait for what runs for as long as ``stop_seconds`` says, and no longer, where the worker was told to stop.

    A supervisor kills what has not ended in its grace; then each message would be hidden for the rest of its lease.
    Only a worker that is stopping ends so: Celery closes a consumer too when it connects anew.
    """
    if state.should_stop is None or state.should_stop is False:
        return
    timer = threading.Timer(channel.options.stop_seconds, _cut_short, (channel, pool))
    timer.daemon = True
    timer.start()


def _cut_short(channel: Channel, pool: Any) -> None:
    """Stop what can be stopped, hand back everything, and end. Threads end with the process."""
    _end_processes(list(pool.info.get("processes", ())))
    count = channel.give_back(TELL_SECONDS)
    logger.warning("the grace is over: %d messages that still ran are handed back", count)
    os._exit(os.EX_OK)


def _end_processes(pids: list[int]) -> None:
    """End a pool's processes, which may note first how far they came."""
    for number, seconds in ((signal.SIGTERM, NOTE_SECONDS), (signal.SIGKILL, 0.0)):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        time.sleep(seconds if pids else 0.0)
