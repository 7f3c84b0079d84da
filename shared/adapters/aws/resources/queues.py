"""The queues at SQS: found or made, and held to the numbers of the catalogue."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code
from shared.kernel.queues import (
    DEAD_LETTER_RETENTION_SECONDS,
    DEAD_LETTER_VISIBILITY_SECONDS,
    LARGEST_MESSAGE_BYTES,
    LONG_POLL_SECONDS,
    POLICIES,
    Queue,
    dead_letter_queue_name,
    is_fifo,
)
from shared.kernel.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MISSING = frozenset({"NonExistentQueue", "QueueDoesNotExist"})


@dataclass(frozen=True)
class QueueDefinition:
    """One queue as it must be at SQS: its physical name, its attributes, and where its dead letters go."""

    name: str
    visibility_timeout: int
    retention: int
    dead_letter_name: str | None = None
    max_receives: int | None = None
    attributes: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Write the numbers as SQS names them; the redrive policy is apart, since it needs the other queue's ARN."""
        attributes = {
            "VisibilityTimeout": str(self.visibility_timeout),
            "MessageRetentionPeriod": str(self.retention),
            "ReceiveMessageWaitTimeSeconds": str(LONG_POLL_SECONDS),
            "DelaySeconds": "0",
            "MaximumMessageSize": str(LARGEST_MESSAGE_BYTES),
        }
        if is_fifo(self.name):
            attributes |= {"FifoQueue": "true", "ContentBasedDeduplication": "false"}
        object.__setattr__(self, "attributes", attributes)


def queue_name(settings: Settings, queue: Queue) -> str:
    """Return a queue's physical name: the end of its URL where one is set, else its name behind the environment."""
    url = settings.queue_url(queue)
    return url.rstrip("/").rsplit("/", 1)[-1] if url else settings.physical_name(queue.value)


def queue_definitions(settings: Settings, queues: Iterable[Queue] = Queue) -> list[QueueDefinition]:
    """Return the definitions of these queues and of their dead-letter queues, each of which comes before its source."""
    found = []
    for queue in queues:
        policy, name = POLICIES[queue], queue_name(settings, queue)
        letters = dead_letter_queue_name(name) if policy.has_dead_letter_queue else None
        if letters:
            found.append(QueueDefinition(letters, DEAD_LETTER_VISIBILITY_SECONDS, DEAD_LETTER_RETENTION_SECONDS))
        receives = policy.max_receives if letters else None
        found.append(QueueDefinition(name, policy.visibility_timeout, policy.retention, letters, receives))
    return found


class Queues:
    """Some queues at SQS, with their dead-letter queues; repetition changes nothing."""

    def __init__(self, sqs: "SQSClient", settings: Settings, queues: Iterable[Queue] = Queue) -> None:
        """Keep the client and what is wanted; nothing is called yet."""
        self._sqs = sqs
        self._definitions = queue_definitions(settings, queues)

    def differences(self) -> list[str]:
        """Say of each queue what is missing or another than it must be; two calls a queue."""
        return [sentence for definition in self._definitions for sentence in self._differences_of(definition)]

    def provision(self) -> dict[str, str]:
        """Make what is missing, set what differs, and return the URLs by physical name."""
        urls: dict[str, str] = {}
        arns: dict[str, str] = {}
        for definition in self._definitions:
            url = urls[definition.name] = self._find(definition.name) or self._create(definition)
            found = self._attributes(url)
            arns[definition.name] = found["QueueArn"]
            wanted = self._wanted(definition, arns.get(definition.dead_letter_name or ""))
            if changed := {name: value for name, value in wanted.items() if not _same(name, found.get(name), value)}:
                self._sqs.set_queue_attributes(QueueUrl=url, Attributes=changed)  # type: ignore[arg-type]
        return urls

    def _find(self, name: str) -> str | None:
        try:
            return self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        except ClientError as error:
            if error_code(error) in MISSING:
                return None
            raise

    def _create(self, definition: QueueDefinition) -> str:
        attributes: Any = definition.attributes
        return self._sqs.create_queue(QueueName=definition.name, Attributes=attributes)["QueueUrl"]

    def _attributes(self, url: str) -> dict[str, str]:
        answer: Any = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        return dict(answer["Attributes"])

    @staticmethod
    def _wanted(definition: QueueDefinition, dead_letter_arn: str | None) -> dict[str, str]:
        wanted = {name: value for name, value in definition.attributes.items() if name != "FifoQueue"}
        if dead_letter_arn:
            policy = {"deadLetterTargetArn": dead_letter_arn, "maxReceiveCount": definition.max_receives}
            wanted["RedrivePolicy"] = json.dumps(policy)
        return wanted

    def _differences_of(self, definition: QueueDefinition) -> list[str]:
        url = self._find(definition.name)
        if url is None:
            return [f"Queue {definition.name} does not exist; `speaktracker provision` makes it."]
        found = self._attributes(url)
        letters = definition.dead_letter_name
        # the ARNs of two queues of one account differ in the name alone: no call is needed for the other's
        arn = f"{found['QueueArn'].rsplit(':', 1)[0]}:{letters}" if letters else None
        return [
            f"Queue {definition.name}: {name} is {found.get(name, 'not set')}, must be {value}; "
            "`speaktracker provision` sets it."
            for name, value in self._wanted(definition, arn).items()
            if not _same(name, found.get(name), value)
        ]


def _same(name: str, found: str | None, wanted: str) -> bool:
    if found is None:
        return name == "ContentBasedDeduplication"  # SQS leaves out what is off
    return _redrive(found) == _redrive(wanted) if name == "RedrivePolicy" else found.lower() == wanted.lower()


def _redrive(policy: str) -> tuple[str, int]:
    read = json.loads(policy)
    return read["deadLetterTargetArn"], int(read["maxReceiveCount"])
