"""The metrics that SQS itself publishes to CloudWatch, where alarms and operators look for them."""

import asyncio
import contextlib
import time
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudwatch, sqs

NAMESPACE = "AWS/SQS"
EVERY_SECONDS = 15.0
"""AWS publishes once a minute; whoever tries an alarm on a laptop shall not wait so long."""

Queue = dict[str, Any]


async def publish_for_ever() -> None:
    """Publish depth and age of every queue again and again; a queue that fails costs itself alone."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        publish()


def publish() -> None:
    """Publish depth and age of every queue as they are now, in its own account and region: nobody asks elsewhere."""
    for (account, region, _), queue in list(sqs._queues.all_items()):
        with contextlib.suppress(KeyError, TypeError, ValueError), request_scope(account, region):
            _publish(queue)


def _publish(queue: Queue) -> None:
    now = time.time()
    waiting = [message for message in queue["messages"] if message["visible_at"] <= now]
    hidden = len(queue["messages"]) - len(waiting)
    oldest = max((now - message["sent_at"] for message in queue["messages"]), default=0.0)
    values = {
        "ApproximateNumberOfMessagesVisible": float(len(waiting)),
        "ApproximateNumberOfMessagesNotVisible": float(hidden),
        "ApproximateAgeOfOldestMessage": max(0.0, oldest),
    }
    name = queue["url"].rpartition("/")[2]
    for metric, value in values.items():
        cloudwatch.record_metric(NAMESPACE, metric, value, dimensions={"QueueName": name})
