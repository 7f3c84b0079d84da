"""The jobs that keep the record of open WebSockets."""

from typing import ClassVar

from pydantic import Field

from shared.domains.connections.models import ConnectionRecord, GatewayRecord
from shared.kernel.contract import Contract, Job
from shared.kernel.queues import Queue


class ClosedConnection(Contract):
    """A connection that is gone."""

    connection_id: str
    gateway_id: str


class RecordConnections(Job):
    """Note connections as open, or as still alive; noting them again changes nothing."""

    name: ClassVar[str] = "connections.record_connections"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True

    connections: list[ConnectionRecord] = Field(min_length=1)


class RemoveConnections(Job):
    """Note connections as gone; a removal that overtakes its record wins."""

    name: ClassVar[str] = "connections.remove_connections"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True

    connections: list[ClosedConnection] = Field(min_length=1)


class SweepConnections(Job):
    """Remove the records of dead gateways and of connections long silent; beat asks for it."""

    name: ClassVar[str] = "connections.sweep_connections"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True


class GatewayAlive(Job):
    """Note that a gateway process is alive, and what it holds."""

    name: ClassVar[str] = "connections.gateway_alive"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True

    gateway: GatewayRecord
