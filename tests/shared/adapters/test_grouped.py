import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import redis

from embedded.running import EmbeddedProcess
from shared.adapters.redis_grouped import GroupedRedis, Script
from shared.kernel.errors import Unavailable
from tests.shared.adapters.concurrency import together, until

Connect = Callable[[EmbeddedProcess], redis.Redis]


class Gate:
    """A client whose round trips are counted, and wait while the gate is closed."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self.trips: list[int] = []
        self.is_open = threading.Event()
        self.is_open.set()

    def pipeline(self, *, transaction: bool) -> Any:
        pipeline: Any = self._client.pipeline(transaction=transaction)
        execute = pipeline.execute

        def counted(*, raise_on_error: bool) -> list[Any]:
            self.trips.append(len(pipeline.command_stack))
            assert self.is_open.wait(60)
            return list(execute(raise_on_error=raise_on_error))

        pipeline.execute = counted
        return pipeline


@pytest.fixture
def gate(adapter_valkey: redis.Redis) -> Gate:
    return Gate(adapter_valkey)


def grouped_by(client: Any) -> GroupedRedis:
    return GroupedRedis(client)


def test_replies_come_in_the_order_of_the_commands(adapter_grouped: GroupedRedis) -> None:
    assert adapter_grouped.call("ECHO", "한") == "한".encode()
    assert adapter_grouped.calls([("INCRBY", "n", 2), ("INCRBY", "n", 3), ("GET", b"n")]) == [2, 5, b"5"]
    assert adapter_grouped.calls([]) == []
    assert adapter_grouped.calls([("ECHO", number) for number in range(1200)]) == [b"%d" % n for n in range(1200)]


def test_what_is_asked_while_a_group_is_on_its_way_travels_together(gate: Gate) -> None:
    grouped = grouped_by(gate)
    gate.is_open.clear()
    replies: list[Any] = [None] * 40

    def ask(number: int) -> None:
        replies[number] = grouped.call("ECHO", number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    threads[0].start()
    until(lambda: gate.trips)
    for thread in threads[1:]:
        thread.start()
    until(lambda: len(grouped._grouping._waiting) == 39)
    gate.is_open.set()
    for thread in threads:
        thread.join(10)

    assert gate.trips == [1, 39]
    assert replies == [b"%d" % number for number in range(40)]


def test_each_of_many_threads_gets_its_own_replies_once(gate: Gate) -> None:
    grouped = grouped_by(gate)

    def ask(number: int) -> list[Any]:
        return [grouped.calls([("ECHO", f"{number}-{turn}"), ("INCR", "sum")])[0] for turn in range(50)]

    outcomes = together(20, ask)

    assert outcomes == [[f"{number}-{turn}".encode() for turn in range(50)] for number in range(20)]
    assert grouped.call("GET", "sum") == b"1000"
    assert len(gate.trips) < 1000


def test_a_refused_command_is_refused_to_its_caller_alone(gate: Gate) -> None:
    grouped = grouped_by(gate)
    grouped.call("SET", "text", "x")

    outcomes = together(10, lambda number: grouped.call(*(("INCR", "text") if number == 3 else ("ECHO", number))))

    assert isinstance(outcomes[3], redis.ResponseError)
    assert [one for number, one in enumerate(outcomes) if number != 3] == [b"%d" % n for n in range(10) if n != 3]


@pytest.mark.parametrize("wrong", [None, object(), "\ud800", ["list"]])
def test_a_wrong_argument_fails_before_it_joins_a_group(adapter_grouped: GroupedRedis, wrong: Any) -> None:
    with pytest.raises((TypeError, UnicodeEncodeError)):
        adapter_grouped.call("ECHO", wrong)

    assert adapter_grouped.call("ECHO", "still here") == b"still here"


def test_a_script_that_redis_forgot_is_loaded_again(adapter_grouped: GroupedRedis, adapter_redis: redis.Redis) -> None:
    script = Script("presence")
    for number in range(3):
        assert adapter_grouped.run(script, ["p"], ["enter", f"c{number}", f"u{number}", 60]) is not None
        adapter_redis.script_flush()

    assert adapter_redis.hlen("p") == 3


def test_many_scripts_at_once_survive_a_flush(adapter_valkey: redis.Redis) -> None:
    grouped, script = GroupedRedis(adapter_valkey), Script("presence")

    def enter(number: int) -> Any:
        if number % 5 == 0:
            grouped.call("SCRIPT", "FLUSH")
        return grouped.run(script, ["p"], ["enter", f"c{number}", f"u{number}", 60])

    assert sorted(len(users) for users in together(20, enter)) == list(range(1, 21))


def unavailable_within(grouped: GroupedRedis, callers: int) -> float:
    """Return the longest that any of several callers waited to be told."""

    def ask(_: int) -> float:
        began = time.monotonic()
        with pytest.raises(Unavailable) as refused:
            grouped.call("ECHO", "x")
        assert refused.value.retry_after == 1
        return time.monotonic() - began

    waits = together(callers, ask)
    assert all(isinstance(one, float) for one in waits), waits
    return float(max(waits))


def test_a_server_that_is_gone_is_said_soon_and_comes_back(
    adapter_own_valkey: EmbeddedProcess, adapter_connect: Connect
) -> None:
    grouped = GroupedRedis(adapter_connect(adapter_own_valkey))
    assert grouped.call("ECHO", "before") == b"before"

    adapter_own_valkey.kill()
    assert unavailable_within(grouped, 20) < 2.5

    adapter_own_valkey.start()
    assert grouped.call("ECHO", "after") == b"after"


def test_a_server_that_hangs_is_said_soon_and_comes_back(
    adapter_own_valkey: EmbeddedProcess, adapter_connect: Connect
) -> None:
    grouped = GroupedRedis(adapter_connect(adapter_own_valkey))
    assert grouped.call("ECHO", "before") == b"before"
    assert adapter_own_valkey.pid is not None

    os.kill(adapter_own_valkey.pid, signal.SIGSTOP)
    try:
        assert unavailable_within(grouped, 20) < 2.8
    finally:
        os.kill(adapter_own_valkey.pid, signal.SIGCONT)

    assert grouped.calls([("ECHO", "after"), ("ECHO", "it")]) == [b"after", b"it"]


def test_a_restart_between_two_commands_is_not_noticed(
    adapter_own_valkey: EmbeddedProcess, adapter_connect: Connect
) -> None:
    grouped = GroupedRedis(adapter_connect(adapter_own_valkey))
    grouped.call("SET", "kept", "1")
    adapter_own_valkey.stop()
    adapter_own_valkey.start()

    assert grouped.call("GET", "kept") == b"1"


@pytest.mark.parametrize("setting", [("maxmemory", "1"), ("min-replicas-to-write", "1")])
def test_a_server_that_cannot_write_now_is_unavailable(
    adapter_own_valkey: EmbeddedProcess, adapter_connect: Connect, setting: tuple[str, str]
) -> None:
    client = adapter_connect(adapter_own_valkey)
    client.config_set(*setting)

    with pytest.raises(Unavailable):
        GroupedRedis(client).call("SET", "a", "b")
    with pytest.raises(Unavailable):
        GroupedRedis(client).run(Script("presence"), ["p"], ["enter", "c", "u", 60])


class Ending:
    """A client whose next round trip ends the thread that makes it."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self.is_ending = False

    def pipeline(self, *, transaction: bool) -> Any:
        if self.is_ending:
            self.is_ending = False
            raise SystemExit
        return self._gate.pipeline(transaction=transaction)


def test_a_thread_that_ends_on_its_way_leaves_nobody_waiting(gate: Gate) -> None:
    client = Ending(gate)
    grouped = grouped_by(client)
    outcomes: list[str] = []

    def ask() -> None:
        try:
            outcomes.append(grouped.call("ECHO", "x").decode())
        except (Unavailable, SystemExit) as problem:
            outcomes.append(type(problem).__name__)

    gate.is_open.clear()
    threads = [threading.Thread(target=ask) for _ in range(4)]
    threads[0].start()
    until(lambda: gate.trips)
    for thread in threads[1:]:
        thread.start()
    until(lambda: len(grouped._grouping._waiting) == 3)
    client.is_ending = True
    gate.is_open.set()
    for thread in threads:
        thread.join(10)

    assert sorted(outcomes) == ["SystemExit", "Unavailable", "Unavailable", "x"]
    assert grouped.call("ECHO", "on it goes") == b"on it goes"
