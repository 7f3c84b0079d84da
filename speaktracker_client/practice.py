"""Practice: sentences to say, and how they were said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from speaktracker_client.jobs import Jobs
from speaktracker_client.session import WAITING_SECONDS, Session


@dataclass(frozen=True)
class Word:
    """A word as it was said: correct, mispronounced, missed or extra; `score` from 0 to 100, `hint` what to try."""

    word: str
    status: str
    score: float | None
    hint: str | None

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Word:
        """Read the answer's form."""
        hint = fields.get("hint")
        return cls(fields["word"], fields["status"], fields.get("score"), hint["text"] if hint else None)


@dataclass(frozen=True)
class Result:
    """How a sentence was said: scores from 0 to 100; no grade where it could not be heard well."""

    result_id: str
    original_text: str
    transcribed_text: str
    overall_score: float
    grade: str | None
    feedback: str
    words: tuple[Word, ...]
    fields: dict[str, Any]

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Result:
        """Read the answer's form; `fields` keeps all of it."""
        return cls(
            result_id=fields["resultId"],
            original_text=fields["originalText"],
            transcribed_text=fields["transcribedText"],
            overall_score=fields["overallScore"],
            grade=fields.get("grade"),
            feedback=fields["feedback"],
            words=tuple(map(Word.of, fields["words"])),
            fields=fields,
        )


class Practice:
    """The calls of practice; each raises Refused or Unreachable."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        """Call as the person who is signed in."""
        self._session, self._jobs = session, jobs

    async def sentences(self, topic: str, *, level: str = "intermediate", count: int = 5) -> list[dict[str, Any]]:
        """Have sentences written to say: english, korean and the job that speaks each."""
        body = {"topic": topic, "difficulty": level, "count": count}
        fields = await self._session.call("POST", "/api/sentences/generate", body, seconds=WAITING_SECONDS)
        return list((await self._jobs.finished(fields))["sentences"])

    async def evaluate(
        self, recording: Path | bytes, original_text: str, *, session_id: str | None = None, key: str | None = None
    ) -> Result:
        """Return how a sentence was said in a recording: a file, or its bytes, of 60 s and 10 MiB at most.

        The recording may be webm, ogg, m4a, mp3, wav or flac. Sent twice under one `key` it is one result.

        Raises:
            TooLarge: more than 10 MiB.
            UnsupportedMediaType: it is no recording.
            InvalidRequest: it is empty, too long, or nothing can be read in it.
        """
        form = {"originalText": original_text} | ({"sessionId": session_id} if session_id else {})
        content = recording if isinstance(recording, bytes) else recording.read_bytes()
        name = "recording" if isinstance(recording, bytes) else recording.name
        files = {"audioFile": (name, content, "application/octet-stream")}
        fields = await self._session.upload("/api/stt/evaluate", form, files, key=key or str(uuid4()))
        return Result.of(await self._jobs.finished(fields))

    async def results(self, limit: int = 20) -> list[Result]:
        """Return one's newest results."""
        fields = await self._session.call("GET", "/api/stt/results", query={"limit": str(limit)})
        return [Result.of(one) for one in fields["results"]]

    async def review(self) -> list[dict[str, Any]]:
        """Return what is due for another try, the worst first."""
        return list((await self._session.call("GET", "/api/practice/review"))["review"])

    async def notebook(self, *, due: bool = False) -> list[dict[str, Any]]:
        """Return one's mistakes; with `due`, those that are due."""
        query = {"due": "true"} if due else None
        return list((await self._session.call("GET", "/api/notebook", query=query))["entries"])

    async def statistics(self) -> dict[str, Any]:
        """Return one's days of the last month, and the streak."""
        return await self._session.call("GET", "/api/statistics/daily")
