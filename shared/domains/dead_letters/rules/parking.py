"""The rules of parking: what not even the router could take in is kept as it came, for a person to read."""

import hashlib

from shared.domains.dead_letters.contract import ParkMessage
from shared.domains.dead_letters.models import DeadLetter, Death, LetterState, fingerprint
from shared.domains.dead_letters.ports import LetterInbox
from shared.kernel.foreign import small_number, storable_text
from shared.kernel.logs import get_log
from shared.kernel.payloads import Payloads, held_body
from shared.kernel.ports import Clock
from shared.kernel.times import timestamp

LONGEST_ERROR = 2_000

log = get_log()


def park_message(job: ParkMessage, *, letters: LetterInbox, payloads: Payloads, clock: Clock) -> None:
    """Keep a message under an id of our own, made of its content; the same message again changes nothing.

    Nothing that a stranger wrote becomes a key or a number here, so only an outage can keep it from being stored.

    Raises:
        Unavailable: the table or the bucket does not answer; the message comes again.
    """
    body = storable_text(job.body)
    error = storable_text(f"{job.reason}: {job.error}")[:LONGEST_ERROR]
    now = timestamp(clock.now())
    letter = DeadLetter(
        id=f"parked-{hashlib.sha256(body.encode()).hexdigest()[:32]}",
        state=LetterState.PARKED,
        queue=job.queue.value,
        death=Death.UNREADABLE,
        error=error,
        fingerprint=fingerprint(None, job.queue.value, Death.UNREADABLE, error, ""),
        receives=small_number(job.receives),
        first_at=now,
        last_at=now,
        **held_body(body, None, payloads),
    )
    if letters.record(letter).is_new:
        log.warning("dead_letter.parked", letter=letter.id, reason=job.reason)
