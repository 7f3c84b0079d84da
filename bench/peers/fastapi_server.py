"""The same work on FastAPI: `uvicorn fastapi_server:app`, with BUS=redis://… in the environment."""

import asyncio
import itertools
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio as redis
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

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
                await ws.send_text(text)
            except Exception:  # closed meanwhile
                rooms[room].discard(ws)


@asynccontextmanager
async def carry_bus(_app: Any) -> AsyncIterator[None]:
    """Listen for as long as the server runs."""
    subscription = client.pubsub(ignore_subscribe_messages=True)
    await subscription.subscribe("rooms")
    listening = asyncio.create_task(listen(subscription))
    yield
    listening.cancel()


async def healthz() -> str:
    """Answer that the server is there."""
    return "ok"


async def serve(ws: WebSocket, room: str, user: str) -> None:
    """Carry one connection."""
    await ws.accept()
    rooms.setdefault(room, set()).add(ws)
    await ws.send_text(json.dumps({"type": "joined", "room": room}))
    try:
        while True:
            said = json.loads(await ws.receive_text())
            message = {"type": "message", "id": next(numbers), "room": room, "from": user, "text": said["text"]}
            await client.publish("rooms", said["room"] + "\n" + json.dumps(message))
            await ws.send_text(json.dumps({"type": "accepted", "requestId": said["requestId"]}))
    except WebSocketDisconnect:
        pass
    finally:
        rooms[room].discard(ws)


app = FastAPI(lifespan=carry_bus)
app.add_api_route("/healthz", healthz)
app.add_api_websocket_route("/ws", serve)
