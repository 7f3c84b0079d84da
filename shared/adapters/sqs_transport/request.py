"""Celery's request, which learns when its task begins and what delay it asks for."""

from __future__ import annotations

import os
import time
from typing import Any

from celery.exceptions import InvalidTaskError
from celery.worker.request import Request
from celery.worker.state import task_ready

from .hand_back import HandBack
from .leases import Lease
from .message import Message


class NotOurs(Exception):
    """A pool wanted to begin a task whose message was handed back or lost in that instant; it must not run it."""


class LeasedRequest(Request):
    """A request whose message has a lease; with a message of another transport it is Celery's own."""

    def __init__(self, message: Any, **kwargs: Any) -> None:
        """Take a message. Raises InvalidTaskError for arguments that no task can take; Celery would fail only later."""
        try:
            super().__init__(message, **kwargs)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise InvalidTaskError(f"no request can be made of it: {error}") from error
        if not isinstance(self.args, (list, tuple)) or not isinstance(self.kwargs, dict):
            raise InvalidTaskError("the arguments are not a list and a mapping")

    @property
    def lease(self) -> Lease | None:
        """The claim on the message, or None once it is over or when another transport brought it."""
        message = self.message
        return message.lease if isinstance(message, Message) else None

    def revoked(self) -> bool:
        """Whether it must not run: revoked, or its message was lost or handed back while it waited for the pool."""
        lease = self.lease
        if isinstance(self.message, Message) and not (lease is not None and lease.is_ours()):
            task_ready(self)
            return True
        return bool(super().revoked())

    def on_accepted(self, pid: Any, time_accepted: float) -> None:
        """Note that the pool begins: renewal ends with the time limit. Raises NotOurs where the pool can still stop.

        Threads call this before the task, processes report it after; there it is too late to refuse.
        """
        lease = self.lease
        ours = not isinstance(self.message, Message) or (lease is not None and lease.begin())
        if not ours and pid == os.getpid():
            raise NotOurs(self.id)
        limit = self.time_limits[0] or self.task.time_limit
        if lease is not None and limit:
            lease.renew_until = min(lease.renew_until, time.monotonic() + limit)
        super().on_accepted(pid, time_accepted)

    def on_failure(self, exc_info: Any, send_failed_event: bool = True, return_ok: bool = False) -> Any:
        """Keep the delay that a task asked for where the rejection that follows will find it."""
        error = getattr(exc_info.exception, "exc", exc_info.exception)
        lease = self.lease
        if isinstance(error, HandBack) and lease is not None:
            lease.retry_after = error.after
        return super().on_failure(exc_info, send_failed_event=send_failed_event, return_ok=return_ok)
