"""A WebSocket client that keeps what it hears until a test asks for it."""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

Frame = dict[str, Any]
PATIENCE = 60.0
LOST = 1006
"""What `closed` returns where there was no close frame."""


class Channel:
    """One open WebSocket; `heard` has every frame in its order, the first one too."""

    def __init__(self, address: str, **options: Any) -> None:
        self.heard: list[Frame] = []
        self._read = 0
        self._open = ExitStack()
        opening = connect(address, proxy=None, compression=None, close_timeout=2, **options)
        self._socket: ClientConnection = self._open.enter_context(opening)
        self.hello = self.next()
        assert self.hello["action"] == "connected"
        self.connection_id = str(self.hello["connectionId"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def subprotocol(self) -> str | None:
        return self._socket.subprotocol

    def close(self) -> None:
        self._open.close()

    def send(self, action: str, **fields: Any) -> None:
        self.send_raw(json.dumps({"action": action} | fields))

    def send_raw(self, frame: str | bytes) -> None:
        self._socket.send(frame)

    def say(self, room_id: str, content: str, **fields: Any) -> None:
        self.send("sendMessage", roomId=room_id, content=content, **fields)

    def ask(self, action: str, **fields: Any) -> Frame:
        """Send a frame and return its answer, found by its requestId."""
        request_id = fields.setdefault("requestId", f"ask-{len(self.heard)}-{time.monotonic_ns()}")
        self.send(action, **fields)
        return self.until(requestId=request_id)

    def next(self, patience: float = PATIENCE) -> Frame:
        """Return the next frame that was not asked for yet."""
        if self._read == len(self.heard):
            self.heard.append(json.loads(self._socket.recv(timeout=patience)))
        self._read += 1
        return self.heard[self._read - 1]

    def until(
        self, condition: Callable[[Frame], bool] | None = None, patience: float = PATIENCE, **fields: Any
    ) -> Frame:
        """Return the next frame with these fields, passing over others, which stay in `heard`."""
        deadline = time.monotonic() + patience
        while True:
            frame = self.next(max(0.01, deadline - time.monotonic()))
            if fields.items() <= frame.items() and (condition is None or condition(frame)):
                return frame

    def seen(self, **fields: Any) -> Frame:
        """Return a frame with these fields, one that was heard before or the next to come."""
        before = [frame for frame in self.heard[: self._read] if fields.items() <= frame.items()]
        return before[0] if before else self.until(**fields)

    def answers(self, number: int) -> dict[str, Frame]:
        """Return the next so many frames that answer a requestId, by that."""
        found: dict[str, Frame] = {}
        while len(found) < number:
            frame = self.until(lambda frame: "requestId" in frame)
            assert frame["requestId"] not in found
            found[frame["requestId"]] = frame
        return found

    def barrier(self) -> list[Frame]:
        """Return what came until now: all that was sent to this connection before it was asked."""
        begin = self._read
        self.ask("ping")
        return self.heard[begin : self._read - 1]

    def closed(self, patience: float = PATIENCE) -> int:
        """Return the code with which the other side closes, hearing what comes before."""
        deadline = time.monotonic() + patience
        try:
            while True:
                self.next(max(0.01, deadline - time.monotonic()))
        except ConnectionClosed as gone:
            return gone.rcvd.code if gone.rcvd else LOST

    def messages(self) -> list[Frame]:
        """Return the messages heard so far."""
        return [frame for frame in self.heard if frame.get("type") == "message"]
