"""The queues, with the numbers that each must keep, and how a job is tried again."""

import random
from dataclasses import dataclass
from enum import StrEnum

DAY_SECONDS = 86_400


class Queue(StrEnum):
    """Every queue by its name in the catalogue; settings give the physical names."""

    PERSISTENCE = "persistence"
    TTS = "tts"
    TTS_LONG = "tts-long"
    AI_CHAT = "ai-chat.fifo"
    AI_TASKS = "ai-tasks"
    SPEECH = "speech"
    GRAPH_REQUESTS = "graph-requests"
    GRAPH_RESULTS = "graph-results"
    DEAD_LETTERS = "dead-letters"


@dataclass(frozen=True)
class QueuePolicy:
    """The numbers of one queue; all durations in seconds.

    SQS counts receives, not attempts: `max_receives` is the last net below our own count of attempts. A worker
    process holds `at_once` messages of a queue at most, so that long work leaves room for what shares its process;
    None is as many as there is room for.
    """

    task_limit: int
    visibility_timeout: int
    retention: int
    attempts: int
    max_receives: int = 10
    has_dead_letter_queue: bool = True
    at_once: int | None = None


POLICIES: dict[Queue, QueuePolicy] = {
    Queue.PERSISTENCE: QueuePolicy(60, 300, 14 * DAY_SECONDS, 3),
    Queue.TTS: QueuePolicy(60, 120, DAY_SECONDS, 3),
    Queue.TTS_LONG: QueuePolicy(240, 480, DAY_SECONDS, 3, at_once=2),
    Queue.AI_CHAT: QueuePolicy(90, 180, DAY_SECONDS, 2),
    Queue.AI_TASKS: QueuePolicy(60, 180, DAY_SECONDS, 3),
    Queue.SPEECH: QueuePolicy(120, 240, DAY_SECONDS, 3),
    Queue.GRAPH_REQUESTS: QueuePolicy(450, 900, DAY_SECONDS, 3),
    Queue.GRAPH_RESULTS: QueuePolicy(60, 120, 14 * DAY_SECONDS, 3),
    Queue.DEAD_LETTERS: QueuePolicy(60, 300, 14 * DAY_SECONDS, 3, has_dead_letter_queue=False),
}
"""What each queue must keep; the boot checks hold the live queues against it."""

DEAD_LETTER_VISIBILITY_SECONDS = 300
DEAD_LETTER_RETENTION_SECONDS = 14 * DAY_SECONDS
LONG_POLL_SECONDS = 20
STOP_GRACE_SECONDS = 15.0
"""How long a worker that is told to stop waits for what runs; supervisors kill it after 20."""
LARGEST_MESSAGE_BYTES = 1024 * 1024
"""SQS's own ceiling; ours stay far below, since what is large lies in the bucket."""


def is_fifo(queue_name: str) -> bool:
    """Tell whether SQS keeps order on a queue of that name."""
    return queue_name.endswith(".fifo")


def dead_letter_queue_name(queue_name: str) -> str:
    """Return the name of the redrive target; a FIFO queue's is FIFO too."""
    return f"{queue_name[:-5]}-dlq.fifo" if is_fifo(queue_name) else f"{queue_name}-dlq"


class WhenDead(StrEnum):
    """What becomes of a job that was given up, unless a person decides otherwise.

    PARK waits for a person. REPLAY tries again later by itself where the reason was one that passes, and parks for any
    other. DISCARD is for what beat asks for again and again: the next run does what this one did not.
    """

    PARK = "park"
    REPLAY = "replay"
    DISCARD = "discard"


@dataclass(frozen=True)
class RetryPolicy:
    """How often a job is begun and how long is waited between; seconds.

    `attempts` None takes the queue's. Delays grow exponentially with full jitter
    (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    """

    attempts: int | None = None
    first_delay: float = 1.0
    longest_delay: float = 60.0

    def pause(self, attempt: int) -> float:
        """Return the seconds to wait after the given attempt (from 1) has failed."""
        ceiling = min(self.longest_delay, self.first_delay * 2 ** min(attempt - 1, 30))
        return random.uniform(0, ceiling)
