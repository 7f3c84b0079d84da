"""The HTTP side: SQS's JSON protocol, and a control path for tests and benchmarks."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from typing import Any

from .actions import Refusal, Service
from .faults import Fault, Faults, HangUp, HttpAnswer, refusal_body

JSON = "application/x-amz-json-1.0"


class Server:
    """Serves one Service. ``calls`` counts each action; ``log`` keeps time, action, queue and entries of each call."""

    def __init__(self, latency_seconds: float = 0.0) -> None:
        self.latency = latency_seconds
        self.service = Service("")
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.log: list[tuple[float, str, str, int]] = []

    async def start(self, port: int) -> int:
        """Listen on loopback; the port, chosen by the system for 0."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", port, limit=2**24)
        bound = int(server.sockets[0].getsockname()[1])
        self.service.base_url = f"http://127.0.0.1:{bound}"
        return bound

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after another."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                headers = _headers(head)
                if headers.get("expect"):
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                answer = await self._answer(head.split(" ", 2)[1], headers, body, reader)
                writer.write(_wire(answer))
                await writer.drain()
        except (HangUp, asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _answer(
        self, path: str, headers: dict[str, str], body: bytes, reader: asyncio.StreamReader
    ) -> HttpAnswer:
        """The answer to one request. Raises HangUp."""
        given: dict[str, Any] = json.loads(body or b"{}")
        if path.startswith("/control/"):
            return HttpAnswer(200, JSON, json.dumps(self._control(path.split("/")[-1], given)).encode())
        action = headers.get("x-amz-target", ".").split(".")[-1]
        self.calls[action] += 1
        queue = str(given.get("QueueUrl") or "").split("/")[-1]
        self.log.append((time.time(), action, queue, len(given.get("Entries") or [])))
        if self.latency:
            await asyncio.sleep(self.latency)
        struck = await self.faults.strike(action)
        if struck is not None:
            return struck
        try:
            answer = await self.service.call(action, given, lambda: not reader.at_eof())
        except Refusal as refusal:
            return HttpAnswer(400, JSON, refusal_body(refusal.code, str(refusal)), refusal.code)
        return HttpAnswer(200, JSON, json.dumps(answer).encode())

    def _control(self, verb: str, given: dict[str, Any]) -> dict[str, Any]:
        """Order faults, set the latency, read or reset the counters and the log, look into a queue."""
        if verb == "fault":
            self.faults.order(Fault(**given))
        elif verb == "latency":
            self.latency = float(given["seconds"])
        elif verb == "reset":
            self.calls.clear()
            self.service.entries.clear()
            self.log.clear()
            self.faults.clear()
        elif verb == "log":
            return {"log": self.log}
        elif verb == "contents":
            messages = self.service.queues[given["queue"]].contents()
            return {"messages": [{"body": m.body, "attributes": m.attributes or {}} for m in messages]}
        queues = {name: queue.counts() for name, queue in self.service.queues.items()}
        counted = {"calls": dict(self.calls), "entries": dict(self.service.entries), "struck": self.faults.struck}
        return {**counted, "queues": queues}


def _headers(head: str) -> dict[str, str]:
    """The headers of a request, by lower-case name."""
    pairs = (line.split(":", 1) for line in head.split("\r\n")[1:] if ":" in line)
    return {name.strip().lower(): value.strip() for name, value in pairs}


def _wire(answer: HttpAnswer) -> bytes:
    """An answer as bytes."""
    error = f"x-amzn-query-error: {answer.code};Sender\r\n" if answer.code else ""
    head = f"HTTP/1.1 {answer.status} X\r\ncontent-type: {answer.content_type}\r\n{error}"
    return f"{head}content-length: {len(answer.body)}\r\n\r\n".encode() + answer.body
