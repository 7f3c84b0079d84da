"""Showing a student's days."""

from datetime import date, datetime, timedelta

from shared.domains.statistics.contract import DayItem, Days, ShowDays
from shared.domains.statistics.models import local_date, streak_of
from shared.domains.statistics.ports import StatisticsStore

SHOWN_DAYS = 30
STREAK_DAYS = 730
"""How far back a streak is looked for."""


def show_days(command: ShowDays, user_id: str, *, time_zone: str, now: datetime, store: StatisticsStore) -> Days:
    """Return the days that were asked for and the streak as of now, in the student's time zone; one or two queries."""
    today = date.fromisoformat(local_date(now, time_zone))
    last = command.to or today
    first = command.from_ or last - timedelta(days=SHOWN_DAYS - 1)
    shown = store.days(user_id, first.isoformat(), last.isoformat())
    practised = store.days(user_id, (today - timedelta(days=STREAK_DAYS)).isoformat(), today.isoformat())
    streak = streak_of([one.date for one in practised if one.practice_count], today.isoformat())
    return Days(days=[DayItem.of(one) for one in shown], streak=streak)
