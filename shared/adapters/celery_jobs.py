"""The port JobQueue over Celery: the only place that sends a task."""

from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from celery import Celery
from kombu.exceptions import OperationalError

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.errors import translated
from shared.kernel.contract import Job
from shared.kernel.errors import Unavailable
from shared.kernel.logs import current_correlation
from shared.kernel.queues import Queue

CORRELATION_HEADER = "x_request_id"
REDACTED = "(…)"


class CeleryJobs:
    """Sends jobs by their wire name; a worker that knows the type runs it."""

    def __init__(self, aws: AwsClients, app: Celery | None = None) -> None:
        """Use a Celery application, or build a producer from celeryconfig on first use."""
        self._aws = aws
        self._given = app

    @cached_property
    def _app(self) -> Celery:
        if self._given is not None:
            return self._given
        app = Celery("speaktracker")
        app.config_from_object("celeryconfig")
        return app

    def enqueue(self, job: Job) -> None:
        """Return when SQS has the job.

        Raises:
            Unavailable: SQS could not take it; enqueuing again is safe.
        """
        try:
            self._app.send_task(job.name, args=[job.wire()], queue=job.queue.value, **self._options(job))
        except (OperationalError, BotoCoreError, ClientError, OSError) as problem:
            raise Unavailable("The queue does not answer.", "대기열이 응답하지 않습니다.", retry_after=1) from problem

    def check(self) -> None:
        """Ask SQS for the persistence queue.

        Raises:
            Unavailable: it does not answer.
        """
        options = self._app.conf.broker_transport_options
        url = options["predefined_queues"][Queue.PERSISTENCE.value]["url"]
        with translated():
            self._aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])

    def _options(self, job: Job) -> dict[str, Any]:
        group = job.fair_share_group()
        correlation = current_correlation()
        return {
            # Celery would copy the arguments into the headers, and from there into Flower.
            "argsrepr": REDACTED,
            "kwargsrepr": REDACTED,
            "retry": False,
            **({"headers": {CORRELATION_HEADER: correlation}} if correlation else {}),
            **({"MessageGroupId": group} if group else {}),
        }
