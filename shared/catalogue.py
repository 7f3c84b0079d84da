"""The table of contents of the wire: every command, event and job, and what beat asks for."""

from dataclasses import dataclass

from shared.domains.connections.contract import (
    GatewayAlive,
    RecordConnections,
    RemoveConnections,
    SweepConnections,
)
from shared.domains.messages.contract import (
    Ping,
    PostMessage,
    PresenceChanged,
    ResumeRoom,
    RoomResynced,
    ShowPresence,
    ShowTyping,
    StoreMessages,
    SweepUnqueued,
    TypingShown,
)
from shared.domains.rooms.contract import ClearMemberships, RoomClosed
from shared.kernel.contract import Command, Event, Job

ROOM_COMMANDS: tuple[type[Command], ...] = (Ping, PostMessage, ResumeRoom, ShowPresence, ShowTyping)
USER_COMMANDS: tuple[type[Command], ...] = (Ping,)
EVENTS: tuple[type[Event], ...] = (PresenceChanged, RoomClosed, RoomResynced, TypingShown)
JOBS: tuple[type[Job], ...] = (
    ClearMemberships,
    GatewayAlive,
    RecordConnections,
    RemoveConnections,
    StoreMessages,
    SweepConnections,
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
)
