"""The table of contents of the wire: every command, event and job, and what beat asks for."""

from dataclasses import dataclass

from shared.domains.accounts.contract import EraseAccount, ExportAccount, SweepErasures, TellOfRecordings, TellOwner
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
from shared.domains.dead_letters.contract import (
    ParkMessage,
    ReplayDeadLetters,
    ReplayDueLetters,
    RouteDeadLetter,
    SweepRedriveQueues,
    SweepVanishedJobs,
)
from shared.domains.feedback.contract import FeedbackPushed, FeedbackRead, StoreFeedback
from shared.domains.graphs.contract import BuildGraph, GraphReady, SearchGraph, StoreGraph
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
from shared.domains.notebook.contract import NoteMistake
from shared.domains.notifications.contract import NotificationPushed, PageUser
from shared.domains.practice.contract import (
    CountSession,
    DeleteRecordings,
    EndSessions,
    KeepSentenceAudio,
    ScoreRecording,
    StudentResult,
    SweepSessions,
    WriteSentences,
)
from shared.domains.rooms.contract import ClearMemberships, RoomClosed
from shared.domains.statistics.contract import RecordEvent
from shared.domains.turns.contract import (
    AnswerTurn,
    AskPartner,
    EndSpeech,
    FollowSpeech,
    MessageDelta,
    MessageResponse,
    SendSpeech,
    SpeechAck,
    StartSpeech,
    StopPartner,
    TranscribeRecording,
)
from shared.domains.tutoring.contract import StoreStudentStatus, StudentStatusUpdated
from shared.domains.voice.contract import AudioReady, SynthesizeLongSpeech, SynthesizeSpeech
from shared.kernel.contract import Command, Contract, Event, Job

ROOM_COMMANDS: tuple[type[Command], ...] = (Ping, PostMessage, ResumeRoom, ShowPresence, ShowTyping)
USER_COMMANDS: tuple[type[Command], ...] = (AskPartner, EndSpeech, Ping, SendSpeech, StartSpeech, StopPartner)
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
    SpeechAck,
)
EVENTS: tuple[type[Event], ...] = (
    AudioReady,
    BudgetChanged,
    Closing,
    FeedbackPushed,
    FeedbackRead,
    GraphReady,
    JobChanged,
    MessageItem,
    NotificationPushed,
    PresenceChanged,
    RoomClosed,
    RoomResynced,
    StudentResult,
    StudentStatusUpdated,
    TypingShown,
)
JOBS: tuple[type[Job], ...] = (
    AnswerRoom,
    AnswerTurn,
    BuildGraph,
    ClearMemberships,
    EraseAccount,
    ExportAccount,
    CountSession,
    DeleteRecordings,
    EndSessions,
    FollowSpeech,
    GatewayAlive,
    KeepSentenceAudio,
    KeepVoiceKey,
    NoteMistake,
    OpenConversation,
    PageUser,
    ParkMessage,
    RecordEvent,
    RecordConnections,
    RemoveConnections,
    ReplayDeadLetters,
    ReplayDueLetters,
    ReportConversation,
    RouteDeadLetter,
    ScoreRecording,
    SearchGraph,
    StoreFeedback,
    StoreGraph,
    StoreMessages,
    StoreStudentStatus,
    SummarizeConversation,
    SweepConnections,
    SweepErasures,
    SweepSilentConnections,
    SweepRedriveQueues,
    SweepSessions,
    SweepUnqueued,
    SweepVanishedJobs,
    SynthesizeLongSpeech,
    SynthesizeSpeech,
    TellOfRecordings,
    TellOwner,
    TranscribeRecording,
    WriteSentences,
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
    Scheduled(SweepVanishedJobs(), every_seconds=60.0),
    Scheduled(SweepSessions(), every_seconds=300.0),
    Scheduled(SweepErasures(), every_seconds=3600.0),
)

FORMER_NAMES = {
    "operations.replay_dead_letters": "dead_letters.replay_dead_letters",
    "operations.replay_due_letters": "dead_letters.replay_due_letters",
    "operations.route_dead_letter": "dead_letters.route_dead_letter",
    "operations.sweep_redrive_queues": "dead_letters.sweep_redrive_queues",
}
"""Wire names of earlier releases, with today's: a queue keeps a job for 14 days, a dead letter keeps it for longer."""

_BY_NAME = {job.name: job for job in JOBS}


def job_type_of(task: str | None) -> type[Job] | None:
    """Return the job with that wire name, or that once had it; None where there is none."""
    name = task or ""
    return _BY_NAME.get(FORMER_NAMES.get(name, name))


def names_of(job: type[Job]) -> tuple[str, ...]:
    """Return the wire names under which a job may lie on a queue, today's first."""
    return (job.name, *(former for former, name in FORMER_NAMES.items() if name == job.name))
