"""Run the emulator: ``python -m bench.minisqs [port] [latency in ms]``; it prints its port and serves until killed."""

from __future__ import annotations

import asyncio
import gc
import sys

from .server import Server


async def serve(port: int, latency_ms: float) -> None:
    """Serve until cancelled, or until the process that started it closes its standard input."""
    server = Server(latency_ms / 1000)
    print(await server.start(port), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    gc.freeze()
    given = [float(argument) for argument in sys.argv[1:]] + [0.0, 0.0]
    asyncio.run(serve(int(given[0]), given[1]))
