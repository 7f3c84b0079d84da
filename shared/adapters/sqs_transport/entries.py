"""What is given to SQS for a message: body, delay, group, deduplication id."""

from __future__ import annotations

import time
import uuid
from typing import Any

from . import envelope
from .delays import delay_until, delayed, due_time
from .errors import DelayRefused, GroupMissing
from .queues import Queue

Entry = dict[str, Any]

#: Options of ``apply_async`` that are SQS's own, and need not travel in the body.
SQS_OPTIONS = frozenset(
    {"MessageGroupId", "MessageDeduplicationId", "DelaySeconds", "delay_seconds", "message_attributes"}
)


def new_entry(queue: Queue, message: dict[str, Any], ceiling: int) -> Entry:
    """Turn kombu's message into SendMessage's parameters, but for the queue. The message itself is not changed.

    Raises DelayRefused and GroupMissing for what a FIFO queue cannot take.
    """
    options = {name: value for name, value in message["properties"].items() if name in SQS_OPTIONS}
    properties = {name: value for name, value in message["properties"].items() if name not in SQS_OPTIONS}
    headers = {name: value for name, value in message["headers"].items() if name != envelope.DELIVERY_HEADER}
    entry = _fifo_entry(queue, options, headers) if queue.is_fifo else _standard_entry(options, headers, ceiling)
    if options.get("message_attributes"):
        entry["MessageAttributes"] = options["message_attributes"]
    due = due_time(headers)
    if due is not None:
        headers = delayed(headers, due, time.time(), ceiling)
    entry["MessageBody"] = envelope.write({**message, "headers": headers, "properties": properties})
    return entry


def _standard_entry(options: dict[str, Any], headers: dict[str, Any], ceiling: int) -> Entry:
    """Delay and fair-queue group of a standard queue's message; an eta beats an explicit delay."""
    entry: Entry = {}
    if options.get("MessageGroupId"):
        entry["MessageGroupId"] = str(options["MessageGroupId"])
    due = due_time(headers)
    delay = options.get("DelaySeconds", options.get("delay_seconds"))
    if due is not None:
        delay = delay_until(due, time.time(), ceiling)
    if delay:
        entry["DelaySeconds"] = max(0, min(int(delay), ceiling))
    return entry


def _fifo_entry(queue: Queue, options: dict[str, Any], headers: dict[str, Any]) -> Entry:
    """Group and deduplication id of a FIFO queue's message.

    The id is the task's own with its number of retries unless one was chosen: a send that is repeated after a time-out
    then arrives once, and a retry, which has the same task id, is not swallowed as a repetition.
    """
    due = due_time(headers)
    if (due is not None and due > time.time()) or options.get("DelaySeconds") or options.get("delay_seconds"):
        raise DelayRefused(
            f"{queue.name} is FIFO and takes no countdown, eta or delay; raise HandBack in the task instead"
        )
    if not options.get("MessageGroupId"):
        raise GroupMissing(f"{queue.name} is FIFO: pass MessageGroupId to apply_async")
    own = f"{headers['id']}:{headers.get('retries') or 0}" if headers.get("id") else str(uuid.uuid4())
    return {
        "MessageGroupId": str(options["MessageGroupId"]),
        "MessageDeduplicationId": str(options.get("MessageDeduplicationId") or own),
    }


def hop_entry(queue: Queue, opened: envelope.Envelope, group: str | None, attributes: Any, ceiling: int) -> Entry:
    """The next hop of a delay that is longer than SQS offers at once."""
    properties = dict(opened["properties"])
    if group:
        properties["MessageGroupId"] = group
    if attributes:
        properties["message_attributes"] = dict(attributes)
    return new_entry(queue, {**opened, "properties": properties}, ceiling)
