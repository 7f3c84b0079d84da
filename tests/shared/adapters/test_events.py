import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import orjson
import pytest
import redis

from embedded.running import EmbeddedProcess
from shared.adapters.memory.kernel import MemoryEvents
from shared.adapters.redis_events import RedisEvents, RedisSubscription, pause_after
from shared.adapters.redis_grouped import GroupedRedis, connect
from shared.domains.messages.contract import TypingShown
from shared.kernel.errors import Unavailable
from shared.kernel.topics import Topic, room_topic, user_topic
from shared.kernel.wire import Close, Push, unpack
from tests.shared.adapters.concurrency import together, until

Connect = Callable[[EmbeddedProcess], redis.Redis]
ROOM = room_topic("r1")


@dataclass
class Listener:
    """What one gateway's subscription brings."""

    client: redis.Redis
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    reconnections: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.subscription = RedisSubscription(self.client, self.deliver, self.reconnected, ping_seconds=0.3)

    def deliver(self, topic: str, parcel: bytes) -> None:
        if parcel == b"poison":
            raise KeyError("a bug of a listener")
        self.heard.append((topic, parcel))

    def reconnected(self) -> None:
        self.reconnections.append(len(self.heard))

    def parcels(self) -> list[bytes]:
        return [parcel for _, parcel in self.heard]


@pytest.fixture
def connected(adapter_own_valkey: EmbeddedProcess, adapter_connect: Connect) -> redis.Redis:
    return adapter_connect(adapter_own_valkey)


@pytest.fixture
def listener(adapter_own_valkey: EmbeddedProcess, adapter_connect: Connect) -> Iterator[Listener]:
    listening = Listener(adapter_connect(adapter_own_valkey))
    listening.subscription.start()
    listening.subscription.subscribe(["first"])
    listening.subscription.unsubscribe(["first"])
    yield listening
    listening.subscription.stop()
    assert not listening.subscription._loop._thread.is_alive()


def listeners_of(client: redis.Redis, topic: str) -> int:
    return int(client.pubsub_numsub(topic)[0][1])


def test_events_and_orders_reach_who_listens(listener: Listener, connected: redis.Redis) -> None:
    events = RedisEvents(GroupedRedis(connected))
    listener.subscription.subscribe([ROOM])

    events.publish(ROOM, TypingShown(user_id="u1", is_typing=True), except_user="u1")
    events.publish(ROOM, TypingShown(user_id="유저", is_typing=False))
    events.publish(Topic("another"), TypingShown(user_id="u1", is_typing=True))
    events.close(ROOM, 4403, reason="left", room_id="r1")
    until(lambda: len(listener.heard) == 3)

    typing, still, order = (unpack(parcel) for parcel in listener.parcels())
    assert isinstance(typing, Push)
    assert orjson.loads(typing.payload) == {"type": "typing", "userId": "u1", "isTyping": True}
    assert typing.except_user == "u1"
    assert isinstance(still, Push)
    assert still.except_user is None
    assert order == Close(4403, "left", {"room_id": "r1"})


def test_nothing_published_after_subscribing_is_missed(listener: Listener, connected: redis.Redis) -> None:
    for number in range(200):
        listener.subscription.subscribe([f"t{number}"])
        assert connected.publish(f"t{number}", b"%d" % number) == 1
    until(lambda: len(listener.heard) == 200)

    assert listener.parcels() == [b"%d" % number for number in range(200)]


def test_parcels_come_in_the_order_in_which_they_were_published(listener: Listener, connected: redis.Redis) -> None:
    listener.subscription.subscribe(["a", "b"])
    grouped = GroupedRedis(connected)
    together(4, lambda thread: [grouped.call("PUBLISH", "ab"[n % 2], f"{thread} {n}") for n in range(300)])
    until(lambda: len(listener.heard) == 1200)

    for thread in range(4):
        mine = [parcel for parcel in listener.parcels() if parcel.startswith(b"%d " % thread)]
        assert mine == [b"%d %d" % (thread, number) for number in range(300)]


def test_topics_that_are_left_are_heard_no_more(listener: Listener, connected: redis.Redis) -> None:
    listener.subscription.subscribe(["a", "b", "a"])
    listener.subscription.unsubscribe(["a", "never heard"])
    until(lambda: listeners_of(connected, "a") == 0)
    connected.publish("a", "lost")
    connected.publish("b", "heard")
    until(lambda: listener.heard)

    assert listener.heard == [("b", b"heard")]
    listener.subscription.unsubscribe([])
    assert listeners_of(connected, "b") == 1


def test_thousands_of_topics_are_subscribed_at_once(listener: Listener, connected: redis.Redis) -> None:
    topics = [f"t{number}" for number in range(2500)]
    listener.subscription.subscribe(topics)

    assert sum(count for _, count in connected.pubsub_numsub(*topics)) == 2500
    listener.subscription.unsubscribe(topics)
    until(lambda: not connected.pubsub_channels())


def test_whoever_comes_and_goes_at_once_the_last_word_counts(listener: Listener, connected: redis.Redis) -> None:
    def come_and_go(_: int) -> None:
        for _ in range(40):
            listener.subscription.subscribe(["mine"])
            listener.subscription.unsubscribe(["mine"])

    together(1, come_and_go)
    outcomes = together(6, lambda number: listener.subscription.subscribe(["shared", f"t{number}"]))

    assert outcomes == [None] * 6
    assert listeners_of(connected, "shared") == 1
    listener.subscription.subscribe(["mine"])
    assert connected.publish("mine", "x") == 1


