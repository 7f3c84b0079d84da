"""Which adapter serves which port of tutoring, feedback and notifications."""

from functools import cached_property, partial

from shared.adapters.aws.pager import SnsPager
from shared.adapters.dynamodb.directory import DynamoDirectory
from shared.adapters.dynamodb.feedback import DynamoFeedback
from shared.adapters.dynamodb.notifications import DynamoNotifications
from shared.adapters.dynamodb.tutoring import DynamoTutoring
from shared.adapters.rate_limits import RateLimits, TutorRequestLimits
from shared.adapters.redis_pushes import (
    PolledChannels,
    RedisConfirmations,
    RedisEventStream,
    RedisLiveStudents,
    RedisRecentFeedback,
)
from shared.domains.notifications.service import announce
from shared.domains.tutoring.ports import Announce
from shared.wired.base import Base


class TutorsParts(Base):
    """What every process has of tutors."""

    @cached_property
    def confirmations(self) -> RedisConfirmations:
        """Return pushes that are confirmed."""
        return RedisConfirmations(self.redis)

    @cached_property
    def tutoring(self) -> DynamoTutoring:
        """Return requests and relations."""
        return DynamoTutoring(self.table)

    @cached_property
    def feedback(self) -> DynamoFeedback:
        """Return feedback that is stored."""
        return DynamoFeedback(self.table)


class TutorsInWorkers(TutorsParts):
    """What tasks have of tutors."""

    @cached_property
    def live_channels(self) -> PolledChannels:
        """Return pushes whose confirmation is looked for."""
        return PolledChannels(self.confirmations, self.clock)

    @cached_property
    def pager(self) -> SnsPager:
        """Return what reaches people outside of the platform."""
        return SnsPager(self.aws.sns, self.settings.notification_topic_arn)


class TutorsInGateways(TutorsParts):
    """What the gateway has of tutors."""

    @cached_property
    def limits(self) -> RateLimits:
        """Return the limits over all processes."""
        return RateLimits(self.settings.redis_url)

    @cached_property
    def asking_rate(self) -> TutorRequestLimits:
        """Return the bound on requests to tutors."""
        return TutorRequestLimits(self.limits)

    @cached_property
    def directory(self) -> DynamoDirectory:
        """Return people, as tutoring needs them."""
        return DynamoDirectory(self.table)

    @cached_property
    def live_students(self) -> RedisLiveStudents:
        """Return what students are doing just now."""
        return RedisLiveStudents(self.redis)

    @cached_property
    def recent_feedback(self) -> RedisRecentFeedback:
        """Return feedback that may not be stored yet."""
        return RedisRecentFeedback(self.redis)

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
