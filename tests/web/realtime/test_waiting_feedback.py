"""Feedback that comes while a channel opens is told once, whether the bus or the table brings it first."""

from types import SimpleNamespace
from typing import Any

import orjson

from shared.adapters.memory.bus import MemoryBus
from shared.adapters.memory.kernel import MemoryJobs
from shared.domains.connections.models import ConnectionKind
from shared.domains.feedback.contract import FeedbackPushed
from shared.domains.feedback.models import Feedback, FeedbackType
from shared.kernel.topics import user_topic
from tests.web.realtime.short_scene import USER, Line, session_on
from web.realtime.handlers.feedback import WaitingFeedback
from web.realtime.hub import Hub


def feedback(number: int) -> Feedback:
    return Feedback(
        feedback_id=f"f{number}",
        tutor_id="t",
        tutor_email="t@example.com",
        student_id=USER,
        student_email="s@example.com",
        message="Well said",
        message_type=FeedbackType.TEXT,
        timestamp="2026-01-01T00:00:00.000000Z",
    )


class Scene:
    """A channel that opens, between a bus and a table."""

    def __init__(self) -> None:
        self.line, self.bus, self.kept = Line(), MemoryBus(), list[Feedback]()
        self.hub = Hub(lambda _feed: None)
        self.hub.subscription = self.bus.subscription(self.hub.handle)
        table = SimpleNamespace(undelivered=lambda _user: list(self.kept))
        live = SimpleNamespace(was_taken=lambda _token: True, note_taken=lambda _token: None)
        ports: dict[str, Any] = {"feedback": table, "jobs": MemoryJobs(), "events": self.bus}
        self.session = session_on(self.line, ConnectionKind.USER, ports, hub=self.hub, live=live)
        self.waiting = WaitingFeedback(self.session)
        self.waiting.listen()
        self.hub.join(user_topic(USER), self.session)

    def heard(self) -> list[str]:
        return [frame["feedback_id"] for frame in self.line.heard]


def test_what_the_bus_brought_is_not_pushed_again_by_the_table() -> None:
    scene = Scene()
    scene.kept = [feedback(1)]
    scene.waiting.look()
    scene.bus.publish(user_topic(USER), FeedbackPushed.of(feedback(2)))
    scene.kept = [feedback(1), feedback(2), feedback(3)]
    scene.waiting.look()
    scene.waiting.look()

    assert scene.heard() == ["f1", "f2", "f3"]


def test_the_wire_is_what_it_looks_for() -> None:
    assert b'"type":"feedback"' in orjson.dumps(FeedbackPushed.of(feedback(1)).wire())


def test_a_second_look_is_the_last() -> None:
    scene = Scene()
    scene.hub.leave(user_topic(USER), scene.session)
    assert scene.bus.subscriptions[0].topics
    scene.waiting._look_again()
    assert not scene.bus.subscriptions[0].topics
