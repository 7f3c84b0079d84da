"""Which adapter serves which port of notifications."""

from functools import cached_property, partial

from shared.adapters.aws.pager import SnsPager
from shared.adapters.dynamodb.notifications import DynamoNotifications
from shared.adapters.redis_pushes import RedisEventStream
from shared.domains.notifications.service import announce
from shared.domains.tutoring.ports import Announce
from shared.wired.base import Base


class NotificationsInWorkers(Base):
    """What tasks have of notifications."""

    @cached_property
    def pager(self) -> SnsPager:
        """Return what reaches people outside of the platform."""
        return SnsPager(self.aws.sns, self.settings.notification_topic_arn)


class NotificationsInGateways(Base):
    """What the gateway has of notifications."""

    @cached_property
    def notifications(self) -> DynamoNotifications:
        """Return notifications."""
        return DynamoNotifications(self.table)

    @cached_property
    def announce(self) -> Announce:
        """Return what tells a person of a notification."""
        return partial(announce, events=self.events, jobs=self.jobs)

    @cached_property
    def event_stream(self) -> RedisEventStream:
        """Return what was pushed to each user of late."""
        return RedisEventStream(self.redis)
