"""The table of contents of the wire: every command, event and job, and what beat asks for."""

from dataclasses import dataclass

from shared.domains.budgets.contract import BudgetChanged
from shared.domains.connections.contract import (
    Closing,
    Connected,
    GatewayAlive,
    RecordConnections,
    Refused,
    RemoveConnections,
    SweepConnections,
    SweepSilentConnections,
)
from shared.domains.conversations.contract import (
    AnswerRoom,
    OpenConversation,
    ReportConversation,
    SummarizeConversation,
)
from shared.domains.feedback.contract import FeedbackPushed, FeedbackRead, StoreFeedback
from shared.domains.jobs.contract import JobChanged
from shared.domains.messages.contract import (
    KeepVoiceKey,
    MessageAck,
    MessageItem,
    Ping,
    Pong,
    PostMessage,
    PresenceChanged,
    PresenceList,
    Resumed,
    ResumeRoom,
    Resync,
    RoomResynced,
    ShowPresence,
    ShowTyping,
    StoreMessages,
    SweepUnqueued,
    TypingShown,
)
from shared.domains.notifications.contract import NotificationPushed, PageUser
from shared.domains.operations.contract import (
    ReplayDeadLetters,
    ReplayDueLetters,
    RouteDeadLetter,
    SweepRedriveQueues,
)
from shared.domains.rooms.contract import ClearMemberships, RoomClosed
from shared.domains.turns.contract import (
    AnswerTurn,
    AskPartner,
    AudioReady,
    MessageDelta,
    MessageResponse,
    StopPartner,
)
from shared.domains.tutoring.contract import StoreStudentStatus, StudentStatusUpdated
from shared.domains.voice.contract import SynthesizeSpeech
from shared.kernel.contract import Command, Contract, Event, Job

ROOM_COMMANDS: tuple[type[Command], ...] = (Ping, PostMessage, ResumeRoom, ShowPresence, ShowTyping)
USER_COMMANDS: tuple[type[Command], ...] = (AskPartner, Ping, StopPartner)
ANSWERS: tuple[type[Contract], ...] = (
    Connected,
    MessageAck,
    MessageDelta,
    MessageResponse,
    Pong,
    PresenceList,
    Refused,
    Resumed,
    Resync,
)
EVENTS: tuple[type[Event], ...] = (
    AudioReady,
    BudgetChanged,
    Closing,
    FeedbackPushed,
    FeedbackRead,
    JobChanged,
    MessageItem,
    NotificationPushed,
    PresenceChanged,
    RoomClosed,
    RoomResynced,
    StudentStatusUpdated,
    TypingShown,
)
JOBS: tuple[type[Job], ...] = (
    AnswerRoom,
    AnswerTurn,
    ClearMemberships,
    GatewayAlive,
    KeepVoiceKey,
    OpenConversation,
    PageUser,
    RecordConnections,
    RemoveConnections,
    ReplayDeadLetters,
    ReplayDueLetters,
    ReportConversation,
    RouteDeadLetter,
    StoreFeedback,
    StoreMessages,
    StoreStudentStatus,
    SummarizeConversation,
    SweepConnections,
    SweepSilentConnections,
    SweepRedriveQueues,
    SweepUnqueued,
    SynthesizeSpeech,
)


@dataclass(frozen=True)
class Scheduled:
    """A job that beat enqueues again and again; running it twice at once must be harmless."""

    job: Job
    every_seconds: float


SCHEDULE: tuple[Scheduled, ...] = (
    Scheduled(SweepUnqueued(), every_seconds=5.0),
    Scheduled(SweepConnections(), every_seconds=30.0),
    Scheduled(SweepSilentConnections(), every_seconds=600.0),
    Scheduled(SweepRedriveQueues(), every_seconds=15.0),
    Scheduled(ReplayDueLetters(), every_seconds=30.0),
)

_BY_NAME = {job.name: job for job in JOBS}


def job_type_of(task: str | None) -> type[Job] | None:
    """Return the job with that wire name; None where there is none."""
    return _BY_NAME.get(task or "")
