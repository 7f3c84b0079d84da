"""What clients ask of statistics and are told, and the job that counts."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from shared.domains.statistics.models import DailyStatistics, LearningEvent, Streak
from shared.kernel.contract import Command, Contract, Job
from shared.kernel.queues import Queue
from shared.kernel.written_times import Day

MOST_DAYS = 366


class ShowDays(Command):
    """Ask for the days from one to another, both included: days of the account's time zone.

    Without `from` it is 29 days before `to`; without `to` it is today.
    """

    from_: Day | None = Field(None, alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and not 0 <= (self.to - self.from_).days < MOST_DAYS:
            raise ValueError(f"from must not be after to, and at most {MOST_DAYS} days may be asked for")
        return self


class DayItem(Contract):
    """A day as its student sees it: times in seconds, scores from 0 to 100 with one decimal."""

    date: str
    practice_count: int
    session_count: int
    total_speaking_time: float
    total_session_time: int
    average_score: float | None = None
    words_learnt: int

    @classmethod
    def of(cls, day: DailyStatistics) -> Self:
        """Return what is shown of a day."""
        graded = day.graded_count
        return cls(
            date=day.date,
            practice_count=day.practice_count,
            session_count=day.session_count,
            total_speaking_time=day.speaking_ms / 1000,
            total_session_time=day.session_seconds,
            average_score=round(day.score_tenths_sum / graded / 10, 1) if graded else None,
            words_learnt=day.words_learnt,
        )


class Days(Contract):
    """Days on which something was done, oldest first, and the streak as it stands today."""

    days: list[DayItem]
    streak: Streak


class RecordEvent(Job):
    """Count what a student did; the same event is counted once, however often this runs."""

    name: ClassVar[str] = "statistics.record_event"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    idempotent: ClassVar[bool] = True

    event: LearningEvent

    def fair_share_group(self) -> str | None:
        """Return the student."""
        return self.event.user_id

    def identity(self) -> str | None:
        """Return the event."""
        return self.event.event_id
