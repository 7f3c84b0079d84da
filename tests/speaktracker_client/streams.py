"""A platform that tells by an event stream, and cuts it as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

Fields = dict[str, Any]


class StreamPlatform:
    def __init__(self) -> None:
        self.log: list[Fields] = []
        self.jobs: dict[str, Fields] = {}
        self.asked_from: list[str | None] = []
        self.token, self.refreshes = "access-0", 0
        self.remembers_from = 0
        self.answer: int = 200
        self.open_streams = 0
        self._news = asyncio.Event()
        self._cut = asyncio.Event()
        self.transport = httpx.MockTransport(self._http)

    def push(self, **fields: Any) -> None:
        self.log.append(fields)
        self._news.set()

    def cut(self) -> None:
        """Drop every stream."""
        self._cut.set()
        self._cut = asyncio.Event()

    async def _http(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.startswith("/api/auth/"):
            self.refreshes += path.endswith("refresh")
            self.token = f"access-{self.refreshes}"
            user = {"userId": "ann", "email": "ann@example.com", "role": "student", "name": "Ann"}
            fields = {"accessToken": self.token, "refreshToken": "refresh", "expiresIn": 3600, "user": user}
            return httpx.Response(200, json={"success": True, "message": "", **fields})
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return httpx.Response(401, json={"success": False, "error": "UNAUTHORIZED", "message": ""})
        if path.startswith("/api/jobs/"):
            return httpx.Response(200, json={"success": True, "message": "", **self.jobs[path.rpartition("/")[2]]})
        if self.answer != 200:
            return httpx.Response(self.answer)
        last = request.headers.get("Last-Event-ID")
        self.asked_from.append(last)
        return httpx.Response(200, content=self._told(last))

    async def _told(self, last: str | None) -> AsyncIterator[bytes]:
        cut = self._cut
        self.open_streams += 1
        try:
            place = len(self.log) if last is None else int(last)
            if place < self.remembers_from:
                place = len(self.log)
                yield f'retry: 1000\nid: {place}\nevent: resync\ndata: {{"type":"resync"}}\n\n'.encode()
            else:
                yield f"retry: 1000\nid: {place}\n\n".encode()
            while True:
                for number in range(place, len(self.log)):
                    one = self.log[number]
                    yield f"id: {number + 1}\nevent: {one['type']}\ndata: {json.dumps(one)}\n\n".encode()
                place = len(self.log)
                self._news.clear()
                yield b": still here\n\n"
                await self._news_or(cut)
        finally:
            self.open_streams -= 1

    async def _news_or(self, cut: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(one.wait()) for one in (self._news, cut)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
        if cut.is_set():
            raise httpx.ReadError("cut")
