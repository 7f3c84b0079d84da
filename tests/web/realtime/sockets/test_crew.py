"""The crew and the outbox, alone."""

from collections.abc import Callable

import gevent  # type: ignore[import-untyped]
import pytest
from gevent.event import Event  # type: ignore[import-untyped]

from web.realtime.sockets.crew import Crew
from web.realtime.sockets.outbox import Outbox


class Errand:
    """So many steps, each written down."""

    def __init__(self, name: str, steps: int, notes: list[str], wait: Callable[[], object] | None = None) -> None:
        self.name = name
        self.left = steps
        self.notes = notes
        self.wait = wait

    def step(self) -> bool:
        if self.wait:
            self.wait()
        self.notes.append(self.name)
        self.left -= 1
        return self.left > 0


def test_errands_take_turns() -> None:
    notes: list[str] = []
    crew = Crew(1)
    for name in "abc":
        crew.bring(Errand(name, 2, notes))
    gevent.wait(timeout=60)
    assert notes == ["a", "b", "c", "a", "b", "c"]


def test_no_more_work_at_one_time_than_agreed_and_the_rest_follows() -> None:
    notes: list[str] = []
    gate = Event()
    crew = Crew(2)
    for name in "abc":
        crew.bring(Errand(name, 1, notes, gate.wait))
    crew.bring(Errand("free", 1, notes))
    gevent.sleep(0)
    assert notes == []
    gate.set()
    gevent.wait(timeout=60)
    assert sorted(notes) == ["a", "b", "c", "free"]


def test_steps_that_never_wait_let_the_hub_run_in_between() -> None:
    notes: list[str] = []
    crew = Crew(1)
    endless = Errand("step", 10_000_000, notes)
    crew.bring(endless)

    def stop() -> None:
        endless.left = 1

    gevent.spawn_later(0.02, stop)
    gevent.wait(timeout=60)
    assert endless.left == 0
    assert len(notes) < 10_000_000


class Wire:
    """Takes so many bytes at each attempt, then refuses."""

    def __init__(self, *takes: int) -> None:
        self.takes = list(takes)
        self.written = b""

    def send(self, frame: bytes | memoryview) -> int:
        if not self.takes:
            raise BlockingIOError
        taken = bytes(frame[: self.takes.pop(0)])
        self.written += taken
        return len(taken)


def test_the_outbox_goes_on_where_it_was_stopped() -> None:
    outbox = Outbox()
    outbox.add(b"__first", written=2)
    outbox.add(b"second")
    outbox.add(b"third")
    wire = Wire(3, 2, 6, 1)
    assert [outbox.write(wire.send) for _ in range(4)] == [False] * 4
    assert (wire.written, outbox.queued) == (b"firstsecondt", 4)
    assert outbox.write(Wire(100).send)
    assert outbox.queued == 0


@pytest.mark.parametrize(("begun", "kept"), [(0, b"last"), (3, b"stlast")])
def test_the_outbox_keeps_only_what_is_begun(begun: int, kept: bytes) -> None:
    outbox = Outbox()
    outbox.add(b"first", written=begun)
    outbox.add(b"second")
    outbox.cut()
    outbox.add(b"last")
    wire = Wire(100, 100)
    assert outbox.write(wire.send)
    assert wire.written == kept
