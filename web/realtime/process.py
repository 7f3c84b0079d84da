"""The WebSocket side of one gateway process: built, started and stopped."""

from collections.abc import Callable
from typing import TypeVar, cast

import orjson
from flask import current_app

from shared.domains.connections.contract import ClosedConnection, RecordConnections, RemoveConnections
from shared.domains.connections.models import ConnectionRecord
from shared.domains.feedback import service as feedback_service
from shared.domains.messages.contract import (
    BYTES_PER_JOB,
    MESSAGES_PER_JOB,
    MessageItem,
    ResumeRoom,
    Resync,
    RoomResynced,
    StoreMessages,
)
from shared.domains.messages.models import Message
from shared.domains.messages.rules import reading
from shared.kernel.contract import Contract, Job
from shared.kernel.logs import get_log
from shared.wiring import GatewayContext
from web.realtime.batcher import MicroBatcher
from web.realtime.confirmations import Confirmations
from web.realtime.feed import Feed
from web.realtime.gateway import Gateway
from web.realtime.hub import Hub
from web.realtime.listeners import Listeners
from web.realtime.rounds import Rounds
from web.realtime.watches import Watches

EXTENSION = "realtime"
RECORDS_PER_JOB = 100
RECORD_LINGER_SECONDS = 0.25
FLUSH_SECONDS = 5.0
_ENVELOPE_BYTES = 160

Record = TypeVar("Record", bound=Contract)

log = get_log()


class Process:
    """What runs beside the requests of one gateway process."""

    def __init__(self, context: GatewayContext) -> None:
        """Build all parts; nothing runs before `start`."""
        self._context = context
        self.hub = Hub(self._catch_up)
        self.hub.subscription = self._subscription = context.subscription(self.hub.handle, self.hub.reconnected)
        self.live = Confirmations(context.gateway_id, self.hub, context.confirmations, self._confirm_late)
        self.hub.confirm = self.live.confirm
        self.listeners = Listeners()
        self.watches = Watches(self.hub, context.asking)
        self.gateway = self._gateway()
        self._rounds = Rounds(self.gateway, context.jobs)

    def start(self) -> None:
        """Listen to the bus and begin the rounds; call it after the fork."""
        self._subscription.start()
        self._context.room_log.start()
        self.live.start()
        for batcher in self._batchers():
            batcher.start()
        self.watches.start()
        self._rounds.start()

    def stop(self) -> None:
        """Send what is waiting, then end; call it after the sockets were drained."""
        self._rounds.stop()
        self.watches.stop()
        for batcher in self._batchers():
            if not batcher.flush(FLUSH_SECONDS):
                log.warning("batcher.not_flushed")
            batcher.stop()
        self._subscription.stop()

    def _batchers(self) -> tuple[MicroBatcher[Message], MicroBatcher[ConnectionRecord], MicroBatcher[ClosedConnection]]:
        return self.gateway.outbox, self.gateway.records, self.gateway.removals

    def _gateway(self) -> Gateway:
        context, settings = self._context, self._context.settings
        return Gateway(
            gateway_id=context.gateway_id,
            settings=settings,
            clock=context.clock,
            ids=context.ids,
            events=context.events,
            jobs=context.jobs,
            feedback=context.feedback,
            live=self.live,
            log=context.room_log,
            messages=context.messages,
            presence=context.presence,
            channels=context.channels,
            revocations=context.revocations,
            uploads=context.uploads,
            hub=self.hub,
            outbox=MicroBatcher(
                self._send_messages,
                linger_seconds=settings.batch_linger_ms / 1000,
                most_items=MESSAGES_PER_JOB,
                most_bytes=BYTES_PER_JOB,
                size_of=_message_bytes,
            ),
            records=self._recorder(lambda some: RecordConnections(connections=some)),
            removals=self._recorder(lambda some: RemoveConnections(connections=some)),
            sessions=set(),
            asking=context.asking,
            watches=self.watches,
        )

    def _recorder(self, job_of: Callable[[list[Record]], Job]) -> MicroBatcher[Record]:
        return MicroBatcher(
            lambda items: self._context.jobs.enqueue(job_of(items)),
            linger_seconds=RECORD_LINGER_SECONDS,
            most_items=RECORDS_PER_JOB,
            most_bytes=BYTES_PER_JOB,
            size_of=lambda item: len(item.model_dump_json()),
        )

    def _confirm_late(self, feedback_id: str) -> None:
        feedback_service.confirm_late(feedback_id, recent=self._context.recent_feedback, jobs=self._context.jobs)

    def _send_messages(self, messages: list[Message]) -> None:
        self._context.jobs.enqueue(StoreMessages(messages=messages))
        self._context.room_log.mark_queued_soon(messages)

    def _catch_up(self, feed: Feed) -> None:
        """Deliver what the bus did not bring, or tell the room to reload."""
        room_id = feed.topic.removeprefix("room:")
        command = ResumeRoom(action="resume", last_seq=feed.seq, epoch=feed.epoch)
        missed, answer = reading.resume(command, room_id, log=self._context.room_log, messages=self._context.messages)
        if isinstance(answer, Resync):
            event = RoomResynced(last_seq=answer.last_seq, epoch=answer.epoch)
            self.hub.resync(feed, answer.epoch, answer.last_seq, orjson.dumps(event.wire()))
        for message in missed:
            url = self._context.uploads.signed_url(message.key) if message.key else None
            self.hub.deliver_missed(feed, message.seq, orjson.dumps(MessageItem.of(message, url).wire()))


def realtime() -> Process:
    """Return the WebSocket side of the running application."""
    return cast(Process, current_app.extensions[EXTENSION])


def _message_bytes(message: Message) -> int:
    """Return about how many bytes a message takes in a job's arguments: JSON escapes Korean to six bytes a letter."""
    return len(orjson.dumps(message.content)) * 2 + len(message.key or "") + 2 * _ENVELOPE_BYTES
