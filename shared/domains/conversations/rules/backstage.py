"""The ports that the work behind conversations rests on."""

from dataclasses import dataclass

from shared.domains.conversations.ports import ConversationStore
from shared.kernel.partner import ConversationPartner
from shared.kernel.ports import Clock, JobTracker, Narrator, Purse


@dataclass(frozen=True, slots=True)
class Backstage:
    """The ports that the work behind conversations rests on."""

    store: ConversationStore
    partner: ConversationPartner
    purse: Purse
    narrator: Narrator
    tracker: JobTracker
    clock: Clock
