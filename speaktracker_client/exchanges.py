"""Requests over a WebSocket and their answers, matched by requestId over as many WebSockets as it takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from speaktracker_client.backoff import Backoff
from speaktracker_client.deadline import deadline
from speaktracker_client.errors import Refused, SpeakTrackerError, TimedOut, refusal

Send = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Waiting:
    """A request that was sent, or waits for a WebSocket to be sent on, and its answer."""

    frame: str
    action: str
    answer: asyncio.Future[dict[str, Any]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Exchanges:
    """What was asked and not yet answered; `resend` asks it again, with the same requestIds, after a cut."""

    def __init__(self, send: Send, backoff: Backoff) -> None:
        """`send` sends a frame where a WebSocket is open, and does nothing where none is."""
        self._send = send
        self._backoff = backoff
        self._waiting: dict[str, Waiting] = {}

    async def ask(self, fields: dict[str, Any], *, answered_by: str, seconds: float | None) -> dict[str, Any]:
        """Send a request and return its answer; a refusal that may pass is tried again until the time is over.

        `seconds` of None sets no bound: it is asked until it is answered.

        Raises:
            Refused: the platform said no, for good or until the time was over.
            TimedOut: no answer came; with the error's requestId it can be asked again.
            Ended: the connection is over.
            ValueError: a request with that requestId is being asked already.
        """
        request_id = fields.setdefault("requestId", str(uuid4()))
        frame = json.dumps(fields, ensure_ascii=False)
        refused: list[Refused] = []
        try:
            async with deadline(seconds):
                while True:
                    try:
                        return await self._once(request_id, frame, answered_by)
                    except Refused as problem:
                        if not problem.is_retryable:
                            raise
                        refused.append(problem)
                    await asyncio.sleep(refused[-1].retry_after or self._backoff.seconds(len(refused) - 1))
        except TimeoutError as late:
            raise refused[-1] if refused else TimedOut(request_id) from late

    def begin(self, request_id: str, frame: str, action: str) -> Waiting:
        """Wait for the answer to a request from now on; `end` waits no more.

        Raises:
            ValueError: a request with that requestId is being asked already.
        """
        if request_id in self._waiting:
            raise ValueError(f"requestId {request_id} is being asked already")
        waiting = self._waiting[request_id] = Waiting(frame, action)
        return waiting

    def end(self, request_id: str) -> None:
        """Wait for an answer no more. Again is fine."""
        waiting = self._waiting.pop(request_id, None)
        if waiting is not None and waiting.answer.done() and not waiting.answer.cancelled():
            waiting.answer.exception()  # whoever waited has gone: it is no news that nobody asked for it

    def answer(self, fields: dict[str, Any]) -> bool:
        """Give a frame to the call that waits for it; tell whether one did."""
        waiting = self._waiting.get(str(fields.get("requestId")))
        action = fields.get("action")
        if waiting is None or action not in (waiting.action, "error"):
            return False
        if not waiting.answer.done():
            if action == "error" or fields.get("status") == "failed":
                waiting.answer.set_exception(refusal(fields))
            else:
                waiting.answer.set_result(fields)
        return True

    async def resend(self) -> None:
        """Send everything again that is not answered, in its first order."""
        for waiting in list(self._waiting.values()):
            if not waiting.answer.done():
                await self._send(waiting.frame)

    def fail(self, problem: SpeakTrackerError) -> None:
        """Let everybody know that no answer will come."""
        for waiting in self._waiting.values():
            if not waiting.answer.done():
                waiting.answer.set_exception(problem)

    async def _once(self, request_id: str, frame: str, answered_by: str) -> dict[str, Any]:
        waiting = self.begin(request_id, frame, answered_by)
        try:
            await self._send(frame)
            return await waiting.answer
        finally:
            self.end(request_id)
