"""Records of work in a dictionary."""

from collections.abc import Collection

from shared.domains.jobs.models import JobRecord, JobStatus


class MemoryJobRecords:
    """The ports JobStore and SilentJobs for one thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.records: dict[str, JobRecord] = {}

    def add(self, job: JobRecord) -> None:
        """Store a new record."""
        self.records.setdefault(job.job_id, job)

    def get(self, job_id: str) -> JobRecord | None:
        """Return a record."""
        return self.records.get(job_id)

    def change(self, job: JobRecord, *, only_from: Collection[JobStatus]) -> bool:
        """Write a record over one that has one of the statuses."""
        stored = self.records.get(job.job_id)
        if stored is None or stored.status not in only_from:
            return False
        self.records[job.job_id] = job
        return True

    def silent_since(self, before: str, limit: int) -> list[JobRecord]:
        """Return unfinished records, the longest silent first."""
        silent = [job for job in self.records.values() if not job.is_finished and job.updated_at < before]
        return sorted(silent, key=lambda job: job.updated_at)[:limit]
