"""How a task decides what becomes of its message; by default the message comes back."""

from __future__ import annotations

from celery.exceptions import Reject

#: What a task returns when its work is done: only then is its message deleted. A text, since Celery passes on a
#: result's representation, and one that nothing returns by chance.
FINISHED = "finished: its message may be deleted"


class Settled(Exception):
    """Raised in a task body that failed for good, after its failure was recorded elsewhere: the message is deleted."""


class HandBack(Reject):
    """Raised in a task body: the message becomes visible again after so many seconds, and a worker takes it anew.

    Works alike in processes and in threads, on standard queues and on FIFO queues, where the message's group waits
    for it. Costs a share of one batched call and no new message, so its id, its place in the group and its age stay.
    Needs ``task_acks_late`` and this package's ``Consumer``. Without a delay the transport backs off by the number of
    receives. SQS counts one more receive and nothing else does: whether it was an attempt, only the task knows.
    """

    def __init__(self, after: float | None = None, reason: str = "") -> None:
        super().__init__(reason, requeue=True)
        self.after, self.reason = after, reason

    def __reduce__(self) -> tuple[type[HandBack], tuple[float | None, str]]:
        """Cross from a pool process to its parent with the delay; Reject's own pickling would lose it."""
        return type(self), (self.after, self.reason)
