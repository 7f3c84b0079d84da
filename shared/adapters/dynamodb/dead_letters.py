"""Dead letters in the table."""

import heapq
import json
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase, Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import dead_letters as keys
from shared.adapters.dynamodb.keys import ledger as ledger_keys
from shared.adapters.dynamodb.ledger import Outcome, state_of
from shared.adapters.dynamodb.table import (
    NEW,
    PRESENT,
    ConditionFailed,
    Delete,
    Item,
    Put,
    Table,
    Update,
    Write,
)
from shared.domains.dead_letters.models import UNSETTLED, Audit, DeadLetter, Due, LetterState, Recorded, Wanted
from shared.kernel.pages import Page, Position

KEEP_SETTLED_SECONDS = 90 * 86_400
_PAGE = 100
_SEPARATOR = "#"
_AFTER_ALL = "~"


class DynamoLetters:
    """The ports LetterStore and ReplayableLetters: one item a letter, each step conditional on how it stands.

    Arguments are kept as JSON text, so that they come back as they were, nulls and all.
    """

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def record(self, letter: DeadLetter) -> Recorded:
        """Store a death, or reopen the letter of a job that was sent again since."""
        is_replayed = Attr("state").eq(LetterState.REPLAYED) & Attr("replays").eq(letter.replays)
        fields = _fields(letter)
        first = {"firstAt": fields.pop("firstAt")}
        put = fields | _listed(letter) | {"ttl": _ttl(letter.state)}
        newer = NEW | Attr("replays").lt(letter.replays) | is_replayed
        change = Update(keys.letter(letter.id), METADATA, put=put, put_if_absent=first, condition=newer)
        try:
            return Recorded(_letter(self._table.write(change, want="ALL_NEW")), is_new=True)
        except ConditionFailed:
            return Recorded(self.get(letter.id) or letter, is_new=False)

    def schedule(self, letter_id: str, at: str) -> None:
        """Write the time as an item of its own, found by an index of times."""
        place = {"PK": keys.letter(letter_id), "SK": keys.REPLAY, "GSI1PK": keys.REPLAYS, "GSI1SK": at}
        self._table.write(Put(place | {"letterId": letter_id, "at": at}))

    def get(self, letter_id: str) -> DeadLetter | None:
        """Return a letter as it stands."""
        item = self._table.get(keys.letter(letter_id), METADATA)
        return _letter(item) if item else None

    def find(
        self, wanted: Wanted, *, limit: int, position: Position | None, oldest_first: bool = False
    ) -> Page[DeadLetter]:
        """Return letters by their last death, merged over the states; it reads no further than the page needs."""
        edge = position["edge"] if position else None
        walks = [self._walk(partition, wanted, edge, oldest_first) for partition in _partitions(wanted)]
        merged = heapq.merge(*walks, key=_place, reverse=not oldest_first)
        letters = list(islice((letter for letter in merged if _matches(letter, wanted)), limit + 1))
        more = len(letters) > limit
        return Page(letters[:limit], {"edge": _place(letters[limit - 1])} if more else None)

    def amend(self, letter: DeadLetter, audit: Audit) -> bool:
        """Write what an operator changed."""
        written = ("task", "arguments", "argumentsKey", "state", "replayAt")
        put = {name: value for name, value in _fields(letter).items() if name in written} | _listed(letter)
        as_read = _is_free(audit.at) & Attr("replays").eq(letter.replays)
        return self._do(self._change(letter.id, put, as_read), _noted(audit))

    def discard(self, letter_id: str, reason: str, audit: Audit) -> bool:
        """Make an unsettled letter DISCARDED."""
        put = _ended(LetterState.DISCARDED) | {"reason": reason}
        return self._do(self._change(letter_id, put, _is_free(audit.at)), _noted(audit))

    def note(self, audit: Audit) -> None:
        """Keep what somebody did."""
        self._table.write(_noted(audit))

    def audits(self, letter_id: str) -> list[Audit]:
        """Return what was done to a letter, oldest first."""
        page = self._table.query(keys.letter(letter_id), sort=Key("SK").begins_with("AUDIT#"), consistent=True)
        return [Audit.model_validate(item, extra="ignore") for item in page.items]

    def claim(self, letter: DeadLetter, *, now: str, until: str) -> bool:
        """Take the right to send an open letter."""
        free = _is_open(letter) & (Attr("leaseUntil").not_exists() | Attr("leaseUntil").lte(now))
        return self._do(self._change(letter.id, {"leaseUntil": until}, free))

    def release(self, letter: DeadLetter, *, until: str) -> None:
        """Give the right back that was taken until then."""
        self._do(self._change(letter.id, {"leaseUntil": None}, Attr("leaseUntil").eq(until)))

    def sent(self, letter: DeadLetter, audit: Audit) -> bool:
        """Make a letter REPLAYED once more, unless it died again meanwhile."""
        put = _ended(LetterState.REPLAYED) | {"replays": letter.replays + 1}
        return self._do(self._change(letter.id, put, _is_open(letter)), _noted(audit))

    def succeed(self, letter_id: str, replays: int, at: str) -> bool:
        """Note that the job ended well in that replay."""
        put = _ended(LetterState.REPLAYED) | {"replays": replays, "succeededAt": at}
        condition = PRESENT & Attr("state").ne(LetterState.DISCARDED) & Attr("replays").lte(replays)
        return self._do(self._change(letter_id, put, condition))

    def due(self, now: str, limit: int) -> list[Due]:
        """Return the scheduled letters that are due, the longest due first."""
        page = self._table.query(keys.REPLAYS, index="GSI1", sort=Key("GSI1SK").lte(now), limit=limit)
        return [Due(item["letterId"], item["at"]) for item in page.items]

    def unschedule(self, due: Due) -> None:
        """Forget a time that has come."""
        self._do(Delete(keys.letter(due.letter_id), keys.REPLAY, Attr("at").eq(due.at)))

    def has_taken_effect(self, job_id: str) -> bool:
        """Ask the ledger of runs."""
        return state_of(self._table.get(ledger_keys.job_run(job_id), METADATA)).outcome is Outcome.DONE

    def _change(self, letter_id: str, put: dict[str, Any], condition: ConditionBase) -> Update:
        return Update(keys.letter(letter_id), METADATA, put=put, condition=condition)

    def _do(self, *writes: Write) -> bool:
        try:
            if len(writes) == 1:
                self._table.write(writes[0])
            else:
                self._table.transact(list(writes))
        except ConditionFailed:
            return False
        return True

    def _walk(
        self, partition: tuple[str, str], wanted: Wanted, edge: str | None, oldest_first: bool
    ) -> Iterator[DeadLetter]:
        index, pk = partition
        low, high = wanted.since or "0", (wanted.until or "") + _AFTER_ALL
        if edge is not None:
            low, high = (max(low, edge), high) if oldest_first else (low, min(high, edge))
        if low > high:
            return
        sort, start = Key(f"{index}SK").between(low, high), None
        while True:
            page = self._table.query(
                pk, index=index, sort=sort, limit=_PAGE, newest_first=not oldest_first, start=start
            )
            yield from (_letter(item) for item in page.items if item[f"{index}SK"] != edge)
            start = page.position
            if start is None:
                return


