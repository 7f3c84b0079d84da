"""SQS's actions on the store, in the words of its JSON protocol."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from .store import Message, Queue

Parameters = dict[str, Any]
Answer = dict[str, Any]

ACCOUNT = "123456789012"


class Refusal(Exception):
    """SQS refuses an action with this code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Service:
    """All queues of one account; ``entries`` counts the messages that batch calls carried."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.queues: dict[str, Queue] = {}
        self.entries: Counter[str] = Counter()

    async def call(self, action: str, given: Parameters, alive: Callable[[], bool]) -> Answer:
        """Carry out an action. Raises Refusal."""
        if action == "CreateQueue":
            return self._create(given)
        if action == "ListQueues":
            prefix = given.get("QueueNamePrefix") or ""
            return {"QueueUrls": [self._url(name) for name in self.queues if name.startswith(prefix)]}
        queue = self._find(given)
        if action == "ReceiveMessage":
            return await self._receive(queue, given, alive)
        do = getattr(self, f"_{_snake(action)}", None)
        if do is None:
            raise Refusal("InvalidAction", action)
        answer: Answer = do(queue, given)
        return answer

    def _create(self, given: Parameters) -> Answer:
        """CreateQueue; an existing one stays as it is."""
        name = given["QueueName"]
        self.queues.setdefault(name, Queue(name, dict(given.get("Attributes") or {})))
        return {"QueueUrl": self._url(name)}

    def _url(self, name: str) -> str:
        """A queue's address."""
        return f"{self.base_url}/{ACCOUNT}/{name}"

    def _find(self, given: Parameters) -> Queue:
        """The queue that a call is about."""
        name = (given.get("QueueName") or given.get("QueueUrl") or "").split("/")[-1]
        if name not in self.queues:
            raise Refusal("QueueDoesNotExist", f"no queue {name}")
        return self.queues[name]

    def _get_queue_url(self, queue: Queue, _: Parameters) -> Answer:
        """GetQueueUrl."""
        return {"QueueUrl": self._url(queue.name)}

    def _get_queue_attributes(self, queue: Queue, given: Parameters) -> Answer:
        """GetQueueAttributes."""
        counts = queue.counts()
        everything = {
            **queue.attributes,
            "QueueArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{queue.name}",
            "ApproximateNumberOfMessages": str(counts["ready"]),
            "ApproximateNumberOfMessagesNotVisible": str(counts["in_flight"]),
            "ApproximateNumberOfMessagesDelayed": str(counts["delayed"]),
        }
        wanted = given.get("AttributeNames") or []
        return {"Attributes": {k: v for k, v in everything.items() if k in wanted or "All" in wanted}}

    def _send_message(self, queue: Queue, given: Parameters) -> Answer:
        """SendMessage."""
        if queue.is_fifo and (not given.get("MessageGroupId") or given.get("DelaySeconds")):
            raise Refusal("InvalidParameterValue", "a FIFO queue needs a group and takes no delay")
        if int(given.get("DelaySeconds") or 0) > 900:
            raise Refusal("InvalidParameterValue", "DelaySeconds is above 900")
        message_id = queue.send(
            given["MessageBody"],
            delay=float(given.get("DelaySeconds") or queue.attributes.get("DelaySeconds") or 0),
            group=given.get("MessageGroupId"),
            deduplication_id=given.get("MessageDeduplicationId"),
            attributes=given.get("MessageAttributes"),
        )
        return {"MessageId": message_id, "MD5OfMessageBody": _md5(given["MessageBody"])}

    def _send_message_batch(self, queue: Queue, given: Parameters) -> Answer:
        """SendMessageBatch."""
        return self._each("sent", given, lambda entry: self._send_message(queue, entry))

    def _delete_message(self, queue: Queue, given: Parameters) -> Answer:
        """DeleteMessage; as in SQS, an old handle is accepted and deletes nothing."""
        queue.delete(given["ReceiptHandle"])
        return {}

    def _delete_message_batch(self, queue: Queue, given: Parameters) -> Answer:
        """DeleteMessageBatch."""
        return self._each("deleted", given, lambda entry: self._delete_message(queue, entry))

    def _change_message_visibility(self, queue: Queue, given: Parameters) -> Answer:
        """ChangeMessageVisibility."""
        if not queue.change_visibility(given["ReceiptHandle"], float(given["VisibilityTimeout"])):
            raise Refusal("MessageNotInflight", "the message is not in flight")
        return {}

    def _change_message_visibility_batch(self, queue: Queue, given: Parameters) -> Answer:
        """ChangeMessageVisibilityBatch."""
        return self._each("changed", given, lambda entry: self._change_message_visibility(queue, entry))

    def _each(self, name: str, given: Parameters, do: Callable[[Parameters], Answer]) -> Answer:
        """Do one action for each entry of a batch."""
        answer: Answer = {"Successful": [], "Failed": []}
        for entry in given["Entries"]:
            try:
                answer["Successful"].append({"Id": entry["Id"], **do(entry)})
            except Refusal as refusal:
                failed = {"Id": entry["Id"], "SenderFault": True, "Code": refusal.code, "Message": str(refusal)}
                answer["Failed"].append(failed)
        self.entries[name] += len(answer["Successful"])
        return answer

    async def _receive(self, queue: Queue, given: Parameters, alive: Callable[[], bool]) -> Answer:
        """ReceiveMessage, by long poll; nothing is handed to a caller that has hung up."""
        end = time.monotonic() + float(given.get("WaitTimeSeconds") or 0)
        visibility = float(given.get("VisibilityTimeout", queue.attributes.get("VisibilityTimeout", 30)))
        most = int(given.get("MaxNumberOfMessages") or 1)
        while alive():
            messages = queue.receive(most, visibility, lambda message: self._redrive(queue, message))
            left = end - time.monotonic()
            if messages or left <= 0:
                self.entries["received"] += len(messages)
                return {"Messages": [_received(message) for message in messages]} if messages else {}
            await queue.wait(left)
        return {}

    def _redrive(self, queue: Queue, message: Message) -> bool:
        """Move a message that was received too often, if the queue has a policy; whether it was moved."""
        policy = json.loads(queue.attributes.get("RedrivePolicy") or "{}")
        if not policy or message.receives < int(policy["maxReceiveCount"]):
            return False
        target = self.queues.get(str(policy["deadLetterTargetArn"]).split(":")[-1])
        if target is not None:
            target.adopt(message)
        return target is not None


def _received(message: Message) -> Answer:
    """A message as ReceiveMessage shows it."""
    system = {
        "ApproximateReceiveCount": str(message.receives),
        "SentTimestamp": str(int(message.sent_at * 1000)),
        "ApproximateFirstReceiveTimestamp": str(int(message.first_received_at * 1000)),
    }
    if message.group:
        system["MessageGroupId"] = message.group
    shown: Answer = {
        "MessageId": message.message_id,
        "ReceiptHandle": message.handle,
        "Body": message.body,
        "MD5OfBody": _md5(message.body),
        "Attributes": system,
    }
    if message.attributes:
        shown["MessageAttributes"] = message.attributes
    return shown


def _md5(text: str) -> str:
    """The checksum that clients compare."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _snake(action: str) -> str:
    """``SendMessage`` as ``send_message``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in action).lstrip("_")
