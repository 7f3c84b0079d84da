"""From a function that handles a job to a Celery task."""

from collections.abc import Callable
from functools import cache, partial
from types import ModuleType
from typing import Any, TypeVar

from celery import Celery, Task

from shared.catalogue import SCHEDULE, names_of
from shared.kernel.contract import Job
from shared.kernel.logs import TRACE, correlated, get_log
from shared.kernel.queues import POLICIES
from shared.kernel.tracing import Kind, parent_of, traced
from shared.wiring import WorkerContext
from workers.keeping import LeaseKeeper
from workers.measuring import measured
from workers.outcomes import GivenUp, Later, kinds, place
from workers.running import Runner

JobType = TypeVar("JobType", bound=Job)
Rule = Callable[[JobType, WorkerContext], object]
HANDED_BACK_SECONDS = 15.0
SWEEPS = frozenset(type(entry.job) for entry in SCHEDULE)

log = get_log()


def handles(job_type: type[JobType]) -> Callable[[Rule[JobType]], Rule[JobType]]:
    """Mark a function as the one that runs jobs of a type."""

    def mark(rule: Rule[JobType]) -> Rule[JobType]:
        rule.job_type = job_type  # type: ignore[attr-defined]
        return rule

    return mark


def register(app: Celery, module: ModuleType, context: WorkerContext, keeper: LeaseKeeper) -> None:
    """Make a Celery task of every function of a module that handles a job."""
    for rule in vars(module).values():
        job_type = getattr(rule, "job_type", None)
        if job_type is not None and rule.__module__ == module.__name__:
            _task(app, job_type, rule, context, keeper)


def _task(app: Celery, job_type: type[Job], rule: Rule[Any], context: WorkerContext, keeper: LeaseKeeper) -> None:
    """Register a task that takes any arguments, so that wrong ones come to us and not to Celery, which drops them."""

    @cache
    def runner() -> Runner:
        return Runner(
            job_type,
            partial(_act, rule, context),
            runs=context.runs,
            claims=context.claims,
            jobs=context.jobs,
            clock=context.clock,
            keeper=keeper,
        )

    def run(task: Task[Any, Any], *arguments: Any, **named: Any) -> str:
        _run(task, runner(), job_type, context, (*arguments, named) if named else arguments)
        return context.finished

    limit = POLICIES[job_type.queue].task_limit
    for name in names_of(job_type):
        app.task(name=name, bind=True, shared=False, time_limit=limit)(run)


def _act(rule: Rule[Any], context: WorkerContext, job: Job) -> None:
    rule(job, context)


def _run(
    task: Task[Any, Any], runner: Runner, job_type: type[Job], context: WorkerContext, arguments: tuple[Any, ...]
) -> None:
    """Run a job, and say how it ended in the transport's words; whatever else escapes brings the message back."""
    known = {"task": job_type.name, "queue": job_type.queue.value, "jobId": task.request.id}
    if job_type in SWEEPS and context.is_clock_wrong:
        # it would take what is young for old, and end it; beat asks again soon, and perhaps another host
        log.error("job.left", reason="the clock of this host is wrong", **known)
        raise context.settled("the clock of this host is wrong")
    try:
        arrival = context.arrival_of(task.request)
        request_id = arrival.correlation_id or arrival.job_id
        parent = parent_of(arrival.traceparent, request_id)
        with (
            correlated(request_id, **known, **{TRACE: parent.trace_id}),
            traced(job_type.name, Kind.CONSUMER, parent),
            measured(context.metrics, job_type, arrival) as measure,
        ):
            measure.outcome = runner.run(arrival, arguments)
    except Later as later:
        raise context.hand_back(later.seconds, later.reason) from later
    except GivenUp as given_up:
        raise context.settled(str(given_up)) from given_up
    except Exception as fault:  # a fault of ours: it is told here, since nobody else would, and the job runs again
        log.error("job.not_handled", problem=kinds(fault), place=place(fault), **known)
        raise context.hand_back(HANDED_BACK_SECONDS, "a fault of the worker") from fault
