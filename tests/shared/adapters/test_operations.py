"""The ports QueueHistory and WorkerSigns over both adapters, and the depths over the embedded SQS."""

import threading

import pytest

from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.operations import MemoryOperations
from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_operations import RedisOperations
from shared.domains.operations.models import Sample
from tests.shared.domains.operations.test_showing import depth, sign

Operations = MemoryOperations | RedisOperations


@pytest.fixture(params=["memory", "fakeredis", "valkey"])
def operations(request: pytest.FixtureRequest) -> Operations:
    if request.param == "memory":
        return MemoryOperations(SetClock())
    return RedisOperations(GroupedRedis(request.getfixturevalue(f"adapter_{request.param}")))


def test_samples_come_back_oldest_first(operations: Operations) -> None:
    assert operations.samples() == []
    for at in (1.0, 2.0, 3.0):
        operations.note(Sample(at=at, queues=[depth("tts", int(at))]))

    assert [sample.at for sample in operations.samples()] == [1.0, 2.0, 3.0]
    assert operations.samples()[-1].queues == [depth("tts", 3)]


def test_one_of_several_may_poll_and_keeps_its_turn(operations: Operations) -> None:
    assert [operations.may_poll(name, 60) for name in ("a", "b", "a", "b")] == [True, False, True, False]


def test_a_worker_that_falls_silent_is_forgotten(operations: Operations) -> None:
    operations.tell(sign("tts", "tts"), keep_seconds=60)
    operations.tell(sign("ai", "ai-tasks"), keep_seconds=60)
    operations.tell(sign("short", "speech"), keep_seconds=1e-7)
    threading.Event().wait(0.01)

    assert [one.name for one in operations.living()] == ["ai", "tts"]
    assert operations.living()[1] == sign("tts", "tts")


def test_what_another_release_wrote_is_passed_over(adapter_grouped: GroupedRedis) -> None:
    operations = RedisOperations(adapter_grouped)
    operations.note(Sample(at=1.0, queues=[]))
    adapter_grouped.call("LPUSH", "operations:samples", b'{"when": 3}')
    adapter_grouped.call("LPUSH", "operations:samples", b"no JSON")

    assert [sample.at for sample in operations.samples()] == [1.0]
