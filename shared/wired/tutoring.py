"""Which adapter serves which port of tutoring."""

from functools import cached_property

from shared.adapters.dynamodb.directory import DynamoDirectory
from shared.adapters.dynamodb.tutoring import DynamoTutoring
from shared.adapters.rate_limits import TutorRequestLimits
from shared.adapters.redis_pushes import RedisLiveStudents
from shared.wired.base import Base


class TutoringParts(Base):
    """What every process has of tutoring."""

    @cached_property
    def tutoring(self) -> DynamoTutoring:
        """Return requests and relations."""
        return DynamoTutoring(self.table)


class TutoringInGateways(TutoringParts):
    """What the gateway has of tutoring."""

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
