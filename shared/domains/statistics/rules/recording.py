"""Counting what a student did, once."""

from shared.domains.statistics.contract import RecordEvent
from shared.domains.statistics.ports import StatisticsStore


def record_event(job: RecordEvent, *, store: StatisticsStore) -> bool:
    """Count an event on its day; again changes nothing. Tell whether it was new."""
    return store.record(job.event)
