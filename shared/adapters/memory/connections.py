"""The record of open WebSockets in dictionaries."""

from shared.domains.connections.contract import ClosedConnection
from shared.domains.connections.models import ConnectionRecord, GatewayRecord
from shared.kernel.ports import Clock
from shared.kernel.times import epoch_seconds


class MemoryConnections:
    """The port ConnectionStore for one thread; removals are remembered for ever."""

    def __init__(self, clock: Clock) -> None:
        """Begin with no connection."""
        self._clock = clock
        self.open: dict[str, ConnectionRecord] = {}
        self.removed: set[str] = set()
        self.heard: dict[str, GatewayRecord] = {}

    def record(self, connections: list[ConnectionRecord]) -> None:
        """Write records, but none of a connection that was removed before."""
        for one in connections:
            if one.connection_id not in self.removed:
                self.open[one.connection_id] = one

    def remove(self, connections: list[ClosedConnection]) -> None:
        """Remove records, also ones that are still to come."""
        self.removed.update(one.connection_id for one in connections)
        self.discard(connections)

    def discard(self, connections: list[ClosedConnection]) -> None:
        """Remove records that may come again."""
        for one in connections:
            self.open.pop(one.connection_id, None)

    def alive(self, gateway: GatewayRecord) -> None:
        """Note a gateway's life sign; an older one changes nothing."""
        known = self.heard.get(gateway.gateway_id)
        if known is None or known.heard_at < gateway.heard_at:
            self.heard[gateway.gateway_id] = gateway

    def gateways(self) -> list[GatewayRecord]:
        """Return the gateways noted, the longest silent first."""
        return sorted(self.heard.values(), key=lambda one: one.heard_at)

    def of_gateway(self, gateway_id: str) -> list[ConnectionRecord]:
        """Return the connections noted for a gateway."""
        return [one for one in self.open.values() if one.gateway_id == gateway_id]

    def forget_gateway(self, gateway_id: str) -> None:
        """Remove a gateway that holds no connection any more."""
        self.heard.pop(gateway_id, None)

    def of_user(self, user_id: str) -> list[ConnectionRecord]:
        """Return a user's open connections, the latest connected first."""
        now = epoch_seconds(self._clock.now())
        found = [one for one in self.open.values() if one.user_id == user_id and one.ttl > now]
        return sorted(found, key=lambda one: one.connected_at, reverse=True)
