"""Signs of life by systemd's protocol: a process that is frozen sends none, and is ended by whoever listens."""

import os
import secrets
import socket
import struct
import time
from collections.abc import Iterable
from contextlib import suppress

BEAT_SECONDS = 5.0
SILENT_SECONDS = 25.0
"""With the look once a second, what stands still is known within half a minute."""
SUPERVISOR = "NOTIFY_SOCKET"
_BEAT = b"WATCHDOG=1"
_CREDENTIALS = struct.Struct("3i")


def beat(listener: str = SUPERVISOR) -> None:
    """Send one sign of life to the socket that a variable names, where it is set; never waits, never raises.

    Call it every five seconds from the loop that does the work, not from a thread beside it, which would go on
    beating for a loop that is stuck.
    """
    address = os.environ.get(listener, "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
        sender.sendto(_BEAT, f"\0{address[1:]}" if address.startswith("@") else address)


class Heartbeats:
    """One socket that many processes send to; the kernel says which of them sent a datagram."""

    def __init__(self) -> None:
        """Listen on a name that only this process knows, and that needs no file."""
        name = f"speaktracker-{os.getpid()}-{secrets.token_hex(4)}"
        self.address = f"@{name}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._socket.bind(f"\0{name}")
        self._heard: dict[int, float] = {}

    def take_in(self) -> None:
        """Note who has sent a sign of life since the last time."""
        while True:
            try:
                data, ancillary, _, _ = self._socket.recvmsg(64, socket.CMSG_SPACE(_CREDENTIALS.size))
            except BlockingIOError:
                return
            for level, kind, content in ancillary:
                if data == _BEAT and (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                    self._heard[_CREDENTIALS.unpack(content)[0]] = time.monotonic()

    def silent(self, pids: Iterable[int]) -> list[int]:
        """Return those that once sent a sign of life and have sent none for 25 s, each once; others are forgotten."""
        known = {pid: self._heard[pid] for pid in pids if pid in self._heard}
        found = [pid for pid, heard in known.items() if time.monotonic() - heard >= SILENT_SECONDS]
        self._heard = {pid: heard for pid, heard in known.items() if pid not in found}
        return found

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()
