"""What the record of connections needs from outside."""

from typing import Protocol

from shared.domains.connections.contract import ClosedConnection
from shared.domains.connections.models import ConnectionRecord, GatewayRecord


class ConnectionStore(Protocol):
    """Records of open WebSockets."""

    def record(self, connections: list[ConnectionRecord]) -> None:
        """Write records, but none of a connection that was removed before; again changes nothing."""

    def remove(self, connections: list[ClosedConnection]) -> None:
        """Remove records, also ones that are still to come; again changes nothing."""

    def discard(self, connections: list[ClosedConnection]) -> None:
        """Remove records, but let those of a gateway that was only thought dead come again."""

    def alive(self, gateway: GatewayRecord) -> None:
        """Note a gateway's life sign; an older one than the stored changes nothing."""

    def gateways(self) -> list[GatewayRecord]:
        """Return the gateways noted, the longest silent first."""

    def of_gateway(self, gateway_id: str) -> list[ConnectionRecord]:
        """Return the connections noted for a gateway."""

    def forget_gateway(self, gateway_id: str) -> None:
        """Remove a gateway that holds no connection any more."""

    def of_user(self, user_id: str) -> list[ConnectionRecord]:
        """Return a user's open connections, the latest connected first; expired records are left out."""
