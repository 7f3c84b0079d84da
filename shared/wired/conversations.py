"""Which adapter serves which port of conversations."""

from functools import cached_property

from shared.adapters.aws.bedrock import FORM_SECONDS, READ_SECONDS, BedrockPartner
from shared.adapters.dynamodb.conversations import DynamoConversations
from shared.adapters.metrics.spending import MeasuredPartner
from shared.adapters.redis_slots import RedisSlots
from shared.domains.conversations.rules.backstage import Backstage
from shared.wired.base import Base
from shared.wired.budgets import BudgetsParts
from shared.wired.voice import VoiceInWorkers


class ConversationsParts(Base):
    """What every process has of conversations."""

    @cached_property
    def conversations(self) -> DynamoConversations:
        """Return conversations and their turns."""
        return DynamoConversations(self.table)


class ConversationsInWorkers(BudgetsParts, VoiceInWorkers, ConversationsParts):
    """What tasks have of conversations."""

    @cached_property
    def partner(self) -> MeasuredPartner:
        """Return the model, in so many calls at once over all workers."""
        settings = self.settings
        partner = BedrockPartner(
            self.aws.client("bedrock-runtime", read_seconds=READ_SECONDS),
            RedisSlots(self.redis, "ai", settings.ai_calls_at_once),
            model_id=settings.bedrock_model_id,
            guardrail=settings.bedrock_guardrail,
            form_client=self.aws.client("bedrock-runtime", read_seconds=FORM_SECONDS),
        )
        return MeasuredPartner(partner, self.metrics, self.prices)

    @cached_property
    def backstage(self) -> Backstage:
        """Return what openings, reports, summaries and the partner in rooms rest on."""
        return Backstage(
            store=self.conversations,
            partner=self.partner,
            purse=self.purse,
            narrator=self.narrator,
            tracker=self.job_tracker,
            clock=self.clock,
        )
