"""A platform of one room that does as it is told: real WebSockets, HTTP answered in the process."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from speaktracker_client.models import Message, Push

ROOM = "room-1"
OTHER = "ben"
DEADLINE = 60.0

Fields = dict[str, Any]
Intercept = Callable[[ServerConnection, Fields], Awaitable[bool]]


async def eventually(condition: Callable[[], bool], what: str) -> None:
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await asyncio.sleep(0.002)
    assert condition(), what


async def one_of(connection: Any) -> Any:
    """Return the next that comes, soon."""
    async with asyncio.timeout(DEADLINE):
        return await anext(connection)


async def heard(connection: Any, amount: int) -> list[str]:
    """Return the contents of so many messages, the next that come."""
    found: list[str] = []
    while len(found) < amount:
        one = await one_of(connection)
        if isinstance(one, Message):
            found.append(one.content)
    return found


async def next_push(connection: Any) -> Push:
    one = await one_of(connection)
    assert isinstance(one, Push)
    return one


class FakePlatform:
    def __init__(self) -> None:
        self.epoch, self.seq = "epoch-1", 0
        self.log: list[Fields] = []  # the recent history of this epoch
        self.stored: list[Fields] = []  # the whole history
        self.by_request: dict[str, Fields] = {}
        self.sockets: list[ServerConnection] = []
        self.frames: list[Fields] = []
        self.openings: list[Request] = []
        self.intercept: Intercept | None = None
        self.stopping = 0  # so many of the next connections meet a gateway that is about to stop
        self.refusals: list[tuple[str, int, str]] = []  # path's end, status, code: each is used once
        self.history_gate = asyncio.Event()
        self.history_gate.set()
        self.history_reads = 0
        self.tokens, self.tickets, self.refreshes = count(1), count(1), 0
        self.valid_token, self.open_tickets = "access-0", set[str]()
        self.expires_in, self.stale_tickets = 3600, 0
        self.port = 0
        self._clock = count(1)
        self._server: Server | None = None
        self.transport = httpx.MockTransport(self._http)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_problem: object) -> None:
        await self.stop()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await serve(
            self._serve, "127.0.0.1", self.port, process_request=self._handshake, select_subprotocol=_bearer
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self, code: int = 1012) -> None:
        assert self._server is not None
        self._server.close(code=code)
        await self._server.wait_closed()

    def cut(self) -> None:
        """Drop every TCP connection without a word."""
        for socket in self.sockets:
            socket.transport.abort()

    async def close(self, code: int) -> None:
        for socket in list(self.sockets):
            await socket.close(code)

    def place(self, content: str, user: str = OTHER) -> Fields:
        """Give a message its place, without telling anybody."""
        self.seq += 1
        at = next(self._clock)
        message = {
            "type": "message", "messageId": f"m{at}", "roomId": ROOM, "userId": user, "content": content,
            "messageType": "TEXT", "createdAt": f"2026-01-01T00:00:{at:09.3f}Z", "seq": self.seq,
        }  # fmt: skip
        self.log.append(message)
        self.stored.append(message)
        return message

    async def push(self, fields: Fields) -> None:
        for socket in list(self.sockets):
            await _send(socket, fields)

    async def say(self, content: str) -> None:
        await self.push(self.place(content))

    def forget(self, *, above: int) -> None:
        """Lose the memory: a new epoch begins above a sequence number."""
        self.epoch, self.seq, self.log = f"epoch-{next(self._clock)}", above, []

    def resync(self) -> Fields:
        return {"lastSeq": self.seq, "epoch": self.epoch}

    async def _serve(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        try:
            if self.stopping:
                self.stopping -= 1
                await _send(socket, {"type": "closing", "reason": "the gateway stops"})
                await socket.close(1012)
            await _send(socket, {"action": "connected", "connectionId": "c", **self.resync()})
            async for text in socket:
                fields = json.loads(text)
                self.frames.append(fields)
                if self.intercept is None or not await self.intercept(socket, fields):
                    await self.answer(socket, fields)
        except ConnectionClosed:
            pass
        finally:
            self.sockets.remove(socket)

    async def answer(self, socket: ServerConnection, fields: Fields) -> None:
        request = {"requestId": fields["requestId"]} if "requestId" in fields else {}
        match fields["action"]:
            case "sendMessage":
                await self.accept(fields)
                await _send(socket, self.ack(fields))
            case "resume":
                await self._resume(socket, fields, request)
            case "ping":
                await _send(socket, {"action": "pong", **request})
            case "presence":
                await _send(socket, {"action": "presence", "members": ["ann", OTHER], **request})

    async def accept(self, fields: Fields) -> None:
        """Show a message once, however often it is sent."""
        if fields["requestId"] not in self.by_request:
            message = self.place(fields["content"], "ann")
            self.by_request[fields["requestId"]] = message
            await self.push(message)

    def ack(self, fields: Fields) -> Fields:
        message = self.by_request[fields["requestId"]]
        kept = {name: message[name] for name in ("messageId", "seq", "createdAt")}
        return {"action": "messageAck", "requestId": fields["requestId"], **kept}

    async def _resume(self, socket: ServerConnection, fields: Fields, request: Fields) -> None:
        last, known = fields["lastSeq"], {one["seq"] for one in self.log}
        missed = range(last + 1, self.seq + 1)
        if fields["epoch"] != self.epoch or last > self.seq or not known.issuperset(missed):
            await _send(socket, {"action": "resync", **request, **self.resync()})
            return
        for message in self.log:
            if message["seq"] > last:
                await _send(socket, message)
        await _send(socket, {"action": "resumed", **request, **self.resync()})

    def _handshake(self, socket: ServerConnection, request: Request) -> Response | None:
        self.openings.append(request)
        query = parse_qs(urlsplit(request.path).query)
        ticket = query.get("roomToken", [""])[0]
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        if ticket in self.open_tickets or offered == f"bearer, {self.valid_token}":
            self.open_tickets.discard(ticket)
            return None
        refusal = {"success": False, "error": "UNAUTHORIZED", "message": "no ticket"}
        return socket.respond(HTTPStatus.UNAUTHORIZED, json.dumps(refusal))

    async def _http(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)  # as the network does: others go on meanwhile
        path = request.url.path
        for refusal in self.refusals:
            if path.endswith(refusal[0]):
                self.refusals.remove(refusal)
                return _refused(*refusal[1:])
        if path.startswith("/api/auth/"):
            return self._sign_in(path)
        if request.headers.get("Authorization") != f"Bearer {self.valid_token}":
            return _refused(401, "UNAUTHORIZED")
        if path.endswith("/join"):
            ticket = f"ticket-{next(self.tickets)}"
            if self.stale_tickets == 0:
                self.open_tickets.add(ticket)
            self.stale_tickets = max(0, self.stale_tickets - 1)
            return _answered({"room": ROOM_FIELDS, "roomToken": ticket, "tokenExpiresAt": 1})
        if path.endswith("/messages"):
            return await self._history(request)
        return _answered(ROOM_FIELDS)

    def _sign_in(self, path: str) -> httpx.Response:
        self.refreshes += path.endswith("refresh")
        self.valid_token = f"access-{next(self.tokens)}"
        user = {"userId": "ann", "email": "ann@example.com", "role": "student", "name": "Ann"}
        fields = {"accessToken": self.valid_token, "refreshToken": "refresh", "expiresIn": self.expires_in}
        return httpx.Response(200, json={"success": True, "message": "", **fields, "user": user})

    async def _history(self, request: httpx.Request) -> httpx.Response:
        self.history_reads += 1
        await self.history_gate.wait()
        start, limit = int(request.url.params.get("cursor", 0)), int(request.url.params["limit"])
        newest = sorted(self.stored, key=lambda one: str(one["createdAt"]), reverse=True)
        more = start + limit < len(newest)
        fields = {"messages": newest[start : start + limit], "nextCursor": str(start + limit) if more else None}
        return _answered(fields)


ROOM_FIELDS = {
    "roomId": ROOM, "name": "Room", "level": "beginner", "currentMembers": 1, "maxMembers": 6, "isPrivate": False,
    "lastMessageAt": "2026-01-01T00:00:00.000Z", "createdAt": "2026-01-01T00:00:00.000Z", "memberIds": ["ann"],
}  # fmt: skip


async def _send(socket: ServerConnection, fields: Fields) -> None:
    with suppress(ConnectionClosed):
        await socket.send(json.dumps(fields))


def _answered(fields: Fields) -> httpx.Response:
    return httpx.Response(200, json={"success": True, "message": "", "data": fields})


def _refused(status: int, code: str) -> httpx.Response:
    body = {"success": False, "error": code, "message": code.lower(), "requestId": "r"}
    return httpx.Response(status, json=body, headers={"Retry-After": "3"} if status == 429 else {})


def _bearer(_socket: ServerConnection, offered: Any) -> Any:
    return "bearer" if "bearer" in offered else None
