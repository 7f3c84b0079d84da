"""The way from the receivers' threads into the consumer's event loop."""

from __future__ import annotations

import logging
import selectors
import socket
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .leases import Lease

if TYPE_CHECKING:
    from kombu.asynchronous.hub import Hub

logger = logging.getLogger(__name__)

#: The loop turns at least so often, and so notices soon that its worker was told to stop: kombu's hub looks for that
#: only between two turns, and one may last ten seconds.
PULSE_SECONDS = 0.2


class Inbox:
    """Leases on their way to the one thread that dispatches them, in the order in which they were put.

    A socket pair wakes the loop: kombu's hub naps a tenth of a second a turn while it has no descriptor to watch, and
    its ``call_soon`` keeps a set, which has no order.
    """

    def __init__(self, dispatch: Callable[[Lease], None], undo: Callable[[Lease], None]) -> None:
        self._dispatch, self._undo = dispatch, undo
        self._leases: deque[Lease] = deque()
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._hub: Hub | None = None
        self._pulse: Any = None

    def put(self, leases: Iterable[Lease]) -> None:
        """Leave messages for the dispatching thread and wake it. Safe from any thread; never blocks."""
        self._leases.extend(leases)
        with suppress(OSError):
            self._writer.send(b".")

    def attach(self, hub: Hub) -> None:
        """Let an event loop dispatch from now on. Again for the same loop does nothing."""
        if self._hub is None:
            self._hub = hub
            hub.add_reader(self._reader, self.drain)
            self._pulse = hub.call_repeatedly(PULSE_SECONDS, self.drain)

    def wait(self, seconds: float) -> bool:
        """Wait for messages without an event loop, then dispatch them; whether there were any."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._reader, selectors.EVENT_READ)
            if not self._leases:
                selector.select(seconds)
        return self.drain() > 0

    def drain(self, *_: object) -> int:
        """Dispatch everything that has arrived; how many messages that were."""
        with suppress(OSError):
            self._reader.recv(4096)
        dispatched = 0
        while self._leases:
            self._dispatch_one(self._leases.popleft())
            dispatched += 1
        return dispatched

    def _dispatch_one(self, lease: Lease) -> None:
        """Dispatch one message, whatever it does."""
        try:
            self._dispatch(lease)
        except Exception:  # the loop must survive: an exception from a descriptor's callback would end the worker
            logger.exception("message %s from %s could not be dispatched", lease.message_id, lease.queue.name)
            self._undo(lease)

    def close(self) -> None:
        """Stop waking the loop. What still lies here is not dispatched any more."""
        if self._hub is not None:
            self._hub.remove(self._reader)
            self._pulse.cancel()
            self._hub = None
        self._reader.close()
        self._writer.close()
