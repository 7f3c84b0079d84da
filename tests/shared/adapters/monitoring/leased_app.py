"""The subject on our own SQS transport: how the mixin and another consumer class become one."""

from subject_app import ENDPOINT, QUEUES, app, binding

from shared.adapters.monitoring.consumer import MonitoredConsumerMixin
from shared.adapters.sqs_transport.consumer import Consumer
from shared.adapters.sqs_transport.transport import register

__all__ = ["app", "binding"]


class MonitoredLeasedConsumer(MonitoredConsumerMixin, Consumer):
    """Both."""


app.conf.update(
    broker_url=register(),
    broker_transport_options={
        "region": "us-east-1",
        "endpoint_url": ENDPOINT,
        "wait_time_seconds": 1,
        "predefined_queues": {name: {"url": f"{ENDPOINT}/000000000000/{name}"} for name in QUEUES},
    },
    task_acks_late=True,
    worker_consumer=f"{__name__}:MonitoredLeasedConsumer",
)
