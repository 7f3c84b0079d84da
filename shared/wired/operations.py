"""Which adapter serves which port of operations."""

import uuid
from functools import cached_property

from shared.adapters.aws.published_numbers import CloudWatchNumbers
from shared.adapters.aws.queue_depths import SqsQueueDepths
from shared.adapters.aws.resources.queues import queue_name
from shared.adapters.celery_workers import CeleryWorkers
from shared.adapters.monitoring.options import MonitoringOptions
from shared.adapters.redis_operations import RedisOperations
from shared.domains.dead_letters.rules.reviewing import count_unsettled
from shared.domains.operations.rules.polling import QueuePoller, counted
from shared.kernel.queues import Queue
from shared.wired.dead_letters import DeadLettersParts
from shared.wired.health import Health


class OperationsParts(DeadLettersParts, Health):
    """What every process has of operations."""

    @cached_property
    def queue_depths(self) -> SqsQueueDepths:
        """Return the queues as SQS counts them."""
        return SqsQueueDepths(self.aws, self.settings)

    @cached_property
    def operations(self) -> RedisOperations:
        """Return what pollers and workers told of late."""
        return RedisOperations(self.redis)

    @cached_property
    def monitoring(self) -> MonitoringOptions:
        """Return how workers are watched and commanded: over Redis, and by the depths of the queues."""
        return MonitoringOptions(
            redis_url=self.settings.redis_url,
            key_prefix=f"{self.settings.physical_name('monitoring')}:",
            sqs_client=lambda: self.aws.sqs,
            queues={queue.value: queue_name(self.settings, queue) for queue in Queue},
        )

    @cached_property
    def worker_control(self) -> CeleryWorkers:
        """Return how one worker is commanded."""
        return CeleryWorkers(self.monitoring)

    @cached_property
    def published(self) -> CloudWatchNumbers:
        """Return where alarms and scaling policies look."""
        return CloudWatchNumbers(self.aws.client("cloudwatch"), self.settings.environment)

    @cached_property
    def queue_poller(self) -> QueuePoller:
        """Return who looks at the queues, for a process that does."""
        return QueuePoller(
            uuid.uuid4().hex,
            depths=self.queue_depths,
            history=self.operations,
            signs=self.operations,
            letters=lambda: counted(*count_unsettled(letters=self.letters)),
            schedules=lambda: self.schedule_notes.last(),
            published=self.published,
            clock=self.clock,
        )
