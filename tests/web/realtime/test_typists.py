"""Typing ends by itself, and with its connection."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.adapters.memory.kernel import MemoryEvents
from web.realtime.typists import LASTS_SECONDS, Typists


class Room:
    """Typists of a room, whose time stands still until it is moved."""

    def __init__(self) -> None:
        self.events, self.seconds = MemoryEvents(), 100.0
        self.typists = Typists(now=lambda: self.seconds)

    def somebody(self, user_id: str) -> Any:
        return SimpleUser(user_id, self.events)

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        self.typists.round()

    def ended(self) -> list[str]:
        return [event.user_id for _, event, *_rest in self.events.published if not event.is_typing]  # type: ignore[attr-defined]


class SimpleUser:
    """A room connection."""

    room_id = "r1"

    def __init__(self, user_id: str, events: MemoryEvents) -> None:
        self.user_id = user_id
        self.ports = SimpleNamespace(events=events)


@pytest.fixture
def room() -> Room:
    return Room()


def test_it_ends_six_seconds_after_the_last_frame(room: Room) -> None:
    ann, ben = room.somebody("ann"), room.somebody("ben")
    room.typists.note(ann, True)
    room.typists.note(ben, True)
    room.pass_time(LASTS_SECONDS - 1)
    room.typists.note(ann, True)
    assert room.ended() == []
    room.pass_time(1)
    assert room.ended() == ["ben"]
    room.pass_time(LASTS_SECONDS - 1)
    room.pass_time(LASTS_SECONDS)
    assert room.ended() == ["ben", "ann"]


def test_it_ends_with_the_connection_and_once(room: Room) -> None:
    ann, ben, cid = room.somebody("ann"), room.somebody("ben"), room.somebody("cid")
    room.typists.note(ann, True)
    room.typists.note(ben, True)
    room.typists.note(ben, False)
    for one in (ann, ann, ben, cid):
        room.typists.leave(one)
    room.pass_time(LASTS_SECONDS * 2)

    assert room.ended() == ["ann"]
