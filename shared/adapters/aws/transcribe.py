"""Amazon Transcribe as the Transcriber, by batch jobs: for long recordings, and where the stream does not answer.

A batch job takes Amazon many seconds, even for a short recording, and nothing is promised.
"""

import hashlib
import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.aws.errors import error_code, translated
from shared.adapters.aws.objects import is_missing
from shared.adapters.aws.recordings import S3Recordings
from shared.adapters.deadlines import call_seconds
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Clock
from shared.kernel.recordings import (
    Heard,
    Partial,
    Sound,
    TranscriberRefused,
    UnreadableAudio,
)
from shared.kernel.slots import Slots

LANGUAGE = "en-US"
PREFIX = "transcripts/"
PATIENCE_SECONDS = 60.0
SHIFT_SECONDS = 25.0
"""How long a place is held before it is given back and taken anew: well within a place's lease (45 s)."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 2.0
"""Twenty jobs that are waited for ask ten times a second; Amazon takes twenty or more (its "Guidelines and quotas")."""
SHORTEST_SECONDS = 0.5
"""Amazon takes no recording below it (the same page)."""
_TAKEN = "ConflictException"
_UNKNOWN = frozenset({"BadRequestException", "NotFoundException"})
_ABOUT_THE_MEDIA = re.compile(r"media format|media file|sample rate|file size|channels", re.IGNORECASE)
_PASSING = re.compile(r"internal|again|later|throttl|limit|timed? ?out", re.IGNORECASE)


class TranscriptionFailed(Exception):
    """Amazon's reason why a job failed, for the log."""


