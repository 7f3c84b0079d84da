"""Transcribe's stand-in without its wire: what it does when its engine, its bucket or its patience fail."""

import asyncio
import json
from typing import Any

import pytest

from embedded.aws.wire import Request
from embedded.engine_process import EngineFailed, EngineMissing
from embedded.transcribe import service
from embedded.transcribe.bucket import Bucket, BucketRefused
from embedded.transcribe.engine import Engine, Heard, HeardWord
from embedded.transcribe.jobs import document
from embedded.transcribe.service import Transcribe


class Memory(Bucket):
    """One recording, under any name, and what was written."""

    def __init__(self) -> None:
        super().__init__(port=1)
        self.written: dict[str, bytes] = {}

    async def has(self, bucket: str, key: str) -> bool:
        return True

    async def read(self, bucket: str, key: str) -> bytes:
        return b"recording"

    async def write(self, bucket: str, key: str, content: bytes) -> None:
        self.written[key] = content


class Hearing(Engine):
    """Says what it is told to, once it may."""

    def __init__(self, outcome: list[HeardWord] | Exception | None = None) -> None:
        super().__init__()
        self.outcome = outcome
        self.may_answer = asyncio.Event()

    async def hear(self, content: bytes, media_format: str, *, hurried: bool = False) -> Heard:
        await self.may_answer.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return Heard(self.outcome or [], [])


def asked(name: str = "one") -> dict[str, Any]:
    media = {"MediaFileUri": "s3://bucket/audio.mp3"}
    return {"TranscriptionJobName": name, "LanguageCode": "en-US", "Media": media, "OutputBucketName": "bucket"}


async def call(transcribe: Transcribe, action: str, request: Any) -> dict[str, Any]:
    head = Request("POST", "/", {}, {}, "transcribe", action)
    answer = await transcribe(head, request if isinstance(request, bytes) else json.dumps(request).encode())
    assert isinstance(answer.body, bytes)
    told: dict[str, Any] = json.loads(answer.body)
    assert answer.status == (400 if "__type" in told else 200)
    return told


async def ended(transcribe: Transcribe, engine: Hearing, name: str = "one") -> dict[str, Any]:
    await call(transcribe, "StartTranscriptionJob", asked(name))
    engine.may_answer.set()
    await asyncio.gather(*transcribe._tasks.values())
    job: dict[str, Any] = (await call(transcribe, "GetTranscriptionJob", asked(name)))["TranscriptionJob"]
    return job


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (EngineMissing("pip install 'speaktracker[local]'"), "pip install"),
        (EngineFailed("it died"), "Internal failure. Try your request again. it died"),
        (BucketRefused("no such bucket"), "The bucket can't be accessed"),
    ],
)
def test_a_job_that_fails_says_why(problem: Exception, reason: str) -> None:
    async def run() -> dict[str, Any]:
        engine = Hearing(problem)
        return await ended(Transcribe(engine, Memory()), engine)

    job = asyncio.run(run())
    assert job["TranscriptionJobStatus"] == "FAILED"
    assert reason in job["FailureReason"]


def test_more_than_may_wait_are_refused_until_one_has_ended() -> None:
    async def run() -> list[str | None]:
        engine = Hearing()
        transcribe = Transcribe(engine, Memory(), at_once=1)
        told = [await call(transcribe, "StartTranscriptionJob", asked(name)) for name in ("one", "one", "two")]
        engine.may_answer.set()
        await asyncio.gather(*transcribe._tasks.values())
        told.append(await call(transcribe, "StartTranscriptionJob", asked("two")))
        await asyncio.gather(*transcribe._tasks.values())
        return [answer.get("__type") for answer in told]

    assert asyncio.run(run()) == [None, "ConflictException", "LimitExceededException", None]


def test_the_oldest_jobs_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_JOBS", 2)

    async def run() -> list[str]:
        engine = Hearing()
        transcribe = Transcribe(engine, Memory())
        for name in ("one", "two", "three"):
            await ended(transcribe, engine, name)
        return [job["TranscriptionJobName"] for job in (await listed(transcribe))]

    async def listed(transcribe: Transcribe) -> list[dict[str, Any]]:
        jobs: list[dict[str, Any]] = (await call(transcribe, "ListTranscriptionJobs", {}))["TranscriptionJobSummaries"]
        return jobs

    assert asyncio.run(run()) == ["three", "two"]


def test_a_job_that_is_deleted_leaves_nothing() -> None:
    async def run() -> tuple[Memory, dict[str, Any]]:
        engine, bucket = Hearing(), Memory()
        transcribe = Transcribe(engine, bucket)
        await call(transcribe, "StartTranscriptionJob", asked())
        tasks = list(transcribe._tasks.values())
        await call(transcribe, "DeleteTranscriptionJob", asked())
        engine.may_answer.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        return bucket, await call(transcribe, "GetTranscriptionJob", asked())

    bucket, told = asyncio.run(run())
    assert (bucket.written, told["__type"]) == ({}, "NotFoundException")


def test_a_body_that_is_no_request_is_refused() -> None:
    for body in (b"{half", b"[]"):
        told = asyncio.run(call(Transcribe(Hearing(), Memory()), "StartTranscriptionJob", body))
        assert told["__type"] == "SerializationException"


def test_a_transcript_is_written_as_amazon_writes_it() -> None:
    words = [HeardWord("So", 0.1, 0.3, 0.5), HeardWord("I'm", 0.3, 0.5, 0.25), HeardWord("fine.", 0.5, 1.0, 1.0)]
    told = json.loads(document("one", words))

    assert told["results"]["transcripts"] == [{"transcript": "So I'm fine."}]
    assert [item["alternatives"][0]["content"] for item in told["results"]["items"]] == ["So", "I'm", "fine", "."]
    assert told["results"]["items"][1] == {
        "id": 1,
        "type": "pronunciation",
        "alternatives": [{"confidence": "0.2500", "content": "I'm"}],
        "start_time": "0.300",
        "end_time": "0.500",
    }
    assert told["results"]["items"][3] == {
        "id": 3,
        "type": "punctuation",
        "alternatives": [{"confidence": "0.0000", "content": "."}],
    }


def test_a_process_that_dies_fails_one_recording_and_is_started_again() -> None:
    async def run() -> None:
        engine = Engine()
        assert (await engine.hear(wav_of_silence(), "wav")).words == []
        assert engine.process._process is not None
        engine.process._process.kill()
        await engine.process._process.wait()
        assert (await engine.hear(wav_of_silence(), "wav")).words == []
        engine.process._process.terminate()
        await engine.process._process.wait()

    asyncio.run(run())


def test_a_process_that_does_not_start_has_failed() -> None:
    async def run() -> None:
        with pytest.raises(EngineFailed):
            await Engine("embedded.no_such_module").hear(wav_of_silence(), "wav")

    asyncio.run(run())


def wav_of_silence() -> bytes:
    form = b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0"
    return b"RIFF\x24\xfa\0\0" + form + b"data\0\xfa\0\0" + bytes(64_000)
