"""The WebSocket side of one gateway process: built, started and stopped."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar, cast

import orjson
from flask import current_app

from shared.domains.connections.contract import ClosedConnection, RecordConnections, RemoveConnections
from shared.domains.connections.models import ConnectionRecord
from shared.domains.feedback.rules.sending import confirm_late
from shared.domains.messages.contract import BYTES_PER_JOB, MESSAGES_PER_JOB, StoreMessages
from shared.domains.messages.models import Message
from shared.kernel.contract import Contract, Job
from shared.kernel.logs import get_log
from shared.wiring import GatewayContext
from web.realtime.batcher import MicroBatcher
from web.realtime.catching_up import catch_up
from web.realtime.confirmations import Confirmations
from web.realtime.hub import Hub
from web.realtime.limits import PeoplesLimits
from web.realtime.listeners import Listeners
from web.realtime.tally import age_of
from web.realtime.typists import Typists
from web.realtime.watches import Watches

EXTENSION = "realtime"
RECORDS_PER_JOB = 100
RECORD_LINGER_SECONDS = 0.25
FLUSH_SECONDS = 5.0
_ENVELOPE_BYTES = 160

Record = TypeVar("Record", bound=Contract)

log = get_log()


class Companion(Protocol):
    """What runs beside the parts of a process."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""


class Process:
    """What runs beside the requests of one gateway process.

    `ports` are those of every request. `storing`, `recording` and `removing` put messages, connections and closed
    connections on the queue in micro-batches; `sessions` are the open connections.
    """

    def __init__(self, ports: GatewayContext) -> None:
        """Build all parts; nothing runs before `start`."""
        self.ports = ports
        self.hub = Hub(lambda feed: catch_up(feed, self.hub, ports))
        self.hub.subscription = self._subscription = ports.subscription(self.hub.handle, self._reconnected)
        self.live = Confirmations(ports.gateway_id, self.hub, ports.confirmations, self._confirm_late)
        self.hub.confirm = self.live.confirm
        self.hub.delivered = self._delivered
        self.listeners = Listeners(self.hub, ports)
        self.watches = Watches(self.hub, ports.asking)
        self.typists = Typists()
        self.sessions: set[Any] = set()
        self.frame_limits = PeoplesLimits(
            per_connection=ports.settings.frames_per_two_seconds,
            per_person=ports.settings.frames_per_two_seconds_per_user,
            processes=ports.settings.web_concurrency,
        )
        self.storing: MicroBatcher[Message] = MicroBatcher(
            self._send_messages,
            linger_seconds=ports.settings.batch_linger_ms / 1000,
            most_items=MESSAGES_PER_JOB,
            most_bytes=BYTES_PER_JOB,
            size_of=_message_bytes,
            sent=self._batch_sent,
            name_of=lambda message: message.message_id,
        )
        self.recording: MicroBatcher[ConnectionRecord] = self._recorder(partial(_job, RecordConnections))
        self.removing: MicroBatcher[ClosedConnection] = self._recorder(partial(_job, RemoveConnections))
        self._companions: list[Companion] = []
        self.when_reconnected: list[Callable[[], None]] = []

    def accompany(self, companion: Companion) -> None:
        """Start and stop something with the process."""
        self._companions.append(companion)

    def start(self) -> None:
        """Listen to the bus and begin; call it after the fork."""
        self._subscription.start()
        self.ports.room_log.start()
        self.live.start()
        for batcher in self._batchers():
            batcher.start()
        self.watches.start()
        self.typists.start()
        for companion in self._companions:
            companion.start()

    def stop(self) -> None:
        """Send what is waiting, then end; call it after the sockets were drained."""
        for companion in self._companions:
            companion.stop()
        self.watches.stop()
        self.typists.stop()
        for batcher in self._batchers():
            if not batcher.flush(FLUSH_SECONDS):
                log.warning("batcher.not_flushed")
            batcher.stop()
        self._subscription.stop()

    def _reconnected(self) -> None:
        """Make up for what the bus did not bring: messages, and orders to close."""
        self.hub.reconnected()
        for told in self.when_reconnected:
            told()

    def _batchers(self) -> tuple[MicroBatcher[Message], MicroBatcher[ConnectionRecord], MicroBatcher[ClosedConnection]]:
        return self.storing, self.recording, self.removing

    def _recorder(self, job_of: Callable[[list[Record]], Job]) -> MicroBatcher[Record]:
        return MicroBatcher(
            lambda items: self.ports.jobs.enqueue(job_of(items)),
            linger_seconds=RECORD_LINGER_SECONDS,
            most_items=RECORDS_PER_JOB,
            most_bytes=BYTES_PER_JOB,
            size_of=lambda item: len(item.model_dump_json()),
        )

    def _confirm_late(self, feedback_id: str) -> None:
        confirm_late(feedback_id, recent=self.ports.recent_feedback, jobs=self.ports.jobs)

    def _delivered(self, payload: bytes) -> None:
        age = age_of(payload)
        if age is not None:
            self.ports.metrics.observe("delivery_seconds", age)

    def _batch_sent(self, items: int, seconds: float) -> None:
        self.ports.metrics.observe("batch_items", items)
        self.ports.metrics.observe("batch_seconds", seconds)

    def _send_messages(self, messages: list[Message]) -> None:
        self.ports.jobs.enqueue(StoreMessages(messages=messages))
        self.ports.room_log.mark_queued_soon(messages)


def realtime() -> Process:
    """Return the WebSocket side of the running application."""
    return cast(Process, current_app.extensions[EXTENSION])


def _job(kind: Callable[..., Job], connections: list[Any]) -> Job:
    return kind(connections=connections)


def _message_bytes(message: Message) -> int:
    """Return about how many bytes a message takes in a job's arguments: JSON escapes Korean to six bytes a letter."""
    return len(orjson.dumps(message.content)) * 2 + len(message.key or "") + 2 * _ENVELOPE_BYTES
