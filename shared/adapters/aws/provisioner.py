"""Makes what SpeakTracker needs of AWS, and says what differs; the same on AWS and on the laptop's stand-in."""

from dataclasses import dataclass

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.errors import translated
from shared.adapters.aws.resources.bucket import Bucket
from shared.adapters.aws.resources.queues import Queues
from shared.adapters.aws.resources.table import Table
from shared.adapters.aws.resources.user_pool import UserPool
from shared.kernel.settings import Settings

READ_SECONDS = 30.0  # making a table or a bucket takes AWS longer than using it


@dataclass(frozen=True)
class Provisioned:
    """Names and ids of what is there now; queue URLs by physical name."""

    queue_urls: dict[str, str]
    table: str
    bucket: str
    user_pool_id: str
    client_id: str


class Provisioner:
    """Brings queues, table, bucket and user pool to their definitions.

    Repetition changes nothing; nothing is ever deleted. Two at once are safe but for the user pool:
    Cognito allows two pools of one name, so run one at a time the first time.
    """

    def __init__(self, clients: AwsClients, settings: Settings) -> None:
        """Keep what is wanted; nothing is called yet."""
        self._queues = Queues(clients.client("sqs", read_seconds=READ_SECONDS), settings)
        self._table = Table(clients.client("dynamodb", read_seconds=READ_SECONDS), settings.chat_table_name)
        self._bucket = Bucket(
            clients.client("s3", read_seconds=READ_SECONDS), settings.chat_bucket_name, settings.aws_region_name
        )
        self._users = UserPool(
            clients.client("cognito-idp", read_seconds=READ_SECONDS),
            settings.physical_name("speaktracker"),
            settings.cognito_user_pool_id,
            settings.cognito_client_id,
        )

    @translated()
    def provision(self) -> Provisioned:
        """Make what is missing, set what differs, and return what is there.

        Raises:
            Unavailable: AWS did not answer; beginning again is safe.
        """
        queue_urls = self._queues.provision()
        table = self._table.provision()
        bucket = self._bucket.provision()
        user_pool_id, client_id = self._users.provision()
        return Provisioned(queue_urls, table, bucket, user_pool_id, client_id)

    @translated()
    def check(self) -> list[str]:
        """Change nothing; return a sentence for each thing that differs, which says what to do.

        Raises:
            Unavailable: AWS did not answer.
        """
        parts = (self._queues, self._table, self._bucket, self._users)
        return [sentence for part in parts for sentence in part.differences()]
