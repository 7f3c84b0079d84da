"""A connection to Redis that is written and read in bulk."""

import time
from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any, Protocol

import gevent
import gevent.socket
import hiredis
import redis
from redis.exceptions import InvalidResponse

from shared.adapters.metrics.meters import METERS
from shared.kernel.isolation import on_fault
from shared.kernel.ports import Metrics

READ_BYTES = 64 * 1024
_READ, _WRITE = 1, 2
_NOT_WHOLE = object()


class PatientSocket:
    """gevent's socket, asked only when it has something: what all sockets of `RedisLink` have, by fewer calls.

    gevent asks the kernel first, waits where that says "not yet" by an exception, and makes a timer for every wait; for
    a gateway, whose every message passes three such waits, these are a tenth of all it does at a low rate. Here only
    what was just sent is taken for answered: a near server is quicker than the way back to the event loop.
    """

    def __init__(self, green: gevent.socket.socket) -> None:
        """Take over a connected socket that is not encrypted."""
        self._green = green
        self._patience = green.gettimeout()
        green.setblocking(False)
        loop = gevent.get_hub().loop
        self._readable, self._writable = loop.io(green.fileno(), _READ), loop.io(green.fileno(), _WRITE)
        self._is_worth_asking = False

    def settimeout(self, seconds: float | None) -> None:
        """Change how long a call waits before it is a TimeoutError; None for ever."""
        self._patience = seconds

    def sendall(self, data: bytes) -> None:
        """Send all."""
        left = memoryview(data)
        while left:
            try:
                left = left[self._green.send(left) :]
            except BlockingIOError:
                gevent.socket.wait(self._writable, self._patience, TimeoutError("timed out"))
        self._is_worth_asking = True

    def recv_into(self, buffer: bytearray) -> int:
        """Wait for bytes, and return how many came."""
        while True:
            if not self._is_worth_asking:
                gevent.socket.wait(self._readable, self._patience, TimeoutError("timed out"))
            try:
                size: int = self._green.recv_into(buffer)
            except BlockingIOError:
                self._is_worth_asking = False
                continue
            self._is_worth_asking = size == len(buffer)
            return size

    def shutdown(self, how: int) -> None:
        """Shut the connection down."""
        self._green.shutdown(how)

    def release(self) -> None:
        """Forget the socket before it is closed: its descriptor may soon be another's."""
        for watcher in (self._readable, self._writable):
            watcher.stop()
            watcher.close()


class RedisLink:
    """One connection of redis-py's pool: what is packed leaves in one write, and one read brings many replies.

    redis-py makes the connection (address, TLS, password, database, deadlines). Its own way of sending and parsing
    runs some hundred lines of Python a command, which a gateway pays for every message.
    """

    def __init__(self, pool: Any) -> None:
        """Connect.

        Raises:
            redis.ConnectionError: nobody is there.
            redis.TimeoutError: the peer says nothing.
        """
        self._pool = pool
        self._connection = pool.get_connection()
        plain = self._connection._sock
        self._socket: Any = PatientSocket(plain) if type(plain) is gevent.socket.socket else plain
        self.was_broken_off = False
        refusal: Callable[[str], Exception] = self._connection._parser.parse_error
        self._reader = hiredis.Reader(
            protocolError=InvalidResponse, replyError=refusal, errors=None, notEnoughData=_NOT_WHOLE
        )
        # One buffer for all reads: a large one for each would be mapped and given back by the kernel every time.
        self._buffer: Any = bytearray(READ_BYTES)

    def set_patience(self, seconds: float | None) -> None:
        """Change how long a write or a read waits before it is a TimeoutError; None for ever."""
        self._socket.settimeout(seconds)

    def write(self, packed: bytes) -> None:
        """Send packed commands.

        Raises:
            OSError: the connection broke, or took too long (TimeoutError): it is of no more use.
        """
        self._socket.sendall(packed)

    def read(self) -> list[Any]:
        """Wait for bytes once and return the replies that are whole by then, refusals among them as exceptions.

        Raises:
            redis.ConnectionError: the server closed the connection.
            OSError: the connection broke, or nothing came in time (TimeoutError).
        """
        size = self._socket.recv_into(self._buffer)
        if not size:
            raise redis.ConnectionError("Redis closed the connection")
        reader = self._reader
        reader.feed(self._buffer, 0, size)
        replies = []
        while (reply := reader.gets()) is not _NOT_WHOLE:
            replies.append(reply)
        return replies

    def break_off(self) -> None:
        """Make every reader and writer find the connection closed."""
        self.was_broken_off = True
        with suppress(OSError):
            self._socket.shutdown(SHUT_RDWR)

    def close(self) -> None:
        """Give the connection back, disconnected; a second time does nothing."""
        connection, self._connection = self._connection, None
        if connection is not None:
            if isinstance(self._socket, PatientSocket):
                self._socket.release()
            connection.disconnect()
            self._pool.release(connection)


