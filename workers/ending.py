"""A worker that is told to stop lets go of what it will not finish, so that others begin it at once."""

import os
import signal
import threading
from types import FrameType
from typing import Any

from celery.signals import worker_process_init, worker_shutting_down

from shared.kernel.queues import STOP_GRACE_SECONDS
from workers.keeping import LeaseKeeper

BEFORE_THE_END_SECONDS = 1.0
"""The transport hands the messages back at the end of the grace: by then nobody else may find their leases held."""


def connect_ending(keeper: LeaseKeeper) -> None:
    """Let go of leases shortly before the grace ends; a pool's process, as soon as it is asked to end."""

    def let_go_soon(**_fields: Any) -> None:
        timer = threading.Timer(STOP_GRACE_SECONDS - BEFORE_THE_END_SECONDS, keeper.forgo_all)
        timer.daemon = True
        timer.start()

    def let_go_now(_number: int, _frame: FrameType | None) -> None:
        # in a thread: what the task holds at this instant, a lock of a client say, it can let go of
        threading.Thread(target=_let_go_and_end, args=(keeper,), daemon=True).start()

    def listen(**_fields: Any) -> None:
        signal.signal(signal.SIGTERM, let_go_now)

    worker_shutting_down.connect(let_go_soon, weak=False)
    worker_process_init.connect(listen, weak=False)


def _let_go_and_end(keeper: LeaseKeeper) -> None:
    keeper.forgo_all()
    os._exit(os.EX_TEMPFAIL)
