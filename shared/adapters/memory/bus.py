"""A bus that reaches every hub of this process, and keeps what it brought to users."""

from collections import defaultdict
from collections.abc import Callable, Iterable

import orjson

from shared.adapters.memory.kernel import MemoryEvents
from shared.kernel.attendance import Attendance
from shared.kernel.contract import Event
from shared.kernel.topics import Topic, is_user_topic, user_topic
from shared.kernel.wire import confirmable_header, pack_close, pack_push, push_header

Deliver = Callable[[str, bytes], None]


class MemoryBus(MemoryEvents):
    """The ports EventBus, ConfirmationBus and EventStream for one thread; parcels arrive before `publish` returns."""

    def __init__(self) -> None:
        """Begin with nobody listening."""
        super().__init__()
        self.subscriptions: list[MemorySubscription] = []
        self.streams: defaultdict[str, list[tuple[str, bytes | None]]] = defaultdict(list)
        self.taken: set[str] = set()
        self.listeners: defaultdict[str, set[str]] = defaultdict(set)
        self._entries = 0

    def subscription(self, deliver: Deliver) -> "MemorySubscription":
        """Return the subscription of one more gateway."""
        self.subscriptions.append(MemorySubscription(deliver))
        return self.subscriptions[-1]

    def publish(self, topic: Topic, event: Event, *, except_user: str | None = None, must_arrive: bool = False) -> None:
        """Remember an event, and deliver it."""
        super().publish(topic, event, except_user=except_user, must_arrive=must_arrive)
        if not self.is_away:
            self._push(topic, push_header(except_user), orjson.dumps(event.wire()))

    def close(self, topic: Topic, code: int, *, reason: str = "", **only: str) -> None:
        """Remember an order to close, and deliver it."""
        super().close(topic, code, reason=reason, **only)
        self._send(topic, pack_close(code, reason, only))

    def ask(self, user_id: str, event: Event, *, token: str, reply_to: str) -> int:
        """Push, ask for a confirmation, and return how many gateways heard it."""
        super().publish(user_topic(user_id), event)
        return self._push(user_topic(user_id), confirmable_header(token, reply_to), orjson.dumps(event.wire()))

    def confirm(self, token: str, reply_to: str) -> None:
        """Say that a channel took a push."""
        self.taken.add(token)
        self._send(reply_to, pack_push(token.encode(), None))

    def was_taken(self, token: str) -> bool:
        """Tell whether a push was confirmed by now."""
        return token in self.taken

    def note_taken(self, token: str) -> None:
        """Note that a channel took it otherwise."""
        self.taken.add(token)

    def attend(self, user_id: str, listener: str) -> Attendance:
        """Note that a listener is open, and count the others."""
        self.listeners[user_id].add(listener)
        names = self.listeners[user_id]
        return Attendance(sum(name > listener for name in names), len(names))

    def depart(self, user_id: str, listener: str) -> None:
        """Note that a listener is gone."""
        self.listeners[user_id].discard(listener)

    def latest(self, user_id: str) -> str:
        """Return the id from which a listener goes on that has heard everything until now."""
        if not self.streams[user_id]:
            self._keep(user_id, None)
        return self.streams[user_id][-1][0]

    def is_known(self, user_id: str, event_id: str) -> bool:
        """Tell whether nothing after an id was forgotten."""
        return any(place == event_id for place, _ in self.streams[user_id])

    def since(self, user_id: str, event_id: str) -> list[tuple[str, bytes]]:
        """Return the pushes after an id with theirs, oldest first."""
        later = [(place, payload) for place, payload in self.streams[user_id] if _number(place) > _number(event_id)]
        return [(place, payload) for place, payload in later if payload is not None]

    def _push(self, topic: Topic, header: bytes, payload: bytes) -> int:
        if is_user_topic(topic):
            self._keep(topic.removeprefix("user:"), payload)
        return self._send(topic, header + b"\n" + payload)

    def _keep(self, user_id: str, payload: bytes | None) -> None:
        self._entries += 1
        self.streams[user_id].append((f"{self._entries}-0", payload))

    def _send(self, topic: str, parcel: bytes) -> int:
        hearing = [one for one in self.subscriptions if topic in one.topics]
        for one in hearing:
            one.deliver(topic, parcel)
        return len(hearing)


class MemorySubscription:
    """One gateway's subscription to the bus in memory."""

    def __init__(self, deliver: Deliver) -> None:
        """Deliver to one hub."""
        self.deliver = deliver
        self.topics: set[str] = set()

    def start(self) -> None:
        """Do nothing: parcels come from the publishing side."""

    def stop(self) -> None:
        """Hear nothing more."""
        self.topics.clear()

    def subscribe(self, topics: Iterable[str]) -> None:
        """Hear the topics."""
        self.topics.update(topics)

    def unsubscribe(self, topics: Iterable[str]) -> None:
        """Hear the topics no more."""
        self.topics.difference_update(topics)


def _number(place: str) -> int:
    return int(place.partition("-")[0])
