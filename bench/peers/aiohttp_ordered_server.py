"""aiohttp with what our messages promise: order, history, each request id once, accepted when the queue has it.

`aiohttp_ordered_server.py PORT`, BUS=redis://… in the environment.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import redis.asyncio as redis
import uvloop
from aiohttp import WSMsgType, web

CHANNEL, KEPT, DAY = "ordered", 1000, 86_400
rooms: dict[str, set[Any]] = {}
POOL = redis.BlockingConnectionPool.from_url(os.environ["BUS"], max_connections=32, timeout=None)
client: Any = redis.Redis(connection_pool=POOL)
script: Any = client.register_script((Path(__file__).parent / "post.lua").read_text("utf-8"))


class CountedQueue:
    """A queue that takes what has come up to now as one job, and counts it."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.jobs = 0
        self._waiting: list[asyncio.Future[None]] = []

    async def put(self) -> None:
        """Return when it is taken."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._take)
        taken: asyncio.Future[None] = loop.create_future()
        self._waiting.append(taken)
        await taken

    def _take(self) -> None:
        self.jobs += 1
        waiting, self._waiting = self._waiting, []
        for taken in waiting:
            taken.set_result(None)


queue = CountedQueue()


async def listen(subscription: Any) -> None:
    """Deliver what the bus says."""
    async for item in subscription.listen():
        room, _, text = item["data"].decode().partition("\n")
        for ws in list(rooms.get(room, ())):
            try:
                await ws.send_str(text)
            except Exception:  # closed meanwhile
                rooms[room].discard(ws)


async def carry_bus(_app: Any) -> AsyncIterator[None]:
    """Listen for as long as the server runs."""
    subscription = client.pubsub(ignore_subscribe_messages=True)
    await subscription.subscribe(CHANNEL)
    listening = asyncio.create_task(listen(subscription))
    yield
    listening.cancel()


async def take(ws: Any, user: str, said: dict[str, str]) -> None:
    """Give a message its place, and tell its sender once the queue has it."""
    room, request_id = said["room"], said["requestId"]
    created_at = datetime.now(UTC).isoformat()
    message = {"type": "message", "room": room, "from": user, "id": request_id, "createdAt": created_at}
    text = json.dumps(message | {"text": said["text"]})[:-1]
    keys = [f"head:{room}", f"recent:{room}", f"id:{room}:{user}:{request_id}"]
    seq, _ = await script(keys=keys, args=[room, text, CHANNEL, KEPT, DAY])
    await queue.put()
    await ws.send_str(json.dumps({"type": "accepted", "requestId": request_id, "seq": seq}))


async def serve(request: Any) -> Any:
    """Carry one connection."""
    room, user = request.query["room"], request.query["user"]
    ws = web.WebSocketResponse(compress=False, max_msg_size=65536, heartbeat=25)
    await ws.prepare(request)
    rooms.setdefault(room, set()).add(ws)
    await ws.send_str(json.dumps({"type": "joined", "room": room}))
    if "after" in request.query:
        for text in await client.zrangebyscore(f"recent:{room}", f"({request.query['after']}", "+inf"):
            await ws.send_str(text.decode())
    try:
        async for frame in ws:
            if frame.type is not WSMsgType.TEXT:
                break
            await take(ws, user, json.loads(frame.data))
    finally:
        rooms[room].discard(ws)
    return ws


async def healthz(_request: Any) -> Any:
    """Answer that the server is there."""
    return web.Response(text="ok")


def main() -> None:
    """Serve until stopped."""
    app = web.Application()
    app.cleanup_ctx.append(carry_bus)
    app.add_routes([web.get("/ws", serve), web.get("/healthz", healthz)])
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), backlog=4096, access_log=None, print=None)


main()
