"""What statistics need from outside; every method raises Unavailable where the table does not answer in time."""

from collections.abc import Iterator
from typing import Protocol

from shared.domains.statistics.models import DailyStatistics, LearningEvent


class StatisticsStore(Protocol):
    """Events of each student, and the sums of their days."""

    def record(self, event: LearningEvent) -> bool:
        """Store an event, count the words that are new to the student, and add to its day: all of it or nothing.

        Again with the same `event_id` changes nothing. Tell whether it was new.
        """

    def days(self, user_id: str, first: str, last: str) -> list[DailyStatistics]:
        """Return the days between two dates, both included, on which something was done, oldest first."""

    def events(self, user_id: str) -> Iterator[LearningEvent]:
        """Return all events of a student, oldest first, as they were stored."""

    def put_day(self, day: DailyStatistics) -> None:
        """Write a day over whatever is stored of it."""
