"""A paced loop: what waits is handed on when it is due, and nothing is left at the end."""

import threading
import time
from collections import deque
from collections.abc import Callable

from shared.kernel.pacing import Pace

DEADLINE = 30.0


class Owner:
    """Puts numbers into a queue, and notes the groups in which they are handed on."""

    def __init__(self, *, later_by: float = 0.0) -> None:
        self.waiting: deque[int] = deque()
        self.groups: list[tuple[list[int], bool]] = []
        self.rests = 0
        self.is_open = threading.Event()
        self.is_open.set()
        self._later_by = later_by
        self.pace = Pace("trial", self.waiting, due=self.due, hand_on=self.hand_on, rests=self.rest)

    def put(self, *numbers: int) -> None:
        self.waiting.extend(numbers)
        if self.pace.is_resting:
            self.pace.wake()

    def due(self) -> float:
        return time.monotonic() + self._later_by

    def hand_on(self, has_waited: bool) -> None:
        group = [self.waiting.popleft() for _ in range(len(self.waiting))]
        self.groups.append((group, has_waited))
        assert self.is_open.wait(DEADLINE)

    def rest(self) -> None:
        self.rests += 1


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_gathers_while_a_group_is_under_way_is_the_next_one() -> None:
    owner = Owner()
    owner.pace.start()
    until(lambda: owner.pace.is_resting)
    owner.is_open.clear()
    owner.put(1)
    until(lambda: len(owner.groups) == 1)
    owner.put(2, 3)
    owner.is_open.set()
    until(lambda: len(owner.groups) == 2)
    assert owner.groups == [([1], False), ([2, 3], False)]
    until(lambda: owner.pace.is_resting)
    assert owner.rests == 2
    owner.pace.stop()


def test_company_that_comes_before_a_group_is_due_leaves_with_it() -> None:
    owner = Owner(later_by=0.2)
    owner.put(1)
    owner.pace.start()
    owner.put(2)
    until(lambda: bool(owner.groups))
    assert owner.groups == [([1, 2], True)]
    owner.pace.stop()


def test_what_waits_at_the_end_is_handed_on_first() -> None:
    owner = Owner()
    owner.put(1, 2)
    owner.pace.stop()
    owner.pace.start()
    until(lambda: owner.rests == 1)
    assert owner.groups == [([1, 2], False)]


def test_what_comes_as_the_rest_begins_is_not_left_lying() -> None:
    owner = Owner()
    owner.pace.start()
    for number in range(2_000):
        owner.put(number)
    until(lambda: sum(len(group) for group, _ in owner.groups) == 2_000)
    assert [number for group, _ in owner.groups for number in group] == list(range(2_000))
    owner.pace.stop()
