"""The same work on aiohttp, whose frames C parses: `aiohttp_server.py PORT`, BUS=redis://… in the environment."""

import asyncio
import itertools
import json
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

import redis.asyncio as redis
import uvloop
from aiohttp import WSMsgType, web

rooms: dict[str, set[Any]] = {}
numbers = itertools.count(1)
POOL = redis.BlockingConnectionPool.from_url(os.environ["BUS"], max_connections=32, timeout=None)
client: Any = redis.Redis(connection_pool=POOL)


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
    await subscription.subscribe("rooms")
    listening = asyncio.create_task(listen(subscription))
    yield
    listening.cancel()


async def serve(request: Any) -> Any:
    """Carry one connection."""
    room, user = request.query["room"], request.query["user"]
    ws = web.WebSocketResponse(compress=False, max_msg_size=65536, heartbeat=25)
    await ws.prepare(request)
    rooms.setdefault(room, set()).add(ws)
    await ws.send_str(json.dumps({"type": "joined", "room": room}))
    try:
        async for frame in ws:
            if frame.type is not WSMsgType.TEXT:
                break
            said = json.loads(frame.data)
            message = {"type": "message", "id": next(numbers), "room": room, "from": user, "text": said["text"]}
            await client.publish("rooms", said["room"] + "\n" + json.dumps(message))
            await ws.send_str(json.dumps({"type": "accepted", "requestId": said["requestId"]}))
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
