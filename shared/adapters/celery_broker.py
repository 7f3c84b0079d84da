"""How Celery reaches SQS: by our own transport."""

from typing import Any

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.measuring import CallCount
from shared.adapters.metrics.meters import METERS
from shared.adapters.sqs_transport.clients import watch_clients
from shared.adapters.sqs_transport.pool import TaskPool
from shared.adapters.sqs_transport.transport import register
from shared.adapters.worker_consumer import WorkerConsumer
from shared.domains.dead_letters.contract import ParkMessage
from shared.kernel.queues import POLICIES, STOP_GRACE_SECONDS, Queue
from shared.kernel.settings import Settings

_CALLS = CallCount("sqs", METERS)
_POOLS = {
    "threads": f"{TaskPool.__module__}:{TaskPool.__qualname__}",
    "prefork": "shared.adapters.prefork_pool:PromptPool",  # loaded by the workers that have it alone
}


def broker_settings(settings: Settings) -> dict[str, Any]:
    """Return Celery's broker settings.

    A worker that has gone deaf ends itself, and its supervisor starts another. The transport's calls are counted with
    all others to AWS: they are most of what SQS is paid for.
    """
    watch_clients(_CALLS.watch)
    return {
        "broker_url": register(),
        "broker_transport_options": {
            "region": settings.aws_region_name,
            "wait_time_seconds": settings.long_poll_seconds,
            "predefined_queues": {
                queue.value: {
                    "url": url,
                    "has_dead_letters": POLICIES[queue].has_dead_letter_queue,
                    "at_once": POLICIES[queue].at_once,
                }
                for queue, url in queue_urls(settings).items()
            },
            "last_resort_task": ParkMessage.name,
            "endpoint_url": settings.aws_endpoint_url,
            "lease_seconds": settings.lease_seconds,
            "end_when_deaf": True,
            "stop_seconds": STOP_GRACE_SECONDS,
            "connect_timeout_seconds": 2.0,
            "call_timeout_seconds": 3.0,  # a sender waits for its acknowledgement or refusal: seconds only
            "call_attempts": 2,
        },
        "worker_consumer": f"{WorkerConsumer.__module__}:{WorkerConsumer.__qualname__}",
        "worker_pool": _POOLS[settings.worker_pool],
    }


def queue_urls(settings: Settings) -> dict[Queue, str]:
    """Return where each queue is: as set, else as SQS tells of its name."""
    client = AwsClients(settings).sqs
    return {
        queue: settings.queue_url(queue)
        or client.get_queue_url(QueueName=settings.physical_name(queue.value))["QueueUrl"]
        for queue in Queue
    }
