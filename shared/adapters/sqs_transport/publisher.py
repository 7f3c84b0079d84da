"""Sending: one message a call, or ten, with each message's fate reported."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .backoff import pause
from .batches import batches, refusals
from .clients import calling_client
from .entries import Entry
from .errors import SendFailed, error_code
from .options import Options
from .queues import Queue

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sending:
    """A message on its way to a queue."""

    queue: Queue
    entry: Entry
    task_id: str | None

    def size(self) -> int:
        """The bytes that it takes in a batch, attributes and names estimated."""
        return len(self.entry["MessageBody"]) + 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one message: SQS's id for it, or the error code for which it was not taken."""

    task_id: str | None
    queue: str
    message_id: str | None = None
    error: str | None = None


def send(sending: Sending, options: Options) -> Sent:
    """Send one message: one call, repeated by botocore when that may help. Safe from any thread or greenlet.

    Raises SendFailed after at most ``call_attempts``; the message may have arrived all the same (a lost answer).
    """
    try:
        answer = calling_client(options).send_message(QueueUrl=sending.queue.url, **sending.entry)
    except (BotoCoreError, ClientError) as error:
        raise SendFailed(f"{sending.queue.name} did not take the message: {error}") from error
    return Sent(sending.task_id, sending.queue.name, answer["MessageId"])


def send_all(sendings: Sequence[Sending], options: Options) -> list[Sent]:
    """Send messages ten a call; what became of each, in the order given. Raises nothing: an error is in its result.

    Order within a queue is kept. On standard queues what SQS refused for reasons of its own is sent again, twice; on
    FIFO queues it is not, because what follows it may have been taken.
    """
    by_queue: defaultdict[Queue, list[int]] = defaultdict(list)
    for position, sending in enumerate(sendings):
        by_queue[sending.queue].append(position)
    sent: dict[int, Sent] = {}
    for queue, positions in by_queue.items():
        for batch in batches(positions, lambda position: sendings[position].size(), options.batch_bytes):
            results = _send_batch(queue, [sendings[position] for position in batch], options)
            sent.update(zip(batch, results, strict=True))
    return [sent[position] for position in range(len(sendings))]


def _send_batch(queue: Queue, batch: list[Sending], options: Options) -> list[Sent]:
    """Send up to ten messages; those refused by SQS's own fault again, with backoff."""
    results = [Sent(sending.task_id, queue.name, error="NotSent") for sending in batch]
    left = list(range(len(batch)))
    for attempt in range(1 if queue.is_fifo else 3):
        if attempt:
            time.sleep(pause(attempt, base=0.1, ceiling=1.0))
        left = _attempt(queue, batch, left, results, options)
        if not left:
            break
    return results


def _attempt(queue: Queue, batch: list[Sending], left: list[int], results: list[Sent], options: Options) -> list[int]:
    """Make one SendMessageBatch of what is left and note the results; what is worth another attempt."""
    entries: list[Any] = [{"Id": str(number), **batch[position].entry} for number, position in enumerate(left)]
    try:
        answer = calling_client(options).send_message_batch(QueueUrl=queue.url, Entries=entries)
    except (BotoCoreError, ClientError) as error:
        # botocore has repeated the call already: another round would only make the caller wait longer
        logger.warning("%s did not take a batch of %d: %r", queue.name, len(left), error)
        for position in left:
            results[position] = Sent(batch[position].task_id, queue.name, error=error_code(error))
        return []
    for entry in answer.get("Successful") or []:
        position = left[int(entry["Id"])]
        results[position] = Sent(batch[position].task_id, queue.name, entry["MessageId"])
    refused = {left[number]: refusal for number, refusal in refusals(answer, len(left)).items()}
    for position, refusal in refused.items():
        results[position] = Sent(batch[position].task_id, queue.name, error=str(refusal.get("Code")))
    return [position for position, refusal in refused.items() if not refusal.get("SenderFault")]
