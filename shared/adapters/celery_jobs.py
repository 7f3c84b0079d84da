"""The ports JobQueue and Resender over Celery: the only place that sends a task."""

from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from celery import Celery
from kombu.exceptions import OperationalError

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.errors import translated
from shared.adapters.metrics.meters import METERS
from shared.kernel.claims import ClaimChecks
from shared.kernel.contract import Job
from shared.kernel.errors import Unavailable
from shared.kernel.logs import current_correlation
from shared.kernel.ports import Metrics, StoredJob
from shared.kernel.queues import Queue, is_fifo
from shared.kernel.tracing import HEADER as TRACE_HEADER
from shared.kernel.tracing import Kind, current_trace, traced

CORRELATION_HEADER = "x_request_id"
REPLAYS_HEADER = "x_replays"
JOB_HEADER = "x_job_id"
REDACTED = "(…)"


class CeleryJobs:
    """Sends jobs by their wire name; a worker that knows the type runs it."""

    def __init__(
        self, aws: AwsClients, claims: ClaimChecks, app: Celery | None = None, metrics: Metrics = METERS
    ) -> None:
        """Use a Celery application, or build a producer from celeryconfig on first use."""
        self._aws, self._claims, self._metrics = aws, claims, metrics
        self._given = app

    @cached_property
    def _app(self) -> Celery:
        if self._given is not None:
            return self._given
        app = Celery("speaktracker", set_as_current=False)
        app.config_from_object("celeryconfig")
        return app

    def enqueue(self, job: Job) -> None:
        """Return when SQS has the job; arguments above 48 KB are in the bucket then.

        Raises:
            Unavailable: SQS or the bucket could not take it; enqueuing again is safe.
        """
        with traced(f"send {job.name}", Kind.PRODUCER):
            self._send(
                job.name,
                job.wire(),
                queue=job.queue.value,
                group=job.fair_share_group(),
                headers=_headers(current_correlation()) | _trace_headers(),
                **({"task_id": identity} if (identity := job.identity()) else {}),
            )

    def resend(self, job: StoredJob) -> None:
        """Return when the job's own queue has it again; its attempts are counted anew.

        The message has an id of its own, and the job's in a header: an operator who once revoked the job's message
        revoked that one, and the workers still remember it.

        Raises:
            Unavailable: SQS or the bucket could not take it; sending again is safe.
        """
        once = {"MessageDeduplicationId": f"{job.job_id}:replay:{job.replays}"} if is_fifo(job.queue) else {}
        self._send(
            job.task,
            job.arguments,
            queue=job.queue,
            group=job.group,
            headers={**_headers(job.correlation_id), REPLAYS_HEADER: job.replays, JOB_HEADER: job.job_id},
            **once,
        )

    def check(self) -> None:
        """Ask SQS for the persistence queue.

        Raises:
            Unavailable: it does not answer.
        """
        options = self._app.conf.broker_transport_options
        url = options["predefined_queues"][Queue.PERSISTENCE.value]["url"]
        with translated():
            self._aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])

    def _send(self, name: str, arguments: dict[str, Any], *, group: str | None, **options: Any) -> None:
        if group:
            options["MessageGroupId"] = group
        content = self._claims.leave(arguments)
        try:
            self._app.send_task(name, args=[content], retry=False, **options, **redacted())
        except (OperationalError, BotoCoreError, ClientError, OSError) as problem:
            self._metrics.count("jobs_not_sent", queue=options["queue"])
            raise Unavailable("The queue does not answer.", "대기열이 응답하지 않습니다.", retry_after=1) from problem
        self._metrics.count("jobs_sent", queue=options["queue"])


def redacted() -> dict[str, Any]:
    """Return the options that keep arguments out of the headers: Celery would copy them there, and on to Flower."""
    return {"argsrepr": REDACTED, "kwargsrepr": REDACTED}


def _trace_headers() -> dict[str, Any]:
    trace = current_trace()
    return {TRACE_HEADER: trace.header} if trace else {}


def _headers(correlation: str | None) -> dict[str, Any]:
    return {CORRELATION_HEADER: correlation} if correlation else {}
