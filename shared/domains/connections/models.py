"""What is stored of open WebSockets."""

from enum import StrEnum

from shared.kernel.contract import Contract


class ConnectionKind(StrEnum):
    """A connection in a room, or a user's own channel."""

    ROOM = "room"
    USER = "user"


class ConnectionRecord(Contract):
    """One open WebSocket; `ttl` in epoch seconds is when the record goes by itself."""

    connection_id: str
    kind: ConnectionKind
    user_id: str
    room_id: str | None = None
    session_id: str
    gateway_id: str
    connected_at: str
    last_activity: str
    status: str = "OPEN"
    ttl: int


class GatewayRecord(Contract):
    """One gateway process that is alive, with how many connections of each kind it holds."""

    gateway_id: str
    heard_at: str
    room_connections: int
    user_connections: int
