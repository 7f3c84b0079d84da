"""Dead letters, their payloads and the queues' own dead-letter queues, in dictionaries."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping

from shared.domains.dead_letters.models import (
    UNSETTLED,
    Audit,
    DeadLetter,
    Due,
    LetterState,
    Recorded,
    Redriven,
    Wanted,
)
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position
from shared.kernel.payloads import LETTERS_PREFIX
from shared.kernel.queues import Queue

_ENDED = {"lease_until": None, "replay_at": None}


class MemoryLetters:
    """The ports LetterStore and ReplayableLetters for one thread."""

    def __init__(self) -> None:
        """Begin with none; `done` are the jobs that the ledger knows."""
        self.letters: dict[str, DeadLetter] = {}
        self.scheduled: dict[str, str] = {}
        self.noted: list[Audit] = []
        self.done: set[str] = set()

    def record(self, letter: DeadLetter) -> Recorded:
        """Store a death, or reopen a letter."""
        known = self.letters.get(letter.id)
        if known is not None and not _is_new(letter, known):
            return Recorded(known, is_new=False)
        first_at = known.first_at if known else letter.first_at
        self.letters[letter.id] = letter.model_copy(update={"first_at": first_at})
        return Recorded(self.letters[letter.id], is_new=True)

    def schedule(self, letter_id: str, at: str) -> None:
        """Let a letter be found by `due`."""
        self.scheduled[letter_id] = at

    def get(self, letter_id: str) -> DeadLetter | None:
        """Return a letter."""
        return self.letters.get(letter_id)

    def find(
        self, wanted: Wanted, *, limit: int, position: Position | None, oldest_first: bool = False
    ) -> Page[DeadLetter]:
        """Return letters by their last death."""
        found = sorted(filter(lambda one: matches(one, wanted), self.letters.values()), key=place)
        if not oldest_first:
            found.reverse()
        if position is not None:
            edge = position["edge"]
            found = [one for one in found if (place(one) > edge if oldest_first else place(one) < edge)]
        more = len(found) > limit
        return Page(found[:limit], {"edge": place(found[limit - 1])} if more else None)

    def amend(self, letter: DeadLetter, audit: Audit) -> bool:
        """Write what an operator changed."""
        return self._settle(letter, {"state": letter.state}, audit)

    def discard(self, letter_id: str, reason: str, audit: Audit) -> bool:
        """Make a letter DISCARDED."""
        letter = self.letters.get(letter_id)
        ended = {"state": LetterState.DISCARDED, "reason": reason} | _ENDED
        return letter is not None and self._settle(letter, ended, audit)

    def note(self, audit: Audit) -> None:
        """Keep what somebody did."""
        self.noted.append(audit)

    def audits(self, letter_id: str) -> list[Audit]:
        """Return what was done to a letter."""
        return [one for one in self.noted if one.letter_id == letter_id]

    def claim(self, letter: DeadLetter, *, now: str, until: str) -> bool:
        """Take the right to send an open letter."""
        known = self.letters[letter.id]
        if known.state is not LetterState.OPEN or known.replays != letter.replays or _is_leased(known, now):
            return False
        self._change(letter.id, lease_until=until)
        return True

    def release(self, letter: DeadLetter, *, until: str) -> None:
        """Give the right back."""
        if self.letters[letter.id].lease_until == until:
            self._change(letter.id, lease_until=None)

    def sent(self, letter: DeadLetter, audit: Audit) -> bool:
        """Make a letter REPLAYED."""
        known = self.letters[letter.id]
        if known.state is not LetterState.OPEN or known.replays != letter.replays:
            return False
        self._change(letter.id, state=LetterState.REPLAYED, replays=letter.replays + 1, **_ENDED)
        self.note(audit)
        return True

    def succeed(self, letter_id: str, replays: int, at: str) -> bool:
        """Note that the job ended well."""
        known = self.letters.get(letter_id)
        if known is None or known.state is LetterState.DISCARDED or known.replays > replays:
            return False
        self._change(letter_id, state=LetterState.REPLAYED, replays=replays, succeeded_at=at, **_ENDED)
        return True

    def due(self, now: str, limit: int) -> list[Due]:
        """Return the scheduled letters that are due."""
        found = [Due(letter_id, at) for letter_id, at in self.scheduled.items() if at <= now]
        return sorted(found, key=lambda due: due.at)[:limit]

    def unschedule(self, due: Due) -> None:
        """Forget a time that has come."""
        if self.scheduled.get(due.letter_id) == due.at:
            del self.scheduled[due.letter_id]

    def has_taken_effect(self, job_id: str) -> bool:
        """Tell whether the ledger knows that a job was done."""
        return job_id in self.done

    def _settle(self, letter: DeadLetter, fields: Mapping[str, object], audit: Audit) -> bool:
        known = self.letters.get(letter.id)
        if (
            known is None
            or known.state not in UNSETTLED
            or known.replays != letter.replays
            or _is_leased(known, audit.at)
        ):
            return False
        self.letters[letter.id] = letter.model_copy(update=fields)
        self.note(audit)
        return True

    def _change(self, letter_id: str, **fields: object) -> None:
        self.letters[letter_id] = self.letters[letter_id].model_copy(update=fields)


class MemoryPayloads:
    """The port Payloads; while `is_away` it does not answer."""

    def __init__(self, prefix: str = LETTERS_PREFIX) -> None:
        """Begin with none."""
        self.texts: dict[str, str] = {}
        self.is_away = False
        self._prefix = prefix

    def keep(self, text: str) -> str:
        """Store a text under its digest."""
        self._answer()
        key = f"{self._prefix}{hashlib.sha256(text.encode()).hexdigest()}"
        self.texts[key] = text
        return key

    def read(self, key: str) -> str | None:
        """Return a text."""
        self._answer()
        return self.texts.get(key)

    def _answer(self) -> None:
        if self.is_away:
            raise Unavailable("The bucket is away.")


class MemoryRedriveQueues:
    """The port RedriveQueues; queues in `away` do not answer, and every receive gives two messages."""

    def __init__(self) -> None:
        """Begin with none."""
        self.lying: defaultdict[Queue, list[Redriven]] = defaultdict(list)
        self.hidden: list[Redriven] = []
        self.deleted: list[Redriven] = []
        self.away: set[Queue] = set()

    def receive(self, queue: Queue) -> list[Redriven]:
        """Return some messages, and hide them."""
        if queue in self.away:
            raise Unavailable("The queue is away.")
        found, self.lying[queue] = self.lying[queue][:2], self.lying[queue][2:]
        self.hidden += found
        return found

    def delete(self, message: Redriven) -> None:
        """Remove a message."""
        self.deleted.append(message)


def matches(letter: DeadLetter, wanted: Wanted) -> bool:
    """Tell whether a letter is one of those."""
    names = ("queue", "task", "fingerprint", "state")
    is_such = all(getattr(wanted, name) in (None, getattr(letter, name)) for name in names)
    return is_such and (wanted.since or "") <= letter.last_at <= (wanted.until or "~")


def place(letter: DeadLetter) -> str:
    """Return where a letter stands in every list; two of one microsecond keep an order."""
    return f"{letter.last_at}#{letter.id}"


def _is_new(letter: DeadLetter, known: DeadLetter) -> bool:
    again = known.state is LetterState.REPLAYED and letter.replays == known.replays
    return again or letter.replays > known.replays


def _is_leased(letter: DeadLetter, now: str) -> bool:
    return letter.lease_until is not None and letter.lease_until > now
