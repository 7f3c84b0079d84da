"""Running a job: parse it, act, try again what may help, and leave to the dead letters what cannot."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar, cast

from celery import Celery, Task
from pydantic import ValidationError

from shared.kernel.contract import Job
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.logs import correlated, get_log
from shared.kernel.queues import POLICIES
from shared.wiring import WorkerContext

CORRELATION_HEADER = "x_request_id"
JobType = TypeVar("JobType", bound=Job)
Rule = Callable[[JobType, WorkerContext], object]

log = get_log()


def handles(job_type: type[JobType]) -> Callable[[Rule[JobType]], Rule[JobType]]:
    """Mark a function as the one that runs jobs of a type."""

    def mark(rule: Rule[JobType]) -> Rule[JobType]:
        rule.job_type = job_type  # type: ignore[attr-defined]
        return rule

    return mark


def register(app: Celery, module: ModuleType, context: WorkerContext) -> None:
    """Make a Celery task of every function of a module that handles a job."""
    for rule in vars(module).values():
        job_type = getattr(rule, "job_type", None)
        if job_type is not None and rule.__module__ == module.__name__:
            _task(app, job_type, rule, context)


def attempts_of(job_type: type[Job]) -> int:
    """Return how often a job is begun before it is given up."""
    return job_type.retry.attempts or POLICIES[job_type.queue].attempts


def _task(app: Celery, job_type: type[Job], rule: Rule[Any], context: WorkerContext) -> None:
    def run(task: Task[Any, Any], arguments: dict[str, Any]) -> None:
        request_id = cast(str, (task.request.get("headers") or {}).get(CORRELATION_HEADER) or task.request.id)
        with correlated(request_id, task=job_type.name, jobId=task.request.id):
            _attempt(task, job_type, rule, context, arguments)

    app.task(name=job_type.name, bind=True)(run)


def _attempt(
    task: Task[Any, Any], job_type: type[Job], rule: Rule[Any], context: WorkerContext, arguments: dict[str, Any]
) -> None:
    attempt = task.request.retries + 1
    try:
        rule(job_type.read(arguments), context)
    except (ValidationError, DomainError) as problem:
        if not isinstance(problem, Unavailable):
            log.error("job.refused", problem=str(problem))
            raise
        _again(task, job_type, attempt, problem)
    except Exception as problem:
        _again(task, job_type, attempt, problem)


def _again(task: Task[Any, Any], job_type: type[Job], attempt: int, problem: Exception) -> None:
    if attempt >= attempts_of(job_type):
        log.error("job.given_up", attempt=attempt, problem=repr(problem))
        raise problem
    delay = job_type.retry.pause(attempt)
    log.warning("job.retried", attempt=attempt, delay=round(delay, 3), problem=repr(problem))
    raise task.retry(exc=problem, countdown=delay)
