"""Server-sent events: each listener reads a user's stream of pushes, woken by the hub."""

import threading
import time
from collections.abc import Iterator

import orjson

from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.principal import Principal
from shared.kernel.topics import session_topic, user_topic
from shared.wiring import GatewayContext
from web.documents.streams import StreamPaused, StreamResynced
from web.realtime.hub import Hub
from web.realtime.ports import EventStream

LONGEST_SECONDS = 86_400.0
COMMENT_SECONDS = 15.0
TOLD_AT_ONCE = 5
"""Listeners of a user, over all processes, that are told what is pushed; earlier ones wait until a later one ends."""
MOST_OPEN = 25
"""Of a user, over all processes; one more is told not to come again."""
RETRY_MS = 1_000
COMMENT = b": still here\n\n"
PAUSED = b"event: paused\ndata: " + orjson.dumps(StreamPaused(reason="too many event streams").wire()) + b"\n\n"
RESYNCED = b"event: resync\ndata: " + orjson.dumps(StreamResynced().wire()) + b"\n"

log = get_log()


class Listener:
    """One open response; the stream is what it tells, the hub only wakes it.

    One that was overtaken by too many later ones is not ended: its browser would come back at once, and overtake
    another. It is told why it hears nothing, keeps its place, and goes on from there when there is room again.
    """

    def __init__(
        self, listener_id: str, principal: Principal, hub: Hub, events: EventStream, *, comment_seconds: float
    ) -> None:
        """Prepare; `open` begins. A comment comes where nothing else does for so long."""
        self._comment_seconds = comment_seconds
        self.listener_id = listener_id
        self.user_id = principal.user_id
        self.session_id = principal.session_id
        self._hub = hub
        self._events = events
        self._woken = threading.Event()
        began = time.time()
        self._name = f"{began:020.6f}-{listener_id}"  # names in their order are listeners in theirs
        self._until = time.monotonic() + LONGEST_SECONDS
        self._is_paused = False
        self._place = ""
        self._greeting = b""
        self.closed = False

    def open(self, last_event_id: str | None) -> bool:
        """Listen, then find the place to go on from, so that nothing falls between; an unknown one tells to reload.

        Returns False, and does not listen, where the user has too many open.

        Raises:
            Unavailable: the bus or the stream does not answer.
        """
        if self._events.attend(self.user_id, self._name).all > MOST_OPEN:
            self._events.depart(self.user_id, self._name)
            return False
        for topic in self._topics():
            self._hub.wait(topic, self)
        try:
            self._find_place(last_event_id)
        except Unavailable:
            self.leave()
            raise
        return True

    def leave(self) -> None:
        """Listen no more; again changes nothing."""
        self.close(1000)
        for topic in self._topics():
            self._hub.leave(topic, self)
        try:
            self._events.depart(self.user_id, self._name)
        except Unavailable:
            log.warning("events.not_left", user_id=self.user_id)  # it is forgotten by itself

    def chunks(self) -> Iterator[bytes]:
        """Give the response's parts until it is closed; waiting costs a greenlet and nothing else."""
        yield self._greeting
        attends_at = time.monotonic() + self._comment_seconds
        while not self.closed and time.monotonic() < self._until:
            found = b"" if self._is_paused else self._new()
            if found:
                yield found
            if not self._woken.wait(self._comment_seconds):
                yield COMMENT
            self._woken.clear()
            if time.monotonic() >= attends_at:
                attends_at = time.monotonic() + self._comment_seconds
                if told := self._attended():
                    yield told

    def push(self, payload: bytes) -> None:
        """Wake: something was pushed to the user."""
        self._woken.set()

    def close(self, code: int, reason: str = "") -> None:
        """End the response."""
        self.closed = True
        self._woken.set()

    def matches(self, only: dict[str, str]) -> bool:
        """Tell whether an order to close means this listener."""
        mine = {"session_id": self.session_id, "user_id": self.user_id, "connection_id": self.listener_id}
        return all(mine.get(name) == value for name, value in only.items())

    def _find_place(self, last_event_id: str | None) -> None:
        if last_event_id is not None and self._events.is_known(self.user_id, last_event_id):
            self._place = last_event_id
            self._greeting = f"retry: {RETRY_MS}\n\n".encode()
            return
        self._place = self._events.latest(self.user_id)
        resync = RESYNCED if last_event_id is not None else b""
        self._greeting = f"retry: {RETRY_MS}\nid: {self._place}\n".encode() + resync + b"\n"

    def _attended(self) -> bytes:
        """Say that this is here still, and find whether too many came later; return what to tell of that."""
        was_paused = self._is_paused
        try:
            self._is_paused = self._events.attend(self.user_id, self._name).later >= TOLD_AT_ONCE
        except Unavailable:
            log.warning("events.not_attended", user_id=self.user_id)
        return PAUSED if self._is_paused and not was_paused else b""

    def _topics(self) -> tuple[str, str]:
        return session_topic(self.user_id), user_topic(self.user_id)

    def _new(self) -> bytes:
        try:
            found = self._events.since(self.user_id, self._place)
        except Unavailable:
            # What is in the stream by then comes with the next look.
            log.warning("events.not_read", user_id=self.user_id)
            return b""
        if found:
            self._place = found[-1][0]
        return b"".join(_event(place, payload) for place, payload in found)


class Listeners:
    """The listeners of this process, which all end when the process does."""

    def __init__(self, hub: Hub, ports: GatewayContext, *, comment_seconds: float = COMMENT_SECONDS) -> None:
        """Begin with none."""
        self._hub, self._ports = hub, ports
        self._comment_seconds = comment_seconds
        self._open: set[Listener] = set()
        self._is_stopping = False

    def open(self, principal: Principal, last_event_id: str | None) -> Listener | None:
        """Begin to listen; None where the user has too many open.

        In a process that is stopping it ends at once, and its client comes back elsewhere.

        Raises:
            Unavailable: the bus or the stream does not answer.
        """
        ports = self._ports
        listener = Listener(
            ports.ids.new(), principal, self._hub, ports.event_stream, comment_seconds=self._comment_seconds
        )
        if not listener.open(last_event_id):
            return None
        self._open.add(listener)
        if self._is_stopping or ports.revocations.is_revoked(principal.session_id):
            listener.close(1012)
        return listener

    def remove(self, listener: Listener) -> None:
        """Forget a listener."""
        self._open.discard(listener)
        listener.leave()

    def everybody(self) -> list[Listener]:
        """Return the listeners as they are now."""
        return list(self._open)

    def stop(self) -> None:
        """End all; their clients come back to another process with the id of what they heard last."""
        self._is_stopping = True
        for listener in self.everybody():
            listener.close(1012)


def _event(place: str, payload: bytes) -> bytes:
    name = str(orjson.loads(payload)["type"])
    return f"id: {place}\nevent: {name}\ndata: ".encode() + payload + b"\n\n"
