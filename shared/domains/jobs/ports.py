"""What jobs need from outside."""

from collections.abc import Collection
from typing import Protocol

from shared.domains.jobs.models import JobRecord, JobStatus


class JobStore(Protocol):
    """Records of work, each changed in one conditional step."""

    def add(self, job: JobRecord) -> None:
        """Store a new record; where there is one of that id nothing changes."""

    def get(self, job_id: str) -> JobRecord | None:
        """Return a record as it stands."""

    def change(self, job: JobRecord, *, only_from: Collection[JobStatus]) -> bool:
        """Write a record over the one that is stored, where that has one of the statuses; tell whether it had."""
