"""Which adapter serves which port of connections."""

from functools import cached_property

from shared.adapters.dynamodb.connections import DynamoConnections
from shared.adapters.redis_presence import RedisChannels
from shared.wired.base import Base


class ConnectionsParts(Base):
    """What every process has of connections."""

    @cached_property
    def connections(self) -> DynamoConnections:
        """Return the record of connections."""
        return DynamoConnections(self.table)

    @cached_property
    def channels(self) -> RedisChannels:
        """Return each user's open channels."""
        return RedisChannels(self.redis)
