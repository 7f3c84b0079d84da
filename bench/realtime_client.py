"""Thousands of WebSocket clients in one thread: non-blocking sockets on one epoll, some 8 microseconds a delivery."""

from __future__ import annotations

import select
import socket
import time
from array import array
from typing import TypedDict

from bench.realtime_wire import CLOSE, PING, PONG, TEXT, Plain, masked, upgrade_request

NOW = time.monotonic_ns
_READ = 1 << 18
_AN_ADDRESS = 20_000  # connections from one loopback address: below the number of ephemeral ports


class Seat(TypedDict):
    """One connection to make: which server, which address there, which room, who."""

    port: int
    path: str
    room: str
    user: str


class Samples:
    """What came in the present window."""

    def __init__(self) -> None:
        self.begin = self.end = 0
        self.received = 0
        self.reset()

    def reset(self) -> None:
        """Forget what came."""
        self.latencies = array("q")
        self.acknowledgements = array("q")
        self.sent = array("q")


class Client:
    """One connection: waits for the handshake's answer, then for the join, then only looks for marks."""

    __slots__ = (
        "closed",
        "dialect",
        "is_joined",
        "is_muted",
        "is_open",
        "rest",
        "room",
        "samples",
        "sock",
        "unsent",
        "user",
    )

    def __init__(self, address: str, seat: Seat, dialect: Plain, samples: Samples) -> None:
        self.dialect, self.samples, self.room = dialect, samples, seat["room"]
        self.user = seat["user"]
        self.rest = self.unsent = b""
        self.is_open = self.is_joined = self.is_muted = self.closed = False
        self.sock = socket.socket()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.bind((address, 0))
        self.sock.connect(("127.0.0.1", seat["port"]))
        self.sock.setblocking(False)
        self.sock.send(upgrade_request(seat["path"], seat["port"]))

    def send(self, payload: bytes, opcode: int = TEXT) -> None:
        """Send a frame; what the kernel does not take goes before the next."""
        frame = self.unsent + masked(opcode, payload)
        try:
            self.unsent = frame[self.sock.send(frame) :]
        except BlockingIOError:
            self.unsent = frame
        except OSError:
            self.closed = True

    def read(self) -> None:
        """Take what came."""
        try:
            chunk = self.sock.recv(_READ)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self.closed = True
            return
        data = self.rest + chunk if self.rest else chunk
        if not self.is_open:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self.rest = head
                return
            self.is_open, self.closed = True, b" 101 " not in head[:20]
        self.rest = self._take_frames(data)

    def _take_frames(self, data: bytes) -> bytes:
        at, size = 0, len(data)
        while size - at >= 2:
            length, begin = data[at + 1], at + 2
            if length == 126:
                length, begin = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, begin = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if begin + length > size or begin > size:
                break
            if data[at] == 0x81 and self.is_joined:
                self._take_text(data, begin, begin + length)
            else:
                self._take_other(data[at] & 15, data[begin : begin + length])
            at = begin + length
        return data[at:]

    def _take_text(self, data: bytes, begin: int, end: int) -> None:
        samples = self.samples
        at = data.find(b"~T", begin, end)
        if at >= 0:
            self._delivered(int(data[at + 2 : at + 21]))
            return
        at = data.find(b"~R", begin, end)
        if at >= 0:
            sent = int(data[at + 2 : data.index(b"~", at + 2)])
            if samples.begin <= sent < samples.end and not self.is_muted:
                samples.acknowledgements.append(NOW() - sent)
            return
        sent = self.dialect.sent_at(self.room, data[begin:end])
        if sent:
            self._delivered(sent)
        elif answer := self.dialect.kept_alive(data[begin:end]):
            self.send(answer)

    def _delivered(self, sent: int) -> None:
        samples = self.samples
        samples.received += 1
        if samples.begin <= sent < samples.end and not self.is_muted:
            samples.latencies.append(NOW() - sent)
            samples.sent.append(sent)

    def _take_other(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self.send(payload, PONG)
        elif opcode == CLOSE:
            self.closed = True
        elif not self.is_joined:
            answer = self.dialect.joined(payload, self.room)
            if answer is True:
                self.is_joined = True
            elif answer:
                self.send(answer)


class Crowd:
    """All connections of one run."""

    def __init__(self, dialect: Plain, network: int) -> None:
        """Connect from addresses in 127.0.`network`.0/24: two crowds at once would run out of one address's ports."""
        self._network = network
        self.samples = Samples()
        self.clients: list[Client] = []
        self._dialect = dialect
        self._epoll = select.epoll()
        self._by_descriptor: dict[int, Client] = {}

    def connect(self, seats: list[Seat], at_once: int, seconds: float) -> int:
        """Open connections, so many handshakes under way at a time; return how many failed."""
        opening: set[Client] = set()
        waiting = list(reversed(seats))
        failed, deadline = 0, time.monotonic() + seconds
        while (waiting or opening) and time.monotonic() < deadline:
            while waiting and len(opening) < at_once:
                address = f"127.0.{self._network}.{2 + len(self.clients) // _AN_ADDRESS}"
                client = Client(address, waiting.pop(), self._dialect, self.samples)
                self.watch(client)
                self.clients.append(client)
                opening.add(client)
            self.turn(0.05)
            failed += sum(one.closed for one in opening)
            opening = {one for one in opening if not (one.is_joined or one.closed)}
        self.clients = [one for one in self.clients if one.is_joined and not one.closed]
        return failed + len(opening) + len(waiting)

    def watch(self, client: Client) -> None:
        """Read from a client."""
        self._by_descriptor[client.sock.fileno()] = client
        self._epoll.register(client.sock.fileno(), select.EPOLLIN)

    def ignore(self, client: Client) -> None:
        """Leave what comes for a client to the kernel, whose buffer fills."""
        self._epoll.unregister(client.sock.fileno())

    def turn(self, seconds: float) -> None:
        """Wait for what comes, at most so long, and take it."""
        for descriptor, _ in self._epoll.poll(max(seconds, 0), 4096):
            client = self._by_descriptor[descriptor]
            client.read()
            if client.closed:
                self._epoll.unregister(descriptor)

    def pass_time(self, seconds: float) -> None:
        """Take what comes for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.turn(min(left, 0.1))

    def close(self) -> None:
        """Say goodbye and close all."""
        for number, client in enumerate(self.clients):
            if not client.closed:
                client.send(b"\x03\xe8", CLOSE)
            if number % 100 == 99:
                self.turn(0.02)
        self.pass_time(0.5)
        for client in self._by_descriptor.values():
            client.sock.close()
        self._epoll.close()
