"""Transcription jobs as Amazon tells of them, and the document that they leave in the bucket."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from embedded.transcribe.engine import HeardWord

IN_PROGRESS = "IN_PROGRESS"
COMPLETED = "COMPLETED"
FAILED = "FAILED"
SPOKEN, MARK = "pronunciation", "punctuation"
_ACCOUNT = "000000000000"
_MARKS = ".,?!;:"


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


class Item(NamedTuple):
    """A word, or a mark of punctuation, which has the times of the word before it and no confidence."""

    kind: str
    content: str
    start: float
    end: float
    confidence: float


def items_of(words: list[HeardWord]) -> list[Item]:
    """Return words and marks of punctuation apart, in their order."""
    return [item for word in words for item in _items(word)]


def _items(word: HeardWord) -> Iterator[Item]:
    bare = word.text.rstrip(_MARKS)
    if bare:
        yield Item(SPOKEN, bare, word.start, word.end, word.confidence)
    for mark in word.text[len(bare) :]:
        yield Item(MARK, mark, word.end, word.end, 0.0)


def document(job_name: str, words: list[HeardWord]) -> bytes:
    """Return a transcript as Amazon writes it: marks of punctuation are items of their own, without times."""
    items = [
        {
            "id": number,
            "type": item.kind,
            "alternatives": [{"confidence": f"{item.confidence:.4f}", "content": item.content}],
        }
        | ({"start_time": f"{item.start:.3f}", "end_time": f"{item.end:.3f}"} if item.kind == SPOKEN else {})
        for number, item in enumerate(items_of(words))
    ]
    results = {"transcripts": [{"transcript": " ".join(word.text for word in words)}], "items": items}
    return json.dumps(
        {"jobName": job_name, "accountId": _ACCOUNT, "status": COMPLETED, "results": results}, ensure_ascii=False
    ).encode()
