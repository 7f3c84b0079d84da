"""The transport's calls of SQS are counted, however they end, and once however often its clients are watched."""

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.aws.measuring import CallCount
from shared.adapters.celery_broker import broker_settings
from shared.adapters.sqs_transport import clients
from shared.adapters.sqs_transport.clients import calling_client, polling_client, watch_clients
from shared.adapters.sqs_transport.options import Options
from shared.kernel.queues import Queue
from shared.kernel.settings import read_settings
from tests.cli.verifying.stand_ins import answering

QUEUE = {"GetQueueUrl": {"QueueUrl": "http://127.0.0.1:9/q"}, "ReceiveMessage": {}}


class Counted(Counter[str]):
    """Counts in memory."""

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        self[f"{name} {labels['operation']} {labels['outcome']}"] += 1

    def __getattr__(self, _name: str) -> Any:
        raise AssertionError("nothing else is measured")


def test_calls_are_counted_by_how_they_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    counted = Counted()
    count = CallCount("sqs", counted)  # type: ignore[arg-type]  # of the port only what is asked
    watch_clients(count.watch)
    watch_clients(count.watch)
    try:
        with answering(QUEUE) as endpoint:
            options = Options(endpoint_url=endpoint, region="ap-northeast-2", call_attempts=1)
            calling_client(options).get_queue_url(QueueName="q")
            polling_client(options).receive_message(QueueUrl="http://127.0.0.1:9/q")
            with pytest.raises(ClientError):
                calling_client(options).purge_queue(QueueUrl="http://127.0.0.1:9/q")
        with pytest.raises(BotoCoreError):
            calling_client(options).get_queue_url(QueueName="q")
    finally:
        clients._watchers.discard(count.watch)

    assert counted == {
        "aws_calls GetQueueUrl ok": 1,
        "aws_calls ReceiveMessage ok": 1,
        "aws_calls PurgeQueue refused": 1,
        "aws_calls GetQueueUrl unreachable": 1,
    }


def test_celerys_broker_has_its_calls_counted() -> None:
    urls: dict[str, Any] = {
        f"{queue.value.removesuffix('.fifo').replace('-', '_')}_queue_url": "http://127.0.0.1:9/q" for queue in Queue
    }
    before = set(clients._watchers)
    broker_settings(read_settings(aws_endpoint_url="http://127.0.0.1:9", **urls))
    broker_settings(read_settings(aws_endpoint_url="http://127.0.0.1:9", **urls))

    assert len(clients._watchers - before) <= 1
    assert any(watch.__qualname__ == "CallCount.watch" for watch in clients._watchers)
