"""What a message's body holds: Celery's envelope, written and read, and checked before anything trusts it."""

from __future__ import annotations

import base64
import binascii
import re
import time
from typing import Any

from kombu.utils.json import dumps, loads

from .leases import Lease

Envelope = dict[str, Any]
#: Characters that SQS refuses in a message, besides those that JSON escapes anyway.
NOT_TAKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")

#: The header under which a task finds how its message arrived; whatever a sender wrote there is replaced.
DELIVERY_HEADER = "sqs"
#: The header that carries the time (epoch seconds) until which a message is passed on with further delays.
DUE_HEADER = "sqs_due"


class Unreadable(Exception):
    """A message can never be run: its body is not an envelope of Celery's task protocol 2."""


def write(envelope: Envelope) -> str:
    """Write an envelope as JSON, which SQS takes as it is, so no base64 inflates it by a third.

    Letters stay as they are, since an escape doubles a Korean text; but for the few that SQS does not take.
    """
    text = str(dumps(envelope, separators=(",", ":"), ensure_ascii=False))
    return str(dumps(envelope, separators=(",", ":"))) if NOT_TAKEN.search(text) else text


def size_of(text: str) -> int:
    """The bytes that SQS counts for a text."""
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


def read(body: str) -> Envelope:
    """Read and check a body, ours or the stock transport's (base64 over JSON). Raises Unreadable and nothing else."""
    envelope = _parse(body)
    _check_headers(envelope.get("headers"))
    _check_content(envelope)
    return envelope


def _parse(body: str) -> Envelope:
    """The JSON object in a body."""
    try:
        text = body if body.lstrip()[:1] == "{" else base64.b64decode(body, validate=True).decode()
        envelope = loads(text)
    except (ValueError, TypeError, binascii.Error, RecursionError, LookupError, AttributeError) as error:
        raise Unreadable(f"not JSON: {error}") from error
    if not isinstance(envelope, dict):
        raise Unreadable("not an envelope")
    return envelope


def _check_headers(headers: Any) -> None:
    """Refuse headers that Celery's worker would stumble over."""
    if not isinstance(headers, dict):
        raise Unreadable("no headers")
    for name in ("task", "id"):
        if not isinstance(headers.get(name), str) or not headers[name]:
            raise Unreadable(f"no {name} header")
    limits = headers.get("timelimit")
    if limits is not None and not (isinstance(limits, list) and len(limits) == 2 and all(map(_is_limit, limits))):
        raise Unreadable("bad timelimit header")
    if type(headers.get("retries") or 0) is not int:
        raise Unreadable("bad retries header")


def _is_limit(limit: Any) -> bool:
    """Whether this can be a time limit: nothing, or a number of seconds."""
    return limit is None or (isinstance(limit, (int, float)) and not isinstance(limit, bool))


def _check_content(envelope: Envelope) -> None:
    """Refuse a body or properties that kombu would stumble over."""
    properties = envelope.get("properties")
    if not isinstance(properties, dict):
        raise Unreadable("no properties")
    if not isinstance(envelope.get("body"), str):
        raise Unreadable("no body")
    encoding = properties.get("body_encoding")
    if encoding not in (None, "base64", "utf-8"):
        raise Unreadable(f"unknown body_encoding {encoding!r}")
    if encoding == "base64":
        try:
            base64.b64decode(envelope["body"], validate=True)
        except (ValueError, binascii.Error) as error:
            raise Unreadable(f"bad base64: {error}") from error


def address(envelope: Envelope, lease: Lease, lease_seconds: int) -> Envelope:
    """Put in what this delivery is: its tag, its queue, and the header from which a task learns how it arrived."""
    given = envelope["properties"].get("delivery_info")
    info = given if isinstance(given, dict) else {}
    properties = {**envelope["properties"], "delivery_tag": lease.tag}
    properties["delivery_info"] = {
        "exchange": str(info.get("exchange") or ""),
        "routing_key": lease.queue.name,
        "priority": info.get("priority") or 0,
        "redelivered": lease.receives > 1,
    }
    delivery = {
        "message_id": lease.message_id,
        "receives": lease.receives,
        "queue": lease.queue.name,
        "queue_seconds": round(max(0.0, time.time() - lease.sent_at), 3),
        "group": lease.group,
        "lease_seconds": lease_seconds,
        "received_at": round(time.time() - (time.monotonic() - lease.received_at), 3),
    }
    headers = {**envelope["headers"], DELIVERY_HEADER: delivery}
    return {**envelope, "headers": headers, "properties": properties}
