"""Whoever read too slowly and reads again learns why the connection was closed, though it speaks meanwhile."""

import _socket
import socket
import time
from collections.abc import Iterator

import gevent
import pytest
from flask import Flask

from tests.web.realtime.sockets.raw_client import TEXT, frame
from tests.web.realtime.sockets.test_beats import Silent
from web.realtime.sockets.connection import SocketConnection
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.mailbox import Office
from web.realtime.sockets.port import Frame
from web.realtime.sockets.roster import Roster
from web.realtime.sockets.wire import encode_close

FLUSH = 0.05
LIMITS = Limits(max_queued=10_000, flush_seconds=FLUSH, linger_seconds=FLUSH, slow_seconds=20.0)
GREAT = Frame.text(b"x" * 100_000)


class Scene:
    """A connection over TCP, and its peer."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.peer = socket.create_connection(listener.getsockname())
            mine, caller = listener.accept()
            while caller != self.peer.getsockname():  # somebody looks for a server that had this port before
                mine.close()
                mine, caller = listener.accept()
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8_192)
        self.peer.setblocking(False)
        raw = _socket.socket(fileno=mine.detach())
        self.connection = SocketConnection(raw, Silent(), Office(Flask("late"), LIMITS), Roster())
        self.connection.start(b"")

    def read_to_the_end(self) -> bytes:
        """Return all that comes; a reset is an error."""
        heard = bytearray()
        deadline = time.monotonic() + 10.0
        while time.monotonic() < deadline:
            gevent.sleep(0)
            try:
                more = self.peer.recv(65_536)
            except BlockingIOError:
                continue
            if not more:
                return bytes(heard)
            heard += more
        raise AssertionError("it never ended")


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.connection.cut_off()
    made.peer.close()


def test_it_is_told_however_late_and_though_it_spoke(scene: Scene) -> None:
    while not scene.connection.closed:
        scene.connection.send(GREAT)
    late = time.monotonic() + 5 * FLUSH
    while time.monotonic() < late:
        gevent.sleep(FLUSH / 5)
        scene.peer.send(frame(TEXT, b"hello"))

    heard = scene.read_to_the_end()
    assert heard.endswith(encode_close(1013, "reads too slowly"))
    whole, rest = divmod(len(heard) - len(encode_close(1013, "reads too slowly")), len(GREAT.encoded))
    assert (rest, whole >= 1) == (0, True), "the frame that it had the beginning of is whole"