def test_a_killed_connection_is_made_again_with_its_topics(listener: Listener, connected: redis.Redis) -> None:
    listener.subscription.subscribe(["a", "b"])
    for round_number in range(1, 4):
        connected.client_kill_filter(_type="pubsub")
        until(lambda wanted=round_number: len(listener.reconnections) == wanted)  # type: ignore[misc]
        assert connected.publish("a", "x") == connected.publish("b", "y") == 1
        until(lambda wanted=round_number: len(listener.heard) == 2 * wanted)  # type: ignore[misc]

    assert listener.reconnections == [0, 2, 4]


def test_a_restarted_server_is_found_again(
    listener: Listener, connected: redis.Redis, adapter_own_valkey: EmbeddedProcess
) -> None:
    listener.subscription.subscribe([f"t{number}" for number in range(1500)])
    adapter_own_valkey.kill()
    adapter_own_valkey.start()
    until(lambda: listener.reconnections)

    assert connected.publish("t1499", "x") == 1
    until(lambda: listener.heard)
    assert len(listener.reconnections) == 1


def test_who_subscribes_while_the_server_is_away_is_told_and_heard_later(
    listener: Listener, connected: redis.Redis, adapter_own_valkey: EmbeddedProcess
) -> None:
    adapter_own_valkey.kill()
    began = time.monotonic()
    with pytest.raises(Unavailable):
        listener.subscription.subscribe(["a"])
    assert time.monotonic() - began < 2.5

    adapter_own_valkey.start()
    until(lambda: listener.reconnections)
    listener.subscription.subscribe(["a"])
    assert connected.publish("a", "x") == 1


def test_a_silent_server_is_taken_for_lost(
    listener: Listener, connected: redis.Redis, adapter_own_valkey: EmbeddedProcess
) -> None:
    listener.subscription.subscribe(["a"])
    assert adapter_own_valkey.pid is not None
    os.kill(adapter_own_valkey.pid, signal.SIGSTOP)
    try:
        until(lambda: listener.subscription._connection is None)
    finally:
        os.kill(adapter_own_valkey.pid, signal.SIGCONT)
    until(lambda: listener.reconnections)

    assert connected.publish("a", "x") == 1


def test_an_idle_connection_is_kept(listener: Listener, connected: redis.Redis) -> None:
    listener.subscription.subscribe(["a"])
    before = connected.info("commandstats").get("cmdstat_ping", {"calls": 0})["calls"]
    until(lambda: connected.info("commandstats").get("cmdstat_ping", {"calls": 0})["calls"] >= before + 4)

    assert listener.reconnections == []
    assert listeners_of(connected, "a") == 1


def test_a_parcel_that_cannot_be_delivered_costs_nothing_else(listener: Listener, connected: redis.Redis) -> None:
    listener.subscription.subscribe(["a"])
    for parcel in ("before", "poison", "after"):
        connected.publish("a", parcel)
    until(lambda: len(listener.heard) == 2)

    assert listener.parcels() == [b"before", b"after"]
    assert listener.reconnections == []


def test_topics_wanted_before_the_first_connection_missed_nothing(connected: redis.Redis) -> None:
    listening = Listener(connected)
    wanting = threading.Thread(target=listening.subscription.subscribe, args=(["a"],))
    wanting.start()
    until(lambda: listening.subscription._wanted)
    listening.subscription.start()
    wanting.join()

    assert connected.publish("a", "x") == 1
    until(lambda: listening.heard)
    listening.subscription.stop()
    assert listening.reconnections == []


def test_stopping_is_quick(listener: Listener) -> None:
    listener.subscription.subscribe(["a"])
    began = time.monotonic()
    listener.subscription.stop()

    assert time.monotonic() - began < 0.5
    assert not listener.subscription._loop._thread.is_alive()


def test_publishing_to_a_server_that_is_gone_or_hangs_is_no_error(
    connected: redis.Redis, adapter_own_valkey: EmbeddedProcess
) -> None:
    events = RedisEvents(GroupedRedis(connected))
    event = TypingShown(user_id="u1", is_typing=True)
    events.publish(ROOM, event)
    assert adapter_own_valkey.pid is not None
    os.kill(adapter_own_valkey.pid, signal.SIGSTOP)
    began = time.monotonic()
    events.publish(ROOM, event)
    os.kill(adapter_own_valkey.pid, signal.SIGCONT)
    adapter_own_valkey.kill()
    events.publish(ROOM, event)
    events.close(ROOM, 4404)

    assert time.monotonic() - began < 5


def test_pauses_between_attempts_stay_short_however_long_it_takes() -> None:
    assert all(0.05 <= pause_after(failures) <= 2.0 for failures in (0, 1, 5, 100, 5_000, 10**6))
    assert pause_after(0) == pytest.approx(0.05)


@pytest.mark.parametrize("topic", [ROOM, user_topic("u1")])
@pytest.mark.parametrize("kind", ["redis", "memory"])
def test_an_event_that_must_arrive_is_told_of_a_bus_that_is_away_and_any_other_is_lost(kind: str, topic: Topic) -> None:
    away = MemoryEvents()
    away.is_away = True
    events = away if kind == "memory" else RedisEvents(GroupedRedis(connect("redis://127.0.0.1:1/0")))
    event = TypingShown(user_id="u1", is_typing=True)

    events.publish(topic, event)
    events.close(topic, 4401)
    with pytest.raises(Unavailable):
        events.publish(topic, event, must_arrive=True)
