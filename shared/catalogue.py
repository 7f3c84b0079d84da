"""The table of contents of the wire: every command, event and job, and what beat asks for."""

from dataclasses import dataclass

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
from shared.domains.jobs.contract import JobChanged
from shared.domains.messages.contract import (
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
from shared.domains.operations.contract import (
    ReplayDeadLetters,
    ReplayDueLetters,
    RouteDeadLetter,
    SweepRedriveQueues,
)
from shared.domains.rooms.contract import ClearMemberships, RoomClosed
from shared.kernel.contract import Command, Contract, Event, Job

ROOM_COMMANDS: tuple[type[Command], ...] = (Ping, PostMessage, ResumeRoom, ShowPresence, ShowTyping)
USER_COMMANDS: tuple[type[Command], ...] = (Ping,)
ANSWERS: tuple[type[Contract], ...] = (Connected, MessageAck, Pong, PresenceList, Refused, Resumed, Resync)
EVENTS: tuple[type[Event], ...] = (
    Closing,
    JobChanged,
    MessageItem,
    PresenceChanged,
    RoomClosed,
    RoomResynced,
    TypingShown,
)
JOBS: tuple[type[Job], ...] = (
    ClearMemberships,
    GatewayAlive,
    RecordConnections,
    RemoveConnections,
    ReplayDeadLetters,
    ReplayDueLetters,
    RouteDeadLetter,
    StoreMessages,
    SweepConnections,
    SweepSilentConnections,
    SweepRedriveQueues,
    SweepUnqueued,
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
    Scheduled(SweepRedriveQueues(), every_seconds=30.0),
    Scheduled(ReplayDueLetters(), every_seconds=30.0),
)

_BY_NAME = {job.name: job for job in JOBS}


def job_type_of(task: str | None) -> type[Job] | None:
    """Return the job with that wire name; None where there is none."""
    return _BY_NAME.get(task or "")
