"""What is stored of work that a client waits for."""

from enum import StrEnum
from typing import Any

from shared.kernel.contract import Contract


class JobStatus(StrEnum):
    """PENDING until a worker begins, PROCESSING while it works, and one of three ends."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


UNFINISHED = frozenset({JobStatus.PENDING, JobStatus.PROCESSING})


class JobRecord(Contract):
    """One piece of work; `result` are the fields that its kind promises, `error` is a code.

    `reason` tells the owner in English and in Korean why it failed, where the code alone would not.
    """

    job_id: str
    user_id: str
    kind: str
    status: JobStatus = JobStatus.PENDING
    stage: str | None = None
    request_id: str | None = None
    result: dict[str, Any] | None = None
    error: str | None = None
    reason: tuple[str, str] | None = None
    created_at: str
    updated_at: str

    @property
    def is_finished(self) -> bool:
        """Tell whether nothing more will happen to it by itself."""
        return self.status not in UNFINISHED
