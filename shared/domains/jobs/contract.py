"""What clients are told of jobs."""

from typing import Any, ClassVar, Literal, Self

from shared.domains.jobs.models import JobRecord
from shared.kernel.contract import Contract, Event


class JobAccepted(Contract):
    """The work goes on in the background, and is asked about by this id."""

    job_id: str


class JobDetails(Contract):
    """A job as its owner sees it."""

    job_id: str
    kind: str
    status: str
    stage: str | None = None
    result: dict[str, Any] | None = None
    error: str | None = None
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, job: JobRecord) -> Self:
        """Return what the owner sees."""
        return cls(**job.model_dump(include=set(cls.model_fields)))


class JobChanged(Event):
    """A job went on or ended; on the wire the fields of the result stand beside the others, which win."""

    spread_when_written: ClassVar[str | None] = "result"

    type: Literal["job"] = "job"
    job_id: str
    request_id: str | None = None
    kind: str
    status: str
    stage: str | None = None
    error: str | None = None
    result: dict[str, Any] | None = None

    @classmethod
    def of(cls, job: JobRecord) -> Self:
        """Return the push for a job as it stands."""
        return cls(**job.model_dump(include=set(cls.model_fields) - {"type"}))

    def wire(self) -> dict[str, Any]:
        """Return the JSON form, with the result spread out."""
        fields = super().wire()
        result: dict[str, Any] = fields.pop("result", {})
        return result | fields
