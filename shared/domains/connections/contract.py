"""The jobs that keep the record of open WebSockets."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from shared.domains.connections.models import ConnectionRecord, GatewayRecord
from shared.kernel.contract import Contract, Event, Job
from shared.kernel.queues import Queue, WhenDead


class ClosedConnection(Contract):
    """A connection that is gone."""

    connection_id: str
    gateway_id: str


class Connected(Contract):
    """The first frame: which connection this is, and where its room's sequence stands."""

    action: Literal["connected"] = "connected"
    connection_id: str
    room_id: str | None = None
    last_seq: int | None = None
    epoch: str | None = None


class Refused(Contract):
    """Whatever is wrong with a frame; the connection stays open. `retry_after` in seconds."""

    action: Literal["error"] = "error"
    request_id: str | None = None
    error: str
    message: str
    details: list[dict[str, Any]] | None = None
    retry_after: int | None = None


class Closing(Event):
    """The gateway stops; it closes the connection with 1012 next."""

    type: Literal["closing"] = "closing"
    reason: str


class RecordConnections(Job):
    """Note connections as open, or as still alive; noting them again changes nothing."""

    name: ClassVar[str] = "connections.record_connections"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY

    connections: list[ConnectionRecord] = Field(min_length=1)


class RemoveConnections(Job):
    """Note connections as gone; a removal that overtakes its record wins."""

    name: ClassVar[str] = "connections.remove_connections"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.REPLAY

    connections: list[ClosedConnection] = Field(min_length=1)


class SweepConnections(Job):
    """Remove the records of what dead gateways held; beat asks for it."""

    name: ClassVar[str] = "connections.sweep_connections"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.DISCARD


class SweepSilentConnections(Job):
    """Remove the records of connections long silent; beat asks for it, seldom, since it reads every record."""

    name: ClassVar[str] = "connections.sweep_silent_connections"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True


class GatewayAlive(Job):
    """Note that a gateway process is alive, and what it holds."""

    name: ClassVar[str] = "connections.gateway_alive"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True
    when_dead: ClassVar[WhenDead] = WhenDead.DISCARD

    gateway: GatewayRecord


class GatewayConnections(Contract):
    """How many connections of each kind one gateway process holds, by its last life sign."""

    gateway_id: str
    heard_at: str
    room: int
    user: int


class ConnectionCounts(Contract):
    """How many connections are open, over all gateways that live and by gateway."""

    room: int
    user: int
    total: int
    gateways: list[GatewayConnections]
