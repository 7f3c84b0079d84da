"""Clients of a room that do whatever they like, in any order: none sees another view than the log, none is closed.

Two people with two tabs each join, speak, are cut off, resume, leave and come back, over however many gateways the
platform runs. Each tab keeps rules that any client can keep: resume from the last seq, pass over what is known.
"""

import time
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from websockets.exceptions import ConnectionClosed

from tests.flows.channel import Channel
from tests.flows.people import Person

TABS = [(person, tab) for person in (0, 1) for tab in (0, 1)]
tabs = st.sampled_from(TABS)


class Tab:
    """One window of one person on the room, and what it has shown."""

    def __init__(self, person: Person, room_id: str) -> None:
        self.person, self.room_id = person, room_id
        self.shown: dict[int, str] = {}
        self.first = 0
        self.epoch: str | None = None
        self.waiting: dict[str, str] = {}
        self.channel: Channel | None = None

    @property
    def last(self) -> int:
        return max(self.shown, default=self.first)

    def enter(self) -> None:
        """Open the room, go on where it was, and send again what was not acknowledged."""
        self.channel = self.person.enter(self.room_id)
        if self.epoch is None:
            self.first, self.epoch = self.channel.hello["lastSeq"], self.channel.hello["epoch"]
        answer = self.channel.ask("resume", lastSeq=self.last, epoch=self.epoch)
        assert answer["action"] == "resumed", answer
        self.look()
        for request_id, content in list(self.waiting.items()):
            self.channel.say(self.room_id, content, requestId=request_id)

    def speak(self, content: str) -> None:
        assert self.channel is not None
        request_id = str(uuid4())
        self.waiting[request_id] = content
        self.channel.say(self.room_id, content, requestId=request_id)

    def settle(self) -> None:
        """Wait until everything that was said here is safe."""
        assert self.channel is not None
        while self.waiting:
            answer = self.channel.seen(requestId=next(iter(self.waiting)))
            assert answer["action"] == "messageAck", answer
            del self.waiting[answer["requestId"]]
        self.channel.barrier()
        self.look()

    def look(self) -> None:
        """Show what has come: each seq once, with the same message."""
        assert self.channel is not None
        for message in self.channel.messages():
            known = self.shown.setdefault(message["seq"], message["messageId"])
            assert known == message["messageId"]

    def cut(self) -> None:
        """Lose the connection, with whatever was on its way."""
        assert self.channel is not None
        self.look()
        self.channel.close()
        self.channel = None


class Room(RuleBasedStateMachine):
    """What may be done, by whom, when."""

    people: ClassVar[list[Person]]

    def __init__(self) -> None:
        super().__init__()
        self.room_id = self.people[0].room()
        self.tabs = {place: Tab(self.people[place[0]], self.room_id) for place in TABS}
        self.count = 0

    @rule(place=tabs)
    def join_or_resume(self, place: tuple[int, int]) -> None:
        if self.tabs[place].channel is None:
            self.tabs[place].enter()

    @rule(place=tabs, number=st.integers(1, 4))
    def speak(self, place: tuple[int, int], number: int) -> None:
        if self.tabs[place].channel is not None:
            for _ in range(number):
                self.count += 1
                self.tabs[place].speak(f"thing {self.count}")

    @rule(place=tabs)
    def cut(self, place: tuple[int, int]) -> None:
        if self.tabs[place].channel is not None:
            self.tabs[place].cut()

    @precondition(lambda self: any(tab.channel for tab in self.tabs.values()))
    @rule(place=tabs)
    def ask_who_is_there(self, place: tuple[int, int]) -> None:
        tab = self.tabs[place]
        if tab.channel is not None:
            members = tab.channel.ask("presence")["members"]
            assert tab.person.user_id in members

    @rule(place=tabs)
    def say_something_wrong(self, place: tuple[int, int]) -> None:
        tab = self.tabs[place]
        if tab.channel is not None:
            assert tab.channel.ask("sendMessage", roomId=self.room_id, content="")["error"] == "INVALID_REQUEST"

    @rule()
    def leave(self) -> None:
        """The second person leaves: both tabs are closed with 4403, and what is said meanwhile is not theirs."""
        mine = [tab for place, tab in self.tabs.items() if place[0] == 1 and tab.channel is not None]
        if not mine:
            return
        for tab in mine:
            tab.settle()
        self.people[1].post(f"/rooms/{self.room_id}/leave")
        for tab in mine:
            assert tab.channel is not None
            assert tab.channel.closed() == 4403
            tab.look()
            tab.channel = None

    def teardown(self) -> None:
        for tab in self.tabs.values():
            if tab.channel is None:
                tab.enter()
            tab.settle()
        log = {one["seq"]: one["messageId"] for one in self._history()}
        for tab in self.tabs.values():
            assert tab.channel is not None
            _eventually(tab, lambda tab=tab: tab.last == max(log, default=0))
            assert tab.shown == {seq: known for seq, known in log.items() if seq > tab.first}
            tab.channel.close()

    def _history(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = self.people[0].get(f"/rooms/{self.room_id}/messages", params={"limit": 100} | more)
            found += page["messages"]
            cursor = page["nextCursor"]
            if cursor is None:
                return found


def _eventually(tab: Tab, is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_there():
        assert time.monotonic() < deadline, "a message never came"
        assert tab.channel is not None
        tab.channel.barrier()
        tab.look()


def test_whatever_clients_do_the_view_is_the_log(ann: Person, ben: Person) -> None:
    Room.people = [ann, ben]
    budget = settings(
        max_examples=6, stateful_step_count=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    try:
        run_state_machine_as_test(Room, settings=budget)
    except ConnectionClosed as gone:
        pytest.fail(f"a client was closed: {gone}")
