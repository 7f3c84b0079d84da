"""The consumer of our workers: leases and hand-backs of our transport, events and remote control over Redis."""

from shared.adapters.monitoring.consumer import MonitoredConsumerMixin
from shared.adapters.sqs_transport.consumer import Consumer


class WorkerConsumer(MonitoredConsumerMixin, Consumer):
    """Both."""
