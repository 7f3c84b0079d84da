"""Maps of conversations: drawn from an export or from one's own talk, followed while they are, and read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from speaktracker_client.jobs import Job, Jobs
from speaktracker_client.session import WAITING_SECONDS, Session, part


class Drawing:
    """A map that is being drawn: iterate over it to see how far it is, or await `done`."""

    def __init__(self, graph_id: str, job_id: str, jobs: Jobs, graphs: Graphs) -> None:
        """Know which it is."""
        self.graph_id, self.job_id = graph_id, job_id
        self._jobs, self._graphs = jobs, graphs

    def __aiter__(self) -> AsyncIterator[Job]:
        return self._jobs.follow(self.job_id)

    async def done(self) -> dict[str, Any]:
        """Return the map, as node-link JSON, once it is drawn. Raises Refused where it cannot be."""
        await self._jobs.result(self.job_id)
        return await self._graphs.show(self.graph_id)


class Graphs:
    """The calls under `/api/graphs`; each raises Refused or Unreachable."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        """Call as the person who is signed in."""
        self._session, self._jobs = session, jobs

    async def draw(self, export: Path | None = None, *, name: str | None = None, key: str | None = None) -> Drawing:
        """Begin to draw an export of conversations, or one's own talk; under one `key` it is drawn once."""
        idempotency_key = key or str(uuid4())
        named = {"name": name} if name is not None else {}
        if export is None:
            headers = {"Idempotency-Key": idempotency_key}
            fields = await self._session.call("POST", "/api/graphs", {"source": "me"} | named, headers=headers)
        else:
            with export.open("rb") as content:
                files = {"file": (export.name, content, "application/json")}
                fields = await self._session.upload("/api/graphs", named, files, key=idempotency_key)
        return Drawing(fields["graphId"], fields["jobId"], self._jobs, self)

    async def mine(self) -> list[dict[str, Any]]:
        """Return one's newest maps."""
        return list((await self._session.call("GET", "/api/graphs"))["graphs"])

    async def show(self, graph_id: str) -> dict[str, Any]:
        """Return a map as node-link JSON. Raises Conflict while it is not drawn."""
        return await self._session.call("GET", f"/api/graphs/{part(graph_id)}")

    async def near(self, graph_id: str, text: str, *, limit: int = 20) -> list[dict[str, Any]]:
        """Return the nodes that mean most nearly what a text says, nearest first."""
        query = {"near": text, "limit": str(limit)}
        fields = await self._session.call("GET", f"/api/graphs/{part(graph_id)}", query=query, seconds=WAITING_SECONDS)
        return list((await self._jobs.finished(fields))["nodes"])

    async def remove(self, graph_id: str) -> None:
        """Remove a map with all that belongs to it."""
        await self._session.call("DELETE", f"/api/graphs/{part(graph_id)}")
