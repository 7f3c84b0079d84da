"""The rules of replays: a letter is sent by one at a time, under its own job id, and counted."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from shared.domains.dead_letters.errors import LetterNotFound
from shared.domains.operations.contract import Filters, ReplayDeadLetters, ReplayDueLetters
from shared.domains.operations.models import Audit, DeadLetter, LetterState, Wanted
from shared.domains.replays.contract import DryRun, ReplayMatching
from shared.domains.replays.errors import NotReplayable
from shared.domains.replays.models import IMPOSSIBLE, LetterCheck, ReplayOutcome
from shared.domains.replays.ports import JobTypes, ReplayableLetters, TextReader, WaitingClients
from shared.kernel.contract import Job
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.pages import Position
from shared.kernel.ports import Clock, JobQueue, Resender, StoredJob
from shared.kernel.times import timestamp

KIND = "replay"
BY_ITSELF = "rule:replay_due_letters"
LEASE = timedelta(seconds=30)
DUE_A_RUN = 100
RUN_SECONDS = 15.0
CANARY_LIFE = timedelta(seconds=120)
CANARY_POLL_SECONDS = 0.5
CHECKED_LETTERS = 100
COUNTED_LETTERS = 1_000

log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything that sending a letter again rests on."""

    letters: ReplayableLetters
    resender: Resender
    payloads: TextReader
    job_types: JobTypes
    waiting: WaitingClients
    clock: Clock


def replay_dead_letter(letter_id: str, by: str, *, desk: Desk) -> ReplayOutcome:
    """Send an open letter's job again to its own queue, and count it; a second call does nothing.

    Where the process dies between sending and counting, the letter is free again after 30 s, and the same job may be
    sent twice: it is the same replay of the same job, as if its queue had delivered it twice.

    Raises:
        LetterNotFound: there is none.
        NotReplayable: it cannot be sent as it is.
        Unavailable: the queue could not take it; the letter stays as it was.
    """
    outcome = _replay(letter_id, by, desk)
    if outcome in IMPOSSIBLE:
        raise NotReplayable(outcome)
    return outcome


def note_success(job_id: str, replays: int, *, letters: ReplayableLetters, clock: Clock) -> None:
    """Close the letter of a job that was sent again and has ended well; again changes nothing."""
    if letters.succeed(job_id, replays, timestamp(clock.now())):
        log.info("dead_letter.succeeded", letter=job_id, replays=replays)


def replay_due_letters(_job: ReplayDueLetters, *, desk: Desk) -> None:
    """Send the letters again whose own time has come; what was settled since is passed over."""
    for due in desk.letters.due(timestamp(desk.clock.now()), DUE_A_RUN):
        letter = desk.letters.get(due.letter_id)
        if letter is not None and letter.replay_at == due.at:
            _replay(letter.id, BY_ITSELF, desk)
        desk.letters.unschedule(due)


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
    checks = [_check(letter, _arguments(letter, desk), desk) for letter in found[:CHECKED_LETTERS]]
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
    """Do a run's worth of a replay and queue what is left; beginning a run again sends nothing twice."""
    left = advance(job, desk=desk)
    if left is not None:
        jobs.enqueue(left)


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


def _replay(letter_id: str, by: str, desk: Desk) -> ReplayOutcome:
    letter = desk.letters.get(letter_id)
    if letter is None:
        raise LetterNotFound
    arguments = _arguments(letter, desk)
    outcome = _check(letter, arguments, desk).outcome
    if outcome is ReplayOutcome.DONE:
        desk.letters.succeed(letter.id, letter.replays, timestamp(desk.clock.now()))
    if outcome is not ReplayOutcome.SENT or letter.task is None or arguments is None:
        return outcome
    now = desk.clock.now()
    until = timestamp(now + LEASE)
    if not desk.letters.claim(letter, now=timestamp(now), until=until):
        return ReplayOutcome.SETTLED
    job = StoredJob(
        job_id=letter.id,
        task=letter.task,
        queue=letter.queue,
        arguments=arguments,
        group=letter.message_group,
        replays=letter.replays + 1,
        correlation_id=letter.correlation_id,
    )
    _send(letter, job, until, desk)
    log.info("dead_letter.audit", letter=letter.id, by=by, action="replayed", replays=job.replays)
    noted = Audit(letter_id=letter.id, at=timestamp(desk.clock.now()), by=by, action="replayed")
    if not desk.letters.sent(letter, noted):  # a worker was quicker: it has ended well, or died again
        desk.letters.note(noted)
    return ReplayOutcome.SENT


