"""Sending many tasks in few calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from celery import Celery

from .channel import Channel
from .errors import SendFailed
from .publisher import Sent, send_all


@dataclass(eq=False, slots=True)
class Batch:
    """The tasks being collected: pass ``producer`` to each ``apply_async``; ``sent`` is filled when the block ends."""

    producer: Any
    sent: list[Sent] = field(default_factory=list)


class SomeNotSent(SendFailed):
    """Some of a batch's messages were not taken; ``sent`` tells of each, in the order of their ``apply_async``."""

    def __init__(self, sent: list[Sent]) -> None:
        failed = [one for one in sent if one.error]
        super().__init__(f"{len(failed)} of {len(sent)} messages were not sent: {failed[0].error}")
        self.sent = sent


@contextmanager
def collect(app: Celery) -> Iterator[Batch]:
    """Collect tasks and send them when the block ends, ten a call (0.1 calls a task), in order within a queue.

    Nothing is sent when the block raises. Raises SomeNotSent, when the others have been sent. Safe from several
    threads and greenlets, each with its own block; a block holds one producer of the app's pool.
    """
    with app.amqp.producer_pool.acquire(block=True) as producer:
        channel = producer.channel
        if not isinstance(channel, Channel):
            raise TypeError("batches need this package's transport")
        batch = Batch(producer)
        channel.collecting = []
        try:
            yield batch
            batch.sent = send_all(channel.collecting, channel.options)
        finally:
            channel.collecting = None
    if any(one.error for one in batch.sent):
        raise SomeNotSent(batch.sent)


def publish_many(app: Celery, calls: Iterable[tuple[Any, dict[str, Any]]]) -> list[Sent]:
    """Send tasks, each a task or signature with its options of ``apply_async``; what became of each, in order.

    Raises nothing for what SQS did not take: look at ``error``. Raises what ``apply_async`` raises for a bad argument,
    and then has sent nothing.
    """
    try:
        with collect(app) as batch:
            for task, options in calls:
                task.apply_async(**options, producer=batch.producer)
        return batch.sent
    except SomeNotSent as error:
        return error.sent
