"""Running a job: parse it, act once, count attempts, try again what may help, and write a letter on what cannot."""

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from pydantic import ValidationError

from shared.domains.dead_letters.contract import Letter, ParkMessage, RouteDeadLetter
from shared.kernel.claims import ClaimChecks
from shared.kernel.contract import Job
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.ports import Clock, JobQueue
from shared.kernel.queues import DAY_SECONDS, POLICIES, WhenDead
from shared.kernel.runs import Arrival, Done, Held, Run, Runs
from shared.kernel.times import timestamp
from workers.keeping import LeaseKeeper
from workers.letters import letter_of, letter_of_the_silent, text_of
from workers.measuring import DONE, REPEATED
from workers.outcomes import GivenUp, Later, Unreadable, kinds, may_help, place

LONGEST_OUTAGE_PAUSE = 300.0
PATIENT_RECEIVES = 4

log = get_log()


class Runner:
    """Runs the jobs of one type, each message as often as its retry policy allows.

    What ends well returns; everything else raises Later or GivenUp. An attempt is a run that began: waiting for
    another run of the same job is none, nor is finding that the book of runs does not answer.
    """

    def __init__(
        self,
        job_type: type[Job],
        act: Callable[[Any], object],
        *,
        runs: Runs,
        claims: ClaimChecks,
        jobs: JobQueue,
        clock: Clock,
        keeper: LeaseKeeper,
    ) -> None:
        """Keep the ports; nothing is called yet."""
        self._type, self._act = job_type, act
        self._runs, self._claims, self._jobs, self._clock, self._keeper = runs, claims, jobs, clock, keeper
        self._policy = POLICIES[job_type.queue]
        self._attempts = job_type.retry.attempts or self._policy.attempts
        self._keep_seconds = self._policy.retention + DAY_SECONDS

    def run(self, arrival: Arrival, arguments: tuple[Any, ...]) -> str:
        """Run a job once, if it is its turn; return whether it was done now or took effect before.

        Raises:
            Later: the message has to come back.
            GivenUp: it is dead, and its letter is safe.
        """
        run = self._turn(arrival)
        if run is None:
            log.info("job.repeated")
            return REPEATED
        given = arguments[0] if len(arguments) == 1 else list(arguments)
        if self._may_die and run.number > self._attempts:
            letter = letter_of_the_silent(self._type, arrival, given, run=run, last_at=self._now())
            self._bury(arrival, run, letter, RuntimeError("the job's workers died"))
        log.info("job.began", attempt=run.number, queueSeconds=arrival.queue_seconds)
        began = time.monotonic()
        try:
            with self._keeping(arrival, run):
                self._act(self._read(given))
        except Exception as problem:  # whatever a rule raises, it decides only what becomes of the message
            self._fail(arrival, run, given, problem, time.monotonic() - began)
        else:
            self._finish(arrival, run, time.monotonic() - began)
        return DONE

    @property
    def _may_die(self) -> bool:
        """Whether this type's jobs are ever given up: not where there is nobody to write to."""
        return self._policy.has_dead_letter_queue

    def _turn(self, arrival: Arrival) -> Run | None:
        """Return the run that begins now, None where the job took effect before; Later where another run lives."""
        try:
            found = self._look(arrival)
        except Unavailable as problem:
            raise Later(_outage_pause(arrival.receives), "the book of runs is away") from problem
        if isinstance(found, Held):
            # SQS counts every receive: what waits for a long run waits longer and longer, to stay below its limit; but
            # at first it comes back when the lease ends, since the run may have died, and somebody waits for its work
            seconds = found.seconds * max(1, arrival.receives - PATIENT_RECEIVES)
            raise Later(seconds + random.uniform(0, 1), "another run of the job lives")
        return None if isinstance(found, Done) else found

    def _look(self, arrival: Arrival) -> Run | Held | Done:
        """Ask the book of runs; jobs that repeat harmlessly cost nothing when they come for the first time."""
        if not self._type.idempotent:
            lease = self._keeper.lease_seconds
            return self._runs.begin(arrival, lease_seconds=lease, keep_seconds=self._keep_seconds)
        if arrival.receives == 1:
            return Run(1, is_counted=False, first_at=self._now())
        return self._runs.count(arrival, keep_seconds=self._keep_seconds)

    def _keeping(self, arrival: Arrival, run: Run) -> AbstractContextManager[None]:
        if not run.fence:
            return nullcontext()
        return self._keeper.keeping(arrival, run.fence, self._policy.task_limit)

    def _read(self, given: Any) -> Job:
        if not isinstance(given, dict):
            raise Unreadable("the arguments are not one object")
        try:
            return self._type.read(self._claims.fetch(given))
        except ValidationError as problem:
            raise Unreadable(_reasons(problem)) from None

    def _finish(self, arrival: Arrival, run: Run, seconds: float) -> None:
        """Note that the job took effect; a result that comes after its lease ended belongs to another run."""
        try:
            is_ours = not run.fence or self._runs.complete(arrival.job_id, run.fence)
        except Unavailable:
            is_ours = True  # it took effect: to run it again for want of a note would be the greater harm
            log.warning("job.not_noted", attempt=run.number)
        if not is_ours:
            log.warning("job.late", attempt=run.number, duration=round(seconds, 3))
            raise Later(self._keeper.lease_seconds, "the run ended after its lease", "late")
        log.info("job.done", attempt=run.number, duration=round(seconds, 3), queueSeconds=arrival.queue_seconds)

    def _fail(self, arrival: Arrival, run: Run, given: Any, problem: Exception, seconds: float) -> None:
        fields = {
            "attempt": run.number,
            "duration": round(seconds, 3),
            "queueSeconds": arrival.queue_seconds,
            "problem": kinds(problem),
            "place": place(problem),
        }
        is_over = run.number >= self._attempts or not may_help(problem)
        if is_over and not self._may_die:
            self._set_down(arrival, run, given, problem, fields)
        if is_over and self._may_die:
            letter = letter_of(self._type, arrival, given, run=run, problem=problem, last_at=self._now())
            self._bury(arrival, run, letter, problem, **fields)
        self._note(arrival, run, kinds(problem))
        delay = self._type.retry.pause(run.number)
        log.warning("job.retried", delay=round(delay, 3), **fields)
        raise Later(delay, "it failed and is tried again", "retried") from problem

    def _set_down(self, arrival: Arrival, run: Run, given: Any, problem: Exception, fields: dict[str, Any]) -> None:
        """End a job that nobody writes letters about: parked as it came, or dropped where beat asks for it again.

        What only has to wait goes on waiting; a job that is parked already is the one that cannot be helped.
        """
        if self._type.when_dead is WhenDead.DISCARD:
            log.error("job.discarded", **fields)
            raise GivenUp(kinds(problem)) from problem
        if isinstance(problem, Unavailable) or self._type is ParkMessage:
            return
        parked = ParkMessage(body=text_of(given), error=kinds(problem), message_id=arrival.job_id)
        self._enqueue(parked, arrival, run, kinds(problem), fields)
        log.error("job.parked", **fields)
        raise GivenUp(kinds(problem)) from problem

    def _bury(self, arrival: Arrival, run: Run, letter: Letter, cause: Exception, **fields: Any) -> None:
        """Send the letter, and only then let the message go."""
        self._enqueue(RouteDeadLetter(letter=letter), arrival, run, letter.error, fields)
        self._note(arrival, run, letter.error)
        log.error("job.given_up", death=letter.death.value, **{"attempt": letter.attempts, **fields})
        raise GivenUp(kinds(cause)) from cause

    def _enqueue(self, job: Job, arrival: Arrival, run: Run, error: str, fields: dict[str, Any]) -> None:
        try:
            self._jobs.enqueue(job)
        except Exception as unsent:  # whatever keeps the letter from its queue, the message must not be lost with it
            self._note(arrival, run, error)
            log.warning("job.not_given_up", unsent=kinds(unsent), **fields)
            raise Later(_outage_pause(arrival.receives), "its letter could not be sent") from unsent

    def _note(self, arrival: Arrival, run: Run, error: str) -> None:
        """Keep how a run ended; where that is impossible the attempt is not counted, and the lease ends by itself."""
        try:
            self._runs.fail(arrival, run, error, keep_seconds=self._keep_seconds)
        except Unavailable:
            log.warning("job.not_noted", attempt=run.number)

    def _now(self) -> str:
        return timestamp(self._clock.now())


def _outage_pause(receives: int) -> float:
    """Return a pause that grows with the receives: nine of them, which SQS allows, outlast a quarter of an hour."""
    ceiling = min(LONGEST_OUTAGE_PAUSE, 5.0 * 2 ** min(receives, 10))
    return random.uniform(ceiling / 2, ceiling)


def _reasons(problem: ValidationError) -> str:
    """Return what is wrong with which field, without what somebody wrote there."""
    errors = problem.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['type']}" for error in errors[:10])
