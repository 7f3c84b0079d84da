"""Pushes to users: kept in order, confirmed, and known to whoever asks later."""

import time
from typing import Any

import pytest
import redis

from shared.adapters.memory.kernel import SetClock
from shared.adapters.redis_events import RedisEvents
from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_presence import RedisChannels
from shared.adapters.redis_pushes import (
    KEPT_PUSHES,
    PolledChannels,
    RedisConfirmations,
    RedisEventStream,
    RedisLiveStudents,
    RedisRecentFeedback,
)
from shared.domains.feedback.contract import FeedbackRead
from shared.domains.feedback.models import Feedback, FeedbackType
from shared.domains.tutoring.models import Doing, Live
from shared.kernel.errors import Unavailable
from shared.kernel.topics import room_topic, user_topic
from shared.kernel.wire import Confirmable, Push, unpack


def an_event(number: int = 1) -> FeedbackRead:
    return FeedbackRead(feedback_id=f"f{number}", student_email="s@example.com", read_at="2026-01-02T03:04:05.000000Z")


class Ears:
    """Hears topics of a server."""

    def __init__(self, client: redis.Redis, *topics: str) -> None:
        self._pubsub: Any = client.pubsub()
        self._pubsub.subscribe(*topics)
        for _ in topics:
            self._next()

    def _next(self) -> Any:
        deadline = time.monotonic() + 5
        while (found := self._pubsub.get_message(timeout=0.1)) is None:
            assert time.monotonic() < deadline
        return found

    def parcel(self) -> Any:
        return unpack(self._next()["data"])

    def close(self) -> None:
        self._pubsub.close()


class Away:
    """A Redis that does not answer."""

    def call(self, *_command: Any) -> Any:
        raise Unavailable("away")

    calls = run = call


@pytest.fixture
def stream(adapter_grouped: GroupedRedis) -> RedisEventStream:
    return RedisEventStream(adapter_grouped)


def test_what_is_pushed_to_a_user_is_shown_and_kept(
    adapter_redis: redis.Redis, adapter_grouped: GroupedRedis, stream: RedisEventStream
) -> None:
    ears = Ears(adapter_redis, user_topic("ann"))
    begin = stream.latest("ann")
    events = RedisEvents(adapter_grouped)
    for number in range(1, 4):
        events.publish(user_topic("ann"), an_event(number))
    events.publish(room_topic("r1"), an_event(9))

    heard = [ears.parcel() for _ in range(3)]
    kept = stream.since("ann", begin)

    assert all(isinstance(one, Push) for one in heard)
    assert [one.payload for one in heard] == [payload for _, payload in kept]
    assert [place for place, _ in kept] == sorted(place for place, _ in kept)
    assert stream.since("ann", kept[0][0]) == kept[1:]
    assert stream.latest("ann") == kept[-1][0]
    assert stream.since("ben", "0-0") == []
    ears.close()


def test_a_place_that_was_forgotten_is_known_no_more(
    adapter_redis: redis.Redis, adapter_grouped: GroupedRedis, stream: RedisEventStream
) -> None:
    begin = stream.latest("ann")
    assert stream.is_known("ann", begin)
    assert stream.latest("ann") == begin
    assert not any(
        stream.is_known("ann", one) for one in ("1-1", "", "x", "-", "+", "1", "9" * 30 + "-0", "9" * 20 + "-0", "١-٢")
    )

    events = RedisEvents(adapter_grouped)
    for number in range(KEPT_PUSHES + 300):
        events.publish(user_topic("ann"), an_event(number))
    assert not stream.is_known("ann", begin)
    assert KEPT_PUSHES <= adapter_redis.xlen("user:{ann}:events") < KEPT_PUSHES + 300
    newest = stream.latest("ann")
    adapter_redis.flushall()
    assert not stream.is_known("ann", newest)


def test_a_stream_goes_by_itself(adapter_redis: redis.Redis, stream: RedisEventStream) -> None:
    stream.latest("ann")

    assert 0 < adapter_redis.ttl("user:{ann}:events") <= 86_400


