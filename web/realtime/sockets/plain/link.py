"""The socket as simple-websocket sees it: early bytes first, and closed by nobody but the WSGI server."""

import socket
import time
from typing import Any

_CHUNK = 16384


class Link:
    """Stands in for the WSGI server's socket."""

    def __init__(self, theirs: Any, early: bytes) -> None:
        self.heard_at = time.monotonic()
        self._theirs = theirs
        self._early = early

    def recv(self, size: int) -> bytes:
        """Return what came behind the request, then what comes."""
        early, self._early = self._early, b""
        received: bytes = early or self._theirs.recv(size)
        self.heard_at = time.monotonic()
        return received

    def send(self, encoded: bytes) -> None:
        """Send all of it: simple-websocket sends its handshake through here, and nothing else."""
        self._theirs.sendall(encoded)

    def close(self) -> None:
        """Do nothing: simple-websocket closes when it stops reading, while the outbox is still being flushed."""

    def discard(self) -> None:
        """Read on until the peer ends or `cut`: closing with bytes unread would send RST."""
        try:
            while self._theirs.recv(_CHUNK):
                pass
        except OSError:
            return

    def cut(self) -> None:
        """End both directions at once; whichever thread waits for the peer wakes up."""
        try:
            self._theirs.shutdown(socket.SHUT_RDWR)
        except OSError:  # it is gone already
            return
