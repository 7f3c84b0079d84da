"""What the bus did not bring to a room, read from the room's log."""

import orjson

from shared.domains.messages.contract import MessageItem, ResumeRoom, Resync, RoomResynced
from shared.domains.messages.rules import reading
from shared.wiring import GatewayContext
from web.realtime.feed import Feed
from web.realtime.hub import Hub


def catch_up(feed: Feed, hub: Hub, ports: GatewayContext) -> None:
    """Deliver what a room missed, each message once and in order, or tell everybody in it to reload.

    Raises:
        Unavailable: the log or the table does not answer; catching up again is safe.
    """
    room_id = feed.topic.removeprefix("room:")
    command = ResumeRoom(action="resume", last_seq=feed.seq, epoch=feed.epoch)
    missed, answer = reading.resume(command, room_id, log=ports.room_log, messages=ports.messages)
    if feed.epoch != command.epoch:  # everybody was told to reload while this was read; it is read again from there
        feed.is_behind = True
        return
    if isinstance(answer, Resync):
        event = RoomResynced(last_seq=answer.last_seq, epoch=answer.epoch)
        hub.resync(feed, answer.epoch, answer.last_seq, orjson.dumps(event.wire()))
    for message in missed:
        url = ports.uploads.signed_url(message.key) if message.key else None
        hub.deliver_missed(feed, message.seq, orjson.dumps(MessageItem.of(message, url).wire()))
