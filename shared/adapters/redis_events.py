"""The event bus over Redis pub/sub: publishing, and each gateway's one subscription."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
import redis

from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_link import RedisLink, pack
from shared.adapters.redis_pushes import push_to_user
from shared.kernel.contract import Event
from shared.kernel.errors import Unavailable
from shared.kernel.isolation import isolated, undoing
from shared.kernel.logs import get_log
from shared.kernel.loops import Loop
from shared.kernel.topics import Topic, is_user_topic
from shared.kernel.wire import pack_close, pack_push, push_header

SUBSCRIBE_SECONDS = 2.0
STOP_SECONDS = 1.0
PING_SECONDS = 5.0
_LONGEST_PAUSE = 2.0
_TOPICS_A_COMMAND = 1_000
_DELIVERING = isolated("bus.not_delivered")  # made once: there is a call for every parcel
TURN_SECONDS = 0.005

_Change = tuple[str, str]
"""A verb and its topic, empty where it takes none."""

log = get_log()


def pause_after(failures: int) -> float:
    """Return the seconds to wait before connecting again, with jitter; at most 2 however long Redis is away."""
    # The exponent is bounded too: after a thousand failures 2**failures is too large for a float.
    return random.uniform(0.05, min(_LONGEST_PAUSE, 0.05 * 2 ** min(failures, 10)))


class RedisEvents:
    """The port EventBus: what nobody hears is gone."""

    def __init__(self, redis_group: GroupedRedis) -> None:
        """Publish through grouped commands."""
        self._redis = redis_group

    def publish(self, topic: Topic, event: Event, *, except_user: str | None = None, must_arrive: bool = False) -> None:
        """Push an event to every connection of the topic, except one user's; a user's are kept a while too."""
        payload = orjson.dumps(event.wire())
        if is_user_topic(topic):
            self._send(topic, lambda: push_to_user(self._redis, topic, push_header(except_user), payload), must_arrive)
        else:
            self._send(topic, lambda: self._redis.call("PUBLISH", topic, pack_push(payload, except_user)), must_arrive)

    def close(self, topic: Topic, code: int, *, reason: str = "", **only: str) -> None:
        """Order gateways to close the topic's connections."""
        self._send(topic, lambda: self._redis.call("PUBLISH", topic, pack_close(code, reason, only)))

    def _send(self, topic: Topic, send: Callable[[], object], must_arrive: bool = False) -> None:
        try:
            send()
        except Unavailable:
            if must_arrive:
                raise
            log.warning("event.lost", topic=topic)


