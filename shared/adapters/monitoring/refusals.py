"""Celery's commands that do not fit every transport and pool: made to fit, or refused with the reason."""

from typing import Any

from celery.concurrency.prefork import TaskPool as ProcessPool
from celery.worker import control as stock

MOST_PROCESSES = 256
"""Threads or processes that one worker is grown to: above that its host is what has to grow."""

FIXED = "a pool of threads has as many as at its start: start another worker beside this one"

Answer = dict[str, Any]


def grow_to(state: Any, places: Any = None, **_: Any) -> Answer:
    """Add processes until there are so many in all, so that a command that is given twice adds them once."""
    wanted, known = _count(places), state.consumer.pool.num_processes
    if state.gate.draining:
        return {"error": "the worker is draining", "reason": "draining"}
    if wanted is None or wanted < known:
        return {"error": f"cannot grow to {places}: there are {known}", "reason": "fewer"}
    grown = pool_grow(state, n=wanted - known) if wanted > known else {"ok": "as many as wished"}
    return grown if "error" in grown else {"ok": {"places": state.consumer.pool.num_processes}}


def pool_grow(state: Any, n: Any = 1, **_: Any) -> Answer:
    """Add processes, of which a worker has 256 at most; threads are as many as at its start."""
    number, free = _count(n), MOST_PROCESSES - state.consumer.pool.num_processes
    if number is None:
        return {"error": f"cannot grow by {n}: give a number from 1; pool_shrink takes some away"}
    if number > free:
        return {"error": f"cannot grow by {number}: {free} more are possible", "reason": "too_many"}
    if not hasattr(state.consumer.pool, "grow"):
        return {"error": FIXED, "reason": "fixed_pool"}
    grown: Answer = stock.Panel.data["pool_grow"](state, n=number)
    return grown


def pool_shrink(state: Any, n: Any = 1, **_: Any) -> Answer:
    """Take processes away; one always stays, or the worker would receive and run nothing."""
    number, spare = _count(n), state.consumer.pool.num_processes - 1
    if number is None:
        return {"error": f"cannot shrink by {n}: give a number from 1"}
    if number > spare:
        return {"error": f"cannot shrink by {number}: {spare} can be spared, and one has to stay"}
    if not hasattr(state.consumer.pool, "shrink"):
        return {"error": FIXED, "reason": "fixed_pool"}
    shrunk: Answer = stock.Panel.data["pool_shrink"](state, n=number)
    return shrunk


def rate_limit(state: Any, task_name: str = "", rate_limit: Any = None, **_: Any) -> Answer:
    """Lift a limit; setting one is refused.

    A worker would hold what it has received of the limited type, and with it the room for every other type.
    """
    if rate_limit in (None, 0, "0", ""):
        lifted: Answer = stock.Panel.data["rate_limit"](state, task_name=task_name, rate_limit=None)
        return lifted
    return {
        "error": "rate limits are refused: a worker would hold the limited tasks in the room of all others. "
        "Pause their queue (pause_queue), or run fewer of them at once (pool_shrink)"
    }


def time_limit(state: Any, **_: Any) -> Answer:
    """Refuse: a task's limit is its queue's, to which leases and visibility time-outs are fitted."""
    return {"error": "time limits are refused: a task's limit is that of its queue, and is changed with its policy"}


def revoke(state: Any, task_id: Any = None, terminate: bool = False, signal: Any = None, **_: Any) -> Answer:
    """Keep tasks from being run; those that run are ended where the pool's processes can be."""
    if terminate and not _can_terminate(state):
        stock.Panel.data["revoke"](state, task_id=task_id)
        return {"error": "revoked if it has not begun; what runs goes on, since this worker's threads cannot be ended"}
    revoked: Answer = stock.Panel.data["revoke"](state, task_id=task_id, terminate=terminate, signal=signal)
    return revoked


def terminate(state: Any, signal: Any = None, task_id: Any = None, **_: Any) -> Answer:
    """End running tasks, where the pool's processes can be ended."""
    return revoke(state, task_id=task_id, terminate=True, signal=signal)


def _count(number: Any) -> int | None:
    """Return a number from 1; None for anything else. Flower sends what somebody typed."""
    try:
        count = int(number)
    except (TypeError, ValueError):
        return None
    return count if count >= 1 else None


def _can_terminate(state: Any) -> bool:
    return isinstance(state.consumer.pool, ProcessPool)
