"""The queues' own dead-letter queues, read by plain boto3: a Celery worker there would run what lies in them."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.aws.errors import error_code
from shared.adapters.celery_jobs import CORRELATION_HEADER, JOB_HEADER, REPLAYS_HEADER
from shared.adapters.sqs_transport.envelope import Envelope, Unreadable, read
from shared.domains.dead_letters.models import Redriven
from shared.kernel.errors import Unavailable
from shared.kernel.foreign import is_storable, small_number, storable_id, storable_text
from shared.kernel.ports import StoredJob
from shared.kernel.queues import Queue, dead_letter_queue_name
from shared.kernel.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

A_CALL = 10
NO_WAIT = 0
GONE = frozenset({"ReceiptHandleIsInvalid", "InvalidParameterValue"})


@contextmanager
def _answered() -> Iterator[None]:
    """Raise Unavailable for whatever a queue answers: one that is gone, or is closed to us, may be back later."""
    try:
        yield
    except (ClientError, BotoCoreError) as problem:
        raise Unavailable("A queue of dead letters does not answer.", "대기열이 응답하지 않습니다.") from problem


class SqsRedriveQueues:
    """The port RedriveQueues; a receive does not wait: what SQS overlooks in a short poll, the next sweep finds."""

    def __init__(self, client: "SQSClient", settings: Settings) -> None:
        """Use a boto3 SQS client."""
        self._client, self._settings = client, settings
        self._urls: dict[Queue, str] = {}

    @_answered()
    def receive(self, queue: Queue) -> list[Redriven]:
        """Return up to ten messages, hidden from others for the queue's visibility time-out."""
        answer: Any = self._client.receive_message(
            QueueUrl=self._url(queue),
            MaxNumberOfMessages=A_CALL,
            WaitTimeSeconds=NO_WAIT,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [_redriven(queue, message) for message in answer.get("Messages", [])]

    @_answered()
    def delete(self, message: Redriven) -> None:
        """Remove a message; one that is gone, or that another sweep has received since, is left to that."""
        try:
            self._client.delete_message(QueueUrl=self._url(message.queue), ReceiptHandle=message.receipt)
        except ClientError as problem:
            if error_code(problem) not in GONE:
                raise

    def _url(self, queue: Queue) -> str:
        """Return a queue's address, each looked up by itself: one that is gone keeps none of the others waiting."""
        if queue not in self._urls:
            self._urls[queue] = self._settings_url(queue) or self._url_by_name(queue)
        return self._urls[queue]

    def _settings_url(self, queue: Queue) -> str | None:
        url = self._settings.queue_url(queue)
        return dead_letter_queue_name(url) if url is not None else None

    def _url_by_name(self, queue: Queue) -> str:
        name = dead_letter_queue_name(self._settings.physical_name(queue.value))
        return str(self._client.get_queue_url(QueueName=name)["QueueUrl"])


def _redriven(queue: Queue, message: dict[str, Any]) -> Redriven:
    known = message.get("Attributes", {})
    given = {name: one.get("StringValue") for name, one in message.get("MessageAttributes", {}).items()}
    group = _text(known.get("MessageGroupId"))
    headers, job = _job(queue, message["Body"], group)
    return Redriven(
        queue=queue,
        receipt=message["ReceiptHandle"],
        message_id=storable_id(given.get("dl_message_id") or message["MessageId"]),
        body=storable_text(message["Body"]),
        sent_at=datetime.fromtimestamp(int(known.get("SentTimestamp", 0)) / 1000, UTC),
        receives=_receives(given.get("dl_receives")) or _receives(known.get("ApproximateReceiveCount")),
        attempts=small_number(headers.get("retries")),
        job=job,
        job_id=_id_of(headers),
        task=_text(headers.get("task")),
        reason=_text(given.get("dl_reason")),
        error=storable_text(given.get("dl_error") or "") or None,
        group=group,
    )


def _job(queue: Queue, body: str, group: str | None) -> tuple[dict[str, Any], StoredJob | None]:
    """Return a body's headers, and the job that it holds; none where it is not one of ours, or could not be resent."""
    try:
        envelope = read(body)
    except Unreadable:
        return {}, None
    headers = envelope["headers"]
    arguments = _arguments(envelope)
    if arguments is None or not is_storable(headers["task"]):
        return headers, None
    job = StoredJob(
        job_id=_id_of(headers) or "",
        task=storable_id(headers["task"]),
        queue=queue.value,
        arguments=arguments,
        group=group,
        replays=small_number(headers.get(REPLAYS_HEADER)),
        correlation_id=_text(headers.get(CORRELATION_HEADER)),
    )
    return headers, job


def _id_of(headers: dict[str, Any]) -> str | None:
    """Return the job's id: its own header where it was sent again, since each message has an id of its own."""
    given = headers.get(JOB_HEADER) or headers.get("id")
    return storable_id(given) if isinstance(given, str) else None


def _arguments(envelope: Envelope) -> dict[str, Any] | None:
    """Return the one argument of our jobs, a JSON object; None for anything else, and for what no store would keep."""
    body = envelope["body"]
    try:
        text = base64.b64decode(body) if envelope["properties"].get("body_encoding") == "base64" else body
        (arguments,), named, *_ = json.loads(text)
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return arguments if isinstance(arguments, dict) and not named and is_storable(arguments) else None


def _receives(value: Any) -> int:
    return small_number(int(value)) if isinstance(value, str) and value.isdecimal() and len(value) < 7 else 0


def _text(value: Any) -> str | None:
    return storable_id(value) if isinstance(value, str) else None
