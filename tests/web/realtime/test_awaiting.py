"""Waiting for a job: woken by its pushes, and by nothing but its end."""

import threading
import time
from collections.abc import Callable

import pytest

from shared.adapters.memory.bus import MemoryBus
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import SetClock
from shared.domains.jobs.errors import JobNotFound
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.jobs.service import RecordTracker, record_job
from shared.kernel.topics import user_topic
from tests.web.realtime.asking import wait_until
from web.realtime.awaiting import await_job
from web.realtime.hub import Hub

LONG = 60.0


class Waiting:
    """A gateway that waits for a job in a thread."""

    def __init__(self) -> None:
        self.bus, self.records, clock = MemoryBus(), MemoryJobRecords(), SetClock()
        self.hub = Hub(lambda _feed: None)
        self.subscription = self.hub.subscription = self.bus.subscription(self.hub.handle)
        self.tracker = RecordTracker(self.records, self.bus, clock)
        self.job = record_job("j1", "ai_opening", "min", jobs=self.records, clock=clock)
        self.found: list[JobRecord] = []
        self.thread = threading.Thread(target=self._wait, daemon=True)

    def _wait(self) -> None:
        self.found.append(await_job("j1", "min", LONG, hub=self.hub, records=self.records))

    def wait_while(self, meanwhile: Callable[[], object]) -> JobRecord:
        """Do something once it waits; return the job that it got."""
        self.thread.start()
        wait_until(lambda: user_topic("min") in self.subscription.topics)
        meanwhile()
        self.thread.join(LONG / 2)
        [job] = self.found
        return job


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


def test_a_push_of_its_end_wakes(waiting: Waiting) -> None:
    job = waiting.wait_while(lambda: waiting.tracker.complete("j1", {"situation": "At a café"}))

    assert (job.status, job.result) == (JobStatus.COMPLETED, {"situation": "At a café"})
    assert waiting.subscription.topics == set()


def test_a_push_that_is_lost_costs_a_moment(waiting: Waiting) -> None:
    def end() -> None:
        waiting.subscription.topics = set()
        waiting.tracker.fail("j1", "UNAVAILABLE")

    assert waiting.wait_while(end).status is JobStatus.FAILED


def test_progress_does_not_end_it(waiting: Waiting) -> None:
    def go_on() -> None:
        waiting.tracker.progress("j1", "thinking")
        waiting.tracker.change("j1", status=JobStatus.CANCELLED)

    assert waiting.wait_while(go_on).status is JobStatus.CANCELLED


@pytest.mark.parametrize("seconds", [0.0, 0.01])
def test_without_patience_it_is_as_it_stands(waiting: Waiting, seconds: float) -> None:
    began = time.monotonic()
    job = await_job("j1", "min", seconds, hub=waiting.hub, records=waiting.records)

    assert job.status is JobStatus.PENDING
    assert time.monotonic() - began < LONG / 2
    assert waiting.subscription.topics == set()


def test_what_is_not_there_is_not_waited_for(waiting: Waiting) -> None:
    with pytest.raises(JobNotFound):
        await_job("j2", "min", LONG, hub=waiting.hub, records=waiting.records)
    assert waiting.subscription.topics == set()
