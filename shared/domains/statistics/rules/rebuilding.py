"""Making the sums of days again from the events."""

from shared.domains.statistics.models import DailyStatistics
from shared.domains.statistics.ports import StatisticsStore


def rebuild_statistics(user_id: str, *, store: StatisticsStore, day: str | None = None) -> list[DailyStatistics]:
    """Write a student's days, or one of them, anew from the events, and return them; the numbers are the same again.

    Days without an event are left as they are. An event that is recorded while this runs may be missing in a day that
    is written: run it again, or while the student is away.
    """
    found: dict[str, DailyStatistics] = {}
    for event in store.events(user_id):
        if day is None or event.date == day:
            before = found.get(event.date) or DailyStatistics(user_id=user_id, date=event.date)
            found[event.date] = before.plus(event)
    for one in found.values():
        store.put_day(one)
    return [found[date] for date in sorted(found)]
