"""The rules of the operators' desk: look, mend, discard; what shows people's words or settles a letter is noted."""

import json
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from shared.domains.dead_letters.contract import (
    DeadLetterDetails,
    DeadLetterItem,
    DiscardDeadLetter,
    EditDeadLetter,
    LetterGroup,
    ListDeadLetters,
)
from shared.domains.dead_letters.errors import LetterNotFound, LetterSettled, UnknownTask, WrongArguments
from shared.domains.dead_letters.ports import JobTypes, LetterStore
from shared.domains.operations.models import UNSETTLED, Audit, DeadLetter, LetterState, Wanted
from shared.kernel.logs import get_log
from shared.kernel.pages import Page, Position
from shared.kernel.payloads import Payloads, held_arguments
from shared.kernel.ports import Clock
from shared.kernel.times import timestamp

GROUPED_LETTERS = 2_000
_PAGE = 100

log = get_log()


def list_dead_letters(
    command: ListDeadLetters, *, position: Position | None, letters: LetterStore
) -> Page[DeadLetterItem]:
    """Return letters, newest first."""
    page = letters.find(command.wanted(), limit=command.limit, position=position)
    return Page([DeadLetterItem.of(letter) for letter in page.items], page.position)


def group_dead_letters(*, letters: LetterStore) -> tuple[list[LetterGroup], bool]:
    """Return the unsettled letters by cause, the most frequent first, and whether all of them were counted."""
    found, is_whole = [], True
    for state in UNSETTLED:
        some, is_all = _newest(Wanted(state=state), letters)
        found += some
        is_whole = is_whole and is_all
    found.sort(key=lambda letter: letter.last_at, reverse=True)
    found.sort(key=lambda letter: letter.fingerprint)
    groups = [LetterGroup.of(list(some)) for _, some in groupby(found, key=lambda letter: letter.fingerprint)]
    return sorted(groups, key=lambda group: group.count, reverse=True), is_whole


def show_dead_letter(
    letter_id: str, by: str, *, reveal: bool, letters: LetterStore, payloads: Payloads, clock: Clock
) -> DeadLetterDetails:
    """Return a letter; people's words only where they are asked for, which is noted before they are shown."""
    letter = _found(letter_id, letters)
    if reveal:
        letters.note(audit(letter_id, by, "revealed", clock))
        letter = _with_payloads(letter, payloads)
    return DeadLetterDetails.shown(letter, letters.audits(letter_id), is_revealed=reveal)


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
    letter = _found(letter_id, letters)
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
    letter = _found(letter_id, letters)
    noted = audit(letter_id, by, "discarded", clock, details=command.reason)
    if not letters.discard(letter_id, command.reason, noted):
        letter = _found(letter_id, letters)
        if letter.state is not LetterState.DISCARDED:
            raise LetterSettled
        return letter
    return letter.model_copy(update={"state": LetterState.DISCARDED, "reason": command.reason})


def audit(letter_id: str, by: str, action: str, clock: Clock, details: str | None = None) -> Audit:
    """Return a line of the audit, which goes to the log too."""
    log.info("dead_letter.audit", letter=letter_id, by=by, action=action, details=details)
    return Audit(letter_id=letter_id, at=timestamp(clock.now()), by=by, action=action, details=details)


def _with_payloads(letter: DeadLetter, payloads: Payloads) -> DeadLetter:
    fields: dict[str, Any] = {}
    if letter.arguments_key is not None and (text := payloads.read(letter.arguments_key)) is not None:
        fields["arguments"] = json.loads(text)
    if letter.raw_body_key is not None:
        fields["raw_body"] = payloads.read(letter.raw_body_key)
    return letter.model_copy(update=fields)


def _newest(wanted: Wanted, letters: LetterStore) -> tuple[list[DeadLetter], bool]:
    found: list[DeadLetter] = []
    position: Position | None = None
    while len(found) < GROUPED_LETTERS:
        page = letters.find(wanted, limit=_PAGE, position=position)
        found += page.items
        position = page.position
        if position is None:
            return found, True
    return found, False


def _found(letter_id: str, letters: LetterStore) -> DeadLetter:
    letter = letters.get(letter_id)
    if letter is None:
        raise LetterNotFound
    return letter


def _field_problems(problem: ValidationError) -> list[dict[str, Any]]:
    errors = problem.errors(include_url=False, include_input=False, include_context=False)
    return [{"field": ".".join(map(str, error["loc"])), "message": error["msg"]} for error in errors]