class RedisSubscription:
    """One pub/sub connection: topics come and go, parcels are handed on in order, and it reconnects for ever.

    `deliver(topic, parcel)` runs in the reading thread (a greenlet in the gateway). `reconnected()` runs there too,
    after every reconnect, when Redis has confirmed all topics again: what was published in between was missed.
    Neither may call `subscribe`, whose confirmation the same thread would have to read.

    What Redis says is read in bulk, with the event loop let in between, so that a flood delays nobody's request.
    """

    def __init__(
        self,
        client: redis.Redis,
        deliver: Callable[[str, bytes], None],
        reconnected: Callable[[], None],
        *,
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        """Prepare; nothing connects before `start`. A server silent for 2 to 3 `ping_seconds` is taken for lost."""
        self._pool: Any = client.connection_pool
        self._deliver = deliver
        self._reconnected = reconnected
        self._ping_seconds = ping_seconds
        self._failures = 0
        self._loop = Loop("bus", self._turn)
        self._watchdog = Loop("bus-watch", self._watch, ping_seconds)
        self._seen: tuple[RedisLink | None, int] = (None, 0)
        self._is_asked = False
        self._reads = 0
        self._turned = time.monotonic()
        self._stopped = threading.Event()
        # Guards what follows.
        self._lock = threading.Lock()
        self._connection: RedisLink | None = None
        self._was_connected = False
        self._wanted: dict[str, threading.Event] = {}
        self._changes: list[_Change] = []
        self._is_announcing = False
        self._unanswered: Counter[str] = Counter()
        self._restoring: set[str] = set()

    def start(self) -> None:
        """Read in a thread of its own until `stop`."""
        self._loop.start()
        self._watchdog.start()

    def stop(self) -> None:
        """End reading, within a second where Redis answers."""
        self._stopped.set()
        self._loop.stop()
        self._watchdog.stop()
        self._ping()
        self._loop.join(STOP_SECONDS)
        with self._lock:
            if self._connection is not None:
                self._connection.break_off()

    def subscribe(self, topics: Iterable[str]) -> None:
        """Hear the topics; returns when Redis has confirmed, so that nothing published from now on is missed.

        Raises:
            Unavailable: Redis did not confirm in time; the topics stay wanted and are heard when it is back.
        """
        waiting = self._want(list(dict.fromkeys(topics)))
        deadline = time.monotonic() + SUBSCRIBE_SECONDS
        for topic, confirmed in waiting.items():
            if not confirmed.wait(max(0.0, deadline - time.monotonic())):
                raise Unavailable(f"Not subscribed to {topic} in time.", "서버가 응답하지 않습니다.", retry_after=1)

    def unsubscribe(self, topics: Iterable[str]) -> None:
        """Hear the topics no more."""
        with self._lock:
            gone = [topic for topic in topics if self._wanted.pop(topic, None)]
            self._note("UNSUBSCRIBE", gone)
        self._announce()

    def _want(self, topics: list[str]) -> dict[str, threading.Event]:
        with self._lock:
            fresh = [topic for topic in topics if topic not in self._wanted]
            self._wanted.update((topic, threading.Event()) for topic in fresh)
            self._note("SUBSCRIBE", fresh)
            waiting = {topic: self._wanted[topic] for topic in topics}
        if fresh:
            self._announce()
        return waiting

    def _ping(self) -> None:
        with self._lock:
            self._note("PING", [""])
        self._announce()

    def _note(self, verb: str, topics: list[str]) -> None:
        """Note commands for the connection that there is; a new one begins with what is wanted then."""
        if self._connection is not None:
            self._changes += [(verb, topic) for topic in topics]
            if verb == "SUBSCRIBE":
                self._unanswered.update(topics)

    def _announce(self) -> None:
        """Send what is noted, in its order; what others note meanwhile goes along, and they need not wait."""
        with self._lock:
            if self._is_announcing:
                return
            self._is_announcing = True
        with undoing(self._let_others_announce):  # also where this thread is being ended
            while self._announce_once():
                pass

    def _let_others_announce(self) -> None:
        self._is_announcing = False

    def _announce_once(self) -> bool:
        """Send what is noted by now; tell whether there was any, else somebody else may announce again."""
        time.sleep(0)  # other greenlets that are ready note their changes too
        with self._lock:
            changes, self._changes = self._changes, []
            connection = self._connection
            self._is_announcing = bool(changes) and connection is not None
        if connection is None or not changes:
            return False
        try:
            # The reader finds the same connection broken, and asks for every wanted topic on a new one.
            with undoing(connection.break_off):
                connection.write(b"".join(_commands(changes)))
        except OSError as problem:
            log.warning("bus.command_failed", problem=str(problem))
        return True

    def _turn(self) -> None:
        """Connect and read until that ends, however it ends; a gateway that died here would be deaf for ever."""
        try:
            connection = self._connect()
            self._failures = 0
            self._read(connection)
        except (redis.RedisError, OSError, ValueError) as problem:
            self._failures += 1
            log.warning("bus.lost", problem=repr(problem), failures=self._failures)
        finally:
            self._forget_connection()
        self._stopped.wait(pause_after(self._failures))

    def _connect(self) -> RedisLink:
        connection = RedisLink(self._pool)
        connection.set_patience(None)
        with self._lock:
            self._connection = connection
            self._unanswered.clear()
            # Nobody can have missed anything before the first connection.
            self._restoring = set(self._wanted) if self._was_connected else set()
            self._was_connected = True
            self._note("SUBSCRIBE", sorted(self._wanted))
        self._announce()
        return connection

    def _forget_connection(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
            self._changes = []
            for confirmed in self._wanted.values():
                confirmed.clear()
        if connection is not None:
            connection.close()

    def _read(self, connection: RedisLink) -> None:
        while not self._stopped.is_set():
            replies = connection.read()
            self._reads += 1
            self._handle_all(replies)

    def _watch(self) -> None:
        """Ping a silent server, and break off what stays silent: cheaper than a deadline for every read."""
        last, self._seen = self._seen, (self._connection, self._reads)
        if self._connection is None or self._seen != last:
            self._is_asked = False
        elif self._is_asked:
            log.warning("bus.silent")
            self._connection.break_off()
        else:
            self._is_asked = True
            self._ping()

    def _handle_all(self, replies: list[Any]) -> None:
        """Hand all on. Where more is there already, reading it would not give way, so this does, every few ms."""
        for reply in replies:
            self._handle(reply)
            if time.monotonic() - self._turned > TURN_SECONDS:
                time.sleep(0)
                self._turned = time.monotonic()

    def _handle(self, reply: Any) -> None:
        if isinstance(reply, Exception):
            raise reply
        if not isinstance(reply, list):
            return
        if reply[0] == b"message":
            self._guarded(self._deliver, reply[1].decode(), reply[2])
        elif reply[0] == b"subscribe" and self._is_restored_by(reply[1].decode()):
            self._guarded(self._reconnected)

    def _is_restored_by(self, topic: str) -> bool:
        """Note Redis' answer; tell whether it was the last of those that a reconnect asked for.

        A topic left and wanted again in between is confirmed by its last answer only.
        """
        with self._lock:
            self._unanswered[topic] -= 1
            if self._unanswered[topic] > 0:
                return False
            del self._unanswered[topic]
            if topic in self._wanted:
                self._wanted[topic].set()
            was_restoring = bool(self._restoring)
            self._restoring.discard(topic)
            return was_restoring and not self._restoring

    def _guarded(self, call: Callable[..., None], *arguments: Any) -> None:
        with _DELIVERING:  # one parcel must not cost all others the connection
            call(*arguments)


def _commands(changes: list[_Change]) -> Iterator[bytes]:
    """Return the commands that make the changes in their order, each of at most 1,000 topics."""
    for verb, run in groupby(changes, itemgetter(0)):
        topics = [topic for _, topic in run if topic]
        for at in range(0, len(topics) or 1, _TOPICS_A_COMMAND):
            yield pack((verb, *topics[at : at + _TOPICS_A_COMMAND]))
