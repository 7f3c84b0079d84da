"""Turns in Redis: what is published, who wins, and what a Redis that lost its memory costs."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import redis

from embedded.running import EmbeddedProcess
from shared.adapters.redis_events import RedisSubscription
from shared.adapters.redis_grouped import GroupedRedis, connect
from shared.adapters.redis_turns import FIRST_ESTIMATE_MS, KEEP_TURN_SECONDS, KEPT_DURATIONS, RedisPace, RedisTurnLog
from shared.domains.turns.models import Answer, Ended, Going, Live, Said
from shared.kernel.errors import Unavailable
from shared.kernel.topics import turn_topic
from shared.kernel.wire import Push, unpack
from tests.shared.adapters.concurrency import together, until

TURN = "t"


def an_answer(response: str = "Hello") -> Answer:
    return Answer(conversation_id="c1", response=response, status=Ended.COMPLETED)


@dataclass
class Watcher:
    """Watches a turn as a gateway does: subscribed first, then reading what there is."""

    subscription: Any = None
    parcels: list[bytes] = field(default_factory=list)

    def hear(self, _topic: str, parcel: bytes) -> None:
        self.parcels.append(parcel)

    @property
    def heard(self) -> list[Said]:
        parcels = [unpack(one) for one in self.parcels]
        assert all(isinstance(one, Push) and one.except_user is None for one in parcels)
        return [Said.model_validate_json(one.payload) for one in parcels if isinstance(one, Push)]

    def deltas(self, found: Live | None) -> dict[tuple[int, int], str]:
        """Return what was read and heard, by run and index; each was the same wherever it came from."""
        read = enumerate(found.deltas) if found else ()
        known = {(found.run, index): delta for index, delta in read} if found else {}
        for one in self.heard:
            if one.index is not None and one.delta is not None:
                assert known.setdefault((one.run, one.index), one.delta) == one.delta
        return known


@pytest.fixture
def watcher(adapter_valkey: redis.Redis, adapter_shared_valkey: EmbeddedProcess) -> Iterator[Watcher]:
    watching = Watcher()
    url = f"redis://127.0.0.1:{adapter_shared_valkey.port}/0"
    with connect(url, socket_timeout=None) as client:
        watching.subscription = RedisSubscription(client, watching.hear, lambda: None)
        watching.subscription.start()
        watching.subscription.subscribe([turn_topic(TURN)])
        yield watching
        watching.subscription.stop()
        client.connection_pool.disconnect()


@pytest.fixture
def log(adapter_valkey: redis.Redis) -> RedisTurnLog:
    return RedisTurnLog(GroupedRedis(adapter_valkey))


@pytest.fixture
def any_log(adapter_grouped: GroupedRedis) -> RedisTurnLog:
    return RedisTurnLog(adapter_grouped)


def test_half_a_character_is_shown_as_a_sign(any_log: RedisTurnLog) -> None:
    run = any_log.begin(TURN).run
    any_log.say(TURN, run, "a\ud83db")

    assert any_log.read(TURN) == Live(run, ["a\ufffdb"])


def test_whoever_subscribes_and_then_reads_sees_each_delta_once(
    log: RedisTurnLog, adapter_shared_valkey: EmbeddedProcess
) -> None:
    begun = log.begin(TURN).run
    url = f"redis://127.0.0.1:{adapter_shared_valkey.port}/0"
    half_way = threading.Barrier(7)

    def speak() -> None:
        run = begun
        for number in range(600):
            if number == 300:
                run = log.begin(TURN).run
            if number in (100, 400):
                half_way.wait(60)
            assert log.say(TURN, run, f"{number} ") is Going.ON
        log.end(TURN, an_answer())

    def watch(_number: int) -> tuple[Live | None, Watcher]:
        watching = Watcher()
        with connect(url, socket_timeout=None) as client:
            watching.subscription = RedisSubscription(client, watching.hear, lambda: None)
            watching.subscription.start()
            half_way.wait(60)
            watching.subscription.subscribe([turn_topic(TURN)])
            found = RedisTurnLog(log._redis).read(TURN)
            half_way.wait(60)
            until(lambda: (found and found.answer) or any(one.answer for one in watching.heard[-1:]))
            watching.subscription.stop()
            client.connection_pool.disconnect()
        return found, watching

    speaking = threading.Thread(target=speak)
    speaking.start()
    outcomes = together(6, watch)
    speaking.join(30)

    last = log.read(TURN)
    assert last is not None
    assert last.deltas == [f"{number} " for number in range(300, 600)]
    for found, watching in outcomes:
        known = watching.deltas(found)
        of_last_run = {index: delta for (run, index), delta in known.items() if run == last.run}
        assert [of_last_run[index] for index in sorted(of_last_run)] == last.deltas
        of_first = [index for run, index in sorted(known) if run == begun]
        assert of_first == list(range(len(of_first)))
        assert watching.heard[-1] == Said(run=last.run, answer=an_answer())


def test_of_many_ends_at_once_the_first_counts(log: RedisTurnLog, watcher: Watcher) -> None:
    run = log.begin(TURN).run
    answers = together(20, lambda number: log.end(TURN, an_answer(str(number))))
    log.forget(TURN)
    log.begin(TURN)
    until(lambda: len(watcher.parcels) >= 3)

    assert len(set(answers)) == 1
    assert watcher.heard[1] == Said(run=run, answer=answers[0])
    assert len(watcher.heard) == 3


def test_of_many_runs_at_once_only_the_last_is_heard(log: RedisTurnLog, watcher: Watcher) -> None:
    log.open(TURN)

    def run(number: int) -> tuple[int, list[Going]]:
        begun = log.begin(TURN).run
        return begun, [log.say(TURN, begun, f"{number}-{index}") for index in range(20)]

    outcomes = together(8, run)
    found = log.read(TURN)
    assert found is not None
    log.end(TURN, an_answer())
    until(lambda: watcher.heard[-1].answer is not None)

    runs = [begun for begun, _ in outcomes]
    assert len(set(runs)) == 8
    assert found.run == max(runs)
    last = next(number for number, (begun, _) in enumerate(outcomes) if begun == found.run)
    assert found.deltas == [f"{last}-{index}" for index in range(20)]
    assert outcomes[last][1] == [Going.ON] * 20
    for _, goings in outcomes:
        assert goings == sorted(goings, key=[Going.ON, Going.OVER].index)
    logged = [one for one in watcher.heard if one.index is not None]
    assert len(logged) == sum(goings.count(Going.ON) for _, goings in outcomes)
    places = [(one.run, one.index) for one in logged]
    assert places == sorted(set(places))


def test_a_stop_among_many_words_lets_nothing_more_through(log: RedisTurnLog) -> None:
    run = log.begin(TURN).run

    def work(number: int) -> Any:
        if number == 0:
            return log.ask_to_stop(TURN)
        return [log.say(TURN, run, "x") for _ in range(50)]

    asked, *said = together(6, work)
    found = log.read(TURN)

    assert found is not None
    assert found.deltas == asked.deltas
    assert found.is_stopped
    assert len(found.deltas) == sum(goings.count(Going.ON) for goings in said)
    for goings in said:
        assert goings == sorted(goings, key=[Going.ON, Going.STOPPED].index)


def test_an_end_among_many_words_is_the_last_that_is_heard(log: RedisTurnLog, watcher: Watcher) -> None:
    run = log.begin(TURN).run

    def work(number: int) -> Any:
        if number == 0:
            return log.end(TURN, an_answer())
        return [log.say(TURN, run, "x") for _ in range(50)]

    _, *said = together(6, work)
    log.forget(TURN)
    marker = log.begin(TURN).run
    until(lambda: watcher.heard[-1] == Said(run=marker))

    *deltas, answered, _ = watcher.heard
    assert answered.answer == an_answer()
    assert len(deltas) == 1 + sum(goings.count(Going.ON) for goings in said)


def test_a_redis_that_lost_its_memory_costs_deltas_and_not_the_answer(
    log: RedisTurnLog, watcher: Watcher, adapter_valkey: redis.Redis
) -> None:
    run = log.begin(TURN).run
    log.say(TURN, run, "Hel")
    adapter_valkey.flushall()

    assert log.say(TURN, run, "lo") is Going.ON
    assert log.read(TURN) is None
    assert log.open(TURN) == Live(0, [])
    assert log.say(TURN, run, " there") is Going.ON
    assert log.read(TURN) == Live(0, [])
    log.ask_to_stop(TURN)
    assert log.say(TURN, run, "!") is Going.STOPPED
    assert log.end(TURN, an_answer("Hello there")) == an_answer("Hello there")
    until(lambda: len(watcher.parcels) == 3)

    begun, said, answered = watcher.heard
    assert (begun, said) == (Said(run=run), Said(run=run, index=0, delta="Hel"))
    assert answered.answer == an_answer("Hello there")
    assert log.read(TURN) == Live(0, [], an_answer("Hello there"), is_stopped=True)


def test_a_run_after_a_loss_is_above_those_before(log: RedisTurnLog, adapter_valkey: redis.Redis) -> None:
    runs = []
    for _ in range(3):
        runs.append(log.begin(TURN).run)
        runs.append(log.begin(TURN).run)
        adapter_valkey.flushall()
        log.open(TURN)
    last = log.begin(TURN).run

    assert runs == sorted(runs)
    assert runs[-1] < last
    assert [log.say(TURN, run, "late") for run in runs] == [Going.OVER] * 6
    assert log.say(TURN, last, "now") is Going.ON


def test_a_turn_is_kept_for_an_hour_after_its_last_change(any_log: RedisTurnLog, adapter_redis: redis.Redis) -> None:
    def shortest() -> int:
        keys: Any = adapter_redis.keys("turn:*")
        kept = [int(adapter_redis.ttl(key)) for key in keys]
        for key in keys:
            adapter_redis.expire(key, 60)
        return min(kept)

    any_log.open(TURN)
    assert shortest() > KEEP_TURN_SECONDS - 60
    any_log.read(TURN)
    any_log.open(TURN)
    assert shortest() <= 60
    run = any_log.begin(TURN).run
    assert shortest() > KEEP_TURN_SECONDS - 60
    any_log.say(TURN, run, "Hel")
    any_log.say(TURN, run, "lo")
    assert shortest() > KEEP_TURN_SECONDS - 60
    any_log.ask_to_stop(TURN)
    assert shortest() > KEEP_TURN_SECONDS - 60
    any_log.end(TURN, an_answer())
    assert shortest() > KEEP_TURN_SECONDS - 60
    any_log.forget(TURN)
    assert not adapter_redis.keys("turn:*")


def test_the_keys_of_a_turn_lie_together(any_log: RedisTurnLog, adapter_redis: redis.Redis) -> None:
    any_log.say(TURN, any_log.begin(TURN).run, "Hi")
    keys: Any = adapter_redis.keys("*")
    assert sorted(keys) == [b"turn:{t}:said", b"turn:{t}:state"]


def test_without_redis_everything_is_unavailable() -> None:
    log = RedisTurnLog(GroupedRedis(connect("redis://127.0.0.1:1/0")))
    for call in (log.open, log.read, log.begin, log.ask_to_stop, log.forget):
        with pytest.raises(Unavailable):
            call(TURN)
    with pytest.raises(Unavailable):
        log.say(TURN, 1, "Hi")
    with pytest.raises(Unavailable):
        log.end(TURN, an_answer())


def test_the_pace_is_that_of_the_last_turns(adapter_grouped: GroupedRedis, adapter_redis: redis.Redis) -> None:
    pace = RedisPace(adapter_grouped)
    for milliseconds in [90_000] * KEPT_DURATIONS + [700] * KEPT_DURATIONS:
        pace.note(milliseconds)

    assert RedisPace(adapter_grouped).estimate() == 700
    [key] = adapter_redis.keys("*")
    assert adapter_redis.llen(key) == KEPT_DURATIONS
    assert int(adapter_redis.ttl(key)) > 0


def test_without_redis_the_pace_is_the_first_one() -> None:
    pace = RedisPace(GroupedRedis(connect("redis://127.0.0.1:1/0")))
    pace.note(1000)
    assert pace.estimate() == FIRST_ESTIMATE_MS
    assert RedisPace(GroupedRedis(connect("redis://127.0.0.1:1/0"))).estimate() == FIRST_ESTIMATE_MS
