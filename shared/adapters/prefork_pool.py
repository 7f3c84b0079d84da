"""Celery's pool of processes, ended as soon as nothing runs in it."""

from typing import Any

from celery.concurrency import prefork


class PromptPool(prefork.TaskPool):
    """Waits, when it stops, for tasks that run, and for no process that has nothing to do.

    A process that is asked to end sleeps for a second before it does (billiard's `Worker._do_exit`).
    """

    _pool: Any

    def on_stop(self) -> None:
        """Stop: take no more, end what is idle, wait for the rest."""
        pool = self._pool
        if pool is not None and not pool._cache:
            pool.close()
            for process in pool._pool:
                process.terminate()
        super().on_stop()
