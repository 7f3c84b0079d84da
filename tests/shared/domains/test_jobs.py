from dataclasses import dataclass, field

import pytest

from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, SetClock
from shared.domains.jobs import service
from shared.domains.jobs.contract import JobDetails
from shared.domains.jobs.errors import JobFinished, JobNotFound
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.kernel.logs import correlated
from shared.kernel.topics import user_topic


@dataclass
class World:
    clock: SetClock = field(default_factory=SetClock)
    jobs: MemoryJobRecords = field(default_factory=MemoryJobRecords)
    events: MemoryEvents = field(default_factory=MemoryEvents)

    def __post_init__(self) -> None:
        self.tracker = service.RecordTracker(self.jobs, self.events, self.clock)

    def start(self, job_id: str = "j1", user_id: str = "u1") -> JobRecord:
        return service.record_job(job_id, "tts", user_id, jobs=self.jobs, clock=self.clock, request_id="q")

    def cancel(self, user_id: str = "u1") -> JobRecord:
        return service.cancel_job("j1", user_id, jobs=self.jobs, events=self.events, clock=self.clock)

    def job(self) -> JobRecord:
        return service.show_job("j1", "u1", jobs=self.jobs)

    def pushed(self) -> list[dict[str, object]]:
        assert {topic for topic, _, _ in self.events.published} <= {user_topic("u1")}
        return [event.wire() for _, event, _ in self.events.published]


@pytest.fixture
def world() -> World:
    found = World()
    found.start()
    return found


def test_a_job_is_recorded_once(world: World) -> None:
    first = world.job()

    assert world.start() == first
    assert (first.status, first.kind, first.created_at) == (JobStatus.PENDING, "tts", first.updated_at)
    assert JobDetails.of(first).wire().keys() == {"jobId", "kind", "status", "createdAt", "updatedAt"}


def test_a_job_without_a_request_id_of_its_own_has_that_of_the_call(world: World) -> None:
    with correlated("call-1"):
        started = service.record_job("j2", "tts", "u1", jobs=world.jobs, clock=world.clock)
    assert started.request_id == "call-1"
    world.tracker.progress("j2")
    assert world.pushed()[-1]["requestId"] == "call-1"


def test_a_job_is_its_owners(world: World) -> None:
    for refused in (lambda: service.show_job("j1", "u2", jobs=world.jobs), lambda: world.cancel("u2")):
        with pytest.raises(JobNotFound):
            refused()
    with pytest.raises(JobNotFound):
        service.show_job("j2", "u1", jobs=world.jobs)


def test_every_step_is_pushed_with_the_result_spread_out(world: World) -> None:
    world.tracker.progress("j1", "speaking")
    world.tracker.progress("j1", "storing", {"durationMs": 5})
    world.tracker.complete("j1", {"audioUrl": "https://x", "kind": "ignored"})

    common = {"type": "job", "jobId": "j1", "requestId": "q", "kind": "tts"}
    assert world.pushed() == [
        common | {"status": "PROCESSING", "stage": "speaking"},
        common | {"status": "PROCESSING", "stage": "storing", "durationMs": 5},
        common | {"status": "COMPLETED", "audioUrl": "https://x"},
    ]
    assert world.job().result == {"audioUrl": "https://x", "kind": "ignored"}
    assert world.job().updated_at > world.job().created_at
    assert world.job().is_finished


def test_a_job_never_goes_back_from_its_end(world: World) -> None:
    world.tracker.fail("j1", "UNAVAILABLE")

    world.tracker.progress("j1", "again")
    world.tracker.complete("j1", {})

    assert (world.job().status, world.job().error) == (JobStatus.FAILED, "UNAVAILABLE")
    assert len(world.pushed()) == 1
    with pytest.raises(JobFinished):
        world.cancel()


def test_an_operator_lets_a_failed_job_begin_again_and_no_other(world: World) -> None:
    world.tracker.restart("j1")
    assert world.pushed() == []
    world.tracker.fail("j1", "UNAVAILABLE")

    world.tracker.restart("j1")
    world.tracker.complete("j1", {"a": 1})

    assert (world.job().status, world.job().error) == (JobStatus.COMPLETED, None)
    world.tracker.restart("j1")
    assert world.job().status is JobStatus.COMPLETED


def test_cancelling_is_asked_of_the_worker_and_twice_is_once(world: World) -> None:
    assert not world.tracker.is_cancelled("j1")
    world.cancel()
    world.cancel()

    assert world.tracker.is_cancelled("j1")
    world.tracker.complete("j1", {})
    assert world.job().status is JobStatus.CANCELLED
    assert [push["status"] for push in world.pushed()] == ["CANCELLED"]


def test_unknown_jobs_are_passed_over(world: World) -> None:
    for step in (world.tracker.complete, world.tracker.progress, world.tracker.restart):
        step("j9")
    world.tracker.fail("j9", "X")

    assert not world.tracker.is_cancelled("j9")
    assert world.pushed() == []


def test_a_step_that_another_overtook_is_not_pushed(world: World) -> None:
    class Overtaken(MemoryJobRecords):
        def change(self, job: JobRecord, *, only_from: object) -> bool:
            return False

    late = Overtaken()
    late.records = world.jobs.records
    service.RecordTracker(late, world.events, world.clock).complete("j1")

    assert world.pushed() == []
