"""Transcribe's stand-in by boto3: what Polly's stand-in says is heard, and what nobody says is not."""

import io
import json
import random
import re
import time
import uuid
import wave
from array import array
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.embedded.conftest import Cloud

SENTENCE = "I would like a cup of coffee please."
PATIENCE = 60.0


@pytest.fixture(scope="module")
def heard_cloud(embedded_cloud: Cloud) -> Cloud:
    embedded_cloud.create_bucket("recordings")
    return embedded_cloud


@pytest.fixture
def put(heard_cloud: Cloud) -> Callable[..., str]:
    def store(content: bytes, key: str | None = None) -> str:
        key = key or f"user-audio/{uuid.uuid4().hex}"
        heard_cloud.client("s3").put_object(Bucket="recordings", Key=key, Body=content)
        return key

    return store


@pytest.fixture
def spoken(heard_cloud: Cloud, put: Callable[..., str]) -> Callable[..., str]:
    def say(text: str, form: str = "mp3") -> str:
        answer = heard_cloud.client("polly").synthesize_speech(VoiceId="Matthew", Text=text, OutputFormat=form)
        return put(answer["AudioStream"].read())

    return say


def asked(key: str, **changed: Any) -> dict[str, Any]:
    name = uuid.uuid4().hex
    request = {
        "TranscriptionJobName": name,
        "LanguageCode": "en-US",
        "MediaFormat": "mp3",
        "Media": {"MediaFileUri": f"s3://recordings/{key}"},
        "OutputBucketName": "recordings",
        "OutputKey": f"transcripts/{name}.json",
    }
    return request | changed


def job_of(cloud: Cloud, name: str) -> dict[str, Any]:
    job: dict[str, Any] = cloud.client("transcribe").get_transcription_job(TranscriptionJobName=name)[
        "TranscriptionJob"
    ]
    return job


def ended(cloud: Cloud, request: dict[str, Any]) -> dict[str, Any]:
    """Start a job and return it once it has ended."""
    started = cloud.client("transcribe").start_transcription_job(**request)["TranscriptionJob"]
    assert started["TranscriptionJobStatus"] == "IN_PROGRESS"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        job = job_of(cloud, request["TranscriptionJobName"])
        if job["TranscriptionJobStatus"] != "IN_PROGRESS":
            return job
    raise AssertionError("The job did not end.")


def results(cloud: Cloud, key: str) -> dict[str, Any]:
    written = json.loads(cloud.client("s3").get_object(Bucket="recordings", Key=key)["Body"].read())
    assert written["status"] == "COMPLETED"
    told: dict[str, Any] = written["results"]
    return told


def wav(samples: bytes) -> bytes:
    sink = io.BytesIO()
    with wave.open(sink, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples)
    return sink.getvalue()


