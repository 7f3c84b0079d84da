"""Micro-batches: order, bounds, and answers."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import pytest
from structlog.testing import capture_logs

from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.logs import current_correlation
from web.realtime.batcher import MicroBatcher

DEADLINE = 60.0
LINGER = 0.05
PATIENCE = 0.8


@dataclass
class Queue:
    """Where groups go; it can be closed for a while, and refuse."""

    groups: list[list[int]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    problems: list[Exception] = field(default_factory=list)
    is_open: threading.Event = field(default_factory=threading.Event)
    sent: Callable[[], None] = lambda: None

    def send(self, items: list[int]) -> None:
        self.groups.append(items)
        self.sent()
        self.moments.append(time.monotonic())
        assert self.is_open.wait(DEADLINE)
        if self.problems:
            raise self.problems.pop(0)


@dataclass
class Answers:
    """What senders were told."""

    told: list[tuple[int, DomainError | None]] = field(default_factory=list)

    def of(self, item: int) -> Callable[[DomainError | None], None]:
        return lambda problem: self.told.append((item, problem))


@pytest.fixture
def queue() -> Queue:
    made = Queue()
    made.is_open.set()
    return made


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def batcher(queue: Queue) -> Iterator[MicroBatcher[int]]:
    made = MicroBatcher(queue.send, linger_seconds=LINGER, most_items=10, most_bytes=100, size_of=lambda item: item)
    made.start()
    yield made
    made.stop()


def add(batcher: MicroBatcher[int], answers: Answers, *items: int) -> None:
    for item in items:
        batcher.add(item, answers.of(item))


def test_the_first_leaves_alone_and_the_rest_together_in_order(
    batcher: MicroBatcher[int], queue: Queue, answers: Answers
) -> None:
    queue.is_open.clear()
    add(batcher, answers, 1)
    deadline = time.monotonic() + DEADLINE
    while not queue.groups:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    add(batcher, answers, 2, 3, 4)
    assert answers.told == []
    queue.is_open.set()

    assert batcher.flush(DEADLINE)
    assert queue.groups == [[1], [2, 3, 4]]
    assert answers.told == [(1, None), (2, None), (3, None), (4, None)]


def test_groups_are_bounded_in_number_and_size(batcher: MicroBatcher[int], queue: Queue, answers: Answers) -> None:
    queue.is_open.clear()
    add(batcher, answers, *([1] * 25), 60, 60, 400, 1)
    queue.is_open.set()
    assert batcher.flush(DEADLINE)

    assert list(chain.from_iterable(queue.groups)) == [1] * 25 + [60, 60, 400, 1]
    assert all(len(group) <= 10 and (sum(group) <= 100 or len(group) == 1) for group in queue.groups)


@pytest.mark.parametrize("problem", [Unavailable("away", "away"), KeyError("a bug")])
def test_a_group_that_cannot_be_sent_is_said_to_each_and_the_next_goes_on(
    batcher: MicroBatcher[int], queue: Queue, answers: Answers, problem: Exception
) -> None:
    queue.problems = [problem]
    add(batcher, answers, 1)
    assert batcher.flush(DEADLINE)
    add(batcher, answers, 2)
    assert batcher.flush(DEADLINE)

    [(one, told), after] = answers.told
    assert (one, after) == (1, (2, None))
    assert isinstance(told, Unavailable)


def test_one_senders_callback_cannot_keep_others_from_their_answers(
    batcher: MicroBatcher[int], queue: Queue, answers: Answers
) -> None:
    def fails(_: DomainError | None) -> None:
        raise KeyError("gone")

    queue.is_open.clear()
    add(batcher, answers, 1)
    batcher.add(2, fails)
    add(batcher, answers, 3)
    queue.is_open.set()
    assert batcher.flush(DEADLINE)

    assert answers.told == [(1, None), (3, None)]


def test_what_waits_is_sent_before_the_end(batcher: MicroBatcher[int], queue: Queue, answers: Answers) -> None:
    add(batcher, answers, 1, 2, 3)
    batcher.stop()

    assert batcher.flush(DEADLINE)
    assert list(chain.from_iterable(queue.groups)) == [1, 2, 3]


def test_somebody_alone_waits_for_nobody(batcher: MicroBatcher[int], queue: Queue, answers: Answers) -> None:
    began = []
    for number in range(4):
        began.append(time.monotonic())
        add(batcher, answers, number)
        assert batcher.flush(DEADLINE)
        time.sleep(LINGER)

    assert queue.groups == [[0], [1], [2], [3]]
    waits = sorted(left - since for left, since in zip(queue.moments, began, strict=True))
    assert waits[1] < LINGER / 2


@pytest.fixture
def patient(queue: Queue) -> Iterator[MicroBatcher[int]]:
    """A batcher that waits so long for company that no pause of the machine is taken for a quiet moment."""
    made = MicroBatcher(queue.send, linger_seconds=PATIENCE, most_items=10, most_bytes=100, size_of=lambda item: item)
    made.start()
    yield made
    made.stop()


def test_whoever_has_company_waits_for_it_as_long_as_agreed(
    patient: MicroBatcher[int], queue: Queue, answers: Answers
) -> None:
    add(patient, answers, 0)
    assert patient.flush(DEADLINE)
    since = time.monotonic()
    add(patient, answers, 1, 2)
    assert patient.flush(DEADLINE)

    assert queue.groups == [[0], [1, 2]]
    assert queue.moments[1] - since >= PATIENCE * 0.9


def test_waiting_in_vain_is_not_repeated(patient: MicroBatcher[int], queue: Queue, answers: Answers) -> None:
    add(patient, answers, 0)
    assert patient.flush(DEADLINE)
    add(patient, answers, 1)
    assert patient.flush(DEADLINE)
    since = time.monotonic()
    add(patient, answers, 2)
    assert patient.flush(DEADLINE)

    assert queue.groups == [[0], [1], [2]]
    assert queue.moments[1] - queue.moments[0] >= PATIENCE * 0.9
    assert queue.moments[2] - since < PATIENCE / 2


def test_a_request_stays_joined_to_its_item(batcher: MicroBatcher[int], queue: Queue, answers: Answers) -> None:
    sent: list[str | None] = []
    queue.sent = lambda: sent.append(current_correlation())
    with capture_logs() as logs:
        batcher.add(1, answers.of(1), "alone")
        assert batcher.flush(DEADLINE)
        queue.is_open.clear()
        for item in (2, 3, 4, 5):
            batcher.add(item, answers.of(item), f"member-{item}" if item != 4 else None)
        queue.is_open.set()
        assert batcher.flush(DEADLINE)
    told = [(line["items"], line["requests"]) for line in logs if line["event"] == "batch.queued"]
    assert sent[0] == "alone"
    assert None not in sent
    assert [name for _, requests in told for name in requests] == ["alone", "member-2", "member-3", "member-5"]
    assert sum(items for items, _ in told) >= 4
