"""The rules of the record of connections: recorded, removed, swept."""

from datetime import timedelta

from shared.domains.connections.contract import (
    ClosedConnection,
    GatewayAlive,
    RecordConnections,
    RemoveConnections,
    SweepConnections,
)
from shared.domains.connections.models import ConnectionRecord
from shared.domains.connections.ports import ChannelCleaner, ConnectionStore, PresenceCleaner
from shared.kernel.ports import Clock
from shared.kernel.times import timestamp

GATEWAY_SILENCE_SECONDS = 90


def record_connections(job: RecordConnections, *, connections: ConnectionStore) -> None:
    """Note connections as open; again changes nothing, and a removal that came first wins."""
    connections.record(job.connections)


def remove_connections(job: RemoveConnections, *, connections: ConnectionStore) -> None:
    """Note connections as gone; again changes nothing."""
    connections.remove(job.connections)


def gateway_alive(job: GatewayAlive, *, connections: ConnectionStore) -> None:
    """Note a gateway's life sign."""
    connections.alive(job.gateway)


def sweep_connections(
    _job: SweepConnections,
    *,
    connections: ConnectionStore,
    presence: PresenceCleaner,
    channels: ChannelCleaner,
    clock: Clock,
    stale_after_seconds: int,
) -> int:
    """Remove what dead gateways held and what was silent too long, and return how many; again changes nothing.

    Whoever was connected there is no more present in their room, and their channel no more counted.
    """
    now = clock.now()
    dead_before = timestamp(now - timedelta(seconds=GATEWAY_SILENCE_SECONDS))
    stale_before = timestamp(now - timedelta(seconds=stale_after_seconds))
    removed = 0
    for gateway in connections.gateways():
        is_dead = gateway.heard_at < dead_before
        held = connections.of_gateway(gateway.gateway_id)
        gone = [one for one in held if is_dead or one.last_activity < stale_before]
        _discard(gone, connections=connections, presence=presence, channels=channels)
        removed += len(gone)
        if is_dead:
            connections.forget_gateway(gateway.gateway_id)
    return removed


def _discard(
    gone: list[ConnectionRecord],
    *,
    connections: ConnectionStore,
    presence: PresenceCleaner,
    channels: ChannelCleaner,
) -> None:
    # The records go last: a sweep that failed half-way finds them again.
    for one in gone:
        if one.room_id is not None:
            presence.leave(one.room_id, one.user_id, one.connection_id)
        else:
            channels.close(one.user_id, one.connection_id)
    if gone:
        connections.discard(
            [ClosedConnection(connection_id=one.connection_id, gateway_id=one.gateway_id) for one in gone]
        )
