"""The rules of replaying many letters: run by run, at a pace, behind a canary where that is wanted."""

from datetime import datetime, timedelta

from shared.domains.dead_letters.contract import DryRun, Filters, ReplayDeadLetters, ReplayMatching
from shared.domains.dead_letters.models import DeadLetter, LetterState, ReplayOutcome, Wanted
from shared.domains.dead_letters.rules.replaying import Desk, arguments_of, check_letter, replay_letter, took_effect
from shared.kernel.logs import get_log
from shared.kernel.pages import Position
from shared.kernel.ports import JobQueue
from shared.kernel.times import timestamp

log = get_log()

KIND = "replay"
RUN_SECONDS = 15.0
CANARY_LIFE = timedelta(seconds=120)
CANARY_POLL_SECONDS = 0.5
CHECKED_LETTERS = 100
COUNTED_LETTERS = 1_000


def check_matching(command: ReplayMatching, *, desk: Desk) -> DryRun:
    """Say what replaying all that match would come to, and change nothing; at most 100 are looked at closely."""
    found: list[DeadLetter] = []
    position: Position | None = None
    wanted = _open(command.wanted())
    while len(found) < COUNTED_LETTERS:
        page = desk.letters.find(wanted, limit=CHECKED_LETTERS, position=position, oldest_first=True)
        found += page.items
        position = page.position
        if position is None:
            break
    checks = [check_letter(letter, arguments_of(letter, desk), desk) for letter in found[:CHECKED_LETTERS]]
    return DryRun(matching=len(found), is_whole=position is None, checks=checks)


def replay_job(command: ReplayMatching, job_id: str, by: str, now: datetime) -> ReplayDeadLetters:
    """Return the job that sends all letters again that match and have died by now: what dies again waits."""
    latest = timestamp(now)
    chosen = command.model_dump(include=set(Filters.model_fields))
    chosen["until"] = min(command.until, latest) if command.until else latest
    return ReplayDeadLetters(
        job_id=job_id,
        by=by,
        filters=Filters(**chosen),
        rate_per_second=command.rate_per_second,
        with_canary=command.canary,
    )


def replay_dead_letters(job: ReplayDeadLetters, *, desk: Desk, jobs: JobQueue) -> None:
    """Do a run's worth of a replay and queue what is left as the next run.

    Beginning a run again sends nothing twice, and queues no second run: both have one identity.
    """
    left = advance(job, desk=desk)
    if left is not None:
        jobs.enqueue(left.model_copy(update={"run": job.run + 1}))


def advance(job: ReplayDeadLetters, *, desk: Desk) -> ReplayDeadLetters | None:
    """Do a run's worth of a replay, and return what is left of it; None where it has ended."""
    if desk.waiting.is_cancelled(job.job_id):
        return None
    if job.canary is not None:
        return _watch(job, job.canary, desk)
    page = desk.letters.find(
        _open(job.filters.wanted()),
        limit=max(1, int(job.rate_per_second * RUN_SECONDS)),
        position=job.after,
        oldest_first=True,
    )
    for letter in page.items:
        job = _one(job, letter, desk)
        if job.canary is not None:
            return job
        if desk.waiting.is_cancelled(job.job_id):
            return None
    if page.position is None:
        desk.waiting.complete(job.job_id, _result(job))
        return None
    return job.model_copy(update={"after": page.position})


def _one(job: ReplayDeadLetters, letter: DeadLetter, desk: Desk) -> ReplayDeadLetters:
    outcome = replay_letter(letter.id, job.by, desk)
    if outcome is not ReplayOutcome.SENT:
        return job.model_copy(update={"skipped": job.skipped + 1})
    sent = job.model_copy(update={"sent": job.sent + 1})
    if job.with_canary:
        until = timestamp(desk.clock.now() + CANARY_LIFE)
        sent = sent.model_copy(update={"with_canary": False, "canary": letter.id, "canary_until": until})
    desk.waiting.progress(job.job_id, "canary" if job.with_canary else "sending", _result(sent))
    desk.clock.sleep(1 / job.rate_per_second)
    return sent


def _watch(job: ReplayDeadLetters, canary: str, desk: Desk) -> ReplayDeadLetters | None:
    """Wait a while for the canary's end: its success lets the others go, anything else keeps them."""
    for _ in range(int(RUN_SECONDS / CANARY_POLL_SECONDS)):
        letter = desk.letters.get(canary)
        if letter is None or letter.state is not LetterState.REPLAYED:
            _stop(job, "CANARY_DIED", desk)
            return None
        if letter.succeeded_at is not None or took_effect(letter, desk):
            return job.model_copy(update={"canary": None, "canary_until": None})
        if timestamp(desk.clock.now()) > (job.canary_until or ""):
            _stop(job, "CANARY_SILENT", desk)
            return None
        desk.clock.sleep(CANARY_POLL_SECONDS)
    return job


def _stop(job: ReplayDeadLetters, error: str, desk: Desk) -> None:
    log.warning("dead_letter.canary", job=job.job_id, letter=job.canary, problem=error)
    desk.waiting.fail(job.job_id, error)


def _open(wanted: Wanted) -> Wanted:
    return wanted._replace(state=LetterState.OPEN)


def _result(job: ReplayDeadLetters) -> dict[str, int]:
    return {"sent": job.sent, "skipped": job.skipped}
