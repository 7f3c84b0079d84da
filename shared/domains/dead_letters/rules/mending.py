"""The rules of settling letters by hand: mend or discard, each noted."""

from typing import Any

from pydantic import ValidationError

from shared.domains.dead_letters.contract import DiscardDeadLetter, EditDeadLetter
from shared.domains.dead_letters.errors import LetterSettled, UnknownTask, WrongArguments
from shared.domains.dead_letters.models import DeadLetter, LetterState
from shared.domains.dead_letters.ports import LetterStore
from shared.domains.dead_letters.rules.reviewing import audit, found_letter
from shared.kernel.payloads import Payloads, held_arguments
from shared.kernel.ports import Clock, JobTypes


def edit_dead_letter(
    letter_id: str,
    command: EditDeadLetter,
    by: str,
    *,
    letters: LetterStore,
    payloads: Payloads,
    job_types: JobTypes,
    clock: Clock,
) -> DeadLetter:
    """Write a letter's arguments anew, as the job's contract wants them; a parked one becomes OPEN.

    Raises:
        UnknownTask: no worker knows the task.
        WrongArguments: the job does not take them, or not all of them.
        LetterSettled: it was replayed or discarded, or is being sent.
    """
    letter = found_letter(letter_id, letters)
    job_type = job_types(command.task or letter.task)
    if job_type is None:
        raise UnknownTask
    try:
        arguments = job_type.model_validate(command.arguments).wire()
    except ValidationError as problem:
        raise WrongArguments(_field_problems(problem)) from None
    fields = {"task": job_type.name, "state": LetterState.OPEN, "replay_at": None}
    amended = letter.model_copy(update=fields | held_arguments(arguments, payloads))
    if not letters.amend(amended, audit(letter_id, by, "edited", clock, details=job_type.name)):
        raise LetterSettled
    return amended


def discard_dead_letter(
    letter_id: str, command: DiscardDeadLetter, by: str, *, letters: LetterStore, clock: Clock
) -> DeadLetter:
    """Be done with a letter, for a reason; discarding it again changes nothing.

    Raises:
        LetterSettled: it was replayed, or is being sent.
    """
    letter = found_letter(letter_id, letters)
    noted = audit(letter_id, by, "discarded", clock, details=command.reason)
    if not letters.discard(letter_id, command.reason, noted):
        letter = found_letter(letter_id, letters)
        if letter.state is not LetterState.DISCARDED:
            raise LetterSettled
        return letter
    return letter.model_copy(update={"state": LetterState.DISCARDED, "reason": command.reason})


def _field_problems(problem: ValidationError) -> list[dict[str, Any]]:
    errors = problem.errors(include_url=False, include_input=False, include_context=False)
    return [{"field": ".".join(map(str, error["loc"])), "message": error["msg"]} for error in errors]
