"""Topics and the connections of this process that listen to them."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.wire import Close, Push, Resynced, Sequenced, unpack
from web.realtime.sockets.port import Connection, Frame

log = get_log()


class Member(Protocol):
    """A connection as the hub sees it."""

    user_id: str
    connection: Connection

    def matches(self, only: dict[str, str]) -> bool:
        """Tell whether an order to close means this connection."""


class Subscription(Protocol):
    """The process's one subscription to the event bus."""

    def subscribe(self, topics: Iterable[str]) -> None:
        """Hear the topics; returns when that is confirmed."""

    def unsubscribe(self, topics: Iterable[str]) -> None:
        """Hear the topics no more."""


class Feed:
    """One topic: who listens here, and how far its sequence was heard.

    `held` are listeners that are being brought up to date: what is pushed meanwhile waits for them.
    """

    __slots__ = ("epoch", "held", "members", "ready", "seq", "topic")

    def __init__(self, topic: str) -> None:
        """Begin with nobody."""
        self.topic = topic
        self.members: set[Member] = set()
        self.held: dict[Member, list[tuple[int, Frame]]] = {}
        self.epoch: str | None = None
        self.seq = 0
        self.ready = threading.Event()

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody listens."""
        return not self.members and not self.held


CatchUp = Callable[[Feed], None]


class Hub:
    """Delivers what the bus says to the connections of this process; all calls come from the event loop's thread."""

    def __init__(self, catch_up: CatchUp) -> None:
        """`catch_up` reads what a room missed and calls `deliver_missed` or `resync`; it may block."""
        self._feeds: dict[str, Feed] = {}
        self._catch_up = catch_up
        self.subscription: Subscription | None = None
        self.deliveries = 0

    def join(self, topic: str, member: Member, *, hold: bool = False) -> Feed:
        """Listen to a topic; returns when nothing published from now on is missed.

        With `hold`, pushes wait until `release`.

        Raises:
            Unavailable: the bus did not confirm in time.
        """
        feed = self._feeds.get(topic)
        if feed is None:
            feed = self._feeds[topic] = Feed(topic)
        if hold:
            feed.held[member] = []
        else:
            feed.members.add(member)
        assert self.subscription is not None
        try:
            self.subscription.subscribe([topic])
        except Unavailable:
            self.leave(topic, member)
            raise
        return feed

    def leave(self, topic: str, member: Member) -> None:
        """Listen no more; the topic is left when nobody listens."""
        feed = self._feeds.get(topic)
        if feed is None:
            return
        feed.members.discard(member)
        feed.held.pop(member, None)
        if feed.is_empty:
            del self._feeds[topic]
            assert self.subscription is not None
            self.subscription.unsubscribe([topic])

    def hold(self, feed: Feed, member: Member) -> None:
        """Let pushes wait for a member until `release`."""
        if member in feed.members:
            feed.members.discard(member)
            feed.held[member] = []

    def release(self, feed: Feed, member: Member, *, after: int) -> None:
        """Push what waited for a member, but nothing up to a sequence number, and go on as usual."""
        waiting = feed.held.pop(member, None)
        if waiting is None:
            return
        for seq, frame in waiting:
            if seq == 0 or seq > after:
                member.connection.send(frame)
        feed.members.add(member)

    def handle(self, topic: str, parcel: bytes) -> None:
        """Deliver one parcel of the bus."""
        feed = self._feeds.get(topic)
        if feed is None:
            return
        try:
            what = unpack(parcel)
        except ValueError:
            log.warning("bus.unknown_parcel", topic=topic)
            return
        match what:
            case Sequenced():
                self._deliver_sequenced(feed, what)
            case Push():
                self._deliver(feed, Frame.text(what.payload), 0, except_user=what.except_user)
            case Resynced():
                feed.epoch, feed.seq = what.epoch, what.seq
                self._deliver(feed, Frame.text(what.payload), 0)
            case Close():
                self._close(feed, what)

    def reconnected(self) -> None:
        """Bring every room up to date after the bus was away."""
        for feed in list(self._feeds.values()):
            if feed.epoch is not None:
                self._start_catching_up(feed)

    def deliver_missed(self, feed: Feed, seq: int, payload: bytes) -> None:
        """Deliver a message that the bus did not bring; one already delivered is passed over."""
        if seq > feed.seq:
            feed.seq = seq
            self._deliver(feed, Frame.text(payload), seq)

    def resync(self, feed: Feed, epoch: str, seq: int, payload: bytes) -> None:
        """Tell a room's connections to reload."""
        feed.epoch, feed.seq = epoch, seq
        self._deliver(feed, Frame.text(payload), 0)

    def members_of(self, topic: str) -> list[Member]:
        """Return who listens to a topic here."""
        feed = self._feeds.get(topic)
        return [*feed.members, *feed.held] if feed else []

    def _deliver_sequenced(self, feed: Feed, message: Sequenced) -> None:
        if feed.epoch is None:
            feed.epoch, feed.seq = message.epoch, message.seq - 1
        if message.epoch == feed.epoch and message.seq <= feed.seq:
            return
        if message.epoch != feed.epoch or message.seq != feed.seq + 1:
            self._start_catching_up(feed)
            return
        feed.seq = message.seq
        self._deliver(feed, Frame.text(message.payload), message.seq)

    def _deliver(self, feed: Feed, frame: Frame, seq: int, *, except_user: str | None = None) -> None:
        for member in feed.members:
            if except_user is None or member.user_id != except_user:
                member.connection.send(frame)
        for member, waiting in feed.held.items():
            if except_user is None or member.user_id != except_user:
                waiting.append((seq, frame))
        self.deliveries += len(feed.members)

    def _close(self, feed: Feed, order: Close) -> None:
        for member in [*feed.members, *feed.held]:
            if member.matches(order.only):
                # Why it closes (`room_closed`) must not wait for a `resume` that never comes.
                for seq, frame in feed.held.get(member, []):
                    if seq == 0:
                        member.connection.send(frame)
                member.connection.close(order.code, order.reason)

    def _start_catching_up(self, feed: Feed) -> None:
        threading.Thread(target=self._catch_up_again, args=(feed,), name="catch-up", daemon=True).start()

    def _catch_up_again(self, feed: Feed) -> None:
        while not feed.is_empty:
            try:
                return self._catch_up(feed)
            except Unavailable:
                time.sleep(0.2)
        return None