class AmazonTranscriber:
    """The port Transcriber: at most so many jobs at once over all workers, by the slots.

    A job is named by the recording's key and content: a second request to hear it, in any process, waits for
    the same job. Job and transcript are deleted once they were read, as well as that goes; what is left of them is for
    the bucket's lifecycle and for Amazon, which forgets jobs after 90 days.
    """

    def __init__(
        self,
        client: Any,
        s3_client: Any,
        bucket: str,
        slots: Slots,
        guard: AudioGuard,
        clock: Clock,
        *,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Use boto3 clients of Transcribe and S3, which are thread-safe; `patience` is in seconds a recording."""
        self._client, self._s3, self._bucket = client, s3_client, bucket
        self._recordings = S3Recordings(s3_client, bucket)
        self._slots, self._guard, self._clock, self._patience = slots, guard, clock, patience

    def hear(self, key: str, *, partial: Partial | None = None) -> Heard:
        """Return what is said in a recording of the bucket; an empty text where nobody says anything.

        A job tells nothing before its end, so neither is `partial` told.

        Raises:
            Unavailable: Amazon, or this host, has no answer in time; another try goes on with the same job.
            Invalid: there is no such recording (any more), it cannot be read, or it is too long.
            TranscriberRefused: our permissions or settings are wrong.
        """
        try:
            return self._hear(key)
        except (ClientError, BotoCoreError) as problem:
            raise TranscriberRefused from problem

    def _hear(self, key: str) -> Heard:
        content = self._recordings.content(key)
        recording = self._guard.read(content)
        if recording.seconds < SHORTEST_SECONDS:
            return Heard("", None, recording.seconds)
        name = _name(self._bucket, key, content)
        self._await_end(name, _asked(name, self._bucket, key, recording))
        transcript = self._transcript(name)
        self._forget(name)
        return _heard(transcript, recording.seconds)

    def _await_end(self, name: str, asked: dict[str, Any]) -> None:
        """Return when the job is completed, a place at a time: none is held for longer than its lease."""
        until = self._clock.now() + timedelta(seconds=call_seconds(self._patience))
        while self._clock.now() < until:
            with self._slots.taking():
                self._start(asked)
                if self._is_completed(name, min(until, self._clock.now() + timedelta(seconds=SHIFT_SECONDS))):
                    return
        raise Unavailable("The recording is still being listened to.", "녹음을 아직 듣고 있습니다.")

    @translated()
    def _start(self, asked: dict[str, Any]) -> None:
        """Start a job, unless it runs already, or ended."""
        try:
            self._client.start_transcription_job(**asked)
        except ClientError as problem:
            if error_code(problem) != _TAKEN:
                raise

    def _is_completed(self, name: str, until: datetime) -> bool:
        """Tell whether a job was completed in time; one that another run read and deleted was not."""
        pause = FIRST_PAUSE
        while self._clock.now() < until:
            self._clock.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 1.5)
            job = self._job(name)
            if job is None:
                return False
            if job["TranscriptionJobStatus"] == "FAILED":
                self._forget(name)  # so that another try is another job
                raise _failure(str(job.get("FailureReason")))
            if job["TranscriptionJobStatus"] == "COMPLETED":
                return True
        return False

    @translated()
    def _job(self, name: str) -> dict[str, Any] | None:
        try:
            job: dict[str, Any] = self._client.get_transcription_job(TranscriptionJobName=name)["TranscriptionJob"]
        except ClientError as problem:
            if error_code(problem) in _UNKNOWN:
                return None
            raise
        return job

    @translated()
    def _transcript(self, name: str) -> Any:
        """Return what a completed job wrote.

        Raises:
            Unavailable: it is gone, since another run read it, or broken; the job is forgotten, to be made anew.
        """
        try:
            return orjson.loads(self._s3.get_object(Bucket=self._bucket, Key=_place(name))["Body"].read())["results"]
        except ClientError as problem:
            if not is_missing(problem):
                raise
            raise self._lost(name) from problem
        except (orjson.JSONDecodeError, KeyError, TypeError) as problem:
            raise self._lost(name) from problem

    def _lost(self, name: str) -> Unavailable:
        self._forget(name)
        return Unavailable("The transcript was lost.", "받아쓴 글을 잃었습니다.")

    def _forget(self, name: str) -> None:
        """Delete a job and its transcript where that is possible; nothing depends on it."""
        with suppress(ClientError, BotoCoreError):
            self._client.delete_transcription_job(TranscriptionJobName=name)
        with suppress(ClientError, BotoCoreError):
            self._s3.delete_object(Bucket=self._bucket, Key=_place(name))


def _name(bucket: str, key: str, content: bytes) -> str:
    """Return a job's name; a recording that is stored over another of the same key is another one."""
    digest = hashlib.sha256(f"{bucket}\n{key}\n".encode())
    digest.update(content)
    return f"hear-{digest.hexdigest()}"


def _place(name: str) -> str:
    return f"{PREFIX}{name}.json"


def _asked(name: str, bucket: str, key: str, recording: Sound) -> dict[str, Any]:
    return {
        "TranscriptionJobName": name,
        "LanguageCode": LANGUAGE,
        "MediaFormat": recording.container,
        "Media": {"MediaFileUri": f"s3://{bucket}/{key}"},
        "OutputBucketName": bucket,
        "OutputKey": _place(name),
    }


def _failure(reason: str) -> Exception:
    """Return what a failed job means: the recording's fault, one that passes, or ours."""
    problem: Exception
    if _ABOUT_THE_MEDIA.search(reason):
        problem = UnreadableAudio()
    elif _PASSING.search(reason):
        problem = Unavailable("The recording could not be heard. Please try again.", "녹음을 듣지 못했습니다.")
    else:
        problem = TranscriberRefused()
    problem.__cause__ = TranscriptionFailed(reason)
    return problem


def _heard(results: Any, seconds: float) -> Heard:
    """Return the text, and the mean of the words' confidences; marks of punctuation have none.

    Raises:
        Unavailable: Amazon's document is not as it should be.
    """
    try:
        text = str(results["transcripts"][0]["transcript"]).strip()
        items = [item for item in results["items"] if item.get("type") == "pronunciation"]
        sure = [float(item["alternatives"][0]["confidence"]) for item in items]
    except (KeyError, IndexError, TypeError, ValueError) as problem:
        raise Unavailable("The transcript came broken.", "받아쓴 글이 깨졌습니다.") from problem
    return Heard(text, sum(sure) / len(sure) if text and sure else None, seconds)
