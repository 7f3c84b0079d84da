"""Work that the platform does in the background: how far it is, and what comes of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from speaktracker_client.errors import refusal
from speaktracker_client.events import Events
from speaktracker_client.session import Session, part

COMPLETED, FAILED, CANCELLED = "COMPLETED", "FAILED", "CANCELLED"
ENDS = frozenset({COMPLETED, FAILED, CANCELLED})


@dataclass(frozen=True)
class Job:
    """A job as it stands; `stage` and `result` grow while it goes on, `error` is the code of a failure."""

    job_id: str
    kind: str
    status: str
    stage: str | None
    result: dict[str, Any]
    error: str | None

    @property
    def is_finished(self) -> bool:
        """Tell whether nothing more comes of it."""
        return self.status in ENDS

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Job:
        """Read the answer's form, or that of a push, beside whose own fields those of the result stand."""
        own = {"type", "jobId", "requestId", "kind", "status", "stage", "error", "result"}
        own |= {"createdAt", "updatedAt", "success", "message"}
        spread = {name: value for name, value in fields.items() if name not in own}
        return cls(
            job_id=fields["jobId"],
            kind=fields["kind"],
            status=fields["status"],
            stage=fields.get("stage"),
            result=fields.get("result") or spread,
            error=fields.get("error"),
        )


class Jobs:
    """The calls under `/api/jobs`; each raises Refused or Unreachable."""

    def __init__(self, session: Session, events: Events) -> None:
        """Call as the person who is signed in, and hear how jobs go on."""
        self._session, self._events = session, events

    async def show(self, job_id: str) -> Job:
        """Return a job of one's own."""
        return Job.of(await self._session.call("GET", f"/api/jobs/{part(job_id)}"))

    async def cancel(self, job_id: str) -> Job:
        """Cancel what has not finished. Raises Conflict where it has."""
        return Job.of(await self._session.call("DELETE", f"/api/jobs/{part(job_id)}"))

    async def follow(self, job_id: str) -> AsyncGenerator[Job, None]:
        """Yield a job each time that it has gone on, beginning with how it stands, until it has finished."""
        async with self._events.listening("job") as pushes:  # first: nothing falls between looking and listening
            job = await self.show(job_id)
            yield job
            while not job.is_finished:
                push = await pushes.__anext__()
                if push.type == "resync":
                    job = await self.show(job_id)
                    yield job
                elif push.fields.get("jobId") == job_id:
                    job = Job.of(push.fields)
                    yield job

    async def result(self, job_id: str) -> dict[str, Any]:
        """Return what came of a job, once it has finished.

        Raises:
            Refused: it failed, by the code of its error, or was cancelled, as Conflict.
        """
        job = await self.show(job_id)
        if not job.is_finished:
            async with aclosing(self.follow(job_id)) as following:
                job = [one async for one in following][-1]
        if job.status == COMPLETED:
            return job.result
        code = "CONFLICT" if job.status == CANCELLED else job.error or "INTERNAL_SERVER_ERROR"
        raise refusal({"error": code, "message": f"the job {job_id} ended as {job.status}"})

    async def finished(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return an answer as it is, or what comes of its job where the platform said only that it is being made."""
        return await self.result(fields["jobId"]) if _is_promise(fields) else fields


def _is_promise(fields: dict[str, Any]) -> bool:
    return fields.keys() <= {"success", "message", "jobId"} and "jobId" in fields
