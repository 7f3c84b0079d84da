"""The event bus over Redis pub/sub: publishing, and each gateway's one subscription."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import redis
from redis.exceptions import RedisError

from shared.adapters.redis_grouped import GroupedRedis
from shared.kernel.contract import Event
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.topics import Topic
from shared.kernel.wire import pack_close, pack_push

SUBSCRIBE_SECONDS = 2.0
STOP_SECONDS = 1.0
PING_SECONDS = 5.0
_LONGEST_PAUSE = 2.0
_TOPICS_A_COMMAND = 1_000

log = get_log()


def pause_after(failures: int) -> float:
    """Return the seconds to wait before connecting again, with jitter; at most 2 however long Redis is away."""
    # The exponent is bounded too: after a thousand failures 2**failures is too large for a float.
    return random.uniform(0.05, min(_LONGEST_PAUSE, 0.05 * 2 ** min(failures, 10)))


class RedisEvents:
    """The port EventBus: what nobody hears is gone, and a bus that is away is logged, never an error."""

    def __init__(self, redis_group: GroupedRedis) -> None:
        """Publish through grouped commands."""
        self._redis = redis_group

    def publish(self, topic: Topic, event: Event, *, except_user: str | None = None) -> None:
        """Push an event to every connection of the topic, except one user's."""
        self._send(topic, pack_push(orjson.dumps(event.wire()), except_user))

    def close(self, topic: Topic, code: int, *, reason: str = "", **only: str) -> None:
        """Order gateways to close the topic's connections."""
        self._send(topic, pack_close(code, reason, only))

    def _send(self, topic: Topic, parcel: bytes) -> None:
        try:
            self._redis.call("PUBLISH", topic, parcel)
        except Unavailable:
            log.warning("event.lost", topic=topic)


class RedisSubscription:
    """One pub/sub connection: topics come and go, parcels are handed on in order, and it reconnects for ever.

    `deliver(topic, parcel)` runs in the reading thread (a greenlet in the gateway). `reconnected()` runs there too,
    after every reconnect, when Redis has confirmed all topics again: what was published in between was missed.
    Neither may call `subscribe`, whose confirmation the same thread would have to read.
    """

    def __init__(
        self,
        client: redis.Redis,
        deliver: Callable[[str, bytes], None],
        reconnected: Callable[[], None],
        *,
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        """Prepare; nothing connects before `start`. A server silent for twice `ping_seconds` is taken for lost."""
        self._pool: Any = client.connection_pool
        self._deliver = deliver
        self._reconnected = reconnected
        self._ping_seconds = ping_seconds
        self._thread = threading.Thread(target=self._run, name="bus", daemon=True)
        self._stopped = threading.Event()
        # Guards what follows, and keeps the commands in the order of the changes that they announce.
        self._lock = threading.Lock()
        self._connection: Any = None
        self._was_connected = False
        self._wanted: dict[str, threading.Event] = {}
        self._unanswered: Counter[str] = Counter()
        self._restoring: set[str] = set()

    def start(self) -> None:
        """Read in a thread of its own until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """End reading, within a second where Redis answers."""
        self._stopped.set()
        with self._lock:
            self._command("PING")
        self._thread.join(STOP_SECONDS)

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
            self._command("UNSUBSCRIBE", gone)

    def _want(self, topics: list[str]) -> dict[str, threading.Event]:
        with self._lock:
            fresh = [topic for topic in topics if topic not in self._wanted]
            self._wanted.update((topic, threading.Event()) for topic in fresh)
            self._ask_for(fresh)
            return {topic: self._wanted[topic] for topic in topics}

    def _ask_for(self, topics: list[str]) -> None:
        if self._connection is not None:
            self._unanswered.update(topics)
            self._command("SUBSCRIBE", topics)

    def _command(self, verb: str, topics: list[str] | None = None) -> None:
        if self._connection is None:
            return
        commands = [()] if topics is None else [topics[at : at + _TOPICS_A_COMMAND] for at in _starts(topics)]
        try:
            for part in commands:
                self._connection.send_command(verb, *part)
        except (RedisError, OSError) as problem:
            # The reader finds the same connection broken, and asks for every wanted topic on a new one.
            log.warning("bus.command_failed", verb=verb, problem=str(problem))

    def _run(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            try:
                self._connect()
                failures = 0
                self._read()
            except Exception as problem:  # whatever ended the reading: a gateway that died here would be deaf for ever
                failures += 1
                log.warning("bus.lost", problem=repr(problem), failures=failures)
            self._forget_connection()
            self._stopped.wait(pause_after(failures))

    def _connect(self) -> None:
        connection = self._pool.get_connection()
        with self._lock:
            self._connection = connection
            self._unanswered.clear()
            # Nobody can have missed anything before the first connection.
            self._restoring = set(self._wanted) if self._was_connected else set()
            self._was_connected = True
            self._ask_for(sorted(self._wanted))

    def _forget_connection(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
            for confirmed in self._wanted.values():
                confirmed.clear()
        if connection is not None:
            connection.disconnect()
            self._pool.release(connection)

    def _read(self) -> None:
        connection = self._connection
        is_asked = False
        while not self._stopped.is_set():
            if connection.can_read(timeout=self._ping_seconds):
                self._handle(connection.read_response(disable_decoding=True))
                is_asked = False
            elif is_asked:
                raise redis.TimeoutError("Redis is silent")
            else:
                is_asked = True
                with self._lock:
                    self._command("PING")

    def _handle(self, reply: Any) -> None:
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
        try:
            call(*arguments)
        except Exception:  # one parcel that cannot be delivered must not cost all others the connection
            log.warning("bus.not_delivered", exc_info=True)


def _starts(topics: list[str]) -> range:
    return range(0, len(topics), _TOPICS_A_COMMAND)
