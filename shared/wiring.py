"""Which adapter serves which port: the one place that names them, in parts of one file a domain.

A part that rests on others comes before those, here and in its own list of bases.
"""

import uuid
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Self

from shared.adapters.aws.queue_checks import QueueChecks
from shared.adapters.aws.storage import S3Uploads
from shared.adapters.celery_deliveries import arrival_of
from shared.adapters.deadlines import TaskDeadline
from shared.adapters.dynamodb.ledger import DynamoLedger
from shared.adapters.dynamodb.runs import DynamoRuns
from shared.adapters.monitoring.application import install
from shared.adapters.redis_events import RedisSubscription
from shared.adapters.redis_grouped import connect
from shared.adapters.sqs_transport.hand_back import FINISHED, HandBack, Settled
from shared.kernel import host_names  # noqa: F401 - looked up before there is a thread
from shared.kernel.logs import get_log
from shared.kernel.pages import Cursors
from shared.kernel.queues import Queue
from shared.kernel.settings import Misconfigured, Settings
from shared.wired.accounts import AccountsInGateways, AccountsInWorkers, AccountsParts
from shared.wired.budgets import BudgetsParts
from shared.wired.connections import ConnectionsParts
from shared.wired.conversations import ConversationsParts
from shared.wired.dead_letters import DeadLettersInWorkers, DeadLettersParts
from shared.wired.feedback import FeedbackInGateways, FeedbackInWorkers, FeedbackParts
from shared.wired.graphs import GraphsInWorkers, GraphsParts
from shared.wired.health import Health
from shared.wired.messages import MessagesParts
from shared.wired.notifications import NotificationsInGateways, NotificationsInWorkers
from shared.wired.operations import OperationsParts
from shared.wired.practice import PracticeInGateways, PracticeInWorkers, PracticeParts
from shared.wired.rooms import RoomsInGateways, RoomsParts
from shared.wired.settings import deployed_settings
from shared.wired.turns import TurnsInGateways, TurnsParts
from shared.wired.tutoring import TutoringInGateways, TutoringParts
from shared.wired.voice import VoiceParts

log = get_log()


class Context(
    AccountsParts,
    BudgetsParts,
    VoiceParts,
    ConversationsParts,
    TurnsParts,
    PracticeParts,
    RoomsParts,
    MessagesParts,
    OperationsParts,
    ConnectionsParts,
    TutoringParts,
    FeedbackParts,
    DeadLettersParts,
    GraphsParts,
    Health,
):
    """What every process has; each part is built on first use, hence after the fork."""

    def require_queues(self, queues: Iterable[Queue]) -> None:
        """Return if these queues are as the catalogue has them; call it at the start of whatever uses them.

        What else is not as it must be is logged, and stops nobody.

        Raises:
            Misconfigured: they differ; the message says how, and what to do.
            Unavailable: SQS does not answer.
        """
        differences = QueueChecks(self.aws, self.settings).differences(queues)
        if differences:
            raise Misconfigured("SpeakTracker does not start:\n" + "\n".join(f"  {one}" for one in differences))
        for problem in self._seen_anew().problems:
            log.warning("start.problem", problem=problem)

    def _seen_anew(self) -> Self:
        """Return another such context with the same AWS, whose link to Redis no process of a pool inherits."""
        context = type(self)(self.settings)
        context.aws = self.aws
        return context


class WorkerContext(
    GraphsInWorkers,
    AccountsInWorkers,
    PracticeInWorkers,
    NotificationsInWorkers,
    FeedbackInWorkers,
    DeadLettersInWorkers,
    Context,
):
    """What tasks have."""

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

    def install_monitoring(self, app: Any) -> None:
        """Let a Celery application tell of its tasks and be controlled over Redis."""
        install(app, self.monitoring)


class GatewayContext(
    AccountsInGateways,
    TurnsInGateways,
    PracticeInGateways,
    RoomsInGateways,
    TutoringInGateways,
    FeedbackInGateways,
    NotificationsInGateways,
    Context,
):
    """What the gateway has."""

    @cached_property
    def gateway_id(self) -> str:
        """Return the name of this process."""
        return uuid.uuid4().hex

    @cached_property
    def cursors(self) -> Cursors:
        """Return the signer of cursors."""
        before = self.settings.cursor_key_before
        return Cursors(self.settings.cursor_key.get_secret_value(), before.get_secret_value() if before else None)

    @cached_property
    def ledger(self) -> DynamoLedger:
        """Return the ledger of what was done already."""
        return DynamoLedger(self.table)

    @cached_property
    def uploads(self) -> S3Uploads:
        """Return the signer of the bucket's addresses."""
        return S3Uploads(self.aws.s3, self.settings.chat_bucket_name, self.clock)

    @property
    def readiness(self) -> dict[str, Callable[[], object]]:
        """Return what must answer before this process is ready, each as a cheap question."""
        return {
            "dynamodb": lambda: self.table.get("READY", "READY", consistent=False),
            **self.own_readiness,
            "sqs": lambda: self.jobs.check(),
            "keys": lambda: self.tokens.check(),
        }

    def subscription(self, deliver: Callable[[str, bytes], None], reconnected: Callable[[], None]) -> RedisSubscription:
        """Return this process's one subscription to the event bus, not started."""
        client = connect(self.settings.redis_url, socket_timeout=None)
        return RedisSubscription(client, deliver, reconnected)


def build_worker(settings: Settings | None = None) -> WorkerContext:
    """Return what tasks have; without settings, the environment's are read, with the secrets that it names."""
    return WorkerContext(settings or deployed_settings())


def build_gateway(settings: Settings | None = None) -> GatewayContext:
    """Return what the gateway has; without settings, the environment's are read, with the secrets that it names."""
    return GatewayContext(settings or deployed_settings())
