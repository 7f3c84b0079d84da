"""What every part of the wiring rests on."""

from functools import cached_property

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.payloads import S3Payloads
from shared.adapters.celery_jobs import CeleryJobs
from shared.adapters.dynamodb.jobs import DynamoJobRecords
from shared.adapters.dynamodb.table import Table
from shared.adapters.followed_events import FollowedEvents
from shared.adapters.metrics.meters import METERS, Meters
from shared.adapters.metrics.spending import Prices
from shared.adapters.rate_limits import RateLimits
from shared.adapters.redis_events import RedisEvents
from shared.adapters.redis_grouped import GroupedRedis, connect
from shared.adapters.system import RandomIds, SystemClock
from shared.domains.jobs.service import RecordTracker
from shared.kernel.claims import ClaimChecks
from shared.kernel.payloads import CLAIMS_PREFIX
from shared.kernel.settings import Settings


class Base:
    """The outside world by its clients; each part is built on first use, hence after the fork."""

    def __init__(self, settings: Settings) -> None:
        """Keep the settings; nothing is built or called yet."""
        self.settings = settings

    @cached_property
    def clock(self) -> SystemClock:
        """Return the time of day."""
        return SystemClock()

    @cached_property
    def ids(self) -> RandomIds:
        """Return fresh names."""
        return RandomIds()

    @cached_property
    def aws(self) -> AwsClients:
        """Return the AWS clients."""
        return AwsClients(self.settings)

    @cached_property
    def table(self) -> Table:
        """Return the table."""
        return Table(self.aws.dynamodb, self.settings.chat_table_name)

    @cached_property
    def redis(self) -> GroupedRedis:
        """Return Redis with grouped round trips."""
        return GroupedRedis(connect(self.settings.redis_url))

    @cached_property
    def jobs(self) -> CeleryJobs:
        """Return the queue of jobs."""
        return CeleryJobs(self.aws, self.claims)

    @cached_property
    def claims(self) -> ClaimChecks:
        """Return where arguments lie that are too big for a queue."""
        return ClaimChecks(S3Payloads(self.aws.s3, self.settings.chat_bucket_name, prefix=CLAIMS_PREFIX))

    @cached_property
    def events(self) -> FollowedEvents:
        """Return the event bus."""
        return FollowedEvents(RedisEvents(self.redis))

    @property
    def metrics(self) -> Meters:
        """Return what counts in this process."""
        return METERS

    @cached_property
    def prices(self) -> Prices:
        """Return what external services cost."""
        settings = self.settings
        return Prices(
            input_tokens=settings.price_input_tokens,
            output_tokens=settings.price_output_tokens,
            characters=settings.price_characters,
            heard_minute=settings.price_heard_minute,
        )

    @cached_property
    def job_records(self) -> DynamoJobRecords:
        """Return the records of work that clients ask about."""
        return DynamoJobRecords(self.table)

    @cached_property
    def job_tracker(self) -> RecordTracker:
        """Return the steps of such work."""
        return RecordTracker(self.job_records, self.events, self.clock)

    @cached_property
    def limits(self) -> RateLimits:
        """Return the limits over all processes."""
        return RateLimits(self.settings.redis_url)
