"""What is stored of dead letters, and what a replay comes to."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from shared.domains.jobs.models import JobStatus
from shared.kernel.contract import Contract
from shared.kernel.ports import StoredJob
from shared.kernel.queues import Queue
from shared.kernel.redaction import innermost_of, kind_of, length_of, places_of, without_message, without_texts


class Death(StrEnum):
    """How a job ended: given up, never acknowledged by any worker, or in a message that nobody can read.

    WITHDRAWN is what an operator revoked before it ran, or what was not to run any more; VANISHED what its queue lost.
    """

    FAILED = "failed"
    NEVER_ACKNOWLEDGED = "never_acknowledged"
    UNREADABLE = "unreadable"
    WITHDRAWN = "withdrawn"
    VANISHED = "vanished"


class LetterState(StrEnum):
    """Where a letter stands.

    OPEN can be replayed: by a person or, where it has `replayAt`, by itself. PARKED is kept as it came, since nobody
    can read a job out of it, until a person writes the job or discards it. REPLAYED was sent again. DISCARDED is done
    with.
    """

    OPEN = "open"
    PARKED = "parked"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


UNSETTLED = (LetterState.OPEN, LetterState.PARKED)


class DeadLetter(Contract):
    """A job that died, under its own job id; large contents lie in S3 under the keys.

    `replays` counts how often it was sent again. While `lease_until` is ahead, somebody is sending it. `succeeded_at`
    says when the replayed job ended well.
    """

    id: str
    state: LetterState
    task: str | None = None
    queue: str
    death: Death
    error: str
    traceback: str = ""
    fingerprint: str
    is_transient: bool = False
    attempts: int = 0
    receives: int = 0
    replays: int = 0
    arguments: dict[str, Any] | None = None
    arguments_key: str | None = None
    raw_body: str | None = None
    raw_body_key: str | None = None
    message_group: str | None = None
    correlation_id: str | None = None
    first_at: str
    last_at: str
    replay_at: str | None = None
    reason: str | None = None
    lease_until: str | None = None
    succeeded_at: str | None = None

    @property
    def has_arguments(self) -> bool:
        """Tell whether a job can be read out of it."""
        return self.task is not None and (self.arguments is not None or self.arguments_key is not None)


def redacted(letter: DeadLetter) -> dict[str, Any]:
    """Return the fields in which people's words stand, as lengths."""
    return {
        "error": without_message(letter.error),
        "traceback": places_of(letter.traceback),
        "arguments": without_texts(letter.arguments) if letter.arguments is not None else None,
        "raw_body": length_of(letter.raw_body) if letter.raw_body is not None else None,
    }


class Audit(Contract):
    """What somebody did to a letter, or looked at; `by` is a user id, an operator at a shell, or a rule."""

    letter_id: str
    at: str
    by: str
    action: str
    details: str | None = None


class AwaitedBy(Contract):
    """Who waits for a job, and what they were told last: that it FAILED, with the code of why, or that it goes on."""

    user_id: str
    status: JobStatus
    error: str | None
    told_at: str


class Wanted(NamedTuple):
    """Which letters; None takes all. Times bound `last_at`, inclusive."""

    queue: str | None = None
    task: str | None = None
    fingerprint: str | None = None
    state: LetterState | None = None
    since: str | None = None
    until: str | None = None


def fingerprint(task: str | None, queue: str, death: Death, error: str, traceback: str) -> str:
    """Return what deaths of one cause have in common: the task, the error's class and the place that raised it."""
    place = innermost_of(traceback) or death.value
    return hashlib.sha256("\n".join((task or queue, kind_of(error), place)).encode()).hexdigest()[:16]


class ReplayOutcome(StrEnum):
    """What became of one letter: sent again, or why not.

    SETTLED was replayed or discarded before, or is being sent by somebody else. DONE took effect already, and is
    closed. The others cannot be sent as they are.
    """

    SENT = "sent"
    SETTLED = "settled"
    DONE = "done"
    UNREADABLE = "unreadable"
    UNKNOWN_TASK = "unknown_task"
    ARGUMENTS_GONE = "arguments_gone"
    WRONG_ARGUMENTS = "wrong_arguments"


IMPOSSIBLE = frozenset(
    {
        ReplayOutcome.UNREADABLE,
        ReplayOutcome.UNKNOWN_TASK,
        ReplayOutcome.ARGUMENTS_GONE,
        ReplayOutcome.WRONG_ARGUMENTS,
    }
)


class LetterCheck(Contract):
    """What replaying one letter would come to: `outcome` is SENT where it would be sent."""

    id: str
    task: str | None
    outcome: ReplayOutcome
    is_done: bool
    has_arguments: bool
    is_task_known: bool


class Recorded(NamedTuple):
    """The letter as it stands, and whether this report made or reopened it."""

    letter: DeadLetter
    is_new: bool


class Redriven(NamedTuple):
    """A message in a queue's dead-letter queue.

    `job` is what could be read out of it, and could be sent again. Where there is none, `job_id` and `task` are there
    if they at least were readable. `reason` and `error` are there where our transport set it aside, and absent where
    SQS did by its redrive policy.
    """

    queue: Queue
    receipt: str
    message_id: str
    body: str
    sent_at: datetime
    receives: int
    attempts: int = 0
    job: StoredJob | None = None
    job_id: str | None = None
    task: str | None = None
    reason: str | None = None
    error: str | None = None
    group: str | None = None


class Due(NamedTuple):
    """A letter that is due to be sent again."""

    letter_id: str
    at: str
