import base64
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.payloads import S3Payloads
from shared.adapters.aws.redrive_queues import SqsRedriveQueues
from shared.adapters.aws.resources.bucket import Bucket
from shared.adapters.aws.resources.queues import Queues
from shared.adapters.memory.dead_letters import MemoryPayloads
from shared.domains.dead_letters.models import Redriven
from shared.kernel.errors import Unavailable
from shared.kernel.foreign import is_storable
from shared.kernel.payloads import LETTERS_PREFIX, Payloads
from shared.kernel.ports import StoredJob
from shared.kernel.queues import Queue
from shared.kernel.settings import read_settings

ARGUMENTS = {"text": "안녕"}
QUEUES = (Queue.PERSISTENCE, Queue.AI_CHAT)


class Lying:
    """Puts messages into dead-letter queues, and reads them."""

    def __init__(self, aws: AwsClients) -> None:
        endpoint: Any = aws.sqs.meta.endpoint_url
        settings = read_settings(aws_endpoint_url=endpoint, environment=f"t{uuid.uuid4().hex[:8]}")
        self.urls = Queues(aws.sqs, settings).provision()
        self.sqs, self.settings = aws.sqs, settings
        self.queues = SqsRedriveQueues(aws.sqs, settings)

    def put(self, body: str, queue: str = "persistence-dlq", **fields: Any) -> str:
        url = self.urls[self.settings.physical_name(queue)]
        return self.sqs.send_message(QueueUrl=url, MessageBody=body, **fields)["MessageId"]

    def read(self, queue: Queue = Queue.PERSISTENCE) -> Redriven:
        [message] = self.queues.receive(queue)
        return message


@pytest.fixture(scope="module")
def lying(adapter_aws: AwsClients) -> Lying:
    return Lying(adapter_aws)


def an_envelope(body: Any = None, encoding: str = "base64", **headers: Any) -> str:
    content = json.dumps([[ARGUMENTS], {}, {}] if body is None else body)
    return json.dumps(
        {
            "body": base64.b64encode(content.encode()).decode() if encoding == "base64" else content,
            "headers": {"task": "a.b", "id": "j1"} | headers,
            "properties": {"body_encoding": encoding},
        }
    )


@pytest.mark.parametrize("encoding", ["base64", "utf-8"])
@pytest.mark.parametrize("wrap", [str, lambda text: base64.b64encode(text.encode()).decode()], ids=["json", "stock"])
def test_a_job_is_read_out_of_either_transport_s_message(
    lying: Lying, encoding: str, wrap: Callable[[str], str]
) -> None:
    lying.put(wrap(an_envelope(encoding=encoding, x_replays=2, x_request_id="c", retries=3)))

    message = lying.read()

    assert message.job == StoredJob("j1", "a.b", "persistence", ARGUMENTS, None, replays=2, correlation_id="c")
    assert (message.attempts, message.receives, message.reason) == (3, 1, None)
    assert message.sent_at.year > 2000
    lying.queues.delete(message)
    lying.queues.delete(message)
    assert lying.queues.receive(Queue.PERSISTENCE) == []


@pytest.mark.parametrize(
    "body",
    [
        "hello",
        an_envelope(body=[[], {}, {}]),
        an_envelope(body=[["text"], {}, {}]),
        an_envelope(body=[[{}, {}], {}, {}]),
        an_envelope(body=[[{}], {"named": 1}, {}]),
        an_envelope(body=42),
        an_envelope(id=None),
    ],
)
def test_what_is_no_job_of_ours_comes_with_its_body(lying: Lying, body: str) -> None:
    message_id = lying.put(body)

    message = lying.read()

    assert (message.job, message.message_id, message.body) == (None, message_id, body)
    lying.queues.delete(message)


