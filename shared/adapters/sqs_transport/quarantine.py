"""Setting aside messages that cannot be run, with the reason, where a person or a program finds them."""

from __future__ import annotations

from typing import Any

from kombu.utils.json import dumps

from .entries import Entry
from .envelope import Envelope
from .leases import Lease

#: SQS takes at most ten attributes a message; so many may come along from the message itself.
KEPT_ATTRIBUTES = 5


def letter(lease: Lease, reason: str, error: str) -> Entry:
    """The entry for ``<queue>-dlq``: the body untouched, and as attributes why, where from, and how often received.

    On a FIFO queue the message keeps its group, and its own id keeps a repeated send from arriving twice.
    """
    kept = dict(list(lease.attributes.items())[:KEPT_ATTRIBUTES])
    entry: Entry = {
        "MessageBody": lease.body,
        "MessageAttributes": {
            **{name: _without_lists(value) for name, value in kept.items()},
            "dl_reason": _text(reason),
            "dl_error": _text(error),
            "dl_source": _text(lease.queue.name),
            "dl_receives": _text(str(lease.receives)),
            "dl_message_id": _text(lease.message_id),
        },
    }
    if lease.queue.is_fifo:
        entry["MessageGroupId"] = lease.group or "unreadable"
        entry["MessageDeduplicationId"] = lease.message_id
    return entry


def for_last_resort(lease: Lease, reason: str, error: str, task: str) -> Envelope:
    """The envelope by which a task is given a message that cannot be run, where there are no dead letters.

    Its id is the message's own, so that the same message is the same job however often it comes.
    """
    told = {
        "queue": lease.queue.name,
        "body": lease.body,
        "reason": reason,
        "error": error,
        "receives": lease.receives,
        "messageId": lease.message_id,
    }
    return {
        "body": dumps([[told], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": task, "id": lease.message_id, "argsrepr": "()", "kwargsrepr": "{}"},
        "properties": {"body_encoding": "utf-8", "correlation_id": lease.message_id, "delivery_mode": 2},
    }


def _text(value: str) -> dict[str, Any]:
    """A string attribute; never empty, and only characters that SQS takes."""
    clean = "".join(character if character.isprintable() else " " for character in value[:512])
    return {"DataType": "String", "StringValue": clean.strip() or "-"}


def _without_lists(attribute: dict[str, Any]) -> dict[str, Any]:
    """An attribute as SendMessage takes it; received ones carry empty lists that it refuses."""
    return {name: value for name, value in attribute.items() if name in ("DataType", "StringValue", "BinaryValue")}
