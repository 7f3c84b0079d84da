"""A gateway process over ports in memory, with channels that ask the partner."""

import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import orjson

from shared.adapters.memory.kernel import CountedIds
from shared.domains.connections.models import ConnectionKind
from tests.shared.domains.turns.asked import Platform
from web.realtime.dispatch import ACTIONS
from web.realtime.hub import Hub
from web.realtime.limits import PeoplesLimits
from web.realtime.session import Holder, Session
from web.realtime.sockets.port import Frame
from web.realtime.watches import Watches

DEADLINE = 60.0


def wait_until(condition: Callable[[], object]) -> None:
    """Return once something holds; fail where it does not in time."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.001)


class Line:
    """A connection that keeps what it is sent."""

    queued = 0
    heard_at = 0.0

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.closed = False

    def send(self, frame: Frame) -> None:
        if not self.closed:
            self.heard.append(orjson.loads(frame.payload))

    def close(self, code: int, reason: str = "") -> None:
        self.closed = True


class Channel:
    """A user's channel at one gateway."""

    def __init__(self, gateway: "Gateway", user_id: str = "min", language: str = "en") -> None:
        self.line, self.gateway = Line(), gateway
        holder = Holder(user_id, "session", language, ConnectionKind.USER)
        self.session = Session(gateway.parts, holder, ACTIONS[holder.kind])
        self.session.connection = self.line

    def say(self, **fields: Any) -> None:
        """Send a frame."""
        self.session.received(json.dumps(fields).encode(), True)

    def ask(self, request_id: str = "r1", message: str = "Hello", **fields: Any) -> None:
        """Ask the partner."""
        self.say(action="sendMessage", requestId=request_id, message=message, **fields)

    def of(self, action: str, request_id: str = "r1") -> list[dict[str, Any]]:
        """Return what was sent of one action to one request."""
        return [one for one in self.line.heard if one["action"] == action and one.get("requestId") == request_id]

    @property
    def deltas(self) -> list[tuple[int, str]]:
        """Return the deltas that were sent."""
        return [(one["index"], one["delta"]) for one in self.of("messageDelta")]

    @property
    def responses(self) -> list[dict[str, Any]]:
        """Return the answers that were sent."""
        return self.of("messageResponse")


class Gateway:
    """One gateway process beside others on a platform; its time stands still until it is moved."""

    def __init__(self, platform: Platform, *, stop_seconds: float = 0.0) -> None:
        self.platform, self.seconds = platform, 1000.0
        self.hub = Hub(lambda _feed: None)
        self.subscription = platform.bus.subscription(self.hub.handle)
        self.hub.subscription = self.subscription
        self.watches = Watches(self.hub, platform.asking, stop_seconds=stop_seconds, now=lambda: self.seconds)
        ports = SimpleNamespace(
            ids=CountedIds(),
            clock=platform.clock,
            settings=SimpleNamespace(frames_per_two_seconds=40),
            asking=platform.asking,
        )
        limits = PeoplesLimits(per_connection=40, per_person=120, processes=1)
        self.parts: Any = SimpleNamespace(ports=ports, watches=self.watches, hub=self.hub, frame_limits=limits)

    def pass_time(self, seconds: float = 3.0) -> None:
        """Move on, and look after those who wait."""
        self.seconds += seconds
        self.watches.round()
