"""The rules of finding out how the platform is: everything is asked once, and what does not answer is named."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shared.domains.operations.contract import QueueList, WorkerItem, WorkerList
from shared.domains.operations.rules.judging import Findings
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Clock
from shared.kernel.times import instant

SILENT_SECONDS = 13.0
"""A worker tells every 10 s; what has told nothing for longer is busy with nothing that lets it speak, or dead."""
Found = TypeVar("Found")


@dataclass(frozen=True)
class Questions:
    """What is asked; each may raise Unavailable. `connections` are those that are open, and the gateways that live."""

    queues: Callable[[], QueueList]
    workers: Callable[[], WorkerList]
    connections: Callable[[], tuple[int, int]]
    letters: Callable[[], dict[str, int]]
    late: Callable[[], list[str]]


def find_out(questions: Questions, *, clock: Clock) -> Findings:
    """Ask everything once; what does not answer is named, and keeps nothing else from being found out."""
    silent: list[str] = []

    def asked(name: str, ask: Callable[[], Found]) -> Found | None:
        try:
            return ask()
        except Unavailable:
            silent.extend([name] if name not in silent else [])
            return None

    connections = asked("DynamoDB", questions.connections)
    letters = asked("DynamoDB", questions.letters)
    queues = asked("SQS", questions.queues)
    workers = asked("Redis", questions.workers)
    late = asked("DynamoDB", questions.late)
    return Findings(
        queues=queues,
        workers=workers,
        connections=connections[0] if connections else None,
        gateways=connections[1] if connections else None,
        letters=letters,
        late=late or [],
        silent=silent,
        still=still_workers(workers.workers, clock) if workers else [],
    )


def still_workers(workers: list[WorkerItem], clock: Clock) -> list[tuple[WorkerItem, float]]:
    """Return the workers that have told nothing for 13 s, and for how many seconds."""
    now = clock.now()
    ages = [(one, (now - instant(one.heard_at)).total_seconds()) for one in workers]
    return [(one, seconds) for one, seconds in ages if seconds > SILENT_SECONDS]
