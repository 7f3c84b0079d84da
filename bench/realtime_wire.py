"""What the load client says to each kind of server, and how it is recognised what comes back.

Nothing else differs between servers. A message's text carries `~T<19 digits>~`, the clock when it was sent, and its
request id `~R<digits>~`; whatever envelope a server puts around them, a frame with the first is a delivery, one with
the second an acknowledgement. Pushes have room for neither: who says it, and what, tells when it was sent.
"""

from __future__ import annotations

import json
import struct
from typing import Protocol

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
FILL = "The quick brown fox jumps over the lazy dog while we practise English. "
_KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def masked(opcode: int, payload: bytes) -> bytes:
    """Return a client's frame, masked with zeros: valid, and no work for the client."""
    length = len(payload)
    if length < 126:
        return bytes((0x80 | opcode, 0x80 | length)) + bytes(4) + payload
    if length < 65536:
        return struct.pack("!BBH4x", 0x80 | opcode, 0x80 | 126, length) + payload
    return struct.pack("!BBQ4x", 0x80 | opcode, 0x80 | 127, length) + payload


def upgrade_request(path: str, port: int) -> bytes:
    """Return the opening handshake."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {_KEY}",
        "Sec-WebSocket-Version: 13",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class Dialect(Protocol):
    """One server's protocol; `hears_itself` tells whether who speaks hears it, `acknowledges` whether it is told so."""

    hears_itself: bool
    acknowledges: bool

    def address(self, room: str, user: str) -> str:
        """Return the path and query to open for a user of a room."""

    def joined(self, payload: bytes, room: str) -> bytes | bool:
        """Take a frame before the join: True when that is done, else what to answer (nothing where empty)."""

    def message(self, room: str, request_id: str, text: str) -> bytes:
        """Return the payload that posts a text to a room."""

    def said(self, room: str, user: str, now: int, text: str) -> bytes:
        """Return the payload by which a user says a text in a room, marked with the clock."""

    def sent_at(self, room: str, payload: bytes) -> int:
        """Return when a delivery without mark was sent; 0 where it is none."""

    def kept_alive(self, payload: bytes) -> bytes:
        """Return the answer that an application's own ping wants; nothing where it is none."""


class Plain:
    """The peers' JSON: the room and the user stand in the address."""

    hears_itself = True
    acknowledges = True

    def address(self, room: str, user: str) -> str:
        """Return the path of a chat server."""
        return f"/ws?room={room}&user={user}"

    def joined(self, payload: bytes, room: str) -> bytes | bool:
        """Take the greeting."""
        return b'"joined"' in payload or b""

    def message(self, room: str, request_id: str, text: str) -> bytes:
        """Return a chat message."""
        return json.dumps({"type": "chat", "requestId": request_id, "room": room, "text": text}).encode()

    def said(self, room: str, user: str, now: int, text: str) -> bytes:
        """Return a message with its marks."""
        return self.message(room, f"~R{now}~", f"~T{now:019d}~ {text}")

    def sent_at(self, room: str, payload: bytes) -> int:
        """Return nothing: all deliveries have marks."""
        return 0

    def kept_alive(self, payload: bytes) -> bytes:
        """Return nothing: pings are the protocol's."""
        return b""


class SpeakTracker(Plain):
    """Our own protocol: the room token stands in the address."""

    def joined(self, payload: bytes, room: str) -> bytes | bool:
        """Take the first frame."""
        return b'"connected"' in payload or b""

    def message(self, room: str, request_id: str, text: str) -> bytes:
        """Return a sendMessage."""
        fields = {"action": "sendMessage", "requestId": request_id, "roomId": room, "content": text}
        return json.dumps({**fields, "messageType": "TEXT"}).encode()


class Typing(SpeakTracker):
    """Our own protocol, but what is said is who types: pushed to the others of the room, neither kept nor answered.

    Each user of a room says by turns yes and no, so that a push is told from all others for as long as it takes the
    user to speak twice more: seconds at the rates of the table.
    """

    hears_itself = False
    acknowledges = False
    _begin = b'{"type":"typing"'

    def __init__(self) -> None:
        self._typing: dict[tuple[str, str], bool] = {}
        self._sent: dict[tuple[str, bytes], int] = {}

    def said(self, room: str, user: str, now: int, text: str) -> bytes:
        """Return a typing frame about as long as a message: its requestId is the text."""
        is_typing = self._typing[room, user] = not self._typing.get((room, user), False)
        shown = json.dumps({"type": "typing", "userId": user, "isTyping": is_typing}, separators=(",", ":"))
        self._sent[room, shown.encode()] = now
        return json.dumps({"action": "typing", "requestId": text[:120], "isTyping": is_typing}).encode()

    def sent_at(self, room: str, payload: bytes) -> int:
        """Return when that user last said so in this room."""
        return self._sent.get((room, payload), 0) if payload.startswith(self._begin) else 0


class SocketIO(Plain):
    """Engine.IO 4 and Socket.IO 5 over a WebSocket; the room is joined by an event."""

    def address(self, room: str, user: str) -> str:
        """Return Socket.IO's own path."""
        return "/socket.io/?EIO=4&transport=websocket"

    def joined(self, payload: bytes, room: str) -> bytes | bool:
        """Go through open, connect and join."""
        if payload[:1] == b"0":
            return b"40"
        if payload[:2] == b"40":
            return ("420" + json.dumps(["join", room])).encode()
        if payload[:3] == b"430":
            return True
        return self.kept_alive(payload)

    def message(self, room: str, request_id: str, text: str) -> bytes:
        """Return a chat event; the number of its acknowledgement is the one in the request id."""
        body = json.dumps(["chat", {"requestId": request_id, "room": room, "text": text}])
        return f"42{request_id[2:-1]}{body}".encode()

    def kept_alive(self, payload: bytes) -> bytes:
        """Answer Engine.IO's ping."""
        return b"3" if payload == b"2" else b""


DIALECTS: dict[str, type[Plain]] = {
    "plain": Plain,
    "speaktracker": SpeakTracker,
    "typing": Typing,
    "socketio": SocketIO,
}
