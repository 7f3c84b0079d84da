"""The remote control commands of a worker: Celery's own, some of them made safer, and four of ours.

Each takes the state of the mailbox (`app`, `hostname`, `consumer`, `gate`, `bus`) and answers what the caller is told.
"""

from collections.abc import Callable, Iterable
from typing import Any

from celery.platforms import EX_OK
from celery.utils.log import get_logger
from celery.worker import control as stock
from celery.worker import state as worker_state

from shared.adapters.monitoring import refusals
from shared.adapters.monitoring.gate import progress
from shared.adapters.monitoring.redaction import HIDDEN, without_passwords

logger = get_logger(__name__)

Command = Callable[..., Any]
REFITTED = ("grow_to", "pool_grow", "pool_shrink", "rate_limit", "time_limit", "revoke", "terminate")


def handlers() -> dict[str, Command]:
    """Answer every command by name: what the process has registered, with ours in place of the stock ones."""
    listings = {name: _hiding(name) for name in ("active", "reserved", "scheduled", "query_task")}
    aliases = {f"dump_{name}": listings[name] for name in ("active", "reserved")}
    settings = {name: _without_passwords(name) for name in ("conf", "dump_conf", "report")}
    return {
        **stock.Panel.data,
        **listings,
        **aliases,
        **settings,
        "dump_schedule": listings["scheduled"],
        "add_consumer": add_consumer,
        "cancel_consumer": cancel_consumer,
        "shutdown": shutdown,
        "stats": stats,
        "drain": drain,
        "pause_queue": pause_queue,
        "resume_queue": resume_queue,
        **{name: getattr(refusals, name) for name in REFITTED},
    }


def register() -> None:
    """Make our commands known to `celery control`, which looks for their arguments in Celery's panel."""
    queue: dict[str, Any] = {"args": [("queue", str)], "signature": "<queue>"}
    stock.control_command(name="drain")(drain)
    stock.control_command(name="pause_queue", **queue)(pause_queue)
    stock.control_command(name="resume_queue", **queue)(resume_queue)
    stock.control_command(name="grow_to", args=[("places", int)], signature="<places>")(refusals.grow_to)


def drain(state: Any, **_: Any) -> dict[str, Any]:
    """Stop receiving, finish what was received; ask again until the answer says idle."""
    if not state.gate.draining:
        state.gate.drain()
    return {"ok": progress(state.gate)}


def pause_queue(state: Any, queue: str, **_: Any) -> dict[str, str]:
    """Keep all workers, also those that start later, from a queue."""
    if queue not in state.consumer.app.amqp.queues:
        return {"error": f"there is no queue {queue}"}
    state.gate.pause(queue)
    return {"ok": f"paused {queue}"}


def resume_queue(state: Any, queue: str, **_: Any) -> dict[str, str]:
    """Let the workers read a paused queue again."""
    state.gate.resume(queue)
    return {"ok": f"resumed {queue}"}


def add_consumer(state: Any, queue: str, **_: Any) -> dict[str, str]:
    """Read a queue of the application's that this worker did not read."""
    try:
        return {"ok": state.gate.add(queue)}
    except ValueError as error:
        return {"error": str(error)}


def cancel_consumer(state: Any, queue: str, **_: Any) -> dict[str, str]:
    """Stop reading a queue in this worker."""
    if queue not in state.gate.reading():
        return {"error": f"this worker does not read {queue}"}
    state.gate.cancel(queue)
    return {"ok": f"no longer consuming from {queue}"}


def shutdown(state: Any, msg: str = "shutdown by remote control", **_: Any) -> dict[str, str]:
    """Stop the worker warmly; it answers first, as the stock command cannot."""
    logger.warning(msg)
    worker_state.should_stop = EX_OK  # type: ignore[assignment]  # the stubs know only its first value
    return {"ok": "shutting down"}


def stats(state: Any, **_: Any) -> dict[str, Any]:
    """Answer Celery's statistics with this process's outbox, and without the broker's options, which may hold keys."""
    figures: dict[str, Any] = stock.Panel.data["stats"](state)
    if isinstance(figures.get("broker"), dict):
        figures["broker"].pop("transport_options", None)
        figures["broker"].pop("alternates", None)
    return {**figures, "monitoring": state.bus.outbox.figures(), "drain": progress(state.gate)}


def _without_passwords(name: str) -> Command:
    """Wrap a stock command that shows settings: Celery hides its own passwords, not those of its extensions."""
    shown: Command = stock.Panel.data[name]

    def masked(state: Any, **arguments: Any) -> Any:
        return without_passwords(shown(state, **arguments))

    return masked


def _hiding(name: str) -> Command:
    """Wrap a stock listing so that it shows arguments as their producer wished, never the arguments themselves."""
    listing: Command = stock.Panel.data[name]

    def hidden(state: Any, **arguments: Any) -> Any:
        return _hide(listing(state, **arguments))

    return hidden


def _hide(answer: Any) -> Any:
    if isinstance(answer, dict) and {"id", "args", "kwargs"} <= answer.keys():
        request = worker_state.requests.get(answer["id"])
        return request.info(safe=True) if request else {**answer, "args": HIDDEN, "kwargs": HIDDEN}
    if isinstance(answer, dict):
        return {key: _hide(value) for key, value in answer.items()}
    return [_hide(value) for value in answer] if _is_many(answer) else answer


def _is_many(answer: Any) -> bool:
    return isinstance(answer, Iterable) and not isinstance(answer, str | bytes)
