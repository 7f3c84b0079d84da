"""Statistics in dictionaries."""

from collections.abc import Iterator

from shared.domains.statistics.models import DailyStatistics, LearningEvent


class MemoryStatistics:
    """The port StatisticsStore for one thread."""

    def __init__(self) -> None:
        """Begin with nothing done."""
        self.recorded: dict[str, LearningEvent] = {}
        self.stored: dict[tuple[str, str], DailyStatistics] = {}
        self._words: dict[str, set[str]] = {}

    def record(self, event: LearningEvent) -> bool:
        """Store an event, count the words that are new to the student, and add to its day."""
        if event.event_id in self.recorded:
            return False
        known = self._words.setdefault(event.user_id, set())
        new = tuple(word for word in event.words if word not in known)
        known.update(new)
        counted = event.model_copy(update={"words": new, "words_learnt": len(new)})
        self.recorded[event.event_id] = counted
        place = (event.user_id, event.date)
        day = self.stored.get(place) or DailyStatistics(user_id=event.user_id, date=event.date)
        self.stored[place] = day.plus(counted)
        return True

    def days(self, user_id: str, first: str, last: str) -> list[DailyStatistics]:
        """Return the days between two dates, both included, oldest first."""
        found = [day for (owner, date), day in self.stored.items() if owner == user_id and first <= date <= last]
        return sorted(found, key=lambda day: day.date)

    def events(self, user_id: str) -> Iterator[LearningEvent]:
        """Return all events of a student, oldest first."""
        own = [one for one in self.recorded.values() if one.user_id == user_id]
        return iter(sorted(own, key=lambda one: (one.at, one.event_id)))

    def put_day(self, day: DailyStatistics) -> None:
        """Write a day over whatever is stored of it."""
        self.stored[(day.user_id, day.date)] = day
