"""Amazon Transcribe's wire: batch jobs, with the refusals that AWS gives.

Jobs live in the endpoint's memory: one that a restart ends is not found afterwards, and its name is free again.
"""

import asyncio
import json
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from embedded.aws.wire import Answer, Request
from embedded.engine_process import EngineFailed, EngineMissing
from embedded.transcribe.bucket import Bucket, BucketRefused
from embedded.transcribe.engine import Engine, Unheard
from embedded.transcribe.jobs import IN_PROGRESS, Job, document

AT_ONCE = 100
"""Jobs that may wait for the one recogniser; more are refused, as by Amazon's own quota."""
MOST_JOBS = 1000
"""Jobs that are remembered; the oldest that ended are forgotten first (Amazon keeps them 90 days)."""
FORMATS = ("mp3", "mp4", "wav", "flac", "ogg", "webm", "m4a")
_JOB_NAME = re.compile(r"[0-9a-zA-Z._-]{1,200}")
_OUTPUT_KEY = re.compile(r"[a-zA-Z0-9-_.!*'()/]{1,1024}")
_TYPE = {"content-type": "application/x-amz-json-1.1"}


class Refused(Exception):
    """An answer that is an error, by AWS's name of it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = Answer(400, json.dumps({"__type": code, "Message": message}).encode(), _TYPE)


class Transcribe:
    """The stand-in: call it with a request and its body. It hears English, whatever language is asked for."""

    def __init__(self, engine: Engine, bucket: Bucket, *, at_once: int = AT_ONCE) -> None:
        self._engine, self._bucket, self._at_once = engine, bucket, at_once
        self._jobs: dict[str, Job] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def __call__(self, request: Request, body: bytes) -> Answer:
        """Answer one request."""
        try:
            told = await self._answer(request.action, _parsed(body))
        except Refused as refusal:
            return refusal.answer
        return Answer(200, json.dumps(told).encode(), _TYPE)

    async def _answer(self, action: str, asked: dict[str, Any]) -> dict[str, Any]:
        if action == "ListTranscriptionJobs":
            return self._list(asked)
        name = str(asked.get("TranscriptionJobName") or "")
        if not _JOB_NAME.fullmatch(name):
            raise Refused(
                "BadRequestException", f"Value '{name}' at 'transcriptionJobName' failed to satisfy constraint"
            )
        if action == "StartTranscriptionJob":
            return await self._start(name, asked)
        if action == "GetTranscriptionJob":
            return {"TranscriptionJob": self._found(name).described()}
        if action == "DeleteTranscriptionJob":
            return self._delete(name)
        raise Refused("UnknownOperationException", "This stand-in starts, gets, lists and deletes transcription jobs.")

    async def _start(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        job = _job(name, asked, self._bucket)
        if not await self._bucket.has(*job.source):
            raise Refused(
                "BadRequestException",
                "The S3 URI that you provided can't be accessed. Make sure that you have read permission and try "
                "your request again.",
            )
        if name in self._jobs:
            raise Refused("ConflictException", "The requested job name already exists. Use a different job name.")
        if len(self._tasks) >= self._at_once:
            raise Refused("LimitExceededException", "You have too many transcription jobs. Try again later.")
        self._forget_oldest()
        self._jobs[name] = job
        task = self._tasks[name] = asyncio.create_task(self._run(job))
        task.add_done_callback(lambda ended: self._tasks.pop(name) if self._tasks.get(name) is ended else None)
        return {"TranscriptionJob": job.described()}

    async def _run(self, job: Job) -> None:
        try:
            heard = await self._engine.hear(await self._bucket.read(*job.source), job.media_format)
            await self._bucket.write(*job.target, document(job.name, heard.words))
        except (EngineMissing, Unheard) as problem:
            job.end(str(problem))
        except EngineFailed as problem:
            job.end(f"Internal failure. Try your request again. {problem}")
        except BucketRefused as problem:
            job.end(f"The bucket can't be accessed. {problem}")
        else:
            job.end()

    def _found(self, name: str) -> Job:
        if name not in self._jobs:
            message = "The requested job couldn't be found. Check the job name and try your request again."
            raise Refused("NotFoundException", message)
        return self._jobs[name]

    def _delete(self, name: str) -> dict[str, Any]:
        self._jobs.pop(name, None)
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()
        return {}

    def _list(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return the newest jobs, at most a hundred; there is no next page."""
        wanted, part = asked.get("Status"), str(asked.get("JobNameContains") or "")
        found = [job for job in self._jobs.values() if wanted in (None, job.status) and part in job.name]
        most = min(int(asked.get("MaxResults") or 5), 100)
        return {"TranscriptionJobSummaries": [job.summary() for job in reversed(found)][:most]}

    def _forget_oldest(self) -> None:
        ended = [name for name, job in self._jobs.items() if job.status != IN_PROGRESS]
        for name in ended[: max(0, len(self._jobs) - MOST_JOBS + 1)]:
            del self._jobs[name]


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise Refused("SerializationException", "The body is not one JSON object.")
    return asked


def _job(name: str, asked: dict[str, Any], bucket: Bucket) -> Job:
    """Return the job that is asked for."""
    media = asked.get("Media")
    uri = str(media.get("MediaFileUri") or "") if isinstance(media, dict) else ""
    place = urlsplit(uri)
    source = (place.netloc, unquote(place.path).removeprefix("/"))
    media_format = str(asked.get("MediaFormat") or source[1].rpartition(".")[2])
    target = (str(asked.get("OutputBucketName") or ""), str(asked.get("OutputKey") or f"{name}.json"))
    if target[1].endswith("/"):
        target = (target[0], f"{target[1]}{name}.json")
    _require(bool(asked.get("LanguageCode")), "You must include LanguageCode in your request.")
    _require(place.scheme == "s3" and all(source), f"Value '{uri}' at 'media.mediaFileUri' is no s3:// address.")
    _require(media_format in FORMATS, f"Value '{media_format}' at 'mediaFormat' failed to satisfy constraint")
    _require(bool(target[0]), "This stand-in has no bucket of its own: give OutputBucketName.")
    _require(bool(_OUTPUT_KEY.fullmatch(target[1])), "Value at 'outputKey' failed to satisfy constraint")
    return Job(name, str(asked["LanguageCode"]), media_format, uri, source, target, bucket.address(*target))


def _require(is_so: bool, message: str) -> None:
    if not is_so:
        raise Refused("BadRequestException", message)
