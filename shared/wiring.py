"""Which adapter serves which port: the one place that names them."""

import uuid
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from shared.adapters.aws.payloads import S3Payloads
from shared.adapters.aws.queue_checks import QueueChecks
from shared.adapters.aws.redrive_queues import SqsRedriveQueues
from shared.adapters.aws.resources.queues import queue_name
from shared.adapters.aws.storage import S3Uploads
from shared.adapters.bcrypt_passwords import BcryptPasswords
from shared.adapters.celery_deliveries import arrival_of
from shared.adapters.deadlines import TaskDeadline
from shared.adapters.dynamodb.connections import DynamoConnections
from shared.adapters.dynamodb.dead_letters import DynamoLetters
from shared.adapters.dynamodb.ledger import DynamoLedger
from shared.adapters.dynamodb.messages import DynamoMessages
from shared.adapters.dynamodb.rooms import DynamoRooms, DynamoRoomTokens
from shared.adapters.dynamodb.runs import DynamoRuns
from shared.adapters.monitoring.application import install
from shared.adapters.monitoring.options import MonitoringOptions
from shared.adapters.rate_limits import GuessLimits, PartnerLimits
from shared.adapters.redis_events import RedisSubscription
from shared.adapters.redis_grouped import connect
from shared.adapters.redis_presence import RedisChannels, RedisPresence
from shared.adapters.redis_room_log import RedisRoomLog
from shared.adapters.sqs_transport.hand_back import FINISHED, HandBack, Settled
from shared.catalogue import job_type_of
from shared.domains.dead_letters.rules.replaying import Desk
from shared.domains.turns.rules.request import Asking
from shared.kernel.pages import Cursors
from shared.kernel.payloads import LETTERS_PREFIX
from shared.kernel.queues import Queue
from shared.kernel.settings import Misconfigured, Settings, read_settings
from shared.wired.accounts import AccountsInGateways, AccountsInWorkers, AccountsParts
from shared.wired.practice import PracticeInGateways, PracticeInWorkers, PracticeParts
from shared.wired.speech import SpeechInWorkers
from shared.wired.tutors import TutorsInGateways, TutorsInWorkers, TutorsParts


class Context(PracticeParts, TutorsParts, AccountsParts):
    """What every process has; each part is built on first use, hence after the fork."""

    def require_queues(self, queues: Iterable[Queue]) -> None:
        """Return if these queues are as the catalogue has them; call it at the start of whatever uses them.

        Raises:
            Misconfigured: they differ; the message says how, and what to do.
            Unavailable: SQS does not answer.
        """
        differences = QueueChecks(self.aws, self.settings).differences(queues)
        if differences:
            raise Misconfigured("SpeakTracker does not start:\n" + "\n".join(f"  {one}" for one in differences))

    @cached_property
    def rooms(self) -> DynamoRooms:
        """Return rooms and memberships."""
        return DynamoRooms(self.table)

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

    @cached_property
    def channels(self) -> RedisChannels:
        """Return each user's open channels."""
        return RedisChannels(self.redis)

    @cached_property
    def connections(self) -> DynamoConnections:
        """Return the record of connections."""
        return DynamoConnections(self.table)

    @cached_property
    def letters(self) -> DynamoLetters:
        """Return dead letters."""
        return DynamoLetters(self.table)

    @cached_property
    def payloads(self) -> S3Payloads:
        """Return texts too large for an item."""
        return S3Payloads(self.aws.s3, self.settings.chat_bucket_name, prefix=LETTERS_PREFIX)

    @cached_property
    def replay_desk(self) -> Desk:
        """Return what sending dead letters again rests on."""
        return Desk(
            letters=self.letters,
            resender=self.jobs,
            payloads=self.payloads,
            job_types=job_type_of,
            waiting=self.job_tracker,
            clock=self.clock,
        )


