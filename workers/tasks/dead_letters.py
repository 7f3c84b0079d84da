"""Tasks of dead letters."""

from datetime import timedelta

from shared.catalogue import job_type_of
from shared.domains.dead_letters.contract import (
    ParkMessage,
    ReplayDeadLetters,
    ReplayDueLetters,
    RouteDeadLetter,
    SweepRedriveQueues,
    SweepVanishedJobs,
)
from shared.domains.dead_letters.rules import parking, reconciling, replaying, replaying_many, routing, sweeping
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(RouteDeadLetter)
def route_dead_letter(job: RouteDeadLetter, context: WorkerContext) -> None:
    """Record a death and decide what becomes of it."""
    routing.route_dead_letter(
        job,
        letters=context.letters,
        payloads=context.payloads,
        job_types=job_type_of,
        failures=context.ending_turns,
        metrics=context.metrics,
        clock=context.clock,
    )


@handles(ParkMessage)
def park_message(job: ParkMessage, context: WorkerContext) -> None:
    """Keep a message that not even the router could take in."""
    parking.park_message(job, letters=context.letters, payloads=context.payloads, clock=context.clock)


@handles(SweepRedriveQueues)
def sweep_redrive_queues(job: SweepRedriveQueues, context: WorkerContext) -> None:
    """Turn what lies in the queues' own dead-letter queues into letters."""
    sweeping.sweep_redrive_queues(job, redrive_queues=context.redrive_queues, jobs=context.jobs, clock=context.clock)


@handles(SweepVanishedJobs)
def sweep_vanished_jobs(job: SweepVanishedJobs, context: WorkerContext) -> None:
    """End what its queue has lost."""
    reconciling.sweep_vanished_jobs(
        job,
        silent=context.job_records,
        failures=context.ending_turns,
        jobs=context.jobs,
        metrics=context.metrics,
        clock=context.clock,
        vanished_after=timedelta(seconds=context.settings.vanished_after_seconds),
    )


@handles(ReplayDueLetters)
def replay_due_letters(job: ReplayDueLetters, context: WorkerContext) -> None:
    """Send again the letters that are due."""
    replaying.replay_due_letters(job, desk=context.replay_desk)


@handles(ReplayDeadLetters)
def replay_dead_letters(job: ReplayDeadLetters, context: WorkerContext) -> None:
    """Send the letters again that an operator chose."""
    replaying_many.replay_dead_letters(job, desk=context.replay_desk, jobs=context.jobs)
