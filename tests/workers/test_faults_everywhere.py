"""Whatever fails in a worker's run, and wherever: the message is done once, waits, or is a letter."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.adapters.memory.kernel import MemoryEvents, MemoryMetrics
from shared.domains.dead_letters.contract import RouteDeadLetter
from shared.domains.jobs.contract import JobChanged
from shared.kernel.contract import Job
from shared.kernel.errors import Invalid
from shared.kernel.logs import get_log
from shared.kernel.topics import user_topic
from tests.workers.injection import FAULTS, Injector, Post, faulty_logs
from tests.workers.trial_jobs import Trial, TrialOnce

log = get_log()


class World:
    """One message, and a rule that does what rules do: it logs, stores, tells, counts."""

    def __init__(self, job: Job, injector: Injector) -> None:
        self.injector = injector
        self.rows: list[str] = []
        around = injector.around
        self.store, self.events, self.metrics = around(self), around(MemoryEvents()), around(MemoryMetrics())
        self.post = Post(job, injector, self.act)

    def keep(self, row: str) -> None:
        """Store a row, once however often."""
        if row not in self.rows:
            self.rows.append(row)

    def act(self, job: Trial) -> None:
        """Do it, or fail where the job says so."""
        log.info("trial.began", label=job.label)
        if job.steps != ["ok"]:
            raise Invalid("It can never be done.")
        self.store.keep(job.label)
        self.events.publish(user_topic("u"), JobChanged(job_id="j", kind="trial", status="COMPLETED"))
        self.metrics.count("trials")
        log.info("trial.ended", label=job.label)

    @property
    def where(self) -> str:
        post = self.post
        return f"place {self.injector.number}: {self.rows}, {post.letters()}, on queue {post.is_on_queue}"


def worlds(job: Job, fault: BaseException) -> Iterator[World]:
    """A world for each place of a first run that may fail."""
    number = 1
    while True:
        injector = Injector(number, fault)
        world = World(job, injector)
        with faulty_logs(injector):
            world.post.receive_all()
        yield world
        if injector.calls < number:
            return
        number += 1


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("make", [Trial, TrialOnce])
def test_a_job_is_stored_once_or_waits_or_is_a_letter(make: Callable[..., Job], fault: BaseException) -> None:
    places = 0
    for world in worlds(make(label="row"), fault):
        places += 1
        assert len(world.rows) <= 1, world.where
        assert world.rows == ["row"] or world.post.letters() or world.post.is_on_queue, world.where
    assert places > 12


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("make", [Trial, TrialOnce])
def test_a_job_that_can_never_be_done_waits_or_is_a_letter(make: Callable[..., Job], fault: BaseException) -> None:
    for world in worlds(make(label="row", steps=["invalid"]), fault):
        assert world.rows == [], world.where
        assert world.post.letters() or world.post.is_on_queue, world.where


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_letter_that_cannot_be_read_waits_or_is_parked(fault: BaseException) -> None:
    for world in worlds(_Unreadable(label="no letter"), fault):
        assert world.post.letters() or world.post.is_on_queue, world.where


class _Unreadable(RouteDeadLetter):
    """The router's own job with arguments that it cannot read."""

    letter: Any = None
    label: str = ""

    @classmethod
    def read(cls, arguments: dict[str, Any]) -> "_Unreadable":
        """Fail as the router's own type does."""
        RouteDeadLetter.read(arguments)
        raise AssertionError("it was read")
