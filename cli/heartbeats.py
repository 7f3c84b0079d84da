"""Listens to the programs' signs of life, as systemd does: a process that sent one and falls silent is frozen."""

import os
import secrets
import socket
import struct
import time

SILENT_SECONDS = 25.0
_CREDENTIALS = struct.Struct("3i")
_BEAT = b"WATCHDOG=1"


class Heartbeats:
    """One socket that all programs of a platform send to; the kernel says which process sent a datagram."""

    def __init__(self) -> None:
        """Listen on a name that only this process knows, and that needs no file."""
        name = f"speaktracker-{os.getpid()}-{secrets.token_hex(4)}"
        self.address = f"@{name}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._socket.bind(f"\0{name}")
        self._heard: dict[int, float] = {}

    def take_in(self) -> None:
        """Note which processes have sent a sign of life since the last time."""
        while True:
            try:
                data, ancillary, _, _ = self._socket.recvmsg(64, socket.CMSG_SPACE(_CREDENTIALS.size))
            except BlockingIOError:
                return
            for level, kind, content in ancillary:
                if data == _BEAT and (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                    self._heard[_CREDENTIALS.unpack(content)[0]] = time.monotonic()

    def is_silent(self, pid: int) -> bool:
        """Tell whether a process that once sent a sign of life has sent none for 25 s; said once of each."""
        heard = self._heard.get(pid)
        if heard is None or time.monotonic() - heard < SILENT_SECONDS:
            return False
        del self._heard[pid]
        return True

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()
