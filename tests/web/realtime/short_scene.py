"""A session between a line and what a test stands in for, offered frames on the event loop."""

from types import SimpleNamespace
from typing import Any

import orjson

from shared.adapters.memory.kernel import CountedIds, SetClock
from shared.domains.connections.models import ConnectionKind
from shared.kernel.errors import DomainError
from web.realtime.dispatch import ACTIONS
from web.realtime.frames import is_plain, parse_object
from web.realtime.limits import PeoplesLimits
from web.realtime.session import Holder, Session
from web.realtime.short_ways import ShortWay
from web.realtime.sockets.port import Frame
from web.realtime.typists import Typists

ROOM, USER = "r1", "u1"
ALLOWED = 3


class Line:
    """A connection that keeps what it is sent, and is not to be closed."""

    closed = False
    queued = 0
    heard_at = 0.0

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []

    def send(self, frame: Frame) -> None:
        self.heard.append(orjson.loads(frame.payload))

    def close(self, code: int, reason: str = "") -> None:
        raise AssertionError((code, reason))


class Way:
    """The way back; keeps what came along it."""

    def __init__(self) -> None:
        self.back: list[bytes | None] = []

    def go_on(self, again: bytes | None = None) -> None:
        self.back.append(again)


def session_on(line: Line, kind: ConnectionKind, ports: dict[str, Any], **parts: Any) -> Session:
    """Return the session of a connection of USER, a room's in ROOM, on a process of these ports and parts."""
    settings = SimpleNamespace(frames_per_two_seconds=ALLOWED)
    known: Any = SimpleNamespace(
        ports=SimpleNamespace(ids=CountedIds(), clock=SetClock(), settings=settings, **ports),
        typists=Typists(),
        frame_limits=PeoplesLimits(per_connection=ALLOWED, per_person=ALLOWED, processes=1),
        **parts,
    )
    room_id = ROOM if kind is ConnectionKind.ROOM else None
    session = Session(known, Holder(USER, "session", "en", kind, room_id), ACTIONS[kind])
    session.connection = line
    return session


def fields_of(frame: bytes, action: str) -> dict[str, Any] | None:
    """Return what a session gives the short way of an action; None where it gives nothing."""
    try:
        fields = parse_object(frame, is_text=True)
    except DomainError:
        return None
    return fields if fields.get("action") == action else None


def read_by(way: ShortWay, fields: dict[str, Any]) -> Any:
    """Return what a short way makes of a frame's fields in ROOM; None where it leaves them."""
    session: Any = SimpleNamespace(user_id=USER, room_id=ROOM)
    return way.read(fields, session) if is_plain(fields, way.names) else None
