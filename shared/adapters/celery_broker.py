"""How Celery reaches SQS."""

from typing import Any

from shared.adapters.aws.clients import AwsClients
from shared.kernel.queues import Queue
from shared.kernel.settings import Settings


def broker_settings(settings: Settings) -> dict[str, Any]:
    """Return Celery's broker settings for the chosen transport.

    Stock kombu takes `polling_interval` 0: its default caps a worker at `prefetch` tasks a second.
    """
    return {
        "broker_url": _stock_address(settings),
        "broker_transport_options": {
            "region": settings.aws_region_name,
            "is_secure": settings.aws_endpoint_url is None or settings.aws_endpoint_url.startswith("https"),
            "polling_interval": 0,
            "wait_time_seconds": 10,
            "predefined_queues": {queue.value: {"url": url} for queue, url in queue_urls(settings).items()},
        },
    }


def queue_urls(settings: Settings) -> dict[Queue, str]:
    """Return where each queue is: as set, else as SQS tells of its name."""
    client = AwsClients(settings).sqs
    return {
        queue: settings.queue_url(queue)
        or client.get_queue_url(QueueName=settings.physical_name(queue.value))["QueueUrl"]
        for queue in Queue
    }


def _stock_address(settings: Settings) -> str:
    if settings.aws_endpoint_url is None:
        return "sqs://"
    return f"sqs://test:test@{settings.aws_endpoint_url.split('://', 1)[1]}"