STRANGE: dict[str, tuple[dict[str, Any], Any]] = {
    "half a character in its id": ({"id": "j\ud800"}, None),
    "half a character in its task": ({"task": "a\udfff"}, None),
    "an id of 3,000 characters": ({"id": "j" * 3_000}, None),
    "replays of 40 digits": ({"x_replays": 10**40}, None),
    "retries that are no number": ({"retries": 10**40}, None),
    "half a character in its arguments": ({}, [[{"text": "\ud800"}], {}, {}]),
    "a number of 40 digits": ({}, [[{"count": 10**40}], {}, {}]),
    "no number": ({}, [[{"count": float("inf")}], {}, {}]),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_a_stranger_wrote_can_be_stored(lying: Lying, name: str) -> None:
    headers, body = STRANGE[name]
    lying.put(an_envelope(body, **headers), MessageAttributes=attributes(dl_receives="many", dl_message_id="m" * 500))

    message = lying.read()

    texts = [message.message_id, message.job_id or "", message.task or "", message.body]
    assert all(text.encode() for text in texts)
    assert max(len(text.encode()) for text in texts[:3]) <= 256
    assert (message.job_id or "").startswith("j")
    assert message.attempts == 0
    assert message.receives >= 1
    assert message.job is None or is_storable(message.job.arguments)
    lying.queues.delete(message)


def test_what_was_sent_again_goes_by_its_job_s_id(lying: Lying) -> None:
    lying.put(an_envelope(id="a message's", x_job_id="the job's", x_replays=1))

    message = lying.read()

    assert message.job is not None
    assert (message.job.job_id, message.job.replays) == ("the job's", 1)
    lying.queues.delete(message)


def test_a_queue_that_is_gone_keeps_no_other_waiting(lying: Lying) -> None:
    lying.put("there")
    queues = SqsRedriveQueues(lying.sqs, lying.settings)
    lying.sqs.delete_queue(QueueUrl=lying.urls[lying.settings.physical_name("speech-dlq")])

    with pytest.raises(Unavailable):
        queues.receive(Queue.SPEECH)
    [message] = queues.receive(Queue.PERSISTENCE)

    lying.queues.delete(message)


def attributes(**said: str) -> Any:
    return {name: {"DataType": "String", "StringValue": value} for name, value in said.items()}


def test_what_our_transport_set_aside_says_why_and_where_from(lying: Lying) -> None:
    said = {"dl_reason": "crash_loop", "dl_error": "again", "dl_receives": "9", "dl_message_id": "first"}
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in said.items()}
    lying.put(
        an_envelope(x_replays=True, x_request_id=7),
        "ai-chat-dlq.fifo",
        MessageAttributes=attributes,
        MessageGroupId="g",
        MessageDeduplicationId="d",
    )

    message = lying.read(Queue.AI_CHAT)

    assert (message.reason, message.error, message.receives) == ("crash_loop", "again", 9)
    assert (message.message_id, message.group) == ("first", "g")
    assert message.job == StoredJob("j1", "a.b", "ai-chat.fifo", ARGUMENTS, "g")


def test_a_queue_that_was_set_by_its_address_has_its_dead_letters_beside_it(
    lying: Lying, adapter_aws: AwsClients
) -> None:
    urls = {queue.value: lying.urls[lying.settings.physical_name(queue.value)] for queue in QUEUES}
    settings = lying.settings.model_copy(
        update={"persistence_queue_url": urls["persistence"], "ai_chat_queue_url": urls["ai-chat.fifo"]}
    )
    lying.put("by address")

    [message] = SqsRedriveQueues(adapter_aws.sqs, settings).receive(Queue.PERSISTENCE)

    assert message.body == "by address"


def test_an_endpoint_that_is_away_is_unavailable() -> None:
    settings = read_settings(
        aws_endpoint_url="http://127.0.0.1:1", persistence_queue_url="http://127.0.0.1:1/1/persistence"
    )
    every = {f"{name}_queue_url": f"http://127.0.0.1:1/1/{name}" for name in ("tts", "ai_tasks", "speech")}
    rest = {f"{name}_queue_url": f"http://127.0.0.1:1/1/{name}" for name in ("graph_requests", "graph_results")}
    fifo = {"ai_chat_queue_url": "http://127.0.0.1:1/1/ai-chat.fifo"}
    queues = SqsRedriveQueues(AwsClients(settings).sqs, settings.model_copy(update=every | rest | fifo))

    with pytest.raises(Unavailable):
        queues.receive(Queue.PERSISTENCE)


@pytest.fixture(params=["memory", "s3"])
def payloads(request: pytest.FixtureRequest) -> Iterator[Payloads]:
    if request.param == "memory":
        yield MemoryPayloads()
        return
    aws: AwsClients = request.getfixturevalue("adapter_aws")
    name = Bucket(aws.s3, f"payloads-{uuid.uuid4().hex[:8]}", "ap-northeast-2").provision()
    yield S3Payloads(aws.s3, name, prefix=LETTERS_PREFIX)


def test_a_text_is_kept_once_under_its_digest(payloads: Payloads) -> None:
    text = "가나다\n" * 10_000

    key = payloads.keep(text)

    assert payloads.keep(text) == key
    assert payloads.keep("other") != key
    assert payloads.read(key) == text
    assert payloads.read("dead-letters/none") is None
