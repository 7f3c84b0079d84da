"""Transcription jobs as Amazon tells of them, and the document that they leave in the bucket."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from embedded.transcribe.engine import HeardWord

IN_PROGRESS = "IN_PROGRESS"
COMPLETED = "COMPLETED"
FAILED = "FAILED"
_ACCOUNT = "000000000000"


@dataclass
class Job:
    """A job; `source` and `target` are buckets with keys, `address` is that of the target."""

    name: str
    language: str
    media_format: str
    media_uri: str
    source: tuple[str, str]
    target: tuple[str, str]
    address: str
    status: str = IN_PROGRESS
    failure: str | None = None
    created: float = field(default_factory=time.time)
    ended: float | None = None

    def end(self, failure: str | None = None) -> None:
        """Be done, well unless there is a reason why not."""
        self.status, self.failure, self.ended = (FAILED if failure else COMPLETED), failure, time.time()

    def described(self) -> dict[str, Any]:
        """Return what GetTranscriptionJob tells."""
        told: dict[str, Any] = self.summary() | {
            "MediaFormat": self.media_format,
            "Media": {"MediaFileUri": self.media_uri},
            "Settings": {"ChannelIdentification": False, "ShowAlternatives": False},
        }
        if self.status == COMPLETED:
            told["Transcript"] = {"TranscriptFileUri": self.address}
        return told

    def summary(self) -> dict[str, Any]:
        """Return what ListTranscriptionJobs tells."""
        told = {
            "TranscriptionJobName": self.name,
            "TranscriptionJobStatus": self.status,
            "LanguageCode": self.language,
            "CreationTime": self.created,
            "StartTime": self.created,
            "CompletionTime": self.ended,
            "FailureReason": self.failure,
            "OutputLocationType": "CUSTOMER_BUCKET",
        }
        return {name: value for name, value in told.items() if value is not None}


def document(job_name: str, words: list[HeardWord]) -> bytes:
    """Return a transcript as Amazon writes it, but for punctuation, which this recogniser does not know."""
    shown = [_shown(word.text, number) for number, word in enumerate(words)]
    items = [
        {
            "id": number,
            "type": "pronunciation",
            "alternatives": [{"confidence": f"{word.confidence:.4f}", "content": text}],
            "start_time": f"{word.start:.3f}",
            "end_time": f"{word.end:.3f}",
        }
        for number, (word, text) in enumerate(zip(words, shown, strict=True))
    ]
    results = {"transcripts": [{"transcript": " ".join(shown)}], "items": items}
    return json.dumps(
        {"jobName": job_name, "accountId": _ACCOUNT, "status": COMPLETED, "results": results}, ensure_ascii=False
    ).encode()


def _shown(word: str, number: int) -> str:
    is_capital = number == 0 or word == "i" or word.startswith("i'")
    return word[0].upper() + word[1:] if is_capital else word
