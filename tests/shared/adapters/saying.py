"""Saying things in a room's log, and hearing what it publishes."""

from typing import Any

import redis

from shared.domains.messages.models import Draft, Head, Message, MessageType, Posted
from shared.domains.messages.ports import RoomLog
from shared.kernel.topics import room_topic
from shared.kernel.wire import Parcel, unpack


def a_draft(message_id: str = "m1", **fields: Any) -> Draft:
    given = {"room_id": "r1", "user_id": "u1", "content": "Hello", "message_type": MessageType.TEXT}
    return Draft(message_id=message_id, **(given | {"key": None, "url": None} | fields))


def posted(log: RoomLog, message_id: str = "m1", **fields: Any) -> Message:
    outcome = log.post(a_draft(message_id, **fields), is_verified=True)
    assert isinstance(outcome, Posted)
    return outcome.message


def head_of(log: RoomLog, room_id: str = "r1") -> Head:
    head = log.head(room_id)
    assert head is not None
    return head


class Ear:
    """Listens to a room's topic."""

    def __init__(self, client: redis.Redis, room_id: str = "r1") -> None:
        self._pubsub: Any = client.pubsub()  # type: ignore[no-untyped-call]
        self._pubsub.subscribe(room_topic(room_id))
        assert self._pubsub.get_message(timeout=30)["type"] == "subscribe"

    def hear(self, count: int) -> list[Parcel]:
        heard: list[Parcel] = []
        while len(heard) < count:
            message = self._pubsub.get_message(timeout=30)
            assert message is not None, f"heard {len(heard)} of {count}"
            heard.append(unpack(message["data"]))
        return heard

    def close(self) -> None:
        self._pubsub.close()