def _one(job: ReplayDeadLetters, letter: DeadLetter, desk: Desk) -> ReplayDeadLetters:
    outcome = _replay(letter.id, job.by, desk)
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
        if letter.succeeded_at is not None or _is_done(letter, desk):
            return job.model_copy(update={"canary": None, "canary_until": None})
        if timestamp(desk.clock.now()) > (job.canary_until or ""):
            _stop(job, "CANARY_SILENT", desk)
            return None
        desk.clock.sleep(CANARY_POLL_SECONDS)
    return job


def _stop(job: ReplayDeadLetters, error: str, desk: Desk) -> None:
    log.warning("dead_letter.canary", job=job.job_id, letter=job.canary, problem=error)
    desk.waiting.fail(job.job_id, error)


def _send(letter: DeadLetter, job: StoredJob, until: str, desk: Desk) -> None:
    awaited = _awaited_id(job, desk)
    desk.waiting.restart(awaited)  # before it is sent: a worker may be done with it at once
    try:
        desk.resender.resend(job)
    except Unavailable:
        with suppress(Unavailable):  # then the claim ends by itself
            desk.letters.release(letter, until=until)
            desk.waiting.fail(awaited, Unavailable.code)
        raise


def _check(letter: DeadLetter, arguments: dict[str, object] | None, desk: Desk) -> LetterCheck:
    job_type = desk.job_types(letter.task)
    is_done = _is_done(letter, desk)
    return LetterCheck(
        id=letter.id,
        task=letter.task,
        outcome=_outcome(letter, arguments, job_type, is_done=is_done),
        is_done=is_done,
        has_arguments=arguments is not None,
        is_task_known=job_type is not None,
    )


def _outcome(
    letter: DeadLetter, arguments: dict[str, object] | None, job_type: type[Job] | None, *, is_done: bool
) -> ReplayOutcome:
    if not letter.has_arguments and letter.state is LetterState.PARKED:
        return ReplayOutcome.UNREADABLE
    if letter.state is not LetterState.OPEN:
        return ReplayOutcome.SETTLED
    if is_done:
        return ReplayOutcome.DONE
    if job_type is None:
        return ReplayOutcome.UNKNOWN_TASK
    if arguments is None:
        return ReplayOutcome.ARGUMENTS_GONE
    try:
        job_type.read(arguments)
    except ValidationError:
        return ReplayOutcome.WRONG_ARGUMENTS
    return ReplayOutcome.SENT


def _arguments(letter: DeadLetter, desk: Desk) -> dict[str, object] | None:
    if letter.arguments_key is None:
        return letter.arguments
    text = desk.payloads.read(letter.arguments_key)
    return json.loads(text) if text is not None else None


def _is_done(letter: DeadLetter, desk: Desk) -> bool:
    return letter.succeeded_at is not None or desk.letters.has_taken_effect(letter.id)


def _awaited_id(job: StoredJob, desk: Desk) -> str:
    job_type = desk.job_types(job.task)
    return (job_type.read(job.arguments).awaited_as() if job_type else None) or job.job_id


def _open(wanted: Wanted) -> Wanted:
    return wanted._replace(state=LetterState.OPEN)


def _result(job: ReplayDeadLetters) -> dict[str, int]:
    return {"sent": job.sent, "skipped": job.skipped}
