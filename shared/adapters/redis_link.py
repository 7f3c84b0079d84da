"""A connection to Redis that is written and read in bulk."""

from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any, Protocol

import hiredis
import redis
from redis.exceptions import InvalidResponse

READ_BYTES = 64 * 1024
_NOT_WHOLE = object()


class RedisLink:
    """One connection of redis-py's pool: what is packed leaves in one write, and one read brings many replies.

    redis-py makes the connection (address, TLS, password, database, deadlines). Its own way of sending and parsing
    runs some hundred lines of Python a command, which a gateway pays for every message.
    """

    def __init__(self, pool: Any) -> None:
        """Connect.

        Raises:
            redis.ConnectionError: nobody is there.
            redis.TimeoutError: whoever is there says nothing.
        """
        self._pool = pool
        self._connection = pool.get_connection()
        self._socket = self._connection._sock
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
        """Make whoever reads find the connection closed."""
        with suppress(OSError):
            self._socket.shutdown(SHUT_RDWR)

    def close(self) -> None:
        """Give the connection back, disconnected; a second time does nothing."""
        connection, self._connection = self._connection, None
        if connection is not None:
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


class LinkCarrier:
    """One write and a few reads a group, on a connection that is kept and made again."""

    def __init__(self, client: redis.Redis) -> None:
        """Connect on first use."""
        self._pool = client.connection_pool
        self._link: RedisLink | None = None

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
        return self._exchange_on(RedisLink(self._pool), packed, len(commands), replies)

    def _exchange_on(self, link: RedisLink, packed: bytes, count: int, replies: list[Any]) -> list[Any]:
        try:
            link.write(packed)
            while len(replies) < count:
                replies += link.read()
        except BaseException:  # also where this thread is being ended: the rest would answer somebody else
            link.close()
            raise
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


def carrier_of(client: redis.Redis) -> Carrier:
    """Return how a client's commands travel: by a connection of our own where it reaches a server."""
    return LinkCarrier(client) if is_linkable(client) else PipelineCarrier(client)
