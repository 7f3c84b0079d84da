"""The rules of looking at letters; what shows people's words is noted before it is shown."""

import json
from collections import Counter
from itertools import groupby
from typing import Any

from shared.domains.dead_letters.contract import DeadLetterDetails, DeadLetterItem, LetterGroup, ListDeadLetters
from shared.domains.dead_letters.errors import LetterNotFound
from shared.domains.dead_letters.models import UNSETTLED, Audit, DeadLetter, Wanted
from shared.domains.dead_letters.ports import LetterStore
from shared.domains.dead_letters.rules.awaiting import awaited_by
from shared.domains.jobs.models import JobRecord
from shared.kernel.logs import get_log
from shared.kernel.pages import Page, Position
from shared.kernel.payloads import Payloads
from shared.kernel.ports import Clock, JobTypes
from shared.kernel.stores import Keyed
from shared.kernel.times import timestamp

log = get_log()

GROUPED_LETTERS = 2_000
_PAGE = 100


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


def count_unsettled(*, letters: LetterStore) -> tuple[Counter[str], Counter[str]]:
    """Count the unsettled letters by state and by fingerprint, the newest 2,000 of each state."""
    states: Counter[str] = Counter({state.value: 0 for state in UNSETTLED})
    groups: Counter[str] = Counter()
    for state in UNSETTLED:
        found, _ = _newest(Wanted(state=state), letters)
        states[state.value] = len(found)
        groups.update(letter.fingerprint for letter in found)
    return states, groups


def show_dead_letter(
    letter_id: str,
    by: str,
    *,
    reveal: bool,
    letters: LetterStore,
    payloads: Payloads,
    jobs: Keyed[JobRecord],
    job_types: JobTypes,
    clock: Clock,
) -> DeadLetterDetails:
    """Return a letter; people's words only where they are asked for, which is noted before they are shown."""
    letter = found_letter(letter_id, letters)
    if reveal:
        letters.note(audit(letter_id, by, "revealed", clock))
        letter = _with_payloads(letter, payloads)
    waiting = awaited_by(letter, payloads=payloads, jobs=jobs, job_types=job_types)
    return DeadLetterDetails.shown(letter, letters.audits(letter_id), is_revealed=reveal, awaited_by=waiting)


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


def found_letter(letter_id: str, letters: LetterStore) -> DeadLetter:
    """Return a letter.

    Raises:
        LetterNotFound: there is none.
    """
    letter = letters.get(letter_id)
    if letter is None:
        raise LetterNotFound
    return letter
