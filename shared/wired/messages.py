"""Which adapter serves which port of messages."""

from functools import cached_property

from shared.adapters.dynamodb.messages import DynamoMessages
from shared.adapters.redis_presence import RedisPresence
from shared.adapters.redis_room_log import RedisRoomLog
from shared.wired.base import Base


class MessagesParts(Base):
    """What every process has of messages."""

    @cached_property
    def messages(self) -> DynamoMessages:
        """Return stored messages."""
        return DynamoMessages(self.table)

    @cached_property
    def room_log(self) -> RedisRoomLog:
        """Return the live sequence of rooms."""
        return RedisRoomLog(self.redis, self.clock)

    @cached_property
    def presence(self) -> RedisPresence:
        """Return who is connected to which room."""
        return RedisPresence(self.redis)
