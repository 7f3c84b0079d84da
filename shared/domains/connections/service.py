"""The rules of the record of connections: recorded, removed, swept."""

from datetime import timedelta

from shared.domains.connections.contract import (
    ClosedConnection,
    ConnectionCounts,
    GatewayAlive,
    GatewayConnections,
    RecordConnections,
    RemoveConnections,
    SweepConnections,
    SweepSilentConnections,
)
from shared.domains.connections.models import ConnectionRecord
from shared.domains.connections.ports import ConnectionStore
from shared.domains.messages.contract import PresenceChanged
from shared.kernel.ports import Clock, ClosingChannels, EventBus, Leaving
from shared.kernel.times import timestamp
from shared.kernel.topics import room_topic

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
    presence: Leaving,
    channels: ClosingChannels,
    events: EventBus,
    clock: Clock,
) -> int:
    """Remove what dead gateways held, and return how many connections that were; again changes nothing.

    The people who were connected there leave their rooms, which the others are told, and their channels.
    """
    dead_before = timestamp(clock.now() - timedelta(seconds=GATEWAY_SILENCE_SECONDS))
    removed = 0
    for gateway in connections.gateways():
        if gateway.heard_at >= dead_before:
            break
        gone = connections.of_gateway(gateway.gateway_id)
        _discard(gone, connections=connections, presence=presence, channels=channels, events=events)
        connections.forget_gateway(gateway.gateway_id)
        removed += len(gone)
    return removed


def sweep_silent_connections(
    _job: SweepSilentConnections,
    *,
    connections: ConnectionStore,
    presence: Leaving,
    channels: ClosingChannels,
    events: EventBus,
    clock: Clock,
    stale_after_seconds: int,
) -> int:
    """Remove connections that were silent too long, and return how many; again changes nothing."""
    stale_before = timestamp(clock.now() - timedelta(seconds=stale_after_seconds))
    removed = 0
    for gateway in connections.gateways():
        held = connections.of_gateway(gateway.gateway_id)
        gone = [one for one in held if one.last_activity < stale_before]
        _discard(gone, connections=connections, presence=presence, channels=channels, events=events)
        removed += len(gone)
    return removed


def count_connections(*, connections: ConnectionStore, clock: Clock) -> ConnectionCounts:
    """Count the open connections by kind and gateway, as each gateway that lives has last told."""
    dead_before = timestamp(clock.now() - timedelta(seconds=GATEWAY_SILENCE_SECONDS))
    living = [
        GatewayConnections(
            gateway_id=one.gateway_id,
            heard_at=one.heard_at,
            room=one.room_connections,
            user=one.user_connections,
        )
        for one in connections.gateways()
        if one.heard_at >= dead_before
    ]
    room, user = sum(one.room for one in living), sum(one.user for one in living)
    return ConnectionCounts(room=room, user=user, total=room + user, gateways=living)


def _discard(
    gone: list[ConnectionRecord],
    *,
    connections: ConnectionStore,
    presence: Leaving,
    channels: ClosingChannels,
    events: EventBus,
) -> None:
    # The records go last: a sweep that failed half-way finds them again.
    for one in gone:
        if one.room_id is None:
            channels.close(one.user_id, one.connection_id)
            continue
        present = presence.leave(one.room_id, one.user_id, one.connection_id)
        if present is not None:
            events.publish(room_topic(one.room_id), PresenceChanged(members=present))
    if gone:
        connections.discard(
            [ClosedConnection(connection_id=one.connection_id, gateway_id=one.gateway_id) for one in gone]
        )
