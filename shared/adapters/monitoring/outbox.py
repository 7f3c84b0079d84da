"""A bounded queue of messages to Redis and the one thread a process that sends them."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from celery.utils.log import get_logger
from kombu import Connection, Producer
from kombu.exceptions import EncodeError, KombuError
from redis import RedisError

from shared.kernel.loops import Loop, forever

logger = get_logger(__name__)

# What anything asked of Redis over kombu may end in while Redis or the network is in trouble.
REDIS_FAILED = (KombuError, RedisError, OSError)

Publication = Callable[[Producer], object]

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 4.0
TRIES = 3
URGENT_LIMIT = 1_000
# After an outage watchers need a moment to subscribe again, and what is published before that is lost to them.
GRACE = 2.0
# A wake-up that was lost (a native thread beside a gevent loop) delays an event by this long at most, in seconds.
GLANCE = 2.0


class Outbox:
    """Sends publications to Redis in the background, in order, the urgent ones first.

    `put` never waits and never raises, whatever Redis does. Beyond the limit the oldest is dropped and counted. What
    was under way when the connection broke is sent again, so a watcher may see an event twice.
    """

    def __init__(self, connect: Callable[[], Connection], limit: int, *, grace: float = GRACE) -> None:
        self._connect = connect
        self._limit = limit
        self._grace = grace
        self._start_afresh()
        _OUTBOXES.add(self)

    def put(self, publication: Publication, *, urgent: bool = False) -> None:
        """Queue a publication, which is called with a connected producer in another thread, perhaps much later."""
        waiting = self._urgent if urgent else self._waiting
        if len(waiting) == waiting.maxlen:
            self.dropped += 1
        waiting.append(publication)
        self._wake.set()
        if self._loop is None:
            self._start_thread()

    def flush(self, timeout: float) -> bool:
        """Wait until everything queued before is sent, at most `timeout` seconds; answer whether it was."""
        sent = threading.Event()
        self.put(lambda producer: sent.set())
        return sent.wait(timeout)

    def figures(self) -> dict[str, Any]:
        """Answer what operators want to know of this process: what waits, was sent, was lost."""
        waiting = len(self._waiting) + len(self._urgent)
        return {"connected": self._connected, "waiting": waiting, "sent": self.sent, "dropped": self.dropped}

    def _start_afresh(self) -> None:
        """Forget everything: in the child of a fork the thread is gone, and what waits is the parent's to send."""
        self._waiting: deque[Publication] = deque(maxlen=self._limit)
        self._urgent: deque[Publication] = deque(maxlen=URGENT_LIMIT)
        self._held: Publication | None = None
        self._tries = 0
        self._wake = threading.Event()
        self._starting = threading.Lock()
        self._loop: Loop | None = None
        self._connected = False
        self._lost = False
        self._pause = FIRST_PAUSE
        self._events_from = 0.0
        self.sent = 0
        self.dropped = 0

    def _start_thread(self) -> None:
        with self._starting:
            if self._loop is not None:
                return
            try:
                self._loop = forever("monitoring-outbox", self._deliver_or_pause, observes=True)
            except RuntimeError as error:  # no thread left to have, or the interpreter ends: a task must not fail by it
                logger.warning("monitoring: no thread for the outbox: %r", error)

    def _deliver_or_pause(self) -> None:
        try:
            self._deliver()
        except REDIS_FAILED as error:
            self._note_loss(error)
            time.sleep(self._pause)
            self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def _deliver(self) -> None:
        with self._connect() as connection:
            producer = Producer(connection.default_channel, auto_declare=False)
            if self._lost:
                self._events_from = time.monotonic() + self._grace
            self._lost = False
            while True:
                self._send(producer, self._next())
                self._note_success()

    def _next(self) -> Publication:
        """Wait for the next publication; one whose sending broke off comes first, then answers, then events."""
        while self._held is None:
            if self._urgent:
                self._hold(self._urgent.popleft())
            elif self._waiting and time.monotonic() >= self._events_from:
                self._hold(self._waiting.popleft())
            else:
                self._wake.wait(self._nap())
                self._wake.clear()
        return self._held

    def _nap(self) -> float:
        grace = self._events_from - time.monotonic()
        return min(GLANCE, grace) if grace > 0 else GLANCE

    def _hold(self, publication: Publication) -> None:
        self._held = publication
        self._tries = 0

    def _send(self, producer: Producer, publication: Publication) -> None:
        """Send one publication; it is given up when it cannot be encoded or broke a good connection three times."""
        if self._tries >= TRIES:
            self.dropped += 1
            logger.warning("monitoring: a message broke the connection %d times and is dropped", TRIES)
        else:
            self._tries += 1
            self._try_to_send(producer, publication)
        self._held = None

    def _try_to_send(self, producer: Producer, publication: Publication) -> None:
        try:
            publication(producer)
            self.sent += 1
        except EncodeError as error:
            self.dropped += 1
            logger.warning("monitoring: a message cannot be encoded and is dropped: %r", error)

    def _note_success(self) -> None:
        self._pause = FIRST_PAUSE
        if not self._connected:
            self._connected = True
            logger.info("monitoring: connected, %d messages waited", len(self._waiting))

    def _note_loss(self, error: Exception) -> None:
        """Log the first failure loudly and those that follow quietly: an outage is one line, not a flood."""
        level = logger.warning if self._connected or self._pause == FIRST_PAUSE else logger.debug
        self._connected = False
        self._lost = True
        level("monitoring: Redis is away (%d messages wait): %r", len(self._waiting), error)


_OUTBOXES: "WeakSet[Outbox]" = WeakSet()


def _start_afresh_in_child() -> None:
    for outbox in list(_OUTBOXES):
        outbox._start_afresh()


# At import, once: a lock or a thread inherited half-way through a fork would hang the child for ever.
os.register_at_fork(after_in_child=_start_afresh_in_child)
