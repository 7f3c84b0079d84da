"""A gateway and an AWS on loopback of which any part can be broken: what `speaktracker verify` is shown."""

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

from flask import Flask, Response, request
from simple_websocket import ConnectionClosed, Server
from werkzeug.serving import WSGIRequestHandler, make_server

AT = "2026-01-01T00:00:00.000Z"
ROOM = {
    "roomId": "room-1", "name": "verify", "level": "beginner", "currentMembers": 1, "maxMembers": 6, "isPrivate": False,
    "lastMessageAt": AT, "createdAt": AT, "memberIds": ["me"],
}  # fmt: skip
USER = {"userId": "me", "email": "me@example.com", "role": "student", "name": "Me"}


@dataclass
class Gateway:
    """A gateway that does all that a message needs, but for what it is told to leave out."""

    ready: Any = field(default_factory=lambda: {"checks": {"redis": True, "loops": True}, "notices": []})
    status: int = 200
    signs_in: bool = True
    pushes: bool = True
    log: Any = None
    deleted: list[str] = field(default_factory=list)

    def app(self) -> Flask:
        app = Flask(__name__)
        seqs = itertools.count(1)

        @app.get("/readyz")
        def readyz() -> Response:
            body = self.ready if isinstance(self.ready, str) else json.dumps(self.ready)
            return Response(body, status=self.status)

        @app.post("/api/auth/login")
        def login() -> Any:
            if not self.signs_in:
                refused = {"error": "UNAUTHORIZED", "message": "E-mail or password is wrong.", "requestId": "r"}
                return {"success": False, **refused}, 401
            tokens = {"accessToken": "a", "refreshToken": "r", "expiresIn": 3600}
            return {"success": True, "message": "", **tokens, "user": USER}

        @app.post("/rooms")
        def create() -> Any:
            return {"success": True, "message": "", "data": ROOM}

        @app.post("/rooms/<room>/join")
        def join(room: str) -> Any:
            data = {"room": ROOM, "roomToken": f"ticket-of-{room}", "tokenExpiresAt": 1}
            return {"success": True, "message": "", "data": data}

        @app.delete("/rooms/<room>")
        def delete(room: str) -> Any:
            self.deleted.append(room)
            return {"success": True, "message": "", "data": ROOM}

        @app.get("/ws", websocket=True)
        def socket() -> Any:
            server = Server(request.environ)
            server.send(json.dumps({"action": "connected", "connectionId": "c", "lastSeq": 0, "epoch": "e"}))
            try:
                while True:
                    self._answer(server, json.loads(server.receive()), seqs)
            except ConnectionClosed:
                return ""

        return app

    def _answer(self, server: Server, frame: dict[str, Any], seqs: Iterator[int]) -> None:
        if frame["action"] == "resume":
            server.send(json.dumps({"action": "resumed", "lastSeq": 0, "epoch": "e", "requestId": frame["requestId"]}))
        if frame["action"] != "sendMessage":
            return
        seq = next(seqs)
        said = {"messageId": f"m{seq}", "seq": seq, "createdAt": AT}
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({"event": "message.accepted", "requestId": frame["requestId"]}) + "\n")
        server.send(json.dumps({"action": "messageAck", "requestId": frame["requestId"], **said}))
        if self.pushes:
            of_room = {"roomId": "room-1", "userId": "me", "content": frame["content"], "messageType": "TEXT"}
            server.send(json.dumps({"type": "message", **said, **of_room}))


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing."""


def _listening(server: HTTPServer) -> Iterator[str]:
    """Give the address of a server for as long as it is used."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def serving(gateway: Gateway) -> Iterator[str]:
    """Give the address of a gateway that listens."""
    server = make_server("127.0.0.1", 0, gateway.app(), threaded=True, request_handler=_Silent)
    yield from _listening(server)


class Aws(BaseHTTPRequestHandler):
    """An AWS that answers by what it was asked for; what is not named is refused."""

    answers: dict[str, Any] = {}  # noqa: RUF012 - replaced by a subclass of each test

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        action = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        found = type(self).answers.get(action)
        body = json.dumps({"__type": "AccessDeniedException", "message": "not you"} if found is None else found)
        self.send_response(403 if found is None else 200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(answers: dict[str, Any]) -> Iterator[str]:
    """Give the address of an AWS with these answers by action."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answering", (Aws,), {"answers": answers}))
    yield from _listening(server)
