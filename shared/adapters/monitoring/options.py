"""What the monitoring of a Celery application needs to know, handed in by the application."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

FIFO_SUFFIX = ".fifo"
TWO_WEEKS = 14 * 24 * 3600


class SqsClient(Protocol):
    """The two calls that reading queue depths takes of an SQS client; boto3's fits as it is."""

    def get_queue_url(self, *, QueueName: str) -> Mapping[str, Any]:  # noqa: N803 - the names are boto3's
        """Answer the address of a queue; raises when there is none."""
        ...

    def get_queue_attributes(
        self,
        *,
        QueueUrl: str,  # noqa: N803 - the names are boto3's
        AttributeNames: Sequence[Any],  # noqa: N803 - the names are boto3's
    ) -> Mapping[str, Any]:
        """Answer the approximate counters of a queue, as strings."""
        ...


def dead_letter_queue(name: str) -> str:
    """Name the dead letter queue of a queue: `tts` has `tts-dlq`, `chat.fifo` has `chat-dlq.fifo`."""
    if name.endswith(FIFO_SUFFIX):
        return f"{name.removesuffix(FIFO_SUFFIX)}-dlq{FIFO_SUFFIX}"
    return f"{name}-dlq"


@dataclass(frozen=True)
class MonitoringOptions:
    """The settings of monitoring, complete and without defaults that belong to one product.

    `key_prefix` parts the environments that share a Redis: it stands before every key and every channel.
    `sqs_client` builds a client when depths are first read, never before, so workers need none.
    `queues` maps a queue's name in Celery to its name in SQS, for every queue of the application.
    `reveal_errors` shows exception messages and results in Flower; they may carry a user's words.
    `revoked_for` is in seconds, how long a revoked id is remembered: as long as SQS can keep a message.
    """

    redis_url: str
    key_prefix: str = ""
    sqs_client: Callable[[], SqsClient] | None = None
    queues: Mapping[str, str] = field(default_factory=dict)
    dead_letter_name: Callable[[str], str] = dead_letter_queue
    reveal_errors: bool = False
    outbox_limit: int = 10_000
    redis_timeout: float = 3.0
    revoked_for: float = TWO_WEEKS

    @property
    def redis_address(self) -> str:
        """Answer the URL, which checks certificates under `rediss` unless it says `ssl_cert_reqs=none` or `optional`.

        Alone, redis-py would check them and kombu would not.
        """
        if not self.redis_url.startswith("rediss://") or "ssl_cert_reqs=" in self.redis_url:
            return self.redis_url
        return f"{self.redis_url}{'&' if '?' in self.redis_url else '?'}ssl_cert_reqs=required"
