"""The bounds of the transport, in one place; each names what it protects."""

from dataclasses import dataclass

from web.realtime.sockets.wire import MAX_CONTROL


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process grants its sockets; the defaults suit a gateway of small JSON messages."""

    max_message: int = 1 << 20
    """Bytes of one incoming message, fragments summed, at least 125; above: close 1009."""
    max_fragments: int = 4096
    """Frames of one incoming message; above: close 1008 (empty fragments cost CPU and never reach max_message)."""
    max_queued: int = 1 << 20
    """Bytes that wait for one slow reader; above: close 1013."""
    max_waiting: int = 64
    """Messages of one connection that wait for its Receiver; above, its socket is not read."""
    max_connections: int = 10_000
    """Open sockets of the process; above, handshakes are refused with 503."""
    max_workers: int = 256
    """Receivers that run at one time in the process."""
    flush_seconds: float = 5.0
    """How long a closing connection may take to have its outbox and close frame read."""
    linger_seconds: float = 2.0
    """How long after that its peer's bytes are read and discarded: closing with bytes unread sends RST, which
    can destroy the close frame on its way."""
    slow_seconds: float = 30.0
    """Both, for one that is closed because it reads too slowly: a phone that wakes up again shall learn why. Nothing
    waits for it then but the frame that it has the beginning of, and the close frame."""

    def __post_init__(self) -> None:
        if self.max_message < MAX_CONTROL:
            raise ValueError(f"max_message must be at least {MAX_CONTROL}")
