"""Whether what beat asks for is done: each schedule's last success, and which of them are late."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

PATIENCE = timedelta(seconds=60)


class ScheduleNotes(Protocol):
    """When each schedule's job last ended well; every method raises Unavailable where the store does not answer."""

    def note(self, name: str, at: datetime) -> None:
        """Keep when a job ended well; an older time than the known one changes nothing."""

    def last(self) -> dict[str, datetime]:
        """Return the last success of each job that ever had one, by its wire name."""


def late(intervals: Mapping[str, float], last: Mapping[str, datetime], *, since: datetime, now: datetime) -> list[str]:
    """Return the jobs without a success for three of their intervals and a minute more.

    A job that never had one is as old as `since`; a success that lies ahead is somebody's wrong clock, and counts for
    nothing.
    """
    return [name for name, seconds in intervals.items() if _is_late(seconds, last.get(name), since, now)]


def _is_late(seconds: float, at: datetime | None, since: datetime, now: datetime) -> bool:
    known = at if at is not None and at <= now + PATIENCE else since
    return now - max(known, since) > 3 * timedelta(seconds=seconds) + PATIENCE
