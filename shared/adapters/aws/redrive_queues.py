"""The queues' own dead-letter queues, read by plain boto3: a Celery worker there would run what lies in them."""

import base64
import json
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code, translated
from shared.adapters.celery_jobs import CORRELATION_HEADER, REPLAYS_HEADER
from shared.adapters.sqs_transport.envelope import Envelope, Unreadable, read
from shared.domains.dead_letters.models import Redriven
from shared.kernel.ports import StoredJob
from shared.kernel.queues import POLICIES, Queue, dead_letter_queue_name
from shared.kernel.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

A_CALL = 10
NO_WAIT = 0
GONE = frozenset({"ReceiptHandleIsInvalid", "InvalidParameterValue"})


class SqsRedriveQueues:
    """The port RedriveQueues; a receive does not wait: what SQS overlooks in a short poll, the next sweep finds."""

    def __init__(self, client: "SQSClient", settings: Settings) -> None:
        """Use a boto3 SQS client."""
        self._client, self._settings = client, settings

    @translated()
    def receive(self, queue: Queue) -> list[Redriven]:
        """Return up to ten messages, hidden from others for the queue's visibility time-out."""
        answer: Any = self._client.receive_message(
            QueueUrl=self._urls[queue],
            MaxNumberOfMessages=A_CALL,
            WaitTimeSeconds=NO_WAIT,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [_redriven(queue, message) for message in answer.get("Messages", [])]

    @translated()
    def delete(self, message: Redriven) -> None:
        """Remove a message; one that is gone, or that another sweep has received since, is left to that."""
        try:
            self._client.delete_message(QueueUrl=self._urls[message.queue], ReceiptHandle=message.receipt)
        except ClientError as problem:
            if error_code(problem) not in GONE:
                raise

    @cached_property
    def _urls(self) -> dict[Queue, str]:
        return {queue: self._url(queue) for queue in Queue if POLICIES[queue].has_dead_letter_queue}

    def _url(self, queue: Queue) -> str:
        url = self._settings.queue_url(queue)
        if url is not None:
            return dead_letter_queue_name(url)
        name = dead_letter_queue_name(self._settings.physical_name(queue.value))
        return str(self._client.get_queue_url(QueueName=name)["QueueUrl"])


def _redriven(queue: Queue, message: dict[str, Any]) -> Redriven:
    known = message.get("Attributes", {})
    given = {name: one.get("StringValue") for name, one in message.get("MessageAttributes", {}).items()}
    job, attempts = _job(queue, message["Body"], known.get("MessageGroupId"))
    return Redriven(
        queue=queue,
        receipt=message["ReceiptHandle"],
        message_id=given.get("dl_message_id") or message["MessageId"],
        body=message["Body"],
        sent_at=datetime.fromtimestamp(int(known.get("SentTimestamp", 0)) / 1000, UTC),
        receives=int(given.get("dl_receives") or known.get("ApproximateReceiveCount", 0)),
        attempts=attempts,
        job=job,
        reason=given.get("dl_reason"),
        error=given.get("dl_error"),
        group=known.get("MessageGroupId"),
    )


def _job(queue: Queue, body: str, group: str | None) -> tuple[StoredJob | None, int]:
    """Return the job that a body holds, and how often it was retried; none where it is not one of ours."""
    try:
        envelope = read(body)
        arguments = _arguments(envelope)
    except (Unreadable, ValueError, TypeError, LookupError):
        return None, 0
    headers = envelope["headers"]
    job = StoredJob(
        job_id=headers["id"],
        task=headers["task"],
        queue=queue.value,
        arguments=arguments,
        group=group,
        replays=_number(headers.get(REPLAYS_HEADER)),
        correlation_id=_text(headers.get(CORRELATION_HEADER)),
    )
    return job, _number(headers.get("retries"))


def _arguments(envelope: Envelope) -> dict[str, Any]:
    """Return the one argument of our jobs, a JSON object. Raises ValueError for anything else."""
    body = envelope["body"]
    text = base64.b64decode(body) if envelope["properties"].get("body_encoding") == "base64" else body
    (arguments,), named, *_ = json.loads(text)
    if not isinstance(arguments, dict) or named:
        raise ValueError("not the arguments of a job")
    return arguments


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