def pack(command: tuple[Any, ...]) -> bytes:
    """Return a command as Redis reads it.

    Raises:
        TypeError: some part is not text, bytes or a number.
        UnicodeEncodeError: some text has no UTF-8.
    """
    packed: bytes = hiredis.pack_command(command)
    return packed


def is_linkable(client: redis.Redis) -> bool:
    """Tell whether a client's commands may go over a link.

    Stand-ins inside the process have no socket, and with protocol 3 a server may say what nobody asked.
    """
    return type(client) is redis.Redis and client.connection_pool.connection_kwargs.get("protocol") in (2, "2")


class Carrier(Protocol):
    """Takes groups of commands to Redis, one group at a time."""

    def exchange(self, packed: bytes, commands: list[tuple[Any, ...]]) -> list[Any]:
        """Return the replies to a group's commands in their order, refusals as exceptions.

        Raises:
            RedisError or OSError: there are none; which commands were carried out is unknown.
        """

    def break_off(self) -> None:
        """Make the exchange that is under way a TimeoutError; call it from another thread."""


class LinkCarrier:
    """One write and a few reads a group, on a connection that is kept and made again."""

    def __init__(self, client: redis.Redis, *, has_deadlines: bool) -> None:
        """Connect on first use; without deadlines only `break_off` ends an exchange that hangs."""
        self._pool = client.connection_pool
        self._has_deadlines = has_deadlines
        self._link: RedisLink | None = None
        self._busy: RedisLink | None = None

    def exchange(self, packed: bytes, commands: list[tuple[Any, ...]]) -> list[Any]:
        """Return the replies of a group; see Carrier."""
        kept, self._link = self._link, None
        replies: list[Any] = []
        if kept is not None:
            try:
                return self._exchange_on(kept, packed, len(commands), replies)
            except (redis.ConnectionError, ConnectionError):
                # A restarted server leaves broken connections behind, so the group is sent again; not once some
                # reply came, which shows that the server took it.
                if replies:
                    raise
        link = RedisLink(self._pool)
        if not self._has_deadlines:
            link.set_patience(None)
        return self._exchange_on(link, packed, len(commands), replies)

    def break_off(self) -> None:
        """End the exchange that is under way; see Carrier."""
        if self._busy is not None:
            self._busy.break_off()

    def _exchange_on(self, link: RedisLink, packed: bytes, count: int, replies: list[Any]) -> list[Any]:
        self._busy = link
        try:
            link.write(packed)
            while len(replies) < count:
                replies += link.read()
        except BaseException as problem:  # also where this thread is being ended: the rest would answer somebody else
            link.close()
            if link.was_broken_off and isinstance(problem, Exception):
                raise TimeoutError("Redis does not answer") from problem
            raise
        finally:
            self._busy = None
        self._link = link
        return replies


class PipelineCarrier:
    """redis-py's own pipeline, for stand-ins inside this process."""

    def __init__(self, client: redis.Redis) -> None:
        """Use the client for every group."""
        self._client = client

    def exchange(self, packed: bytes, commands: list[tuple[Any, ...]]) -> list[Any]:
        """Return the replies of a group; see Carrier."""
        pipeline: Any = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        replies: list[Any] = pipeline.execute(raise_on_error=False)
        return replies

    def break_off(self) -> None:
        """Do nothing: what is inside this process does not hang."""


class MeasuredCarrier:
    """A carrier whose exchanges are measured."""

    def __init__(self, carrier: Carrier, metrics: Metrics) -> None:
        """Have another carry."""
        self._carrier, self._metrics = carrier, metrics
        self._counting = on_fault(self._failed)
        self.break_off = carrier.break_off

    def exchange(self, packed: bytes, commands: list[tuple[Any, ...]]) -> list[Any]:
        """Return the replies of a group; see Carrier."""
        began = time.perf_counter()
        with self._counting:
            replies = self._carrier.exchange(packed, commands)
        self._metrics.observe("redis_call_seconds", time.perf_counter() - began)
        return replies

    def _failed(self, _fault: Exception) -> None:
        self._metrics.count("redis_errors")


def carrier_of(client: redis.Redis, *, has_deadlines: bool = True, metrics: Metrics = METERS) -> Carrier:
    """Return how a client's commands travel: by a connection of our own where it reaches a server."""
    carrier = LinkCarrier(client, has_deadlines=has_deadlines) if is_linkable(client) else PipelineCarrier(client)
    return MeasuredCarrier(carrier, metrics)