class WorkerContext(PracticeInWorkers, SpeechInWorkers, TutorsInWorkers, AccountsInWorkers, Context):
    """What tasks have."""

    @cached_property
    def redrive_queues(self) -> SqsRedriveQueues:
        """Return the queues' own dead-letter queues."""
        return SqsRedriveQueues(self.aws.sqs, self.settings)

    arrival_of = staticmethod(arrival_of)
    finished, hand_back, settled = FINISHED, HandBack, Settled

    @cached_property
    def runs(self) -> DynamoRuns:
        """Return the book of runs."""
        return DynamoRuns(self.table, self.clock)

    @cached_property
    def deadline(self) -> TaskDeadline:
        """Return until when the running job may run."""
        return TaskDeadline()

    @cached_property
    def monitoring(self) -> MonitoringOptions:
        """Return how workers are watched: over Redis, and by the depths of the queues."""
        return MonitoringOptions(
            redis_url=self.settings.redis_url,
            key_prefix=f"{self.settings.physical_name('monitoring')}:",
            sqs_client=lambda: self.aws.sqs,
            queues={queue.value: queue_name(self.settings, queue) for queue in Queue},
        )

    def install_monitoring(self, app: Any) -> None:
        """Let a Celery application tell of its tasks and be controlled over Redis."""
        install(app, self.monitoring)


class GatewayContext(PracticeInGateways, TutorsInGateways, AccountsInGateways, Context):
    """What the gateway has."""

    @cached_property
    def gateway_id(self) -> str:
        """Return the name of this process."""
        return uuid.uuid4().hex

    @cached_property
    def cursors(self) -> Cursors:
        """Return the signer of cursors."""
        return Cursors(self.settings.cursor_key.get_secret_value())

    @cached_property
    def ledger(self) -> DynamoLedger:
        """Return the ledger of what was done already."""
        return DynamoLedger(self.table)

    @cached_property
    def guesses(self) -> GuessLimits:
        """Return the bound on guessing room passwords."""
        return GuessLimits(self.limits)

    @cached_property
    def turn_rate(self) -> PartnerLimits:
        """Return the bound on requests to the AI partner."""
        return PartnerLimits(self.limits, self.settings.ai_requests_per_minute)

    @cached_property
    def asking(self) -> Asking:
        """Return what asking the AI partner rests on."""
        return Asking(
            log=self.turn_log,
            conversations=self.conversations,
            records=self.job_records,
            students=self.accounts,
            recordings=self.recordings,
            rate=self.turn_rate,
            pace=self.pace,
            jobs=self.jobs,
            events=self.events,
            clock=self.clock,
        )

    @cached_property
    def uploads(self) -> S3Uploads:
        """Return the signer of the bucket's addresses."""
        return S3Uploads(self.aws.s3, self.settings.chat_bucket_name, self.clock)

    @property
    def readiness(self) -> dict[str, Callable[[], object]]:
        """Return what must answer before this process is ready, each as a cheap question."""
        return {
            "dynamodb": lambda: self.table.get("READY", "READY", consistent=False),
            "redis": lambda: self.redis.call("PING"),
            "sqs": lambda: self.jobs.check(),
            "keys": lambda: self.tokens.check(),
        }

    @cached_property
    def room_tokens(self) -> DynamoRoomTokens:
        """Return one-time tickets."""
        return DynamoRoomTokens(self.table)

    @cached_property
    def passwords(self) -> BcryptPasswords:
        """Return the hasher of room passwords."""
        return BcryptPasswords()

    def subscription(self, deliver: Callable[[str, bytes], None], reconnected: Callable[[], None]) -> RedisSubscription:
        """Return this process's one subscription to the event bus, not started."""
        client = connect(self.settings.redis_url, socket_timeout=None)
        return RedisSubscription(client, deliver, reconnected)


def build_worker(settings: Settings | None = None) -> WorkerContext:
    """Return what tasks have; the settings are read from the environment where none are given."""
    return WorkerContext(settings or read_settings())


def build_gateway(settings: Settings | None = None) -> GatewayContext:
    """Return what the gateway has; the settings are read from the environment where none are given."""
    return GatewayContext(settings or read_settings())