def _partitions(wanted: Wanted) -> list[tuple[str, str]]:
    """Return the index partitions in which such letters lie, each as index and key."""
    if wanted.fingerprint is not None:
        return [("GSI2", keys.fingerprint(wanted.fingerprint))]
    return [("GSI1", keys.letters(state)) for state in ([wanted.state] if wanted.state else LetterState)]


def _matches(letter: DeadLetter, wanted: Wanted) -> bool:
    return all(getattr(wanted, name) in (None, getattr(letter, name)) for name in ("queue", "task", "state"))


def _place(letter: DeadLetter) -> str:
    return f"{letter.last_at}{_SEPARATOR}{letter.id}"


def _is_open(letter: DeadLetter) -> ConditionBase:
    return Attr("state").eq(LetterState.OPEN) & Attr("replays").eq(letter.replays)


def _is_free(now: str) -> ConditionBase:
    not_leased = Attr("leaseUntil").not_exists() | Attr("leaseUntil").lte(now)
    return Attr("state").is_in(list(UNSETTLED)) & not_leased


def _ended(state: LetterState) -> dict[str, Any]:
    place = {"state": state, "GSI1PK": keys.letters(state), "ttl": _ttl(state)}
    return place | {"leaseUntil": None, "replayAt": None}


def _ttl(state: LetterState) -> int | None:
    """Return when a letter goes by itself: those that somebody has to look at never do."""
    return None if state in UNSETTLED else int(time.time()) + KEEP_SETTLED_SECONDS


def _listed(letter: DeadLetter) -> dict[str, str]:
    return {
        "GSI1PK": keys.letters(letter.state),
        "GSI1SK": _place(letter),
        "GSI2PK": keys.fingerprint(letter.fingerprint),
        "GSI2SK": _place(letter),
    }


def _fields(letter: DeadLetter) -> dict[str, Any]:
    fields = letter.model_dump(by_alias=True)
    if letter.arguments is not None:
        fields["arguments"] = json.dumps(letter.arguments, ensure_ascii=False)
    return fields


def _letter(item: Item) -> DeadLetter:
    arguments = {"arguments": json.loads(item["arguments"])} if "arguments" in item else {}
    return DeadLetter.model_validate(item | arguments, extra="ignore")


def _noted(audit: Audit) -> Put:
    place = {"PK": keys.letter(audit.letter_id), "SK": keys.audit(audit.at, audit.action)}
    return Put(audit.model_dump(by_alias=True, exclude_none=True) | place)
