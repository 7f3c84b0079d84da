"""A thread pool for Celery that grows and shrinks, gives each task a deadline, and does not wait for stuck ones."""

from __future__ import annotations

import contextvars
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from billiard.einfo import ExceptionInfo
from celery.concurrency.base import BasePool

from shared.kernel.loops import end_process

from .deadlines import set_deadline
from .request import NotOurs

logger = logging.getLogger(__name__)

#: A task that runs for more than this many times its limit is stuck; threads cannot be killed.
STUCK_FACTOR = 2.0


@dataclass(eq=False, slots=True, weakref_slot=True)
class Job:
    """One task for a thread. ``limit`` in seconds; ``began_at`` on the monotonic clock."""

    target: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    callback: Callable[..., Any]
    error_callback: Callable[..., Any]
    accept_callback: Callable[..., Any]
    limit: float | None
    began_at: float = 0.0
    finished: threading.Event = field(default_factory=threading.Event)

    def is_stuck(self, now: float) -> bool:
        """Whether it has run for more than twice its limit."""
        return bool(self.limit and self.began_at) and now - self.began_at > STUCK_FACTOR * (self.limit or 0)

    def terminate(self, signal: int) -> None:
        """Do nothing: a thread cannot be ended. Celery calls this to revoke a running task."""


class TaskPool(BasePool):
    """Set as ``worker_pool``. Tasks find their time limit by ``deadline()`` and bound their clients' time-outs by it.

    At the deadline the message's lease is no longer renewed, so another worker gets it. Past twice the limit the
    worker stops taking work, lets the others finish, and ends without waiting for the stuck thread.
    """

    limit: int
    signal_safe = False
    body_can_be_buffer = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._jobs: deque[Job] = deque()
        self._running: set[Job] = set()
        self._threads: set[threading.Thread] = set()
        self._changed = threading.Condition()
        self._closing = False
        self.end_process: Callable[[], None] = end_process

    def on_start(self) -> None:
        """Start as many threads as the worker's concurrency."""
        self._start_missing()

    def register_with_event_loop(self, loop: Any) -> None:
        """Look for stuck tasks once a second."""
        loop.call_repeatedly(1.0, self.check)

    def on_apply(  # type: ignore[override]  # the stubs say that it returns None; Celery keeps the result
        self,
        target: Callable[..., Any],
        args: Any = None,
        kwargs: Any = None,
        callback: Any = None,
        accept_callback: Any = None,
        error_callback: Any = None,
        timeout: float | None = None,
        **_: Any,
    ) -> Job:
        """Queue a task for the next free thread."""
        limit = timeout or self.options.get("timeout")
        job = Job(target, tuple(args or ()), dict(kwargs or {}), callback, error_callback, accept_callback, limit)
        with self._changed:
            self._jobs.append(job)
            self._changed.notify()
        return job

    def grow(self, n: int = 1) -> None:
        """Add threads, at once. Raises ValueError for a number below 1, which would leave none in the end."""
        if n < 1:
            raise ValueError(f"cannot grow by {n}")
        with self._changed:
            self.limit += n
        self._start_missing()

    def shrink(self, n: int = 1) -> None:
        """Take threads away, each when its task is done; one always stays. Raises ValueError below 1."""
        if n < 1:
            raise ValueError(f"cannot shrink by {n}")
        with self._changed:
            self.limit = max(1, self.limit - n)
            self._changed.notify_all()

    def flush(self) -> None:
        """Forget what no thread has begun. Celery calls it when the worker stops; the messages go back."""
        with self._changed:
            self._jobs.clear()

    def check(self) -> None:
        """Replace threads that ended unasked, and end the process, gently and once, when a task is stuck."""
        if not self._closing:
            self._start_missing()
        now = time.monotonic()
        with self._changed:
            self._changed.notify_all()  # a thread may have ended between being woken and taking its job
            stuck = [job for job in self._running if job.is_stuck(now)]
        if stuck and not self._closing:
            self._closing = True
            logger.critical("%d tasks run for more than twice their limit; this worker drains and ends", len(stuck))
            self.end_process()

    def on_stop(self) -> None:
        """Wait for the running tasks, but not for stuck ones; begin nothing more."""
        with self._changed:
            self._closing = True
            self._jobs.clear()
            while any(not job.is_stuck(time.monotonic()) for job in self._running):
                self._changed.wait(0.5)
            self.limit = 0
            self._changed.notify_all()

    def on_terminate(self) -> None:
        """Wait for nothing: a cold stop. Messages come back with the end of their leases."""
        with self._changed:
            self._jobs.clear()
            self.limit = 0
            self._changed.notify_all()

    def _start_missing(self) -> None:
        """Bring the threads up to the limit. They are daemons, so that a stuck one cannot keep the process."""
        with self._changed:
            gone = {thread for thread in self._threads if not thread.is_alive()}
            if gone:
                logger.error("%d threads of the pool ended unasked, and are replaced", len(gone))
            self._threads -= gone
            while len(self._threads) < self.limit:
                thread = threading.Thread(target=self._work, name="task", daemon=True)
                self._threads.add(thread)
                thread.start()

    def _work(self) -> None:
        """Run jobs until there are more threads than wanted."""
        while True:
            job = self._next()
            if job is None:
                return
            try:
                contextvars.copy_context().run(self._run, job)
            except Exception:  # the thread must survive: Celery's own callbacks may raise
                logger.exception("a task's end could not be reported")
            finally:
                job.finished.set()
                with self._changed:
                    self._running.discard(job)
                    self._changed.notify_all()

    def _next(self) -> Job | None:
        """Wait for a job and take it; None when this thread is one too many."""
        with self._changed:
            while len(self._threads) <= self.limit and not self._jobs:
                self._changed.wait()
            if len(self._threads) > self.limit:
                self._threads.discard(threading.current_thread())
                return None
            job = self._jobs.popleft()
            job.began_at = time.monotonic()
            self._running.add(job)
            return job

    def _run(self, job: Job) -> None:
        """Run one task with its deadline, as Celery's other pools do."""
        try:
            job.accept_callback(os.getpid(), time.monotonic())
        except NotOurs:
            return
        set_deadline(job.limit)
        try:
            result = job.target(*job.args, **job.kwargs)
        except BaseException:  # a task that asks for the process's end must not take a thread of the pool with it
            job.error_callback(ExceptionInfo())
        else:
            job.callback(result)

    def _get_info(self) -> dict[str, Any]:
        """What ``inspect stats`` shows of the pool."""
        return {**super()._get_info(), "threads": len(self._threads), "running": len(self._running)}  # type: ignore[misc]
