"""The check of queues that every process makes at its start."""

from collections.abc import Iterable

from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.errors import translated
from shared.adapters.aws.resources.queues import Queues
from shared.kernel.errors import Unavailable
from shared.kernel.queues import Queue
from shared.kernel.settings import Settings


class QueueChecks:
    """Compares queues with the catalogue; nothing is changed."""

    def __init__(self, clients: AwsClients, settings: Settings) -> None:
        """Keep the clients; nothing is called yet."""
        self._clients, self._settings = clients, settings

    @translated()
    def differences(self, queues: Iterable[Queue] = Queue) -> list[str]:
        """Return a sentence for each thing that differs in these queues and their dead-letter queues, and what to do.

        Raises:
            Unavailable: SQS did not answer.
        """
        return Queues(self._clients.sqs, self._settings, queues).differences()

    def notices(self) -> list[str]:
        """Return the same, or one sentence where SQS did not answer; raises nothing."""
        try:
            return self.differences()
        except (Unavailable, ClientError, BotoCoreError) as problem:
            return [f"The queues cannot be compared: {problem.__cause__ or problem}"]