def test_a_confirmation_reaches_who_asked_and_who_asks_later(
    adapter_redis: redis.Redis, adapter_grouped: GroupedRedis
) -> None:
    confirmations = RedisConfirmations(adapter_grouped)
    assert confirmations.ask("ann", an_event(), token="f1", reply_to="gateway:g1") == 0
    ears = Ears(adapter_redis, user_topic("ann"), "gateway:g1")
    assert confirmations.ask("ann", an_event(), token="f1", reply_to="gateway:g1") == 1
    asked = ears.parcel()
    assert isinstance(asked, Confirmable)
    assert (asked.token, asked.reply_to) == ("f1", "gateway:g1")
    assert not confirmations.was_taken("f1")

    confirmations.confirm(asked.token, asked.reply_to)

    assert ears.parcel() == Push(b"f1", None)
    assert confirmations.was_taken("f1")
    confirmations.note_taken("f2")
    assert confirmations.was_taken("f2")
    ears.close()


def test_a_worker_looks_whether_its_push_was_confirmed(
    adapter_redis: redis.Redis, adapter_grouped: GroupedRedis
) -> None:
    confirmations, clock = RedisConfirmations(adapter_grouped), SetClock()
    channels = PolledChannels(confirmations, clock)
    began = clock.at
    assert not channels.push("ann", an_event(), token="f1")
    assert clock.at == began, "where nobody listens nobody is waited for"

    ears = Ears(adapter_redis, user_topic("ann"))
    assert not channels.push("ann", an_event(), token="f1")
    assert clock.at > began
    clock.meanwhile = lambda: confirmations.confirm("f1", "")
    assert channels.push("ann", an_event(), token="f1")
    ears.close()


def test_recent_feedback_is_recalled_as_it_was(adapter_grouped: GroupedRedis) -> None:
    recent = RedisRecentFeedback(adapter_grouped)
    feedback = Feedback(
        feedback_id="f1",
        tutor_email="t@example.com",
        tutor_id="t",
        student_email="s@example.com",
        student_id="s",
        message="좋아요",
        message_type=FeedbackType.TEXT,
        timestamp="2026-01-02T03:04:05.000000Z",
    )

    recent.remember(feedback)

    assert recent.recall("f1") == feedback
    assert recent.recall("f2") is None


def test_students_are_known_by_their_channels_and_words(adapter_grouped: GroupedRedis) -> None:
    live, channels = RedisLiveStudents(adapter_grouped), RedisChannels(adapter_grouped)
    doing = Doing(room="카페", is_learning=True, updated_at="2026-01-02T03:04:05.000000Z")
    live.tell("ann", doing)
    channels.open("ben", "c1", 1.0, allowed=5)

    assert channels.is_open("ben")
    assert live.of(["ann", "ben", "cho"]) == {"ann": Live(doing=doing), "ben": Live(online=True), "cho": Live()}
    channels.close("ben", "c1")
    assert not channels.is_open("ben")
    assert live.of([]) == {}


def test_a_redis_that_is_away_costs_what_it_knows_and_nothing_else() -> None:
    away: Any = Away()
    live, recent, confirmations = RedisLiveStudents(away), RedisRecentFeedback(away), RedisConfirmations(away)

    live.tell("ann", Doing(updated_at="2026-01-02T03:04:05.000000Z"))
    confirmations.note_taken("f1")
    RedisEvents(away).publish(user_topic("ann"), an_event())

    assert live.of(["ann"]) == {}
    assert recent.recall("f1") is None
    assert not confirmations.was_taken("f1")
    assert not PolledChannels(confirmations, SetClock()).push("ann", an_event(), token="f1")


def test_listeners_are_counted_over_all_processes_and_forgotten_by_themselves(
    adapter_redis: redis.Redis, stream: RedisEventStream
) -> None:
    assert stream.attend("ann", "1-a") == (0, 1)
    assert stream.attend("ann", "2-b") == (0, 2)
    assert stream.attend("ann", "1-a") == (1, 2)
    assert stream.attend("ben", "1-a") == (0, 1)
    ttl: Any = adapter_redis.ttl("user:{ann}:listeners")
    assert 40 < ttl <= 45

    adapter_redis.zadd("user:{ann}:listeners", {"2-b": 1})
    assert stream.attend("ann", "1-a") == (0, 1)
    stream.depart("ann", "1-a")
    stream.depart("ann", "1-a")
    assert stream.attend("ann", "0-z") == (0, 1)
