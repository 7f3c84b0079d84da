"""The rules of who waits for a job that died."""

import json
from typing import Any

from pydantic import ValidationError

from shared.domains.dead_letters.models import AwaitedBy, DeadLetter
from shared.domains.jobs.models import JobRecord
from shared.kernel.errors import Unavailable
from shared.kernel.payloads import TextReader
from shared.kernel.ports import JobTypes
from shared.kernel.stores import Keyed


def awaited_id(task: str | None, arguments: dict[str, Any] | None, job_id: str, job_types: JobTypes) -> str:
    """Return the id under which a client asks: the one that the job names, else the message's own."""
    job_type = job_types(task)
    try:
        awaited = job_type.read(arguments).awaited_as() if job_type and arguments is not None else None
    except ValidationError:
        awaited = None
    return awaited or job_id


def awaited_by(
    letter: DeadLetter, *, payloads: TextReader, jobs: Keyed[JobRecord], job_types: JobTypes
) -> AwaitedBy | None:
    """Return who waits for a letter's job, and what they were told last; None where nobody does."""
    found = jobs.get(awaited_id(letter.task, _arguments_of(letter, payloads), letter.id, job_types))
    if found is None:
        return None
    return AwaitedBy(user_id=found.user_id, status=found.status, error=found.error, told_at=found.updated_at)


def _arguments_of(letter: DeadLetter, payloads: TextReader) -> dict[str, Any] | None:
    """Return a job's arguments; None where they are gone, or the bucket is away, which hides no letter."""
    if letter.arguments is not None or letter.arguments_key is None:
        return letter.arguments
    try:
        text = payloads.read(letter.arguments_key)
    except Unavailable:
        return None
    found: dict[str, Any] | None = json.loads(text) if text is not None else None
    return found
