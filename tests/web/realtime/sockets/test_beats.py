"""Whom the heartbeat pings: a connection over a real pair of sockets, and the clock's readings by hand."""

import _socket
import socket
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.web.realtime.sockets.raw_client import PONG, frame
from web.realtime.sockets.connection import SocketConnection
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.mailbox import Office
from web.realtime.sockets.port import Connection, Frame
from web.realtime.sockets.roster import Roster
from web.realtime.sockets.wire import PING, encode_close, encode_control

PINGED = encode_control(PING)
TOLD = Frame.text(b"{}")


class Silent:
    """A Receiver that does nothing."""

    def opened(self, connection: Connection) -> None:
        """Take it."""

    def received(self, message: bytes, is_text: bool) -> None:
        """Take it."""

    def closed(self, code: int) -> None:
        """Take it."""


class Scene:
    """A connection, its peer, and what the peer read."""

    def __init__(self) -> None:
        mine, self.peer = socket.socketpair()
        self.peer.setblocking(False)
        raw = _socket.socket(fileno=mine.detach())
        self.connection = SocketConnection(raw, Silent(), Office(Flask("beats"), Limits()), Roster())
        self.connection.start(b"")

    def hear(self) -> None:
        """Let the peer say something."""
        self.connection.take(frame(PONG, b""))

    def beat(self, *, silent_for: float = 50.0, round_seconds: float = 25.0) -> None:
        """Let the heart beat once."""
        now = time.monotonic()
        self.connection.beat(now - silent_for, now - round_seconds)

    def read(self) -> bytes:
        """Return what came to the peer by now."""
        try:
            return self.peer.recv(65536)
        except BlockingIOError:
            return b""


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.connection.cut_off()
    made.peer.close()


def test_whoever_was_told_nothing_is_pinged(scene: Scene) -> None:
    scene.hear()
    scene.beat()
    assert scene.read() == PINGED


def test_whoever_was_not_heard_in_the_round_is_pinged(scene: Scene) -> None:
    scene.connection.send(TOLD)
    scene.beat(round_seconds=0.0)
    assert scene.read() == TOLD.encoded + PINGED


def test_where_both_spoke_in_the_round_nobody_is_pinged_and_in_the_next_again(scene: Scene) -> None:
    scene.hear()
    scene.connection.send(TOLD)
    scene.beat()
    assert scene.read() == TOLD.encoded
    scene.beat()
    assert scene.read() == PINGED


def test_a_ping_is_nothing_that_was_told(scene: Scene) -> None:
    scene.beat()
    scene.hear()
    scene.beat()
    assert scene.read() == PINGED * 2


def test_the_silent_are_closed_though_they_were_told_something(scene: Scene) -> None:
    scene.beat()
    scene.connection.send(TOLD)
    scene.beat(silent_for=0.0, round_seconds=0.0)
    assert scene.read() == PINGED + TOLD.encoded + encode_close(1001, "silent")


def test_nobody_is_closed_who_was_not_asked(scene: Scene) -> None:
    scene.beat()
    scene.hear()
    scene.connection.send(TOLD)
    scene.beat()
    scene.beat(silent_for=0.0, round_seconds=0.0)
    assert scene.read() == PINGED + TOLD.encoded + PINGED
    scene.beat(silent_for=0.0, round_seconds=0.0)
    assert scene.read() == encode_close(1001, "silent")
