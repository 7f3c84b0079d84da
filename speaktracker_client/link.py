"""One WebSocket from its opening to its end; it never comes back, `channel.py` opens the next."""

from __future__ import annotations

import json
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus
from websockets.typing import Subprotocol

from speaktracker_client.errors import SpeakTrackerError, Unreachable, refusal

OPEN_SECONDS = 10.0
PING_SECONDS = 20.0
CLOSE_SECONDS = 2.0
CUT = 1006


class Cut(SpeakTrackerError):
    """The WebSocket is closed; 1006 where nobody said why."""

    def __init__(self, code: int, reason: str) -> None:
        """Keep the close frame's words."""
        super().__init__(f"{code} {reason}".rstrip())
        self.code = code
        self.reason = reason


class Link:
    """Sends and receives JSON objects; a peer that is silent for 40 s counts as gone."""

    def __init__(self, connection: ClientConnection) -> None:
        """Use an open connection."""
        self._connection = connection

    @classmethod
    async def open(cls, address: str, *, is_near: bool, bearer: str | None = None) -> Link:
        """Open a WebSocket; one that is near is never reached by a proxy.

        Raises:
            Refused: the platform said no to the handshake.
            Unreachable: it did not answer.
        """
        try:
            connection = await connect(
                address,
                subprotocols=[Subprotocol("bearer"), Subprotocol(bearer)] if bearer else None,
                compression=None,
                proxy=None if is_near else True,
                open_timeout=OPEN_SECONDS,
                ping_interval=PING_SECONDS,
                ping_timeout=PING_SECONDS,
                close_timeout=CLOSE_SECONDS,
            )
        except InvalidStatus as refused:
            raise _refusal(refused) from refused
        except (OSError, EOFError, TimeoutError, InvalidHandshake, InvalidMessage) as problem:
            raise Unreachable(str(problem) or type(problem).__name__) from problem
        return cls(connection)

    async def send(self, frame: str) -> None:
        """Send a frame; returns when the system has taken it.

        Raises:
            Cut: the WebSocket is closed.
        """
        try:
            await self._connection.send(frame)
        except ConnectionClosed as closed:
            raise _cut(closed) from closed

    async def receive(self) -> dict[str, Any]:
        """Return the next frame's object.

        Raises:
            Cut: the WebSocket is closed, and everything before that was returned.
        """
        try:
            fields = json.loads(await self._connection.recv())
        except ConnectionClosed as closed:
            raise _cut(closed) from closed
        return fields if isinstance(fields, dict) else {}

    def abort(self) -> None:
        """Drop the TCP connection at once, without a close frame."""
        self._connection.transport.abort()

    async def close(self) -> None:
        """Close with a handshake; after two seconds without one, drop the connection."""
        await self._connection.close()


def _cut(closed: ConnectionClosed) -> Cut:
    return Cut(closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else Cut(CUT, "")


def _refusal(refused: InvalidStatus) -> SpeakTrackerError:
    """Read the platform's answer; what something between us and the platform says only means that it is away."""
    try:
        fields = json.loads(refused.response.body or b"")
    except ValueError:
        fields = None
    if isinstance(fields, dict) and "error" in fields:
        return refusal(fields)
    return Unreachable(f"HTTP {refused.response.status_code} that is not of the platform")
