"""A relay in front of the AWS endpoint, which can refuse calls, and deliver queue messages more than once."""

import asyncio
import json
import random
from collections.abc import Callable
from contextlib import suppress

HOST = "127.0.0.1"
LATEST_COPY_SECONDS = 2.0
_LARGEST_HEAD = 1 << 16
_SENDING = ("AmazonSQS.SendMessage", "AmazonSQS.SendMessageBatch")
_DYNAMODB = "DynamoDB_20120810."
_REFUSALS = (
    "com.amazon.coral.service#ThrottlingException",
    "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
)


class Relay:
    """Hands each client's requests on, one connection behind for each in front; it does harm while its fields are set.

    It sees what a call is by its `X-Amz-Target` alone.
    """

    def __init__(self, behind: int) -> None:
        """Pass everything on to a port of loopback."""
        self._behind = behind
        self._server: asyncio.Server | None = None
        self._copying: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._is_idle = asyncio.Condition()
        self.throttled_share = 0.0
        """The share of DynamoDB's calls that is refused as too many."""
        self.copies: Callable[[], int] = lambda: 1
        """How often what is sent to a queue arrives."""
        self.throttled = 0
        self.copied = 0

    async def start(self) -> str:
        """Listen on a free port and return the address."""
        self._server = await asyncio.start_server(self._serve, HOST, 0, limit=_LARGEST_HEAD)
        return f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Listen no more, and hang up; what was to be copied still is."""
        await self.copied_all()
        if self._server is not None:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()
        async with self._is_idle:
            await self._is_idle.wait_for(lambda: not self._open)

    async def copied_all(self) -> None:
        """Return when every copy was delivered."""
        if self._copying:
            await asyncio.wait(self._copying)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one client's connection until either side ends it."""
        self._open.add(writer)
        try:
            theirs, ours = await asyncio.open_connection(HOST, self._behind, limit=_LARGEST_HEAD)
            self._open.add(ours)
            try:
                ahead = asyncio.create_task(reader.read(1))
                while first := await ahead:
                    ahead = await self._exchange(first, reader, writer, theirs, ours)
            finally:
                ours.close()
                self._open.discard(ours)
        except (asyncio.IncompleteReadError, OSError):
            pass  # somebody hung up
        finally:
            writer.close()
            self._open.discard(writer)
            async with self._is_idle:
                self._is_idle.notify_all()

    async def _exchange(
        self,
        first: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        theirs: asyncio.StreamReader,
        ours: asyncio.StreamWriter,
    ) -> asyncio.Task[bytes]:
        """Carry one request, which begins with `first`, and its answer; return the beginning of the next.

        Where the client goes before it is answered, so does the connection behind: else the long poll of a worker
        that was killed would be handed messages, which nobody would see for a lease.

        Raises:
            ConnectionResetError: the client is gone, or had a WebSocket, which is over.
        """
        head = first + await reader.readuntil(b"\r\n\r\n")
        fields = _fields(head)
        if "100-continue" in fields.get("expect", ""):
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await _body(reader, fields)
        target = fields.get("x-amz-target", "")
        if target.startswith(_DYNAMODB) and random.random() < self.throttled_share:
            self.throttled += 1
            writer.write(_refusal())
            return asyncio.create_task(reader.read(1))
        request = _without_expect(head) + body
        if fields.get("upgrade", "").lower() == "websocket":
            await _carry_on(request, (reader, ours), (theirs, writer))
        ours.write(request)
        answer, ahead = asyncio.create_task(_answer(theirs, request)), asyncio.create_task(reader.read(1))
        await asyncio.wait({answer, ahead}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done() and (ahead.exception() is not None or not ahead.result()):
            answer.cancel()
            raise ConnectionResetError
        writer.write(await answer)
        await writer.drain()
        if target in _SENDING:
            self._copy(request, self.copies() - 1)
        return ahead

    def _copy(self, request: bytes, count: int) -> None:
        for _ in range(count):
            self.copied += 1
            task = asyncio.create_task(self._send_again(request))
            self._copying.add(task)
            task.add_done_callback(self._copying.discard)

    async def _send_again(self, request: bytes) -> None:
        """Send a request once more, somewhat later, as a queue that delivers twice does."""
        await asyncio.sleep(random.uniform(0, LATEST_COPY_SECONDS))
        with suppress(OSError, asyncio.IncompleteReadError):  # the endpoint is going
            theirs, ours = await asyncio.open_connection(HOST, self._behind, limit=_LARGEST_HEAD)
            ours.write(request)
            await _answer(theirs, request)
            ours.close()


async def _carry_on(request: bytes, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    """Send a request that begins a WebSocket, and carry whatever comes, each way, until one of them ends.

    Raises:
        ConnectionResetError: it is over.
    """

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while content := await source.read(_LARGEST_HEAD):
            target.write(content)
            await target.drain()

    ways[0][1].write(request)
    carrying = [asyncio.create_task(carry(*way)) for way in ways]
    await asyncio.wait(carrying, return_when=asyncio.FIRST_COMPLETED)
    for one in carrying:
        one.cancel()
    await asyncio.gather(*carrying, return_exceptions=True)
    raise ConnectionResetError


async def _answer(reader: asyncio.StreamReader, request: bytes) -> bytes:
    """Return the next answer as it came; to a HEAD none has a body, whatever it says of its length."""
    head = await reader.readuntil(b"\r\n\r\n")
    is_empty = request.startswith(b"HEAD ") or head.split(b" ", 2)[1] in (b"204", b"304")
    return head if is_empty else head + await _body(reader, _fields(head))


async def _body(reader: asyncio.StreamReader, fields: dict[str, str]) -> bytes:
    if fields.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(fields.get("content-length", 0)))
    found = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        found += line + await reader.readexactly(int(line.split(b";")[0], 16) + 2)
        if line.strip() == b"0":
            return found


def _fields(head: bytes) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _without_expect(head: bytes) -> bytes:
    """Return the head without `Expect: 100-continue`, which was answered here."""
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"expect:"))


def _refusal() -> bytes:
    body = json.dumps({"__type": random.choice(_REFUSALS), "message": "Rate exceeded"}).encode()
    head = f"HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body
