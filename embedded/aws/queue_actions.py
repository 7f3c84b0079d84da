"""The SQS calls that ministack lacks: moving messages out of a dead-letter queue, and listing its sources."""

import base64
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

from ministack.services import sqs

from embedded.aws.queues import QueueJournal

Body = dict[str, Any]
_LISTED_TASKS = 10


class QueueActions:
    """StartMessageMoveTask, ListMessageMoveTasks and ListDeadLetterSourceQueues.

    A move is carried out at once and whole, so a task is COMPLETED when it is first seen; AWS may take hours.
    MaxNumberOfMessagesPerSecond is accepted and not applied. Tasks are listed until the process ends.
    """

    def __init__(self, queues: QueueJournal) -> None:
        self._queues = queues
        self._tasks: list[Body] = []

    def install(self) -> None:
        """Register the actions with ministack."""
        sqs._HANDLERS.update(
            StartMessageMoveTask=self.start_message_move_task,
            ListMessageMoveTasks=self.list_message_move_tasks,
            CancelMessageMoveTask=self.cancel_message_move_task,
            ListDeadLetterSourceQueues=self.list_dead_letter_source_queues,
        )

    def start_message_move_task(self, body: Body, _url: str) -> Body:
        """Move every message of a dead-letter queue to DestinationArn, or each back to where it came from."""
        source = _by_arn(body.get("SourceArn", ""))
        origins = list(_source_queues(body["SourceArn"]))
        if not origins:
            raise sqs._Err("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
        destination = _by_arn(body["DestinationArn"]) if body.get("DestinationArn") else None
        moved = source["messages"]
        source["messages"] = []
        for message in moved:
            target = destination or _origin(message, origins)
            target["messages"].append(_redriven(message))
            self._queues.arrived(target)
        self._queues.emptied(source)
        return {"TaskHandle": self._remember(body, len(moved))}

    def list_message_move_tasks(self, body: Body, _url: str) -> Body:
        """Return the latest tasks of a source, newest first."""
        _by_arn(body.get("SourceArn", ""))
        limit = min(int(body.get("MaxResults") or 1), _LISTED_TASKS)
        return {"Results": [task for task in self._tasks if task["SourceArn"] == body["SourceArn"]][:limit]}

    def cancel_message_move_task(self, _body: Body, _url: str) -> Body:
        """Refuse: there is never a running task."""
        raise sqs._Err("UnsupportedOperation", "The task has already completed and cannot be cancelled.")

    def list_dead_letter_source_queues(self, body: Body, url: str) -> Body:
        """Return the URLs of the queues that send their dead letters to this one."""
        arn = sqs._get_q(body.get("QueueUrl", url))["attributes"]["QueueArn"]
        return {"queueUrls": [queue["url"] for queue in _source_queues(arn)]}

    def _remember(self, body: Body, moved: int) -> str:
        handle = base64.b64encode(uuid.uuid4().bytes).decode()
        task = {
            "TaskHandle": handle,
            "Status": "COMPLETED",
            "SourceArn": body["SourceArn"],
            "ApproximateNumberOfMessagesMoved": moved,
            "ApproximateNumberOfMessagesToMove": moved,
            "StartedTimestamp": int(time.time() * 1000),
        }
        if body.get("DestinationArn"):
            task["DestinationArn"] = body["DestinationArn"]
        self._tasks.insert(0, task)
        return handle


def _by_arn(arn: str) -> Body:
    queue: Body | None = sqs._queue_by_arn(arn)
    if queue is None:
        raise sqs._Err("ResourceNotFoundException", "The resource that you specified doesn't exist.", 404)
    return queue


def _source_queues(arn: str) -> Iterator[Body]:
    for _, queue in sqs._queues.all_items():
        policy = json.loads(queue["attributes"].get("RedrivePolicy") or "{}")
        if policy.get("deadLetterTargetArn") == arn:
            yield queue


def _origin(message: Body, origins: list[Body]) -> Body:
    """Return the queue that a dead letter came from, or the first that points here when it was sent directly."""
    arn = message["sys"].get("DeadLetterQueueSourceArn")
    return next((queue for queue in origins if queue["attributes"]["QueueArn"] == arn), origins[0])


def _redriven(message: Body) -> Body:
    """Return the message as newly enqueued: AWS resets its receive count and its retention clock."""
    now = time.time()
    origin = {name: value for name, value in message["sys"].items() if name != "DeadLetterQueueSourceArn"}
    return message | {
        "receipt_handle": None,
        "visible_at": now,
        "enqueued_at": now,
        "receive_count": 0,
        "first_receive_at": None,
        "sys": origin,
    }
