"""The depths of the queues as SQS counts them, and the ages as CloudWatch tells them."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.errors import translated
from shared.adapters.aws.resources.queues import queue_name
from shared.domains.operations.models import QueueDepth
from shared.kernel.logs import get_log
from shared.kernel.queues import POLICIES, Queue, dead_letter_queue_name
from shared.kernel.settings import Settings

VISIBLE = "ApproximateNumberOfMessages"
IN_FLIGHT = "ApproximateNumberOfMessagesNotVisible"
DELAYED = "ApproximateNumberOfMessagesDelayed"
AGES_SECONDS = 60.0
"""CloudWatch gets a queue's age once a minute, and asking is paid for by the metric (about 7 USD a month at this)."""
LOOK_BACK = timedelta(minutes=5)

log = get_log()


class SqsQueueDepths:
    """The port QueueDepths: two calls a queue, and one to CloudWatch a minute for the ages of all."""

    def __init__(self, clients: AwsClients, settings: Settings) -> None:
        """Keep the clients; nothing is called yet."""
        self._clients, self._settings = clients, settings
        self._urls: dict[str, str] = {}
        self._ages: dict[str, float] = {}
        self._ages_at = -AGES_SECONDS

    @translated()
    def read(self) -> list[QueueDepth]:
        """Return every queue; ages that CloudWatch does not tell are missing."""
        if time.monotonic() - self._ages_at >= AGES_SECONDS:
            self._ages, self._ages_at = self._read_ages(), time.monotonic()
        return [self._depth(queue) for queue in Queue]

    def _depth(self, queue: Queue) -> QueueDepth:
        name = queue_name(self._settings, queue)
        visible, in_flight, delayed = self._counts(name)
        has_dead = POLICIES[queue].has_dead_letter_queue
        dead = sum(self._counts(dead_letter_queue_name(name))) if has_dead else 0
        is_empty = visible == in_flight == delayed == 0
        return QueueDepth(
            queue=queue.value,
            visible=visible,
            in_flight=in_flight,
            delayed=delayed,
            dead=dead,
            oldest_seconds=0.0 if is_empty else self._ages.get(name),
        )

    def _counts(self, name: str) -> tuple[int, int, int]:
        client = self._clients.sqs
        if name not in self._urls:
            self._urls[name] = client.get_queue_url(QueueName=name)["QueueUrl"]
        answer = client.get_queue_attributes(
            QueueUrl=self._urls[name],
            AttributeNames=[VISIBLE, IN_FLIGHT, DELAYED],  # type: ignore[list-item]  # the stubs want literals
        )
        found: Any = answer["Attributes"]
        return int(found.get(VISIBLE, 0)), int(found.get(IN_FLIGHT, 0)), int(found.get(DELAYED, 0))

    def _read_ages(self) -> dict[str, float]:
        names = [queue_name(self._settings, queue) for queue in Queue]
        now = datetime.now(UTC)
        try:
            answer = self._clients.client("cloudwatch").get_metric_data(
                MetricDataQueries=list(_queries(names)), StartTime=now - LOOK_BACK, EndTime=now
            )
        except (ClientError, BotoCoreError) as problem:
            log.warning("queues.no_ages", problem=type(problem).__name__)
            return {}
        told = {one["Id"]: one.get("Values") or [] for one in answer.get("MetricDataResults", [])}
        return {
            name: float(values[0]) for name, values in zip(names, map(told.get, _ids(names)), strict=True) if values
        }


def _ids(names: list[str]) -> list[str]:
    return [f"age{number}" for number, _ in enumerate(names)]


def _queries(names: list[str]) -> Iterable[dict[str, Any]]:
    for identity, name in zip(_ids(names), names, strict=True):
        metric = {
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateAgeOfOldestMessage",
            "Dimensions": [{"Name": "QueueName", "Value": name}],
        }
        yield {"Id": identity, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}
