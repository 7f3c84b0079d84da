"""The rules of judging the platform at a glance: five numbers, and the worst problem in one sentence."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shared.domains.operations.contract import QueueItem, QueueList, WorkerList
from shared.domains.operations.models import Trend
from shared.kernel.queues import Queue

WAITED_TOO_LONG: dict[Queue, float] = {
    Queue.AI_CHAT: 10.0,
    Queue.AI_TASKS: 15.0,
    Queue.TTS: 15.0,
    Queue.TTS_LONG: 60.0,
    Queue.SPEECH: 20.0,
    Queue.PERSISTENCE: 30.0,
    Queue.DEAD_LETTERS: 300.0,
    Queue.GRAPH_REQUESTS: 900.0,
    Queue.GRAPH_RESULTS: 60.0,
}
"""Seconds: somebody watches a clock turn while the first four wait; the alarms have the same numbers."""


@dataclass(frozen=True)
class Findings:
    """What was found out; None where nobody could tell, and then `silent` says what did not answer."""

    queues: QueueList | None = None
    workers: WorkerList | None = None
    connections: int | None = None
    gateways: int | None = None
    letters: dict[str, int] | None = None
    late: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Numbers:
    """The five numbers."""

    connections: int | None
    workers: int | None
    waiting: int | None
    oldest_seconds: float | None
    letters: int | None


def numbers_of(found: Findings) -> Numbers:
    """Return the five numbers; None is one that nobody could tell."""
    queues = found.queues.queues if found.queues else None
    ages = [one.oldest_seconds for one in queues or [] if one.oldest_seconds is not None]
    return Numbers(
        connections=found.connections,
        workers=len(found.workers.workers) if found.workers else None,
        waiting=sum(one.depth for one in queues) if queues is not None else None,
        oldest_seconds=max(ages, default=0.0) if queues is not None else None,
        letters=sum(found.letters.values()) if found.letters is not None else None,
    )


def worst_problem(found: Findings) -> str | None:
    """Return the worst problem as a sentence that names what to do; None where nothing is wrong."""
    return next(problems(found), None)


def problems(found: Findings) -> Iterator[str]:
    """Give every problem, the worst first."""
    for name in found.silent:
        yield f"{name} does not answer: nothing goes on without it."
    if found.gateways == 0:
        yield "No gateway has told of itself for two minutes: nobody can connect. Start `web`."
    queues = found.queues.queues if found.queues else []
    unattended = set(found.workers.unattended) if found.workers else set()
    yield from _unattended(queues, unattended)
    if found.late:
        yield f"{', '.join(found.late)} late: does beat run, and the workers that do what it asks for?"
    for one in sorted(queues, key=_excess, reverse=True):
        if _excess(one) > 1:
            yield _waits(one)
    if found.letters and (count := sum(found.letters.values())):
        letters = "1 dead letter is" if count == 1 else f"{count} dead letters are"
        yield f"{letters} unsettled: `speaktracker dead-letters list` shows what died, and why."
    for one in queues:
        if one.dead_letters:
            yield f"{one.dead_letters} on {one.dead_letter_queue}: the sweep should have made letters of them by now."


def _unattended(queues: list[QueueItem], unattended: set[str]) -> Iterator[str]:
    depths = {one.queue: one.depth for one in queues}
    for name in sorted(unattended, key=lambda queue: -depths.get(queue, 0)):
        waiting = depths.get(name, 0)
        jobs = f"{waiting} jobs wait on {name} and " if waiting else f"{name}: "
        yield f"{jobs}no worker listens to it: start one with `-Q {name}` (see the Procfile)."


def _excess(one: QueueItem) -> float:
    return (one.oldest_seconds or 0.0) / WAITED_TOO_LONG[Queue(one.queue)]


def _waits(one: QueueItem) -> str:
    heading = {Trend.RISING: ", and more come than are done", Trend.FALLING: ", and it is being worked off"}
    told = heading.get(one.trend, "")
    return (
        f"A job has waited on {one.queue} for {one.oldest_seconds:.0f} s{told}: are its {one.workers} workers enough?"
    )
