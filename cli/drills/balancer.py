"""A load balancer for drills: new connections go to the target in service with the fewest, old ones stay."""

import asyncio
from contextlib import suppress

CHUNK_BYTES = 65_536


class Balancer:
    """Targets are ports of this host; taking one out of service cuts nobody, as a load balancer's deregistration."""

    def __init__(self) -> None:
        """Begin without targets; nothing listens yet."""
        self._open: dict[int, int] = {}
        self._in_service: set[int] = set()
        self._server: asyncio.Server | None = None
        self._piping: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen on a free port, and return the address by which clients come."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Listen no more, and cut whoever is left."""
        if self._server is not None:
            self._server.close()
        for task in list(self._piping):
            task.cancel()
        await asyncio.gather(*self._piping, return_exceptions=True)

    def put_in(self, port: int) -> None:
        """Send new connections to a target too."""
        self._open.setdefault(port, 0)
        self._in_service.add(port)

    def take_out(self, port: int) -> None:
        """Send a target no new connections."""
        self._in_service.discard(port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._piping.add(task)
        try:
            with suppress(asyncio.CancelledError):  # by `stop`; the stream's own protocol would take it for a fault
                await self._carry(reader, writer)
        finally:
            self._piping.discard(task)
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for port in sorted(self._in_service, key=lambda one: self._open[one]):
            try:
                back, forth = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue  # it has just gone; another takes it
            self._open[port] += 1
            try:
                await _both_ways(reader, writer, back, forth)
            finally:
                self._open[port] -= 1
                forth.close()
            return


async def _both_ways(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, back: asyncio.StreamReader, forth: asyncio.StreamWriter
) -> None:
    """Carry bytes until either side ends, and then end both: no frame of a WebSocket goes one way alone."""
    ways = [asyncio.ensure_future(_copy(reader, forth)), asyncio.ensure_future(_copy(back, writer))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(CHUNK_BYTES):
            writer.write(part)
            await writer.drain()
