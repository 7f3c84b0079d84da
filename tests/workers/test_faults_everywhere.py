"""Whatever fails in a worker's run, and wherever: the message is done once, waits, or is a letter.

Faults are injected by counting: every call that a run makes to a port or to a logger is a place, and each run of a case
lets one more place fail, until a run meets none.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from shared.adapters.memory.dead_letters import MemoryPayloads
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs, SetClock
from shared.adapters.memory.runs import MemoryRuns
from shared.adapters.sqs_transport.hand_back import FINISHED, HandBack, Settled
from shared.domains.dead_letters.contract import Letter, ParkMessage, RouteDeadLetter
from shared.domains.jobs.contract import JobChanged
from shared.kernel.claims import ClaimChecks
from shared.kernel.contract import Job
from shared.kernel.errors import Invalid, Unavailable
from shared.kernel.logs import get_log
from shared.kernel.payloads import CLAIMS_PREFIX
from shared.kernel.runs import Arrival
from shared.kernel.topics import user_topic
from tests.workers.trial_jobs import Trial, TrialOnce
from workers.handling import _run
from workers.keeping import LeaseKeeper
from workers.running import Runner

FAULTS: tuple[BaseException, ...] = (
    RuntimeError("a bug"),
    OSError(28, "No space left on device"),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    Unavailable("away"),
    Invalid("never"),
    MemoryError(),
    SystemExit("a setting is wrong"),
)
RECEIVES = 12
"""What SQS allows and two more: a message that is still there waits, or its queue's own policy makes a letter of it."""

log = get_log()


class Injector:
    """Lets the call with one number fail, once, and counts them all."""

    def __init__(self, number: int, fault: BaseException) -> None:
        self.number, self.fault = number, fault
        self.calls = 0

    def meet(self) -> None:
        self.calls += 1
        if self.calls == self.number:
            raise self.fault

    def around(self, port: Any) -> Any:
        return _Faulty(port, self)


class _Faulty:
    """A port each call of which may fail, before it does anything or after it did everything."""

    def __init__(self, port: Any, injector: Injector) -> None:
        self._port, self._injector = port, injector

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            self._injector.meet()
            result = found(*arguments, **named)
            self._injector.meet()
            return result

        return call


class Metrics:
    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Take it."""

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Take it."""


class World:
    """One message on its queue, a worker, and what both leave."""

    def __init__(self, job: Job, injector: Injector) -> None:
        self.job, self.injector = job, injector
        self.rows: list[str] = []
        self.sent = MemoryJobs()
        self.runs = MemoryRuns()
        self.keeper = LeaseKeeper(lambda: self.runs, 60.0)
        self.is_on_queue = True
        around = injector.around
        self.store, self.events, self.metrics = around(self), around(MemoryEvents()), around(Metrics())
        self.runner = Runner(
            type(job),
            self.act,
            runs=around(self.runs),
            claims=around(ClaimChecks(MemoryPayloads(CLAIMS_PREFIX))),
            jobs=around(self.sent),
            clock=around(SetClock()),
            keeper=self.keeper,
        )
        self.context: Any = SimpleNamespace(
            arrival_of=around(SimpleNamespace(of=lambda request: request.arrival)).of,
            finished=FINISHED,
            hand_back=HandBack,
            settled=Settled,
        )

    def keep(self, row: str) -> None:
        """Store a row, once however often."""
        if row not in self.rows:
            self.rows.append(row)

    def act(self, job: Trial) -> None:
        """Do what a rule does: log, store, tell, count; and fail where the job says so."""
        log.info("trial.began", label=job.label)
        if job.steps != ["ok"]:
            raise Invalid("It can never be done.")
        self.store.keep(job.label)
        self.events.publish(user_topic("u"), JobChanged(job_id="j", kind="trial", status="COMPLETED"))
        self.metrics.count("trials")
        log.info("trial.ended", label=job.label)

    def receive(self, receives: int) -> None:
        """Deliver the message once, and do with it what the transport does."""
        for entry in self.runs.entries.values():
            entry.lease_until = 0.0
        arrival = replace(Arrival("job-1"), receives=receives)
        task: Any = SimpleNamespace(request=SimpleNamespace(id="job-1", arrival=arrival))
        try:
            _run(task, self.runner, type(self.job), self.context, (self.job.wire(),))
        except Settled:
            self.is_on_queue = False
        except BaseException:
            pass
        else:
            self.is_on_queue = False

    def letters(self) -> list[Letter | ParkMessage]:
        routed = [job.letter for job in self.sent.jobs if isinstance(job, RouteDeadLetter)]
        return [*routed, *(job for job in self.sent.jobs if isinstance(job, ParkMessage))]


@contextmanager
def faulty_logs(injector: Injector) -> Iterator[None]:
    """Let each call of a logger be a place that fails, as if nothing made logging harmless."""

    def meet(_logger: Any, _method: str, event: Any) -> Any:
        injector.meet()
        return event

    before = structlog.get_config()
    structlog.configure(processors=[meet, structlog.processors.JSONRenderer(default=repr)], logger_factory=_Nowhere)
    try:
        yield
    finally:
        structlog.configure(**before)


class _Nowhere:
    def __init__(self, *_: Any) -> None:
        """Take anything."""

    def msg(self, _line: str) -> None:
        """Keep nothing."""

    debug = info = warning = error = critical = exception = msg


def worlds(job: Job, fault: BaseException) -> Iterator[World]:
    """A world for each place of a first run that may fail."""
    number = 1
    while True:
        injector = Injector(number, fault)
        world = World(job, injector)
        with faulty_logs(injector):
            for receives in range(1, RECEIVES):
                if world.is_on_queue:
                    world.receive(receives)
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
        where = f"place {world.injector.number}: {world.rows}, {world.letters()}, on queue {world.is_on_queue}"
        assert len(world.rows) <= 1, where
        assert world.rows == ["row"] or world.letters() or world.is_on_queue, where
    assert places > 12


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("make", [Trial, TrialOnce])
def test_a_job_that_can_never_be_done_waits_or_is_a_letter(make: Callable[..., Job], fault: BaseException) -> None:
    for world in worlds(make(label="row", steps=["invalid"]), fault):
        where = f"place {world.injector.number}: {world.letters()}, on queue {world.is_on_queue}"
        assert world.rows == [], where
        assert world.letters() or world.is_on_queue, where


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_letter_that_cannot_be_read_waits_or_is_parked(fault: BaseException) -> None:
    for world in worlds(_Unreadable(label="no letter"), fault):
        where = f"place {world.injector.number}: {world.letters()}, on queue {world.is_on_queue}"
        assert world.letters() or world.is_on_queue, where


class _Unreadable(RouteDeadLetter):
    """The router's own job with arguments that it cannot read."""

    letter: Any = None
    label: str = ""

    @classmethod
    def read(cls, arguments: dict[str, Any]) -> "_Unreadable":
        """Fail as the router's own type does."""
        RouteDeadLetter.read(arguments)
        raise AssertionError("it was read")
