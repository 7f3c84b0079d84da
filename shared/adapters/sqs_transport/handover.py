"""What a pool has begun: the rest can be handed back when the worker stops."""

from __future__ import annotations

from typing import Any

from celery.concurrency.prefork import TaskPool as ProcessPool


def settle_written_jobs(pool: Any) -> None:
    """Mark jobs that are already in a process's pipe as accepted, so that stopping does not forget them.

    Celery discards what it has not heard of yet; the process runs it all the same, nobody acknowledges it, and it runs
    a second time elsewhere (celery#9492). Touches billiard's private names, because it offers no others.
    """
    if isinstance(pool, ProcessPool):
        for job in _jobs(pool):
            process = getattr(job, "_write_to", None)
            if process is not None and process._is_alive():
                job._accepted = True


def begun_task_ids(pool: Any) -> set[str]:
    """The ids of tasks that processes have, or are about to have; threads guard their own beginning instead."""
    if not isinstance(pool, ProcessPool):
        return set()
    return {str(job.correlation_id) for job in _jobs(pool)}


def _jobs(pool: Any) -> list[Any]:
    """The jobs that billiard knows of."""
    return list(getattr(pool._pool, "_cache", {}).values())
