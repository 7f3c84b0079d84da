"""Server-sent events: each listener reads a user's stream of pushes, woken by the hub."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator

import orjson

from shared.domains.accounts.ports import Revocations
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.principal import Principal
from shared.kernel.topics import session_topic, user_topic
from web.realtime.hub import Hub
from web.realtime.ports import EventStream

LONGEST_SECONDS = 86_400.0
LISTENERS_PER_USER = 5
RETRY_MS = 1_000
COMMENT = b": still here\n\n"

log = get_log()


class Listener:
    """One open response; the stream is what it tells, the hub only wakes it."""

    def __init__(
        self, listener_id: str, principal: Principal, hub: Hub, events: EventStream, *, comment_seconds: float
    ) -> None:
        """Prepare; `open` begins. A comment comes where nothing else does for so long."""
        self._comment_seconds = comment_seconds
        self.listener_id = listener_id
        self.user_id = principal.user_id
        self._session_id = principal.session_id
        self._hub = hub
        self._events = events
        self._woken = threading.Event()
        self._until = time.monotonic() + LONGEST_SECONDS
        self._place = ""
        self._greeting = b""
        self.closed = False

    def open(self, last_event_id: str | None, revocations: Revocations) -> None:
        """Listen, then find the place to go on from, so that nothing falls between; an unknown one tells to reload.

        Raises:
            Unavailable: the bus or the stream does not answer.
        """
        for topic in self._topics():
            self._hub.wait(topic, self)
        try:
            self.closed = revocations.is_revoked(self._session_id)
            if last_event_id is not None and self._events.is_known(self.user_id, last_event_id):
                self._place = last_event_id
                self._greeting = f"retry: {RETRY_MS}\n\n".encode()
                return
            self._place = self._events.latest(self.user_id)
        except Unavailable:
            self.leave()
            raise
        resync = b'event: resync\ndata: {"type":"resync"}\n' if last_event_id is not None else b""
        self._greeting = f"retry: {RETRY_MS}\nid: {self._place}\n".encode() + resync + b"\n"

    def leave(self) -> None:
        """Listen no more; again changes nothing."""
        self.close(1000)
        for topic in self._topics():
            self._hub.leave(topic, self)

    def chunks(self) -> Iterator[bytes]:
        """Give the response's parts until it is closed; waiting costs a greenlet and nothing else."""
        yield self._greeting
        while not self.closed and time.monotonic() < self._until:
            found = self._new()
            if found:
                yield found
            if not self._woken.wait(self._comment_seconds):
                yield COMMENT
            self._woken.clear()

    def push(self, payload: bytes) -> None:
        """Wake: something was pushed to the user."""
        self._woken.set()

    def close(self, code: int, reason: str = "") -> None:
        """End the response."""
        self.closed = True
        self._woken.set()

    def matches(self, only: dict[str, str]) -> bool:
        """Tell whether an order to close means this listener."""
        mine = {"session_id": self._session_id, "user_id": self.user_id, "connection_id": self.listener_id}
        return all(mine.get(name) == value for name, value in only.items())

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
    """The listeners of this process; a user's earliest beyond five ends, and all end when the process does."""

    def __init__(self) -> None:
        """Begin with none."""
        self._of_user: defaultdict[str, list[Listener]] = defaultdict(list)
        self._is_stopping = False

    def add(self, listener: Listener) -> None:
        """Keep a listener; in a process that is stopping it ends at once, and its client comes back elsewhere."""
        own = self._of_user[listener.user_id]
        own.append(listener)
        for surplus in own[:-LISTENERS_PER_USER]:
            surplus.close(1000)
        if self._is_stopping:
            listener.close(1012)

    def remove(self, listener: Listener) -> None:
        """Forget a listener."""
        listener.leave()
        own = self._of_user[listener.user_id]
        if listener in own:
            own.remove(listener)
        if not own:
            del self._of_user[listener.user_id]

    def stop(self) -> None:
        """End all; their clients come back to another process with the id of what they heard last."""
        self._is_stopping = True
        for listener in [one for own in self._of_user.values() for one in own]:
            listener.close(1012)


def _event(place: str, payload: bytes) -> bytes:
    name = str(orjson.loads(payload)["type"])
    return f"id: {place}\nevent: {name}\ndata: ".encode() + payload + b"\n\n"
