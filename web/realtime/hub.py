"""Topics and those in this process who listen to them."""

import threading
import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Protocol

from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.wire import Close, Confirmable, Push, Resynced, Sequenced, unpack
from web.realtime.feed import ClosableWaiter, Feed, Member, Waiter
from web.realtime.tally import TALLY

IDLE_SECONDS = 30.0
MOST_IDLE = 5_000
_PAUSE_SECONDS = 0.2

log = get_log()


class Subscription(Protocol):
    """The process's one subscription to the event bus."""

    def subscribe(self, topics: Iterable[str]) -> None:
        """Hear the topics; returns when that is confirmed."""

    def unsubscribe(self, topics: Iterable[str]) -> None:
        """Hear the topics no more."""


CatchUp = Callable[[Feed], None]


class Hub:
    """Delivers what the bus says to those who listen here; all calls come from the event loop's thread."""

    def __init__(self, catch_up: CatchUp, *, idle_seconds: float = IDLE_SECONDS, most_idle: int = MOST_IDLE) -> None:
        """`catch_up` reads what a room missed and calls `deliver_missed` or `resync`; it may block.

        A room to which nobody listens is heard for `idle_seconds` more, and at most `most_idle` such rooms are.
        """
        self._feeds: dict[str, Feed] = {}
        self._idle: dict[str, Feed] = {}
        self._catch_up = catch_up
        self._idle_seconds, self._most_idle = idle_seconds, most_idle
        self.subscription: Subscription | None = None
        self.confirm: Callable[[str, str], None] = lambda _token, _reply_to: None
        self.delivered: Callable[[bytes], None] = lambda _payload: None

    def join(self, topic: str, member: Member, *, hold: bool = False) -> Feed:
        """Push to a member what comes to a topic; returns when nothing published from now on is missed.

        With `hold`, pushes wait until `Feed.release`.

        Raises:
            Unavailable: the bus did not confirm in time.
        """
        feed = self._feed(topic)
        if hold:
            feed.hold(member)
        else:
            feed.members.add(member)
        self._subscribe(feed, member)
        return feed

    def wait(self, topic: str, waiter: Waiter) -> None:
        """Push to something in this process what comes to a topic; otherwise as `join`."""
        feed = self._feed(topic)
        feed.waiters.add(waiter)
        self._subscribe(feed, waiter)

    def leave(self, topic: str, member: Member | Waiter) -> None:
        """Listen no more; a topic to which nobody listens is left, a room's only after a while (`sweep`)."""
        feed = self._feeds.get(topic)
        if feed is None or feed.is_empty:
            return
        feed.leave(member)
        if not feed.is_empty:
            return
        if feed.epoch is None:
            self._unsubscribe([feed])
            return
        feed.left_at = time.monotonic()
        self._idle[topic] = feed
        if len(self._idle) > self._most_idle:
            self._unsubscribe(list(islice(self._idle.values(), self._most_idle // 2)))

    def sweep(self) -> None:
        """Leave the rooms to which nobody has listened for a while: coming back soon costs Redis nothing."""
        since = time.monotonic() - self._idle_seconds
        self._unsubscribe([feed for feed in self._idle.values() if feed.left_at <= since])

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
                feed.push(what.payload, except_user=what.except_user)
            case Confirmable():
                feed.push(what.payload)
                if any(one.is_channel and not one.connection.closed for one in feed.everybody()):
                    self.confirm(what.token, what.reply_to)
            case Resynced():
                self.resync(feed, what.epoch, what.seq, what.payload)
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
            feed.push(payload, seq=seq)

    def resync(self, feed: Feed, epoch: str, seq: int, payload: bytes) -> None:
        """Tell a room's connections to reload."""
        TALLY.resyncs += 1
        feed.begin(epoch, seq)
        feed.push(payload)

    def _feed(self, topic: str) -> Feed:
        feed = self._feeds.get(topic)
        if feed is None:
            feed = self._feeds[topic] = Feed(topic)
        if self._idle.pop(topic, None) is not None:
            feed.epoch = None  # the next to join reads where the room stands: it may have been lost meanwhile
        return feed

    def _subscribe(self, feed: Feed, member: Member | Waiter) -> None:
        assert self.subscription is not None
        try:
            self.subscription.subscribe([feed.topic])
        except Unavailable:
            self.leave(feed.topic, member)
            raise

    def _deliver_sequenced(self, feed: Feed, message: Sequenced) -> None:
        if feed.epoch is None:
            feed.begin(message.epoch, message.seq - 1)
        if message.epoch == feed.epoch:
            if message.seq <= feed.seq:
                return
            if message.seq == feed.seq + 1:
                feed.seq = message.seq
                feed.push(message.payload, seq=message.seq)
                self.delivered(message.payload)
                return
        self._start_catching_up(feed)

    def _close(self, feed: Feed, order: Close) -> None:
        while feed.is_pushing:  # what was pushed before the order comes before it
            time.sleep(0)
        for member in feed.everybody():
            if member.matches(order.only):
                feed.show_held(member)
                member.connection.close(order.code, order.reason)
        for waiter in tuple(feed.waiters):
            if isinstance(waiter, ClosableWaiter) and waiter.matches(order.only):
                waiter.close(order.code, order.reason)

    def _start_catching_up(self, feed: Feed) -> None:
        """Have what was missed fetched, but not where nobody listens: the next to join asks the room's log."""
        if feed.is_empty:
            feed.epoch = None
            return
        feed.is_behind = True
        if not feed.is_catching_up:
            feed.is_catching_up = True
            threading.Thread(target=self._catch_up_again, args=(feed,), name="catch-up", daemon=True).start()

    def _catch_up_again(self, feed: Feed) -> None:
        """Catch up until nothing was missed meanwhile: one reader a room, however many parcels show the gap."""
        try:
            while feed.is_behind and not feed.is_empty:
                feed.is_behind = False
                try:
                    self._catch_up(feed)
                except Unavailable:
                    feed.is_behind = True
                    time.sleep(_PAUSE_SECONDS)
        finally:
            feed.is_catching_up = False
            if feed.is_empty:
                feed.epoch = None

    def _unsubscribe(self, feeds: list[Feed]) -> None:
        for feed in feeds:
            self._idle.pop(feed.topic, None)
            self._feeds.pop(feed.topic, None)
        if feeds:
            assert self.subscription is not None
            self.subscription.unsubscribe([feed.topic for feed in feeds])
