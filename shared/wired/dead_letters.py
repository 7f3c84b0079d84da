"""Which adapter serves which port of dead letters."""

from functools import cached_property

from shared.adapters.aws.payloads import S3Payloads
from shared.adapters.aws.redrive_queues import SqsRedriveQueues
from shared.adapters.dynamodb.dead_letters import DynamoLetters
from shared.catalogue import job_type_of
from shared.domains.dead_letters.rules.replaying import Desk
from shared.kernel.payloads import LETTERS_PREFIX
from shared.wired.base import Base


class DeadLettersParts(Base):
    """What every process has of dead letters."""

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


class DeadLettersInWorkers(DeadLettersParts):
    """What tasks have of dead letters."""

    @cached_property
    def redrive_queues(self) -> SqsRedriveQueues:
        """Return the queues' own dead-letter queues."""
        return SqsRedriveQueues(self.aws.sqs, self.settings)
