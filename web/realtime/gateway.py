"""What the WebSocket side of one gateway process needs: the ports, the hub and the batchers."""

from dataclasses import dataclass
from typing import Any

from shared.domains.accounts.ports import Revocations
from shared.domains.connections.contract import ClosedConnection
from shared.domains.connections.models import ConnectionRecord
from shared.domains.feedback.ports import FeedbackReader, LiveChannels
from shared.domains.messages.models import Message
from shared.domains.messages.ports import LiveLog, MessageReader, Presence
from shared.domains.turns.rules.request import Asking
from shared.kernel.ports import Clock, EventBus, Ids, JobQueue
from shared.kernel.settings import Settings
from shared.kernel.uploads import UploadSigner
from web.realtime.batcher import MicroBatcher
from web.realtime.hub import Hub
from web.realtime.ports import UserChannels
from web.realtime.watches import Watches


@dataclass(frozen=True)
class Gateway:
    """The parts of one gateway process; `gateway_id` names it in records."""

    gateway_id: str
    settings: Settings
    clock: Clock
    ids: Ids
    events: EventBus
    jobs: JobQueue
    feedback: FeedbackReader
    live: LiveChannels
    log: LiveLog
    messages: MessageReader
    presence: Presence
    channels: UserChannels
    revocations: Revocations
    uploads: UploadSigner
    hub: Hub
    outbox: MicroBatcher[Message]
    records: MicroBatcher[ConnectionRecord]
    removals: MicroBatcher[ClosedConnection]
    sessions: set[Any]
    asking: Asking
    watches: Watches
