"""Faults at every place: each call of a run to a port or a logger is one, and each run of a case lets one more fail."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from types import SimpleNamespace
from typing import Any, TypeVar

import structlog

from shared.adapters.memory.dead_letters import MemoryPayloads
from shared.adapters.memory.kernel import MemoryJobs, MemoryMetrics, SetClock
from shared.adapters.memory.runs import MemoryRuns
from shared.adapters.sqs_transport.hand_back import FINISHED, HandBack, Settled
from shared.domains.dead_letters.contract import Letter, ParkMessage, RouteDeadLetter
from shared.kernel.claims import ClaimChecks
from shared.kernel.contract import Job
from shared.kernel.errors import Invalid, Unavailable
from shared.kernel.payloads import CLAIMS_PREFIX
from shared.kernel.runs import Arrival
from workers.handling import _run
from workers.keeping import LeaseKeeper
from workers.running import Runner

Ports = TypeVar("Ports")

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

KEEPER = LeaseKeeper(MemoryRuns, 60.0)
"""One for all cases, since each has a thread; nothing of a case lasts until a lease is to be renewed."""


class Injector:
    """Lets the call with one number fail, once, and counts them all."""

    def __init__(self, number: int, fault: BaseException) -> None:
        self.number, self.fault = number, fault
        self.calls = 0

    def meet(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # what a rule does aside has no fixed number
        self.calls += 1
        if self.calls == self.number:
            raise self.fault

    def around(self, port: Any) -> Any:
        return _Faulty(port, self)

    def around_each(self, ports: Ports, *without: str) -> Ports:
        """Return a rule's ports with faults around each of them, but for those that are named."""
        assert is_dataclass(ports)
        found = {one.name: getattr(ports, one.name) for one in fields(ports) if one.name not in without}
        return replace(ports, **{name: self.around(port) for name, port in found.items() if port is not None})


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


class Post:
    """One message on its queue, a worker that runs it, and what both leave. `act` is what its rule does."""

    def __init__(self, job: Job, injector: Injector, act: Callable[[Any], object]) -> None:
        self.job, self.injector = job, injector
        self.sent, self.runs = MemoryJobs(), MemoryRuns()
        self.is_on_queue = True
        around = injector.around
        self.runner = Runner(
            type(job),
            act,
            runs=around(self.runs),
            claims=around(ClaimChecks(MemoryPayloads(CLAIMS_PREFIX))),
            jobs=around(self.sent),
            clock=around(SetClock()),
            keeper=KEEPER,
        )
        self.context: Any = SimpleNamespace(
            arrival_of=around(SimpleNamespace(of=lambda request: request.arrival)).of,
            finished=FINISHED,
            hand_back=HandBack,
            settled=Settled,
            is_clock_wrong=False,
            metrics=around(MemoryMetrics()),
        )

    def receive_all(self, between: Callable[[], None] = lambda: None) -> None:
        """Deliver the message until it is gone, or as often as SQS would."""
        for receives in range(1, RECEIVES):
            if self.is_on_queue:
                self.receive(receives)
                between()

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
