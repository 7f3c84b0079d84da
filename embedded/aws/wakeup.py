"""Long polls that end when a message arrives, instead of looking every 100 ms."""

import asyncio
from contextvars import ContextVar
from typing import Any

from ministack.services import sqs

polled_queue: ContextVar[str] = ContextVar("polled_queue", default="")
"""The ARN of the queue that the current request is receiving from."""


class StoppingError(Exception):
    """Polls were ended while this one was waiting, or the process was told to stop."""


class WakefulAsyncio:
    """Stands in for the `asyncio` that ministack's SQS module sees: its `sleep` ends early when `wake` is called.

    Everything else is asyncio's own. Only the event loop may call it.
    """

    def __init__(self) -> None:
        self._sleepers: dict[str, set[asyncio.Future[None]]] = {}
        self._stopping = False
        self._ended = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        """Sleep for `seconds`, or until the polled queue gets a message; raises StoppingError where polls are ended."""
        queue, ended = polled_queue.get(), self._ended
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        sleepers = self._sleepers.setdefault(queue, set())
        sleepers.add(future)
        try:
            await asyncio.wait((future,), timeout=seconds)
        finally:
            sleepers.discard(future)
            if not sleepers:
                self._sleepers.pop(queue, None)
        if self._stopping or self._ended != ended:
            raise StoppingError

    def wake(self, queue: str) -> None:
        """End the sleep of every poll of `queue`, an ARN."""
        for future in self._sleepers.get(queue, ()):
            if not future.done():
                future.set_result(None)

    def end_polls(self) -> None:
        """Have every open poll be answered now, with nothing."""
        self._ended += 1
        for queue in self._sleepers:
            self.wake(queue)

    def stop(self) -> None:
        """End every sleep and refuse new ones, so that polls are answered before the process goes."""
        self._stopping = True
        self.end_polls()


def install() -> WakefulAsyncio:
    """Put the stand-in into ministack's SQS module and return it."""
    wakeful = WakefulAsyncio()
    sqs.asyncio = wakeful
    return wakeful
