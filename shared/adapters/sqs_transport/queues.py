"""Which SQS queue a name stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import UnknownQueue

FIFO = ".fifo"
DEAD_LETTERS = "-dlq"


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as Celery names it and as SQS addresses it; a consumer holds `at_once` of its messages, None for any."""

    name: str
    url: str
    has_dead_letters: bool = True
    at_once: int | None = None

    @property
    def is_fifo(self) -> bool:
        """Whether it is a FIFO queue, by its address; the name need not tell."""
        return self.url.endswith(FIFO)

    @property
    def dead_letters(self) -> Queue:
        """The queue ``<queue>-dlq`` (``-dlq.fifo``) of the same account and region; costs no call."""
        return Queue(_with_suffix(self.name), _with_suffix(self.url))


def _with_suffix(name: str) -> str:
    """Put the dead letters' suffix before a FIFO queue's ending."""
    stem = name.removesuffix(FIFO)
    return stem + DEAD_LETTERS + name[len(stem) :]


def find_queue(name: str, predefined: Mapping[str, Mapping[str, Any]]) -> Queue:
    """Find a queue by Celery's name, without a call. Raises UnknownQueue."""
    try:
        chosen = predefined[name]
        return Queue(name, chosen["url"], chosen.get("has_dead_letters", True), chosen.get("at_once"))
    except KeyError:
        raise UnknownQueue(f"the queue {name!r} is not among predefined_queues: {sorted(predefined)}") from None
