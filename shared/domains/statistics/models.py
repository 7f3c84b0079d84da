"""What is stored of a student's days: events, and the sums that can be made from them again."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field

from shared.kernel.contract import Contract
from shared.kernel.times import timestamp


class Activity(StrEnum):
    """What a student did."""

    PRACTICE = "practice"
    """One sentence said and scored."""
    SESSION = "session"
    """One learning session, counted when it ends."""


class LearningEvent(Contract):
    """One thing that a student did; every amount is a whole number, so that sums do not depend on their order.

    `event_id` is made of what happened, so the same happening is the same event. `date` (YYYY-MM-DD) is the day in the
    student's time zone as it was when the event was recorded: a later change of the time zone moves nothing.
    `score_tenths` is a score of 0 to 100 in tenths; None where nothing was graded. `words` are the words said rightly.
    """

    event_id: str
    user_id: str
    at: str
    date: str
    activity: Activity
    speaking_ms: int = 0
    session_seconds: int = 0
    score_tenths: int | None = None
    words: tuple[str, ...] = ()
    words_learnt: int = 0

    @classmethod
    def of(cls, event_id: str, activity: Activity, user_id: str, at: datetime, time_zone: str, **more: object) -> Self:
        """Return an event of an aware instant, on the day that it has in a time zone."""
        known = {"event_id": event_id, "activity": activity, "user_id": user_id, "at": timestamp(at)}
        return cls.model_validate(known | {"date": local_date(at, time_zone)} | more)


class DailyStatistics(Contract):
    """The sums of one day; all of them whole numbers. Milliseconds for speaking, seconds for sessions."""

    user_id: str
    date: str
    practice_count: int = 0
    session_count: int = 0
    speaking_ms: int = 0
    session_seconds: int = 0
    graded_count: int = 0
    score_tenths_sum: int = 0
    words_learnt: int = 0

    def plus(self, event: LearningEvent) -> Self:
        """Return the day with one more event."""
        return self.model_copy(update={name: getattr(self, name) + amount for name, amount in amounts(event).items()})


class Streak(Contract):
    """Days in a row on which a student practised; `current` is alive until the end of the day after the last one."""

    current: int = Field(0, ge=0)
    longest: int = Field(0, ge=0)


def local_date(at: datetime, time_zone: str) -> str:
    """Return the date (YYYY-MM-DD) that an aware instant has in a time zone."""
    return at.astimezone(ZoneInfo(time_zone)).date().isoformat()


def tenths(score: float) -> int:
    """Return a score of one decimal as a whole number."""
    return round(score * 10)


def amounts(event: LearningEvent) -> dict[str, int]:
    """Return what an event adds to its day, by the fields of DailyStatistics."""
    graded = event.score_tenths is not None
    return {
        "practice_count": int(event.activity is Activity.PRACTICE),
        "session_count": int(event.activity is Activity.SESSION),
        "speaking_ms": event.speaking_ms,
        "session_seconds": event.session_seconds,
        "graded_count": int(graded),
        "score_tenths_sum": event.score_tenths or 0,
        "words_learnt": event.words_learnt,
    }


def streak_of(days: list[str], today: str) -> Streak:
    """Return the streak of the days (YYYY-MM-DD, in any order) on which a student practised, as seen on a day."""
    practised = sorted({date.fromisoformat(one) for one in days})
    longest = running = 0
    before: date | None = None
    for day in practised:
        running = running + 1 if before is not None and day - before == timedelta(days=1) else 1
        longest, before = max(longest, running), day
    is_alive = before is not None and date.fromisoformat(today) - before <= timedelta(days=1)
    return Streak(current=running if is_alive else 0, longest=longest)