def refused(call: Callable[..., Any], **request: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        call(**request)
    return str(refusal.value.response["Error"]["Code"])


def test_what_polly_says_is_heard(heard_cloud: Cloud, spoken: Callable[..., str]) -> None:
    request = asked(spoken(SENTENCE))
    job = ended(heard_cloud, request)
    told = results(heard_cloud, request["OutputKey"])

    assert job["TranscriptionJobStatus"] == "COMPLETED"
    assert job["Transcript"]["TranscriptFileUri"].endswith(f"/recordings/{request['OutputKey']}")
    assert job["StartTime"] <= job["CompletionTime"]
    assert told["transcripts"] == [{"transcript": "I would like a cup of coffee, please."}]
    assert [item["alternatives"][0]["content"] for item in told["items"] if item["type"] == "punctuation"] == [",", "."]
    items = [item for item in told["items"] if item["type"] == "pronunciation"]
    assert [item["alternatives"][0]["content"] for item in items] == SENTENCE.rstrip(".").split()
    assert all(0 <= float(item["alternatives"][0]["confidence"]) <= 1 for item in items)
    times = [float(item[edge]) for item in items for edge in ("start_time", "end_time")]
    assert times == sorted(times)
    assert 1 < times[-1] < 5


def test_silence_and_noise_are_no_words(heard_cloud: Cloud, put: Callable[..., str]) -> None:
    chance = random.Random(1)
    hiss = array("h", (int(chance.gauss(0, 40)) for _ in range(32_000))).tobytes()
    for samples in (bytes(64_000), hiss):
        request = asked(put(wav(samples)), MediaFormat="wav")
        assert ended(heard_cloud, request)["TranscriptionJobStatus"] == "COMPLETED"
        assert results(heard_cloud, request["OutputKey"]) == {"transcripts": [{"transcript": ""}], "items": []}


@pytest.mark.parametrize("content", [b"ID3 and nothing else" * 20, bytes(2000), b"x"])
def test_a_damaged_recording_fails_with_a_reason(heard_cloud: Cloud, put: Callable[..., str], content: bytes) -> None:
    job = ended(heard_cloud, asked(put(content)))

    assert job["TranscriptionJobStatus"] == "FAILED"
    assert re.search("media|format", job["FailureReason"])
    assert "Transcript" not in job


def test_a_recording_of_another_format_fails(heard_cloud: Cloud, put: Callable[..., str]) -> None:
    job = ended(heard_cloud, asked(put(wav(bytes(32_000))), MediaFormat="flac"))
    assert re.search("media format", job["FailureReason"])


def test_a_bucket_that_cannot_be_written_fails_the_job(heard_cloud: Cloud, put: Callable[..., str]) -> None:
    job = ended(heard_cloud, asked(put(wav(bytes(64_000))), MediaFormat="wav", OutputBucketName="nobodys"))
    assert job["FailureReason"].startswith("The bucket can't be accessed.")


def test_a_name_is_used_once_until_its_job_is_deleted(heard_cloud: Cloud, put: Callable[..., str]) -> None:
    client = heard_cloud.client("transcribe")
    request = asked(put(wav(bytes(64_000))), MediaFormat="wav")
    ended(heard_cloud, request)
    name = request["TranscriptionJobName"]

    assert refused(client.start_transcription_job, **request) == "ConflictException"
    listed = client.list_transcription_jobs(Status="COMPLETED", JobNameContains=name)["TranscriptionJobSummaries"]
    assert [job["TranscriptionJobName"] for job in listed] == [name]
    client.delete_transcription_job(TranscriptionJobName=name)
    client.delete_transcription_job(TranscriptionJobName=name)
    assert refused(client.get_transcription_job, TranscriptionJobName=name) == "NotFoundException"
    assert ended(heard_cloud, request)["TranscriptionJobStatus"] == "COMPLETED"


def test_several_at_once_are_heard_in_turn_and_the_endpoint_answers_meanwhile(
    heard_cloud: Cloud, spoken: Callable[..., str]
) -> None:
    keys = [spoken(text) for text in ("What did you do last weekend?", SENTENCE, "My favorite color is green.")]
    requests = [asked(key) for key in keys]
    with ThreadPoolExecutor(3) as pool:
        jobs = list(pool.map(lambda request: ended(heard_cloud, request), requests))

    assert [job["TranscriptionJobStatus"] for job in jobs] == ["COMPLETED"] * 3
    heard = [results(heard_cloud, one["OutputKey"])["transcripts"][0]["transcript"] for one in requests]
    assert len(set(heard)) == 3


def test_a_job_that_is_deleted_is_heard_no_more(heard_cloud: Cloud, spoken: Callable[..., str]) -> None:
    client = heard_cloud.client("transcribe")
    long = asked(spoken("This is a long story about a cat and a dog. " * 6))
    client.start_transcription_job(**long)
    client.delete_transcription_job(TranscriptionJobName=long["TranscriptionJobName"])
    after = asked(spoken(SENTENCE))
    assert ended(heard_cloud, after)["TranscriptionJobStatus"] == "COMPLETED"

    assert refused(heard_cloud.client("s3").get_object, Bucket="recordings", Key=long["OutputKey"]) == "NoSuchKey"


@pytest.mark.parametrize(
    "changed",
    [
        {"TranscriptionJobName": "not a name"},
        {"Media": {"MediaFileUri": "https://example.com/a.mp3"}},
        {"Media": {"MediaFileUri": "s3://recordings/nothing-here"}},
        {"Media": {"MediaFileUri": "s3://nobodys/nothing-here"}},
        {"MediaFormat": "amr"},
        {"LanguageCode": ""},
        {"OutputBucketName": ""},
        {"OutputKey": "a key with blanks"},
    ],
    ids=str,
)
def test_what_amazon_refuses_is_refused(heard_cloud: Cloud, put: Callable[..., str], changed: dict[str, Any]) -> None:
    request = asked(put(wav(bytes(3200)))) | changed
    assert refused(heard_cloud.client("transcribe").start_transcription_job, **request) == "BadRequestException"


def test_other_operations_are_refused(heard_cloud: Cloud) -> None:
    client = heard_cloud.client("transcribe")
    assert refused(client.delete_vocabulary, VocabularyName="words") == "BadRequestException"
    assert refused(client.get_call_analytics_job, CallAnalyticsJobName="x") == "BadRequestException"
