"""Writing the letter on a job that has died."""

import json
import traceback
from typing import Any

from shared.domains.dead_letters.contract import Letter
from shared.domains.dead_letters.models import Death
from shared.kernel.claims import key_of
from shared.kernel.contract import Job
from shared.kernel.errors import Unavailable
from shared.kernel.foreign import is_storable, storable_text
from shared.kernel.runs import Arrival, Run
from workers.outcomes import Unreadable

LONGEST_ERROR = 2_000
LONGEST_TRACEBACK = 8_000


def letter_of(
    job_type: type[Job], arrival: Arrival, given: Any, *, run: Run, problem: Exception, last_at: str
) -> Letter:
    """Return the letter on a job that ended with a problem; `given` are the arguments as they came."""
    return _letter(
        job_type,
        arrival,
        given,
        run=run,
        last_at=last_at,
        death=Death.UNREADABLE if isinstance(problem, Unreadable) else Death.FAILED,
        error=storable_text(f"{type(problem).__name__}: {problem}")[:LONGEST_ERROR],
        traceback=storable_text("".join(traceback.format_exception(problem)))[-LONGEST_TRACEBACK:],
        is_transient=isinstance(problem, Unavailable),
    )


def letter_of_the_silent(job_type: type[Job], arrival: Arrival, given: Any, *, run: Run, last_at: str) -> Letter:
    """Return the letter on a job of which no run reported its end, with what an earlier one had reported."""
    begun = run.number - 1
    return _letter(
        job_type,
        arrival,
        given,
        run=Run(begun, first_at=run.first_at),
        last_at=last_at,
        death=Death.FAILED if run.last_error else Death.NEVER_ACKNOWLEDGED,
        error=run.last_error or f"{begun} runs began and none came to an end: their workers died.",
    )


def _letter(job_type: type[Job], arrival: Arrival, given: Any, *, run: Run, last_at: str, **how: Any) -> Letter:
    return Letter(
        job_id=arrival.job_id,
        task=job_type.name,
        queue=job_type.queue.value,
        attempts=run.number,
        receives=arrival.receives,
        replays=arrival.replays,
        message_group=arrival.group,
        correlation_id=arrival.correlation_id,
        first_at=run.first_at or last_at,
        last_at=last_at,
        **how,
        **_content(given),
    )


def _content(given: Any) -> dict[str, Any]:
    """Return the arguments, or where they lie, or what came in their place."""
    if (key := key_of(given)) is not None:
        return {"arguments_key": key}
    if isinstance(given, dict) and is_storable(given):
        return {"arguments": given}
    return {"raw_body": text_of(given)}


def text_of(given: Any) -> str:
    """Return what came as JSON that every store takes, whatever it is."""
    return json.dumps(given, default=repr)
