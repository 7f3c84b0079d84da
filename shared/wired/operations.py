"""Which adapter serves which port of operations."""

import uuid
from functools import cached_property

from shared.adapters.aws.published_numbers import CloudWatchNumbers
from shared.adapters.aws.queue_depths import SqsQueueDepths
from shared.adapters.aws.resources.queues import queue_name
from shared.adapters.celery_workers import CeleryWorkers
from shared.adapters.monitoring.options import MonitoringOptions
from shared.adapters.redis_operations import RedisOperations
from shared.catalogue import SCHEDULE
from shared.domains.connections.service import count_connections
from shared.domains.dead_letters.rules.reviewing import count_unsettled
from shared.domains.operations.rules.finding import Questions, find_out
from shared.domains.operations.rules.judging import Findings
from shared.domains.operations.rules.polling import QueuePoller, counted
from shared.domains.operations.rules.showing import show_queues, show_workers
from shared.kernel.queues import Queue
from shared.kernel.schedules import late
from shared.kernel.times import EPOCH
from shared.wired.connections import ConnectionsParts
from shared.wired.dead_letters import DeadLettersParts
from shared.wired.health import Health


class OperationsParts(ConnectionsParts, DeadLettersParts, Health):
    """What every process has of operations."""

    def findings(self) -> Findings:
        """Return how the platform is, by the answers of everything that it rests on; nothing is kept."""
        signs = self.operations
        questions = Questions(
            queues=lambda: show_queues(depths=self.queue_depths, history=signs, signs=signs, clock=self.clock),
            workers=lambda: show_workers(signs=signs),
            connections=self._open_connections,
            letters=lambda: dict(count_unsettled(letters=self.letters)[0]),
            late=self._late_by_now,
        )
        return find_out(questions, clock=self.clock)

    def _open_connections(self) -> tuple[int, int]:
        counts = count_connections(connections=self.connections, clock=self.clock)
        return counts.total, len(counts.gateways)

    def _late_by_now(self) -> list[str]:
        last = self.schedule_notes.last()
        intervals = {entry.job.name: entry.every_seconds for entry in SCHEDULE if entry.job.name in last}
        return late(intervals, last, since=EPOCH, now=self.clock.now())

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
