"""Reads the depths of SQS queues for Flower's broker page."""

import asyncio
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from celery.utils.log import get_logger

from shared.adapters.monitoring.options import MonitoringOptions, SqsClient

logger = get_logger(__name__)

VISIBLE = "ApproximateNumberOfMessages"
IN_FLIGHT = "ApproximateNumberOfMessagesNotVisible"
DELAYED = "ApproximateNumberOfMessagesDelayed"


class SqsDepths:
    """What Flower calls a broker: an object that answers how many messages wait, here from SQS.

    A call costs one request to SQS for every queue and every dead letter queue.
    """

    def __init__(self, options: MonitoringOptions) -> None:
        self._options = options
        self._addresses: dict[str, str] = {}

    async def queues(self, names: Iterable[str]) -> list[dict[str, Any]]:
        """Answer a row for each queue, the application's and those named, and each one's dead letter queue.

        A queue that SQS does not answer for has a row without numbers; it never hides the others.
        """
        known = self._options.queues
        real = [known.get(name, name) for name in sorted({*known, *names})]
        every = [name for queue in real for name in (queue, self._options.dead_letter_name(queue))]
        loop = asyncio.get_running_loop()
        return list(await asyncio.gather(*(loop.run_in_executor(None, self._row, name) for name in every)))

    @cached_property
    def _client(self) -> SqsClient:
        if self._options.sqs_client is None:
            raise ValueError("MonitoringOptions.sqs_client is needed to read queue depths")
        return self._options.sqs_client()

    def _row(self, name: str) -> dict[str, Any]:
        try:
            return _shown(name, self._attributes(name))
        except (BotoCoreError, ClientError) as error:
            logger.warning("monitoring: no depth of %s: %s", name, error)
            return {"name": name, "messages": None, "messages_ready": None, "messages_unacknowledged": None}

    def _attributes(self, name: str) -> Mapping[str, str]:
        if name not in self._addresses:
            self._addresses[name] = self._client.get_queue_url(QueueName=name)["QueueUrl"]
        wanted = [VISIBLE, IN_FLIGHT, DELAYED]
        answer = self._client.get_queue_attributes(QueueUrl=self._addresses[name], AttributeNames=wanted)
        attributes: Mapping[str, str] = answer["Attributes"]
        return attributes


def _shown(name: str, attributes: Mapping[str, str]) -> dict[str, Any]:
    """Name the counters as Flower's page knows them; its total holds all three kinds."""
    visible, in_flight, delayed = (int(attributes.get(key, 0)) for key in (VISIBLE, IN_FLIGHT, DELAYED))
    return {
        "name": name,
        "messages": visible + in_flight + delayed,
        "messages_ready": visible,
        "messages_unacknowledged": in_flight,
        "messages_delayed": delayed,
    }
