"""Celery's request, which learns when its task begins, what delay it asks for, and whether it has ended."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from celery.exceptions import InvalidTaskError
from celery.utils.log import get_logger
from celery.worker.request import Request
from celery.worker.state import task_ready

from .hand_back import FINISHED, HandBack, Settled
from .leases import Lease
from .message import Message

logger = get_logger(__name__)

#: What ends a pool's process or thread, or the worker itself; never a task's own answer.
FATAL = (SystemExit, KeyboardInterrupt, MemoryError)


class NotOurs(Exception):
    """Raised when a pool begins a task just after its message was handed back or lost: it must not run."""


class LeasedRequest(Request):
    """A request with a lease on its message; with a message of another transport it is Celery's own.

    Celery acknowledges in a dozen places, most of them when something went wrong. Here a message is deleted where its
    task said so, by returning FINISHED or raising Settled, or was sent anew; in every other case it comes back.
    """

    is_settled = False

    def __init__(self, message: Any, **kwargs: Any) -> None:
        """Take a message. Raises InvalidTaskError for arguments that no task can take; Celery would fail only later."""
        try:
            super().__init__(message, **kwargs)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise InvalidTaskError(f"no request can be made of it: {error}") from error
        if not isinstance(self.args, (list, tuple)) or not isinstance(self.kwargs, dict):
            raise InvalidTaskError("the arguments are not a list and a mapping")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Look at what a task returned before Celery does: its subclass for each task has an ``on_success`` too."""
        super().__init_subclass__(**kwargs)
        if "on_success" in cls.__dict__:
            cls.on_success = _settling(cls.on_success)  # type: ignore[method-assign]  # the point of it

    @property
    def lease(self) -> Lease | None:
        """The claim on the message, or None once it is over or when another transport brought it."""
        message = self.message
        return message.lease if isinstance(message, Message) else None

    def acknowledge(self) -> None:
        """Delete the message if its task has ended; otherwise let it come back."""
        if self.is_settled or not isinstance(self.message, Message) or not self.task.acks_late:
            super().acknowledge()
        elif not self.acknowledged:
            logger.error("task %s[%s] did not say that it has ended: its message comes back", self.name, self.id)
            self.reject(requeue=True)

    def revoked(self) -> bool:
        """Whether it must not run: revoked, or its message was lost or handed back while it waited for the pool."""
        lease = self.lease
        if isinstance(self.message, Message) and not (lease is not None and lease.is_ours()):
            task_ready(self)
            return True
        if lease is not None and not lease.queue.has_dead_letters:
            return False  # else its end would be reported nowhere
        return bool(super().revoked())

    def _announce_revoked(self, reason: str, terminated: bool, signum: Any, expired: bool) -> None:
        """Set the message aside with the reason, so that its end is recorded as any other; Celery would delete it."""
        if isinstance(self.message, Message) and self.task.acks_late and not self.acknowledged:
            self.message.set_aside(reason, f"{reason} before it was run" if not terminated else "ended while it ran")
            self.acknowledged = True
        super()._announce_revoked(reason, terminated, signum, expired)  # type: ignore[misc]  # missing in the stubs

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

    def on_retry(self, exc_info: Any) -> None:
        """Let the message go: Celery has sent it anew."""
        self.is_settled = True
        super().on_retry(exc_info)

    def on_failure(self, exc_info: Any, send_failed_event: bool = True, return_ok: bool = False) -> Any:
        """Keep the delay that a task asked for where the rejection that follows will find it."""
        error = getattr(exc_info.exception, "exc", exc_info.exception)
        lease = self.lease
        if lease is not None and isinstance(error, FATAL):
            task_ready(self)
            return self.reject(requeue=True)
        if isinstance(error, HandBack) and lease is not None:
            lease.retry_after = error.after
        self.is_settled = isinstance(error, Settled)
        try:
            return super().on_failure(exc_info, send_failed_event=send_failed_event, return_ok=return_ok)
        finally:
            self._come_back()

    def _come_back(self) -> None:
        """Let the message come back where nothing was decided, or Celery's own code failed before it decided."""
        if isinstance(self.message, Message) and not self.acknowledged:
            self.reject(requeue=True)


def _settling(on_success: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap Celery's ``on_success``, which it calls for failures too: only a task that returned FINISHED has ended."""

    @wraps(on_success)
    def settle(self: LeasedRequest, failed__retval__runtime: tuple[bool, Any, float], **kwargs: Any) -> Any:
        failed, result, _ = failed__retval__runtime
        if failed:
            return self.on_failure(result, return_ok=True)
        self.is_settled = result in (FINISHED, repr(FINISHED))
        try:
            return on_success(self, failed__retval__runtime, **kwargs)
        finally:
            self._come_back()

    return settle
