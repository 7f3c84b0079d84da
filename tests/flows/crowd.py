"""Many clients that talk at once, each as fast as it is allowed, each hearing everything."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

Frame = dict[str, Any]
PACE_SECONDS = 0.052
"""A little slower than 40 frames in 2 s."""
PATIENCE_SECONDS = 300.0
AGAIN = ("RATE_LIMITED", "UNAVAILABLE")


@dataclass
class Talker:
    """One client: what it said, what was acknowledged, and what it heard in its order."""

    address: str
    room_id: str
    sentences: list[str]
    messages: list[Frame] = field(default_factory=list)
    acknowledged: dict[str, Frame] = field(default_factory=dict)
    resyncs: list[Frame] = field(default_factory=list)
    connection_id: str = ""

    async def talk(self, is_over: Callable[[], bool], ready: asyncio.Barrier) -> None:
        """Say everything, again where that is asked for, and listen until it is over."""
        async with connect(self.address, proxy=None, compression=None, max_queue=None) as socket:
            self.connection_id = json.loads(await socket.recv())["connectionId"]
            await ready.wait()
            listening = asyncio.create_task(self._listen(socket, is_over))
            for sentence in self.sentences:
                await self._say(socket, sentence)
                await asyncio.sleep(PACE_SECONDS)
            await listening

    async def _say(self, socket: ClientConnection, sentence: str) -> None:
        frame = {"action": "sendMessage", "requestId": sentence, "roomId": self.room_id, "content": sentence}
        await socket.send(json.dumps(frame))

    async def _listen(self, socket: ClientConnection, is_over: Callable[[], bool]) -> None:
        while not is_over():
            try:
                frame = json.loads(await asyncio.wait_for(socket.recv(), 0.5))
            except TimeoutError:
                continue
            if frame.get("type") == "message":
                self.messages.append(frame)
            elif frame.get("type") == "resync":
                self.resyncs.append(frame)
            elif frame.get("action") == "messageAck":
                self.acknowledged[frame["requestId"]] = frame
            elif frame.get("action") == "error":
                assert frame["error"] in AGAIN, frame
                await asyncio.sleep(frame["retryAfter"])
                await self._say(socket, frame["requestId"])


def converse(talkers: list[Talker], is_over: Callable[[], bool], meanwhile: Awaitable[None] | None = None) -> None:
    """Let all of them talk at once until it is over."""
    asyncio.run(_converse(talkers, is_over, meanwhile))


async def _converse(talkers: list[Talker], is_over: Callable[[], bool], meanwhile: Awaitable[None] | None) -> None:
    ready = asyncio.Barrier(len(talkers))
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        for talker in talkers:
            group.create_task(talker.talk(is_over, ready))
        if meanwhile is not None:
            group.create_task(_awaited(meanwhile))


async def _awaited(what: Awaitable[None]) -> None:
    await what
