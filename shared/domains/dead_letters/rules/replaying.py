"""The rules of replays: a letter is sent by one at a time, under its own job id, and counted."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from pydantic import ValidationError

from shared.domains.dead_letters.contract import ReplayDueLetters
from shared.domains.dead_letters.errors import LetterNotFound, NotReplayable
from shared.domains.dead_letters.models import IMPOSSIBLE, Audit, DeadLetter, LetterCheck, LetterState, ReplayOutcome
from shared.domains.dead_letters.ports import ReplayableLetters
from shared.domains.dead_letters.rules.awaiting import awaited_id
from shared.kernel.contract import Job
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.payloads import TextReader
from shared.kernel.ports import Clock, JobTracker, JobTypes, Resender, StoredJob
from shared.kernel.times import timestamp

log = get_log()

BY_ITSELF = "rule:replay_due_letters"
LEASE = timedelta(seconds=30)
DUE_A_RUN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything that sending a letter again rests on."""

    letters: ReplayableLetters
    resender: Resender
    payloads: TextReader
    job_types: JobTypes
    waiting: JobTracker
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
    outcome = replay_letter(letter_id, by, desk)
    if outcome in IMPOSSIBLE:
        raise NotReplayable(outcome)
    return outcome


def note_success(job_id: str, replays: int, *, letters: ReplayableLetters, clock: Clock) -> None:
    """Close the letter of a job that was sent again and has ended well; again changes nothing."""
    if letters.succeed(job_id, replays, timestamp(clock.now())):
        log.info("dead_letter.succeeded", letter=job_id, replays=replays)


def replay_due_letters(_job: ReplayDueLetters, *, desk: Desk) -> None:
    """Send again the letters that are due; those settled since are passed over."""
    for due in desk.letters.due(timestamp(desk.clock.now()), DUE_A_RUN):
        letter = desk.letters.get(due.letter_id)
        if letter is not None and letter.replay_at == due.at:
            replay_letter(letter.id, BY_ITSELF, desk)
        desk.letters.unschedule(due)


def replay_letter(letter_id: str, by: str, desk: Desk) -> ReplayOutcome:
    """Send an open letter's job again and count it, or tell why not; see `replay_dead_letter`."""
    letter = desk.letters.get(letter_id)
    if letter is None:
        raise LetterNotFound
    arguments = arguments_of(letter, desk)
    outcome = check_letter(letter, arguments, desk).outcome
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


def _send(letter: DeadLetter, job: StoredJob, until: str, desk: Desk) -> None:
    awaited = awaited_id(job.task, job.arguments, job.job_id, desk.job_types)
    desk.waiting.restart(awaited)  # before it is sent: a worker may be done with it at once
    try:
        desk.resender.resend(job)
    except Unavailable:
        with suppress(Unavailable):  # then the claim ends by itself
            desk.letters.release(letter, until=until)
            desk.waiting.fail(awaited, Unavailable.code)
        raise


def check_letter(letter: DeadLetter, arguments: dict[str, object] | None, desk: Desk) -> LetterCheck:
    """Tell what replaying a letter with these arguments would come to; nothing is changed."""
    job_type = desk.job_types(letter.task)
    is_done = took_effect(letter, desk)
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


def arguments_of(letter: DeadLetter, desk: Desk) -> dict[str, object] | None:
    """Return a letter's arguments, from the bucket where they lie there; None where they are gone."""
    if letter.arguments_key is None:
        return letter.arguments
    text = desk.payloads.read(letter.arguments_key)
    return json.loads(text) if text is not None else None


def took_effect(letter: DeadLetter, desk: Desk) -> bool:
    """Tell whether a letter's job was done, by this replay or an earlier run."""
    return letter.succeeded_at is not None or desk.letters.has_taken_effect(letter.id)
