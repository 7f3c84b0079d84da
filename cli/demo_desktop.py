"""A desktop program as others write it: one WebSocket, a requestId with each message, and one answer to each."""

import asyncio
import json
import uuid
from typing import Any

from websockets.asyncio.client import connect

ANSWER_SECONDS = 30.0


async def ask_all(base: str, token: str, messages: list[str]) -> list[dict[str, Any]]:
    """Send messages at once over one connection, and return the `messageResponse` of each, in the order sent.

    Nothing but `sendMessage` with a requestId is sent, and only its requestId tells which request an answer belongs to.

    Raises:
        TimeoutError: some answer did not come within 30 s.
        LookupError: a request was answered twice, or one was answered that was not made.
    """
    waiting = [str(uuid.uuid4()) for _ in messages]
    answers: dict[str, dict[str, Any]] = {}
    async with asyncio.timeout(ANSWER_SECONDS), connect(f"{base.replace('http', 'ws', 1)}/ws?token={token}") as socket:
        for request_id, message in zip(waiting, messages, strict=True):
            await socket.send(json.dumps({"action": "sendMessage", "requestId": request_id, "message": message}))
        while len(answers) < len(messages):
            frame = json.loads(await socket.recv())
            if frame.get("action") != "messageResponse":
                continue
            if frame["requestId"] not in waiting or frame["requestId"] in answers:
                raise LookupError(f"{frame['requestId']} was not asked, or answered before")
            answers[frame["requestId"]] = frame
    return [answers[request_id] for request_id in waiting]
