"""A sign of life for the supervisor, by systemd's protocol: a process that is frozen sends none, and is ended."""

import os
import socket
from contextlib import suppress

BEAT_SECONDS = 5.0
_BEAT = b"WATCHDOG=1"


def beat() -> None:
    """Send one sign of life to NOTIFY_SOCKET, where the supervisor listens there; never waits, never raises.

    Call it every five seconds from the loop that does the work, not from a thread beside it, which would go on
    beating for a loop that is stuck.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
        sender.sendto(_BEAT, f"\0{address[1:]}" if address.startswith("@") else address)
