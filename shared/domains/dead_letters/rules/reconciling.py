"""The rules of reconciling: what its queue has lost is ended, told, and written down."""

from datetime import timedelta

from shared.domains.dead_letters.contract import Letter, RouteDeadLetter, SweepVanishedJobs
from shared.domains.dead_letters.models import Death
from shared.domains.dead_letters.ports import SilentJobs
from shared.domains.jobs.models import JobRecord
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.ports import Clock, JobFailures, JobQueue, Metrics
from shared.kernel.times import timestamp

A_SWEEP = 200

log = get_log()


def sweep_vanished_jobs(
    _job: SweepVanishedJobs,
    *,
    silent: SilentJobs,
    failures: JobFailures,
    jobs: JobQueue,
    metrics: Metrics,
    clock: Clock,
    vanished_after: timedelta,
) -> None:
    """End jobs whose message outlived its retention, or was purged: write a letter, then fail them and tell the client.

    What was heard of within `vanished_after` may still wait. Again changes nothing; one that cannot be ended keeps none
    of the others.

    Raises:
        Unavailable: some could not be ended; the next sweep finds them again.
    """
    missed: Unavailable | None = None
    before = timestamp(clock.now() - vanished_after)
    for record in silent.silent_since(before, A_SWEEP):
        try:
            jobs.enqueue(RouteDeadLetter(letter=_letter_of(record, clock)))
            failures.fail(record.job_id, Unavailable.code)
        except Unavailable as problem:
            missed = problem
            continue
        metrics.count("jobs_vanished", kind=record.kind)
        log.warning("job.vanished", vanished=record.job_id, kind=record.kind, silent_since=record.updated_at)
    if missed is not None:
        raise missed


def _letter_of(record: JobRecord, clock: Clock) -> Letter:
    return Letter(
        job_id=record.job_id,
        queue="",
        death=Death.VANISHED,
        error=f"vanished: nothing was heard of the {record.kind} since {record.updated_at}",
        raw_body=f"{record.kind} asked for by {record.user_id}",
        correlation_id=record.request_id,
        first_at=record.created_at,
        last_at=timestamp(clock.now()),
    )
