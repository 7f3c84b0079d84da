"""The thread that listens to a worker's mailbox in Redis."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from celery.utils.log import get_logger
from kombu import Connection
from kombu.pidbox import Node

from shared.adapters.monitoring.bus import Bus
from shared.adapters.monitoring.outbox import REDIS_FAILED
from shared.kernel.loops import Loop

logger = get_logger(__name__)

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 4.0
# Seconds between two looks at the cluster's policy, in case a command was lost with a connection.
LOOK = 15.0
TURN = 1.0


class CatchUp(Protocol):
    """What the listener calls now and then to bring the worker to the cluster's policy."""

    def __call__(self, *, thoroughly: bool) -> None:
        """Compare and correct; thoroughly after every connect, since anything may have been missed."""
        ...


class Listener:
    """Receives commands over a connection of its own and hands each to `on_message`, in its thread.

    It outlives Redis: a lost connection is looked for again after a growing pause of at most four seconds.
    """

    def __init__(self, bus: Bus, node: Node, on_message: Callable[[Any, Any], None], catch_up: CatchUp) -> None:
        self._bus = bus
        self.node = node
        self._on_message = on_message
        self._catch_up = catch_up
        self._loop: Loop | None = None
        self._pause = FIRST_PAUSE

    def start(self) -> None:
        """Listen; calling it again while it listens does nothing."""
        if self._loop is None or self._loop.is_stopped:
            self._loop = Loop("monitoring-listener", self._listen_or_pause, observes=True)
            self._loop.start()

    def stop(self) -> None:
        """End within a second, without waiting for it."""
        if self._loop is not None:
            self._loop.stop()

    def _listen_or_pause(self) -> None:
        try:
            self._listen()
        except REDIS_FAILED as error:
            level = logger.warning if self._pause == FIRST_PAUSE else logger.debug
            level("monitoring: remote control is away: %r", error)
            time.sleep(self._pause * random.uniform(0.7, 1.0))  # not all workers at the same instant
            self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def _listen(self) -> None:
        with self._bus.connection() as connection:
            self.node.channel = connection.default_channel
            self.node.listen(callback=self._on_message)
            self._turn(connection)
            logger.info("monitoring: remote control by %s", connection.as_uri())
            self._catch_up(thoroughly=True)
            self._pause = FIRST_PAUSE
            self._receive(connection)

    def _receive(self, connection: Connection) -> None:
        looked = time.monotonic()
        while self._loop is not None and not self._loop.is_stopped:
            self._turn(connection)
            if time.monotonic() - looked >= LOOK:
                looked = time.monotonic()
                self._catch_up(thoroughly=False)

    @staticmethod
    def _turn(connection: Connection) -> None:
        """Wait a moment for commands; kombu subscribes in the first turn, not before."""
        with suppress(TimeoutError):
            connection.drain_events(timeout=TURN)
