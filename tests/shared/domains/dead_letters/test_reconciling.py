"""What its queue has lost is ended, told, and written down."""

from datetime import timedelta

import pytest

from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs, SetClock
from shared.domains.dead_letters.contract import RouteDeadLetter, SweepVanishedJobs
from shared.domains.dead_letters.models import Death
from shared.domains.dead_letters.rules.reconciling import sweep_vanished_jobs
from shared.domains.jobs.models import JobStatus
from shared.domains.jobs.service import RecordTracker, record_job
from shared.kernel.errors import Unavailable

DAY = timedelta(days=1)


class World:
    def __init__(self) -> None:
        self.clock, self.records, self.jobs = SetClock(), MemoryJobRecords(), MemoryJobs()
        self.tracker = RecordTracker(self.records, MemoryEvents(), self.clock)
        self.counted: list[str] = []

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        self.counted.append(name)

    def observe(self, name: str, value: float, **labels: str) -> None:
        raise AssertionError(name)

    def sweep(self) -> None:
        sweep_vanished_jobs(
            SweepVanishedJobs(),
            silent=self.records,
            failures=self.tracker,
            jobs=self.jobs,
            metrics=self,
            clock=self.clock,
            vanished_after=DAY,
        )


@pytest.fixture
def world() -> World:
    world = World()
    record_job("old", "tts", "u1", jobs=world.records, clock=world.clock, request_id="r")
    world.clock.sleep(DAY.total_seconds() + 1)
    record_job("new", "tts", "u1", jobs=world.records, clock=world.clock, request_id="r")
    return world


def test_only_what_is_older_than_its_queue_keeps_is_ended_and_once(world: World) -> None:
    world.sweep()
    world.sweep()

    [letter] = [job.letter for job in world.jobs.jobs if isinstance(job, RouteDeadLetter)]
    assert (letter.job_id, letter.death) == ("old", Death.VANISHED)
    assert world.records.records["old"].status is JobStatus.FAILED
    assert world.records.records["old"].error == "UNAVAILABLE"
    assert world.records.records["new"].status is JobStatus.PENDING
    assert world.counted == ["jobs_vanished"]


def test_what_cannot_be_written_down_is_not_ended(world: World) -> None:
    world.jobs.is_away = True
    with pytest.raises(Unavailable):
        world.sweep()
    assert not world.records.records["old"].is_finished

    world.jobs.is_away = False
    world.sweep()
    assert world.records.records["old"].is_finished
