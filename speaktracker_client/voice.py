"""Text to speech: a text as sound, once it has been spoken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from speaktracker_client.jobs import Jobs
from speaktracker_client.session import Session, part


@dataclass(frozen=True)
class Speech:
    """A text that can be heard; the addresses are good for one hour. `duration_ms` in milliseconds."""

    audio_url: str
    words_url: str
    duration_ms: int
    voice_id: str

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Speech:
        """Read the answer's form, or that of a job's result."""
        return cls(fields["audioUrl"], fields["wordsUrl"], fields["durationMs"], fields["voiceId"])


class Voice:
    """The calls of voices; each raises Refused or Unreachable."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        """Call as the person who is signed in."""
        self._session, self._jobs = session, jobs

    async def speak(self, text: str, voice: str | None = None) -> Speech:
        """Have a text of 1 to 3,000 characters spoken, and return it once it can be heard.

        `voice` is male, female, Matthew or Joanna, the platform's own without it. The same text is spoken once.
        """
        body = {"text": text} | ({"voice": voice} if voice is not None else {})
        fields = await self._session.call("POST", "/api/tts", body)
        return Speech.of(fields if "audioUrl" in fields else await self._jobs.result(fields["jobId"]))

    async def speak_message(self, room_id: str, message_id: str, voice: str) -> Speech:
        """Have a message of a room spoken, by a male or a female voice."""
        path = f"/rooms/{part(room_id)}/messages/{part(message_id)}/voice"
        fields = await self._session.call("POST", path, {"voice": voice})
        return Speech.of(fields if "audioUrl" in fields else await self._jobs.result(fields["jobId"]))
