"""The ports QueueHistory and WorkerSigns over both adapters, and the depths over the embedded SQS."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.published_numbers import BACKLOG, NAMESPACE, OLDEST, UNSETTLED, CloudWatchNumbers
from shared.adapters.aws.queue_depths import SqsQueueDepths
from shared.adapters.aws.resources.queues import Queues
from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.operations import MemoryOperations
from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_operations import RedisOperations
from shared.domains.operations.models import GroupLoad, Letters, Sample
from shared.kernel.queues import Queue
from shared.kernel.settings import ToolSettings, read_settings
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


def test_numbers_are_found_where_alarms_and_policies_look(adapter_aws: AwsClients) -> None:
    client = adapter_aws.client("cloudwatch")
    ai = GroupLoad("worker-ai", 2, 600, 40, 10.0, 1.25, 7.0)
    CloudWatchNumbers(client, "dev").publish(Letters({"open": 2, "parked": 1}), [ai, replace(ai, group="worker-tts")])
    CloudWatchNumbers(client, "dev").publish(Letters(), [replace(ai, group="worker-speech", oldest_seconds=None)])

    assert _published(client, UNSETTLED) == [3.0]
    assert _published(client, BACKLOG, "worker-ai") == _published(client, BACKLOG, "worker-tts") == [1.25]
    assert _published(client, OLDEST, "worker-ai") == [7.0]
    assert _published(client, BACKLOG, "worker-speech") == [1.25]
    assert _published(client, OLDEST, "worker-speech") == []


def _published(client: Any, name: str, group: str | None = None) -> list[float]:
    dimensions = [{"Name": "Environment", "Value": "dev"}] + ([{"Name": "Group", "Value": group}] if group else [])
    metric = {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": dimensions}
    now = datetime.now(UTC)
    query = {"Id": "asked", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}
    told = client.get_metric_data(
        MetricDataQueries=[query], StartTime=now - timedelta(minutes=5), EndTime=now + timedelta(minutes=1)
    )
    values: list[float] = told["MetricDataResults"][0]["Values"]
    return values[:1] if name != UNSETTLED else [max(values)]


def test_depths_are_those_of_sqs_and_dead_letters_are_told_apart(adapter_aws: AwsClients) -> None:
    settings = read_settings(ToolSettings, aws_endpoint_url="http://127.0.0.1:1", environment="depths")
    Queues(adapter_aws.sqs, settings).provision()
    for name, messages in (("depths-tts", 3), ("depths-tts-dlq", 2)):
        url = adapter_aws.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        for number in range(messages):
            adapter_aws.sqs.send_message(QueueUrl=url, MessageBody=str(number))
    found = {one.queue: one for one in SqsQueueDepths(adapter_aws, settings).read()}

    assert set(found) == {queue.value for queue in Queue}
    assert (found["tts"].visible, found["tts"].dead) == (3, 2)
    assert (found["speech"].visible, found["speech"].oldest_seconds) == (0, 0.0)
    assert found["dead-letters"].dead == 0
