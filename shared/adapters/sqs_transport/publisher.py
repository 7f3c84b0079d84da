"""Sending: one message a call."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from .clients import calling_client
from .entries import Entry
from .errors import SendFailed
from .options import Options
from .queues import Queue


def send(queue: Queue, entry: Entry, options: Options) -> None:
    """Send one message: one call, repeated by botocore when that may help. Safe from any thread or greenlet.

    Raises SendFailed after at most ``call_attempts``; the message may have arrived all the same (a lost answer).
    """
    try:
        calling_client(options).send_message(QueueUrl=queue.url, **entry)
    except (BotoCoreError, ClientError) as error:
        raise SendFailed(f"{queue.name} did not take the message: {error}") from error
