"""SQS made durable: every change of a message reaches the journal through ministack's few choke points."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import sqs

from embedded.aws.encoding import decode, encode
from embedded.aws.fair_shares import in_fair_order
from embedded.aws.hooks import wrap
from embedded.aws.journal import Journal
from embedded.aws.queue_mirror import QueueMirror
from embedded.aws.wakeup import StoppingError, WakefulAsyncio, polled_queue

Queue = dict[str, Any]
Action = Callable[[dict[str, Any], str], Any]

_PRUNE_SECONDS = 60.0
_DEFINITION_ACTIONS = (
    "CreateQueue",
    "DeleteQueue",
    "SetQueueAttributes",
    "TagQueue",
    "UntagQueue",
    "AddPermission",
    "RemovePermission",
)


class Changes(Protocol):
    """Where a changed service is noted."""

    def changed(self, service: str) -> None:
        """Note that the definitions of a service have changed."""


class QueueJournal:
    """Journals messages, deliveries and FIFO deduplication, and wakes the long polls of a queue that changed."""

    def __init__(self, journal: Journal, wakeful: WakefulAsyncio) -> None:
        self._journal = journal
        self._wakeful = wakeful
        self._mirrors: dict[str, QueueMirror] = {}
        self._position = itertools.count(1)
        self._prune_at = 0.0

    def install(self, snapshots: Changes) -> None:
        """Hook ministack's choke points and the actions that name messages by receipt."""
        wrap(sqs, "_collect_msgs", self._hook_collect)
        wrap(sqs, "_dlq_sweep", self._hook_sweep)
        wrap(sqs, "_expire_retained", self._hook_expire)
        hooks: dict[str, Callable[[Action], Action]] = {
            "SendMessage": self._hook_send,
            "SendMessageBatch": self._hook_send,
            "ReceiveMessage": self._hook_receive,
            "DeleteMessage": self._hook_delete,
            "DeleteMessageBatch": self._hook_delete,
            "ChangeMessageVisibility": self._hook_visibility,
            "ChangeMessageVisibilityBatch": self._hook_visibility,
            "PurgeQueue": self._hook_purge,
            "DeleteQueue": self._hook_purge,
        }
        for action, hook in hooks.items():
            sqs._HANDLERS[action] = hook(sqs._HANDLERS[action])
        for action in _DEFINITION_ACTIONS:
            sqs._HANDLERS[action] = _hook_definition(sqs._HANDLERS[action], snapshots)

    def restore(self) -> None:
        """Fill the queues that exist from the journal, in their order; rows of vanished queues are dropped."""
        last = 0
        for arn, position, content, state in self._journal.read(
            "SELECT queue, position, content, state FROM message JOIN delivery USING (queue, id) ORDER BY position"
        ):
            last = position
            queue = sqs._queue_by_arn(arn)
            if queue is not None:
                message = decode(content) | decode(state)
                queue["messages"].append(message)
                self._mirror(arn).adopt(message)
        self._position = itertools.count(last + 1)
        self._restore_deduplication()

    def _restore_deduplication(self) -> None:
        for arn, key, content in self._journal.read(
            "SELECT queue, key, content FROM deduplication WHERE expires > ?", (time.time(),)
        ):
            if queue := sqs._queue_by_arn(arn):
                queue["dedup_cache"][decode(key)] = decode(content)
        for arn, content in self._journal.read("SELECT name, content FROM record WHERE kind = 'sequence'"):
            if queue := sqs._queue_by_arn(arn):
                queue["fifo_seq"] = int(content)

    def arrived(self, queue: Queue) -> None:
        """Journal what was appended to a queue since the last look, and wake its long polls."""
        fresh = self._mirror(_arn(queue)).add_tail(queue, self._position)
        if not fresh:
            return
        for message in fresh:
            self._remember_duplicate(queue, message)
        if queue["is_fifo"]:
            self._journal.keep("sequence", _arn(queue), str(queue["fifo_seq"]))
        self._wakeful.wake(_arn(queue))

    def arrived_anywhere(self) -> None:
        """Journal what other services (SNS, S3 notifications) appended to any queue."""
        for _, queue in list(sqs._queues.all_items()):
            self.arrived(queue)

    def emptied(self, queue: Queue) -> None:
        """Journal that a queue was emptied at once."""
        self._mirror(_arn(queue)).clear()

    def _mirror(self, arn: str) -> QueueMirror:
        if arn not in self._mirrors:
            self._mirrors[arn] = QueueMirror(arn, self._journal)
        return self._mirrors[arn]

    def _remember_duplicate(self, queue: Queue, message: dict[str, Any]) -> None:
        key = message.get("dedup_cache_key")
        entry = queue["dedup_cache"].get(key) if key else None
        if entry is None:
            return
        row = (_arn(queue), encode(key), entry["expire"], encode(entry))
        self._journal.record("INSERT OR REPLACE INTO deduplication VALUES (?, ?, ?, ?)", row)
        if (now := time.time()) > self._prune_at:
            self._prune_at = now + _PRUNE_SECONDS
            self._journal.record("DELETE FROM deduplication WHERE expires < ?", (now,))

    def _hook_collect(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def collect(queue: Queue, limit: int, visibility: int) -> list[dict[str, Any]]:
            self.arrived(queue)
            received: list[dict[str, Any]] = original(_fair_view(queue, limit), limit, visibility)
            for message in received:
                self._mirror(_arn(queue)).delivered(message)
            return received

        return collect

    def _hook_sweep(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def sweep(queue: Queue) -> None:
            before = len(queue["messages"])
            original(queue)
            if len(queue["messages"]) == before:
                return
            target = sqs._queue_by_arn(json.loads(queue["attributes"]["RedrivePolicy"])["deadLetterTargetArn"])
            moved = target["messages"][-(before - len(queue["messages"])) :]
            self.arrived(target)
            for message in moved:
                self._mirror(_arn(queue)).remove(message)

        return sweep

    def _hook_expire(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def expire(queue: Queue) -> None:
            before = len(queue["messages"])
            original(queue)
            if len(queue["messages"]) != before:
                self._mirror(_arn(queue)).keep_only(queue)

        return expire

    def _hook_send(self, original: Action) -> Action:
        def send(body: dict[str, Any], url: str) -> Any:
            answer = original(body, url)
            self.arrived(_queue(body, url))
            return answer

        return send

    def _hook_receive(self, original: Action) -> Action:
        async def receive(body: dict[str, Any], url: str) -> Any:
            polled_queue.set(_arn(_queue(body, url)))
            try:
                return await original(body, url)
            except StoppingError:
                return {}

        return receive

    def _hook_delete(self, original: Action) -> Action:
        def delete(body: dict[str, Any], url: str) -> Any:
            answer = original(body, url)
            mirror = self._mirror(_arn(_queue(body, url)))
            for receipt in _receipts(body):
                if message := mirror.by_receipt(receipt):
                    mirror.remove(message)
            return answer

        return delete

    def _hook_visibility(self, original: Action) -> Action:
        def change(body: dict[str, Any], url: str) -> Any:
            answer = original(body, url)
            mirror = self._mirror(_arn(_queue(body, url)))
            for receipt in _receipts(body):
                if message := mirror.by_receipt(receipt):
                    mirror.delivered(message)
            self._wakeful.wake(mirror.arn)
            return answer

        return change

    def _hook_purge(self, original: Action) -> Action:
        def purge(body: dict[str, Any], url: str) -> Any:
            queue = _queue(body, url)
            answer = original(body, url)
            self.emptied(queue)
            return answer

        return purge


def _fair_view(queue: Queue, limit: int) -> Queue:
    """Return a queue as its next receive sees it: a standard one shares its receives out among its groups."""
    if queue["is_fifo"] or not any(message.get("group_id") for message in queue["messages"]):
        return queue
    return queue | {"messages": in_fair_order(queue["messages"], time.time(), limit)}


def _hook_definition(original: Action, changes: Changes) -> Action:
    def define(body: dict[str, Any], url: str) -> Any:
        answer = original(body, url)
        changes.changed("sqs")
        return answer

    return define


def queue_definitions() -> dict[str, Any]:
    """Return the queues with their attributes and tags, without messages."""
    queues = AccountRegionScopedDict()
    for (account, region, url), queue in sqs._queues.all_items():
        queues.set_scoped(account, region, url, {**queue, "messages": [], "dedup_cache": {}})
    return {"queues": queues}


def restore_queue_definitions(state: dict[str, Any]) -> None:
    """Recreate the queues under the address that this process answers on; a moved port must not strand them."""
    for (account, region, _), queue in state["queues"].all_items():
        url = sqs._queue_url_for_account(account, queue["name"])
        sqs._queues.set_scoped(account, region, url, queue | {"url": url})
        sqs._queue_name_to_url.set_scoped(account, region, queue["name"], url)


def _queue(body: dict[str, Any], url: str) -> Queue:
    queue: Queue = sqs._get_q(body.get("QueueUrl", url))
    return queue


def _arn(queue: Queue) -> str:
    return str(queue["attributes"]["QueueArn"])


def _receipts(body: dict[str, Any]) -> Iterator[str]:
    for entry in body.get("Entries") or [body]:
        yield entry.get("ReceiptHandle", "")
