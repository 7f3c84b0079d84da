"""The same work on plain flask-sock, as its documentation shows it: a handler a connection, `ws.send` in a loop.

`gunicorn -k gevent flask_sock_server:app`, with BUS=redis://… in the environment.
"""

import itertools
import json
import os
import threading
from typing import Any

import redis
from flask import Flask, request
from flask_sock import Sock

rooms: dict[str, set[Any]] = {}
numbers = itertools.count(1)


class Bus:
    """One pool of publishing connections and one subscribing thread."""

    def __init__(self, address: str) -> None:
        """Connect, and deliver from now on."""
        pool = redis.BlockingConnectionPool.from_url(address, max_connections=32, timeout=None)
        self._redis: Any = redis.Redis(connection_pool=pool)
        self._subscription = self._redis.pubsub(ignore_subscribe_messages=True)
        self._subscription.subscribe("rooms")
        threading.Thread(target=self._run, daemon=True).start()

    def publish(self, room: str, text: str) -> None:
        """Tell every process."""
        self._redis.publish("rooms", f"{room}\n{text}")

    def _run(self) -> None:
        for item in self._subscription.listen():
            room, _, text = item["data"].decode().partition("\n")
            for ws in list(rooms.get(room, ())):
                try:
                    ws.send(text)
                except Exception:  # closed meanwhile
                    rooms[room].discard(ws)


_bus: list[Bus] = []
_making = threading.Lock()


def bus() -> Bus:
    """Return the bus, made in the worker."""
    with _making:
        if not _bus:
            _bus.append(Bus(os.environ["BUS"]))
    return _bus[0]


def healthz() -> str:
    """Answer that the server is there."""
    bus()
    return "ok"


def serve(ws: Any) -> None:
    """Carry one connection."""
    room, user = request.args["room"], request.args["user"]
    out = bus()
    rooms.setdefault(room, set()).add(ws)
    ws.send(json.dumps({"type": "joined", "room": room}))
    try:
        while True:
            said = json.loads(ws.receive())
            message = {"type": "message", "id": next(numbers), "room": room, "from": user, "text": said["text"]}
            out.publish(said["room"], json.dumps(message))
            ws.send(json.dumps({"type": "accepted", "requestId": said["requestId"]}))
    finally:
        rooms[room].discard(ws)


app = Flask(__name__)
app.config["SOCK_SERVER_OPTIONS"] = {"max_message_size": 65536, "ping_interval": 25}
app.add_url_rule("/healthz", view_func=healthz)
Sock(app).route("/ws")(serve)
