"""Tasks of the record of connections."""

from shared.domains.connections import service
from shared.domains.connections.contract import (
    GatewayAlive,
    RecordConnections,
    RemoveConnections,
    SweepConnections,
    SweepSilentConnections,
)
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(RecordConnections)
def record_connections(job: RecordConnections, context: WorkerContext) -> None:
    """Note connections as open."""
    service.record_connections(job, connections=context.connections)


@handles(RemoveConnections)
def remove_connections(job: RemoveConnections, context: WorkerContext) -> None:
    """Note connections as gone."""
    service.remove_connections(job, connections=context.connections)


@handles(GatewayAlive)
def gateway_alive(job: GatewayAlive, context: WorkerContext) -> None:
    """Note a gateway's life sign."""
    service.gateway_alive(job, connections=context.connections)


@handles(SweepConnections)
def sweep_connections(job: SweepConnections, context: WorkerContext) -> None:
    """Remove the records of what dead gateways held."""
    service.sweep_connections(
        job,
        connections=context.connections,
        presence=context.presence,
        channels=context.channels,
        events=context.events,
        clock=context.clock,
    )


@handles(SweepSilentConnections)
def sweep_silent_connections(job: SweepSilentConnections, context: WorkerContext) -> None:
    """Remove the records of connections long silent."""
    service.sweep_silent_connections(
        job,
        connections=context.connections,
        presence=context.presence,
        channels=context.channels,
        events=context.events,
        clock=context.clock,
        stale_after_seconds=context.settings.stale_connection_seconds,
    )
