"""Statistics in the table: events, days, and the words that each student has said rightly."""

from collections.abc import Iterator
from typing import Any

from boto3.dynamodb.conditions import Attr, Key

from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import notebook as notebook_keys
from shared.adapters.dynamodb.keys import statistics as keys
from shared.adapters.dynamodb.table import NEW, ConditionFailed, Item, Put, Table, Update, Write
from shared.domains.statistics.models import DailyStatistics, LearningEvent, amounts
from shared.kernel.errors import Unavailable

MOST_WORDS = 20_000
"""Words that are counted as learnt; an item holds no more than 400 KB."""
_TRIES = 8


class DynamoStatistics:
    """The port StatisticsStore: an event, what it adds to its day and the words that are new are one transaction."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def record(self, event: LearningEvent) -> bool:
        """Store an event, count the words that are new to the student, and add to its day: all of it or nothing."""
        for _ in range(_TRIES):
            known = self._table.get(account_keys.user(event.user_id), notebook_keys.VOCABULARY) or {}
            counted = _counting_words(event, known)
            try:
                self._table.transact(_writes(counted, known))
            except ConditionFailed:
                if self._table.get(account_keys.user(event.user_id), keys.learning_event(event.at, event.event_id)):
                    return False
            else:
                return True
        raise Unavailable("The statistics are busy.", "잠시 후 다시 시도해 주세요.")

    def days(self, user_id: str, first: str, last: str) -> list[DailyStatistics]:
        """Return the days between two dates, both included, on which something was done, oldest first."""
        between = Key("SK").between(keys.day(first), keys.day(last))
        items = self._table.query(account_keys.user(user_id), sort=between, consistent=True).items
        return [DailyStatistics.model_validate(item, extra="ignore") for item in items]

    def events(self, user_id: str) -> Iterator[LearningEvent]:
        """Return all events of a student, oldest first, as they were stored."""
        position = None
        while True:
            page = self._table.query(
                account_keys.user(user_id),
                sort=Key("SK").begins_with(keys.LEARNING_EVENT),
                consistent=True,
                limit=500,
                start=position,
            )
            yield from (LearningEvent.model_validate(item, extra="ignore") for item in page.items)
            position = page.position
            if position is None:
                return

    def put_day(self, day: DailyStatistics) -> None:
        """Write a day over whatever is stored of it."""
        self._table.write(Put(_place(day.user_id, keys.day(day.date)) | day.model_dump(by_alias=True)))


def _counting_words(event: LearningEvent, known: Item) -> LearningEvent:
    words: set[str] = known.get("words", set())
    new = [word for word in event.words if word not in words][: max(0, MOST_WORDS - len(words))]
    return event.model_copy(update={"words": tuple(new), "words_learnt": len(new)})


def _writes(event: LearningEvent, known: Item) -> list[Write]:
    event_place = _place(event.user_id, keys.learning_event(event.at, event.event_id))
    aliases = {name: DailyStatistics.model_fields[name].alias or name for name in amounts(event)}
    day = Update(
        account_keys.user(event.user_id),
        keys.day(event.date),
        put={"userId": event.user_id, "date": event.date},
        add={aliases[name]: amount for name, amount in amounts(event).items()},
    )
    stored = event.model_dump(mode="json", by_alias=True, exclude_none=True)
    writes: list[Write] = [Put(event_place | stored, NEW), day]
    if event.words:
        version = known.get("version")
        writes.append(
            Update(
                account_keys.user(event.user_id),
                notebook_keys.VOCABULARY,
                add={"words": set(event.words), "version": 1},
                condition=Attr("version").not_exists() if version is None else Attr("version").eq(version),
            )
        )
    return writes


def _place(user_id: str, sort_key: str) -> dict[str, Any]:
    return {"PK": account_keys.user(user_id), "SK": sort_key}
