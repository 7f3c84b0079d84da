"""What one slow reader has not taken yet."""

from collections import deque
from collections.abc import Callable


class Outbox:
    """Encoded frames in order, the first of them possibly begun; made only once the kernel refuses bytes."""

    __slots__ = ("_begun", "_frames", "queued")

    def __init__(self) -> None:
        self.queued = 0
        self._frames: deque[bytes] = deque()
        self._begun = 0  # bytes of the first frame that are written

    def add(self, encoded: bytes, written: int = 0) -> None:
        """Append a frame, of which `written` bytes have left already (only the first can be begun)."""
        if written:
            self._begun = written
        self._frames.append(encoded)
        self.queued += len(encoded) - written

    def cut(self) -> None:
        """Drop every frame that is not begun: what follows then still starts at a frame's boundary."""
        begun = self._frames[0] if self._begun else None
        self._frames.clear()
        self.queued = 0
        if begun is not None:
            self._frames.append(begun)
            self.queued = len(begun) - self._begun

    def write(self, transmit: Callable[[bytes | memoryview], int]) -> bool:
        """Write until nothing is left (True) or the kernel takes no more (False); raise OSError if the peer is gone."""
        while self._frames:
            first = self._frames[0]
            try:
                written = transmit(memoryview(first)[self._begun :] if self._begun else first)
            except BlockingIOError:
                return False
            self.queued -= written
            self._begun += written
            if self._begun < len(first):
                return False
            self._frames.popleft()
            self._begun = 0
        return True
