"""What the product sees of a WebSocket.

The product writes a Receiver for each connection and is handed a Connection; a view decorated with
Sockets.route returns the Receiver. Nothing here knows of frames on the wire but Frame, which holds its bytes
so that a broadcast is encoded once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol, Self, runtime_checkable

from flask.typing import ResponseReturnValue

from web.realtime.sockets.wire import encode_text


class Frame(NamedTuple):
    """One outgoing text message with its encoded WebSocket frame, built once and sent to any number of connections.

    Made by `Frame.text`; connections keep references to `encoded` while slow readers take it.
    """

    payload: bytes
    encoded: bytes

    @classmethod
    def text(cls, payload: bytes) -> Self:
        """Build the frame of a text message; `payload` must be valid UTF-8, which is not checked again."""
        return cls(payload, encode_text(payload))


class Closable(Protocol):
    """What has one end."""

    def close(self, code: int, reason: str = "") -> None:
        """Begin to close: flush what is queued, then send the close frame, all within a bounded time.

        The first call decides code and reason; later ones do nothing. The reason is cut to 123 bytes. Raises
        ValueError for a code that may not be on the wire.
        """


class Connection(Closable, Protocol):
    """One open socket; its methods are called from the gevent hub's thread only, and never block."""

    @property
    def closed(self) -> bool:
        """True from the moment that closing began, by either side: nothing sent from then on is delivered."""

    @property
    def queued(self) -> int:
        """Bytes that wait for the peer to read, beyond what the kernel holds."""

    @property
    def heard_at(self) -> float:
        """When the peer was last heard (any bytes, a pong included), in seconds of time.monotonic()."""

    def send(self, frame: Frame) -> None:
        """Send the frame after all frames sent before, or queue what the peer does not take yet.

        On a closed connection it does nothing. If the outbox would exceed its bound, the connection is closed
        with 1013: the frame that is begun is finished, the others are dropped.
        """


@runtime_checkable
class Receiver(Protocol):
    """The product's side of one connection.

    The calls of one connection come in order and never two at a time, each in a greenlet that may block without
    delaying other connections, within the application's context (`current_app` works; `request` and `g` of the
    view are gone). An exception in `opened` or `received` is logged and closes this connection with 1011.
    """

    def opened(self, connection: Connection) -> None:
        """Take the connection, once, after the handshake and before any `received`.

        If the client left during the handshake, neither this nor `closed` is called.
        """

    def received(self, message: bytes, is_text: bool) -> None:
        """Take one whole message; text is valid UTF-8.

        While too many wait for this call, nothing is read from the socket, so that TCP slows the sender.
        What came whole before the connection closed is still delivered, except after an exception (1011).
        """

    def closed(self, code: int) -> None:
        """Learn, exactly once and after everything else (also if `opened` failed), that the connection ended.

        `code` is the one given to Connection.close, the peer's, 1005 (the peer gave none), 1006 (lost without a
        close frame), or the transport's: 1001 silent, 1002, 1007, 1008, 1009 violations, 1011 exception,
        1012 drained, 1013 slow reader. The socket itself may still be flushing.
        """


class Later(Protocol):
    """The way back to a message that a HubReceiver took SOON."""

    def go_on(self, again: bytes | None = None) -> None:
        """Go on with the messages behind it, once; `again` is that message, to be given to `received` first."""


class Taken(Enum):
    """What became of a message that was offered on the hub."""

    NO = "no"
    """It is left for `received`."""
    NOW = "now"
    """It is done."""
    SOON = "soon"
    """It is under way: nothing else of its connection is handed out before `Later.go_on`."""


@runtime_checkable
class HubReceiver(Receiver, Protocol):
    """A Receiver that also takes text messages on the hub itself, where no greenlet is needed.

    A message is never offered so while earlier ones wait, nor before `opened` returned, so order holds.
    """

    def received_in_hub(self, message: bytes, later: Later) -> Taken:
        """Take the text message, now or soon, or leave it for `received`.

        It must not block (no lock, no I/O but Connection.send): the hub, hence every connection, would freeze.
        There is no application context. After SOON it must call `later.go_on` once, whatever happens.
        """


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a view may return instead of a bare Receiver, to choose a subprotocol that the client offered."""

    receiver: Receiver
    subprotocol: str | None = None


View = Callable[..., Receiver | Accepted | ResponseReturnValue]
