"""The rules of routing: every death is recorded once, and a rule or a person decides what becomes of it."""

from datetime import timedelta
from typing import Any

from shared.domains.dead_letters.contract import Letter, RouteDeadLetter
from shared.domains.dead_letters.models import DeadLetter, Death, LetterState, fingerprint
from shared.domains.dead_letters.ports import LetterInbox
from shared.domains.dead_letters.rules.awaiting import awaited_id
from shared.kernel.foreign import storable_id, storable_text
from shared.kernel.logs import get_log
from shared.kernel.payloads import Payloads, held_arguments, held_body
from shared.kernel.ports import Clock, JobFailures, JobTypes, Metrics
from shared.kernel.queues import WhenDead
from shared.kernel.times import timestamp

log = get_log()

REPLAY_AFTER = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
LONGEST_TRACEBACK = 8_000
LONGEST_ERROR = 2_000


def route_dead_letter(
    job: RouteDeadLetter,
    *,
    letters: LetterInbox,
    payloads: Payloads,
    job_types: JobTypes,
    failures: JobFailures,
    metrics: Metrics,
    clock: Clock,
) -> None:
    """Record a death, tell the client that waits for the job, and decide; the same death again changes nothing."""
    given, job_type = job.letter, job_types(job.letter.task)
    recorded = letters.record(_dead_letter(given, job_type, payloads, clock))
    letter = recorded.letter
    if recorded.is_new:
        task = job_type.name if job_type else "unknown"  # a name that somebody made up is no label
        metrics.count("dead_letters", task=task, queue=given.queue, death=given.death.value)
        log.warning("dead_letter.recorded", letter=letter.id, dead_task=letter.task, state=letter.state.value)
    if letter.replays != given.replays or letter.state is LetterState.REPLAYED:
        return  # somebody has sent it again since: neither the job nor the letter is ours to touch
    awaited = awaited_id(given.task, given.arguments, given.job_id, job_types)
    failures.fail(awaited, "UNAVAILABLE" if may_be_asked_again(given) else "INTERNAL_SERVER_ERROR")
    if letter.replay_at is not None:
        letters.schedule(letter.id, letter.replay_at)


def may_be_asked_again(given: Letter) -> bool:
    """Tell whether the same wish may well succeed: it met a moment, or an operator, and not a fault."""
    return given.is_transient or given.death in (Death.WITHDRAWN, Death.VANISHED)


def _dead_letter(given: Letter, job_type: Any, payloads: Payloads, clock: Clock) -> DeadLetter:
    common = given.model_dump(exclude={"job_id", "arguments", "arguments_key", "raw_body", "raw_body_key"})
    letter = DeadLetter(
        **common
        | {
            "id": storable_id(given.job_id),
            "state": LetterState.OPEN,
            "error": storable_text(given.error)[:LONGEST_ERROR],
            "traceback": storable_text(given.traceback)[-LONGEST_TRACEBACK:],
            "fingerprint": fingerprint(given.task, given.queue, given.death, given.error, given.traceback),
        }
        | _given_arguments(given, payloads)
        | held_body(given.raw_body, given.raw_body_key, payloads)
    )
    return letter.model_copy(update=_fate(letter, job_type.when_dead if job_type else WhenDead.PARK, clock))


def _fate(letter: DeadLetter, policy: WhenDead, clock: Clock) -> dict[str, Any]:
    """Decide what becomes of a letter that was just recorded."""
    if not letter.has_arguments:
        return {"state": LetterState.PARKED}
    if policy is WhenDead.DISCARD:
        return {"state": LetterState.DISCARDED, "reason": "The next run of it does the same."}
    if policy is WhenDead.REPLAY and letter.is_transient and letter.replays < len(REPLAY_AFTER):
        return {"replay_at": timestamp(clock.now() + REPLAY_AFTER[letter.replays])}
    return {}


def _given_arguments(given: Letter, payloads: Payloads) -> dict[str, Any]:
    if given.arguments is not None:
        return held_arguments(given.arguments, payloads)
    # what a claim check left in the bucket is removed there after a while; a letter may wait for longer
    text = payloads.read(given.arguments_key) if given.arguments_key else None
    return {"arguments_key": payloads.keep(text) if text is not None else given.arguments_key}
