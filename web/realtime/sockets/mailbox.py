"""From the hub to the Receiver: in order, one call at a time, and only as many messages waiting as agreed."""

import logging
from collections import deque
from typing import Protocol

import gevent
from flask import Flask

from shared.kernel.isolation import undoing
from web.realtime.sockets.crew import Crew
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.port import Connection, Receiver, Taken
from web.realtime.sockets.wire import HANDLER_FAILED

_log = logging.getLogger(__name__)


class Office:
    """What all mailboxes of a process share: the application, the crew and the bounds."""

    __slots__ = ("app", "crew", "limits")

    def __init__(self, app: Flask, limits: Limits) -> None:
        self.app = app
        self.limits = limits
        self.crew = Crew(limits.max_workers)


class Owner(Connection, Protocol):
    """The connection that a mailbox belongs to."""

    def resume(self) -> None:
        """Read again, if reading was paused because the mailbox was full."""

    def left(self) -> None:
        """Learn that the Receiver's `closed` returned."""


class Mailbox:
    """One connection's way to its Receiver; it takes a greenlet of the crew only while something waits."""

    __slots__ = ("_busy", "_ending", "_in_hub", "_office", "_opened", "_owner", "_receiver", "_waiting", "_weight")

    def __init__(self, office: Office, owner: Owner, receiver: Receiver) -> None:
        self._office = office
        self._owner = owner
        self._receiver = receiver
        self._in_hub = getattr(receiver, "received_in_hub", None)
        self._waiting: deque[tuple[bytes, bool]] | None = None  # an empty deque would cost 600 bytes
        self._weight = 0
        self._ending: int | None = None
        self._opened = False
        self._busy = True

    def open(self) -> None:
        """Have `opened` called."""
        self._office.crew.bring(self)

    def deliver(self, message: bytes, is_text: bool) -> bool:
        """Have the message received, on the spot if the Receiver takes it in the hub and nothing is before it.

        Return whether the socket may be read on: False while too much waits.
        """
        if is_text and not self._busy and self._in_hub is not None:
            self._busy = True  # before the call: it may be done before the call returns
            with undoing(self._rest):
                taken = self._in_hub(message, self)
            if taken is Taken.SOON:
                return True
            self._busy = False
            if taken is Taken.NOW:
                return True
        if self._waiting is None:
            self._waiting = deque()
        self._waiting.append((message, is_text))
        self._weight += len(message)
        self._call_crew()
        return not self._is_full

    def _rest(self) -> None:
        self._busy = False

    def go_on(self, again: bytes | None = None) -> None:
        """Go on behind a message that the Receiver took soon; see Later."""
        self._busy = False
        if again is not None:
            if self._waiting is None:
                self._waiting = deque()
            self._waiting.appendleft((again, True))
            self._weight += len(again)
        if self._waiting is not None or self._ending is not None:
            self._call_crew()

    def end(self, code: int) -> None:
        """Have `closed` called after what waits; once."""
        self._ending = code
        self._call_crew()

    @property
    def _is_full(self) -> bool:
        limits = self._office.limits
        waiting = self._waiting
        return waiting is not None and (len(waiting) >= limits.max_waiting or self._weight >= limits.max_message)

    def step(self) -> bool:
        """Make the next call to the Receiver, in a fresh application context; return whether another waits."""
        owner = self._owner
        try:
            with self._office.app.app_context():
                self._call_next()
        except (Exception, gevent.Timeout):  # the product's bug ends its own connection, never the crew's greenlet
            _log.exception("a WebSocket receiver failed")
            self._waiting = None
            owner.close(HANDLER_FAILED)
        self._busy = self._waiting is not None or self._ending is not None
        return self._busy

    def _call_crew(self) -> None:
        if not self._busy:
            self._busy = True
            self._office.crew.bring(self)

    def _call_next(self) -> None:
        if not self._opened:
            self._opened = True
            self._receiver.opened(self._owner)
        elif self._waiting is not None:
            self._receiver.received(*self._take())
        elif self._ending is not None:
            self._say_closed(self._ending)

    def _say_closed(self, code: int) -> None:
        self._ending = None
        try:
            self._receiver.closed(code)
        finally:
            self._owner.left()
            del self._receiver, self._owner, self._in_hub  # no cycle is left behind for the collector

    def _take(self) -> tuple[bytes, bool]:
        assert self._waiting is not None
        message, is_text = self._waiting.popleft()
        self._weight -= len(message)
        if not self._waiting:
            self._waiting = None
            self._owner.resume()
        return message, is_text
