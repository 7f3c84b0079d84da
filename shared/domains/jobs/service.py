"""The rules of jobs: work goes forwards, ends once, and its owner is told of every step."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from shared.domains.jobs.contract import JobChanged
from shared.domains.jobs.errors import JobFinished, JobNotFound
from shared.domains.jobs.models import UNFINISHED, JobRecord, JobStatus
from shared.domains.jobs.ports import JobStore
from shared.kernel.errors import DomainError
from shared.kernel.logs import current_correlation
from shared.kernel.ports import Clock, EventBus
from shared.kernel.times import timestamp
from shared.kernel.topics import user_topic

FAILED_ONLY = frozenset({JobStatus.FAILED})


def record_job(
    job_id: str, kind: str, user_id: str, *, jobs: JobStore, clock: Clock, request_id: str | None = None
) -> JobRecord:
    """Record work as PENDING and return it; the same id again returns what is there.

    Where no requestId is given, it is that of the request which asks for it: every push names it.
    """
    now, asked_as = timestamp(clock.now()), request_id or current_correlation()
    jobs.add(JobRecord(job_id=job_id, user_id=user_id, kind=kind, request_id=asked_as, created_at=now, updated_at=now))
    return _found(job_id, jobs)


def show_job(job_id: str, user_id: str, *, jobs: JobStore) -> JobRecord:
    """Return a job to its owner.

    Raises:
        JobNotFound: there is none, or it is somebody else's.
    """
    job = _found(job_id, jobs)
    if job.user_id != user_id:
        raise JobNotFound
    return job


def cancel_job(job_id: str, user_id: str, *, jobs: JobStore, events: EventBus, clock: Clock) -> JobRecord:
    """Mark a job CANCELLED; the rule that works on it asks `is_cancelled` and stops. Again changes nothing.

    Raises:
        JobNotFound: there is none, or it is somebody else's.
        JobFinished: it has ended otherwise.
    """
    show_job(job_id, user_id, jobs=jobs)
    tracker = RecordTracker(jobs, events, clock)
    job = tracker.change(job_id, status=JobStatus.CANCELLED) or _found(job_id, jobs)
    if job.status is not JobStatus.CANCELLED:
        raise JobFinished
    return job


@dataclass(frozen=True, slots=True)
class RecordTracker:
    """The steps of a job, for the rules that do the work.

    Every step changes nothing where the job is unknown, and nothing where it has ended: a late repetition never takes
    a job back. Each change is pushed to the owner's channels; a push that is lost is found by asking.
    """

    jobs: JobStore
    events: EventBus
    clock: Clock

    def record(self, job_id: str, kind: str, user_id: str) -> None:
        """Record work as PENDING; the same id again changes nothing."""
        record_job(job_id, kind, user_id, jobs=self.jobs, clock=self.clock)

    def progress(self, job_id: str, stage: str | None = None, result: dict[str, Any] | None = None) -> None:
        """Say how far it is; it is PROCESSING from now on."""
        given: dict[str, Any] = {"result": result} if result is not None else {}
        self.change(job_id, status=JobStatus.PROCESSING, stage=stage, **given)

    def complete(self, job_id: str, result: dict[str, Any] | None = None) -> None:
        """End it well."""
        self.change(job_id, status=JobStatus.COMPLETED, stage=None, result=result)

    def fail(self, job_id: str, error: str) -> None:
        """End it with the code of an error."""
        self.change(job_id, status=JobStatus.FAILED, error=error)

    def refuse(self, job_id: str, refusal: DomainError) -> None:
        """End it with a refusal's code, and its sentence for the owner."""
        self.change(job_id, status=JobStatus.FAILED, error=refusal.code, reason=tuple(refusal.text))

    def restart(self, job_id: str) -> None:
        """Put a FAILED job back to PENDING, since an operator sends it again: the one step back that there is."""
        self.change(job_id, only_from=FAILED_ONLY, status=JobStatus.PENDING, stage=None, error=None, reason=None)

    def is_cancelled(self, job_id: str) -> bool:
        """Tell whether its owner wants it no more."""
        job = self.jobs.get(job_id)
        return job is not None and job.status is JobStatus.CANCELLED

    def change(self, job_id: str, only_from: Collection[JobStatus] = UNFINISHED, **fields: Any) -> JobRecord | None:
        """Change a job that stands where the step may begin, tell its owner, and return it; None where it does not."""
        job = self.jobs.get(job_id)
        if job is None or job.status not in only_from:
            return None
        changed = job.model_copy(update=fields | {"updated_at": timestamp(self.clock.now())})
        if not self.jobs.change(changed, only_from=only_from):
            return None
        self.events.publish(user_topic(job.user_id), JobChanged.of(changed))
        return changed


def _found(job_id: str, jobs: JobStore) -> JobRecord:
    job = jobs.get(job_id)
    if job is None:
        raise JobNotFound
    return job
