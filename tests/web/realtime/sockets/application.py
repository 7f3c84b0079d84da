"""A tiny application on the transport under test. The environment sets HEARTBEAT and MAX_CONNECTIONS."""

import os
from collections import defaultdict
from threading import Event
from typing import Any

from flask import Blueprint, Flask, abort, current_app, request

from web.realtime.sockets.handshake import upgrade_required
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.port import Accepted, Connection, Frame, Later, Receiver, Taken
from web.realtime.sockets.sockets import Sockets

journal: dict[str, list[str]] = defaultdict(list)
gates: dict[str, Event] = defaultdict(Event)
room: dict[str, Connection] = {}
afterwards: dict[str, tuple[Later, bytes]] = {}

app = Flask(__name__)
limits = Limits(
    max_connections=int(os.environ.get("MAX_CONNECTIONS", "10000")),
    flush_seconds=2.0,
    linger_seconds=0.5,
    slow_seconds=2.0,
)
sockets = Sockets(limits=limits)
pages = Blueprint("pages", __name__)


class Scripted:
    """Does what the messages say, and writes down what it is told."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0
        self.notes = journal[name]

    def opened(self, connection: Connection) -> None:
        self.connection = connection
        self.notes.append("opened")
        if self.name.startswith("unopenable"):
            raise ValueError("asked to fail in opened")
        room[self.name] = connection

    def received(self, message: bytes, is_text: bool) -> None:
        assert current_app.name
        word, _, rest = message[:200].partition(b":")
        command = getattr(self, f"do_{word.decode(errors='replace')}", None) if is_text else None
        if command is not None:
            command(rest.decode())
        elif is_text:
            self.connection.send(Frame.text(message))
        else:
            self.connection.send(Frame.text(b"binary:" + message.hex().encode()))

    def closed(self, code: int) -> None:
        self.notes.append(f"closed {code}")
        current_app.logger.warning("closed %s %s", self.name, code)
        room.pop(self.name, None)

    def do_note(self, rest: str) -> None:
        self.notes.append(rest)

    def do_count(self, rest: str) -> None:
        self.count += 1

    def do_counted(self, rest: str) -> None:
        self.connection.send(Frame.text(b"%d" % self.count))

    def do_raise(self, rest: str) -> None:
        raise ValueError("asked to fail in received")

    def do_hold(self, gate: str) -> None:
        self.notes.append("held")
        gates[gate].wait()
        self.notes.append("released")

    def do_release(self, gate: str) -> None:
        gates[gate].set()

    def do_close(self, rest: str) -> None:
        code, _, reason = rest.partition(":")
        self.connection.close(int(code), reason)
        self.connection.close(4999, "a second close does nothing")
        self.connection.send(Frame.text(b"after the close nothing is sent"))

    def do_pour(self, rest: str) -> None:
        """pour:count:size:to - so many messages of such size, all of one letter each."""
        count, size, to = rest.split(":")
        for number in range(int(count)):
            room[to].send(Frame.text(bytes((97 + number % 26,)) * int(size)))

    def do_all(self, text: str) -> None:
        frame = Frame.text(text.encode())
        for connection in list(room.values()):
            connection.send(frame)


class InHub(Scripted):
    """Takes messages that begin with `quick` on the hub."""

    def received_in_hub(self, message: bytes, later: Later) -> Taken:
        if message.startswith(b"soon"):
            self.notes.append(f"{message.decode()} taken")
            afterwards[self.name] = (later, message)
            return Taken.SOON
        if not message.startswith(b"quick"):
            return Taken.NO
        self.quick(message, "in the hub")
        return Taken.NOW

    def received(self, message: bytes, is_text: bool) -> None:
        if message.startswith((b"quick", b"soon")):
            self.quick(message, "in turn")
        else:
            super().received(message, is_text)

    def quick(self, message: bytes, way: str) -> None:
        if message == b"quick raise":
            raise ValueError("asked to fail")
        self.notes.append(f"{message.decode()} {way}")


app.add_url_rule("/ws", view_func=upgrade_required, websocket=False)


@sockets.route("/ws")
def scripted() -> Receiver:
    return Scripted(request.args.get("name", "nobody"))


@sockets.route("/hub")
def in_hub() -> Receiver:
    return InHub(request.args["name"])


@sockets.route("/chosen/<subprotocol>")
def chosen(subprotocol: str) -> Accepted:
    return Accepted(Scripted("nobody"), subprotocol)


@sockets.route("/page", bp=pages)
def in_blueprint() -> Receiver:
    return Scripted("nobody")


@sockets.route("/aborts")
def aborts() -> Receiver:
    abort(401)


@sockets.route("/refuses")
def refuses() -> tuple[str, int]:
    return "not for you", 403


@sockets.route("/fails")
def fails() -> Receiver:
    raise ValueError("asked to fail in the view")


@app.get("/state")
def state() -> dict[str, Any]:
    return {
        "pid": os.getpid(),
        "connections": len(sockets.connections),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "queued": {name: connection.queued for name, connection in room.items()},
    }


@app.post("/go-on/<name>")
def go_on(name: str) -> str:
    later, message = afterwards.pop(name)
    later.go_on(message if message == b"soon again" else None)
    return ""


@app.get("/journal/<name>")
def read_journal(name: str) -> list[str]:
    return journal[name]


@app.post("/release/<gate>")
def release(gate: str) -> str:
    gates[gate].set()
    return "released"


app.register_blueprint(pages, url_prefix="/of_a_blueprint")
sockets.init_app(app)
