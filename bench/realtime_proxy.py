"""Counts SQS calls: a proxy before an AWS endpoint, `python -m bench.realtime_proxy PORT ENDPOINT_PORT`.

`GET /calls` answers how many there were, all and by action.
"""

import asyncio
import contextlib
import json
import re
import sys
from collections import Counter

HOST = "127.0.0.1"
_CONTROL = b"GET /calls "
_SQS = "amazonsqs."


class Proxy:
    """Hands each client's requests to a connection of its own behind it."""

    def __init__(self, behind: int) -> None:
        """Pass everything on to a port of loopback."""
        self._behind = behind
        self._calls: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one client's connection until either side ends it."""
        theirs, ours = await asyncio.open_connection(HOST, self._behind, limit=1 << 24)
        try:
            while True:
                head, body = await self._request(reader, writer)
                if head.startswith(_CONTROL):
                    writer.write(self._answer())
                    continue
                self._count(head)
                ours.write(head + body)
                writer.write(await _answer_of(theirs, has_body=not head.startswith(b"HEAD ")))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # somebody hung up
        finally:
            ours.close()
            writer.close()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[bytes, bytes]:
        head = await reader.readuntil(b"\r\n\r\n")
        fields = _headers(head)
        if "100-continue" in fields.get("expect", ""):
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            head = re.sub(rb"(?i)\r\nexpect:[^\r]*", b"", head)
        if fields.get("transfer-encoding") == "chunked":
            return head, await _chunks(reader)
        return head, await reader.readexactly(int(fields.get("content-length", 0)))

    def _count(self, head: bytes) -> None:
        target = _headers(head).get("x-amz-target", "")
        if target.lower().startswith(_SQS):
            self._calls[target.partition(".")[2]] += 1

    def _answer(self) -> bytes:
        body = json.dumps({"sqs": self._calls.total(), "by_action": dict(self._calls)}).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


async def _answer_of(reader: asyncio.StreamReader, *, has_body: bool) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if not has_body or head.split(b" ", 2)[1] in (b"204", b"304"):
        return head
    fields = _headers(head)
    if fields.get("transfer-encoding") == "chunked":
        return head + await _chunks(reader)
    return head + await reader.readexactly(int(fields.get("content-length", 0)))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        found += line + await reader.readexactly(int(line.split(b";")[0], 16) + 2)
        if line.strip() == b"0":
            return found


def _headers(head: bytes) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


async def main() -> None:
    """Serve until stopped."""
    proxy = Proxy(int(sys.argv[2]))
    server = await asyncio.start_server(proxy.serve, HOST, int(sys.argv[1]), limit=1 << 24)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
