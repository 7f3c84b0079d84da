"""What dead letters hold of a person: their own jobs, and their names in jobs of many."""

import time
from collections.abc import Collection, Iterator

import orjson

from shared.adapters.dynamodb.keys import dead_letters as keys
from shared.adapters.dynamodb.table import PRESENT, ConditionFailed, Item, Table, Update
from shared.domains.dead_letters.models import LetterState
from shared.kernel.payloads import Payloads
from shared.kernel.redaction import kind_of

KEEP_SETTLED_SECONDS = 90 * 86_400
ERASED = "its person has left"
_TEXTS = ("arguments", "rawBody", "error", "traceback", "reason", "messageGroup")
_KEPT_ELSEWHERE = ("argumentsKey", "rawBodyKey")


class PersonalLetters:
    """Finds letters by the names in their texts: every letter is read, which takes a second for some thousands."""

    def __init__(self, table: Table, payloads: Payloads) -> None:
        """Use the table, and the bucket's texts that are too large for it."""
        self._table, self._payloads = table, payloads

    def of(self, names: Collection[str]) -> Iterator[Item]:
        """Give the letters that have one of a person's names (userId, e-mail) in them."""
        for state in LetterState:
            for item in self._table.query(keys.letters(state), index="GSI1").items:
                if _mentions(orjson.dumps(item, default=str).decode(), names) or self._is_kept_elsewhere(item, names):
                    yield item

    def erase(self, item: Item, names: Collection[str], former: str) -> list[str]:
        """Empty and close a person's own letter; put `former` for their names in one of many people's.

        Return the objects that nobody needs any more.
        """
        change = _emptied(item) if self._is_own(item, names) else self._unnamed(item, names, former)
        try:
            self._table.write(change)
        except ConditionFailed:  # it went by its age
            return []
        put = change.put or {}
        return [item[name] for name in _KEPT_ELSEWHERE if name in item and put.get(name) != item[name]]

    def _is_own(self, item: Item, names: Collection[str]) -> bool:
        """Tell whether the job was about this person alone: it was of their share, or names them at its top."""
        if item.get("messageGroup") in names:
            return True
        text = item.get("arguments") or self._elsewhere(item, "argumentsKey")
        arguments = orjson.loads(text) if text else {}
        return isinstance(arguments, dict) and any(one in names for one in arguments.values() if isinstance(one, str))

    def _unnamed(self, item: Item, names: Collection[str], former: str) -> Update:
        put = {name: _without(item[name], names, former) for name in _TEXTS if isinstance(item.get(name), str)}
        for name in _KEPT_ELSEWHERE:
            text = self._elsewhere(item, name)
            if text is not None and _mentions(text, names):
                put[name] = self._payloads.keep(_without(text, names, former))
        return Update(item["PK"], item["SK"], put=put, condition=PRESENT)

    def _is_kept_elsewhere(self, item: Item, names: Collection[str]) -> bool:
        texts = (self._elsewhere(item, name) for name in _KEPT_ELSEWHERE)
        return any(text is not None and _mentions(text, names) for text in texts)

    def _elsewhere(self, item: Item, name: str) -> str | None:
        return self._payloads.read(item[name]) if item.get(name) else None


def _emptied(item: Item) -> Update:
    closed = {"state": LetterState.DISCARDED.value, "GSI1PK": keys.letters(LetterState.DISCARDED), "reason": ERASED}
    told = {
        "error": kind_of(str(item.get("error", ""))),
        "traceback": "",
        "ttl": int(time.time()) + KEEP_SETTLED_SECONDS,
    }
    gone = ("arguments", "argumentsKey", "rawBody", "rawBodyKey", "messageGroup", "replayAt", "leaseUntil")
    return Update(item["PK"], item["SK"], put=closed | told, remove=gone, condition=PRESENT)


def _mentions(text: str, names: Collection[str]) -> bool:
    return any(name in text for name in names)


def _without(text: str, names: Collection[str], former: str) -> str:
    for name in names:
        text = text.replace(name, former)
    return text
