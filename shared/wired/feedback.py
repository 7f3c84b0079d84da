"""Which adapter serves which port of feedback."""

from functools import cached_property

from shared.adapters.dynamodb.feedback import DynamoFeedback
from shared.adapters.redis_pushes import PolledChannels, RedisConfirmations, RedisRecentFeedback
from shared.wired.base import Base


class FeedbackParts(Base):
    """What every process has of feedback."""

    @cached_property
    def confirmations(self) -> RedisConfirmations:
        """Return pushes that are confirmed."""
        return RedisConfirmations(self.redis)

    @cached_property
    def feedback(self) -> DynamoFeedback:
        """Return feedback that is stored."""
        return DynamoFeedback(self.table)


class FeedbackInWorkers(FeedbackParts):
    """What tasks have of feedback."""

    @cached_property
    def live_channels(self) -> PolledChannels:
        """Return pushes whose confirmation is looked for."""
        return PolledChannels(self.confirmations, self.clock)


class FeedbackInGateways(FeedbackParts):
    """What the gateway has of feedback."""

    @cached_property
    def recent_feedback(self) -> RedisRecentFeedback:
        """Return feedback that may not be stored yet."""
        return RedisRecentFeedback(self.redis)
