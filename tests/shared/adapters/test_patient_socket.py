"""The gateway's own way to wait for Redis: every byte, in time or not at all, and no greenlet for ever."""

import socket
import threading
from collections.abc import Callable, Iterator
from socket import SHUT_RDWR
from typing import Any

import gevent
import gevent.socket
import pytest

from shared.adapters.redis_link import PatientSocket
from tests.shared.adapters.tunnel import HOST

LARGE = bytes(range(256)) * 40_000
Serving = Callable[[Callable[[socket.socket], Any]], PatientSocket]


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Makes a connected socket whose other end is served by a thread."""
    patients: list[PatientSocket] = []
    ends: list[Any] = []

    def make(serve: Callable[[socket.socket], Any]) -> PatientSocket:
        listening = socket.create_server((HOST, 0))

        def run() -> None:
            theirs, _ = listening.accept()
            with listening, theirs:
                serve(theirs)

        thread = threading.Thread(target=run)
        thread.start()
        green = gevent.socket.create_connection(listening.getsockname(), timeout=5)
        patients.append(PatientSocket(green))
        ends.extend([green, thread])
        return patients[-1]

    yield make
    for patient in patients:
        patient.release()
    for green, thread in zip(ends[::2], ends[1::2], strict=True):
        green.close()
        thread.join(10)


def received(patient: PatientSocket, size: int) -> bytes:
    """Read so many bytes, or up to the end."""
    buffer = bytearray(65_536)
    found = b""
    while len(found) < size and (got := patient.recv_into(buffer)):
        found += buffer[:got]
    return found


def test_what_is_larger_than_all_buffers_goes_and_comes_whole(serving: Serving) -> None:
    def echo(theirs: socket.socket) -> None:
        came = b""
        while len(came) < len(LARGE):
            came += theirs.recv(1 << 20)
        theirs.sendall(came)

    patient = serving(echo)
    patient.sendall(LARGE)
    assert received(patient, len(LARGE)) == LARGE


def test_a_silent_peer_is_a_timeout_and_others_go_on_meanwhile(serving: Serving) -> None:
    patient = serving(lambda theirs: theirs.recv(1))
    other = gevent.spawn(gevent.sleep, 0.01)
    patient.settimeout(0.1)
    with pytest.raises(TimeoutError):
        received(patient, 1)
    assert other.ready()
    patient.sendall(b"x")


def test_a_peer_that_reads_nothing_is_a_timeout(serving: Serving) -> None:
    done = threading.Event()
    patient = serving(lambda theirs: done.wait(60))
    patient.settimeout(0.1)
    with pytest.raises(TimeoutError):
        patient.sendall(LARGE)
    done.set()


def test_the_end_is_told_after_what_came_before_it(serving: Serving) -> None:
    patient = serving(lambda theirs: theirs.sendall(b"bye"))
    assert received(patient, 100) == b"bye"
    assert patient.recv_into(bytearray(10)) == 0


def test_without_a_deadline_a_shutdown_ends_the_waiting(serving: Serving) -> None:
    patient = serving(lambda theirs: theirs.recv(1))
    patient.settimeout(None)
    reading = gevent.spawn(received, patient, 1)
    gevent.sleep(0.01)
    assert not reading.ready()
    patient.shutdown(SHUT_RDWR)
    assert reading.get(timeout=5) == b""
