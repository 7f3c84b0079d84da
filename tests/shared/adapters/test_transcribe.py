"""The Transcriber over HTTP: against the endpoint that really hears, and one that answers as Amazon does in trouble."""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from contextvars import copy_context
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.transcribe import PREFIX, AmazonTranscriber
from shared.adapters.memory.kernel import SetClock
from shared.adapters.sqs_transport.deadlines import set_deadline
from shared.adapters.system import SystemClock
from shared.kernel.errors import Unavailable
from shared.kernel.recordings import (
    MOST_BYTES,
    AudioTooLarge,
    Heard,
    RecordingGone,
    TranscriberRefused,
    UnreadableAudio,
)
from shared.kernel.settings import read_settings
from tests.shared.adapters.recordings import KINDS, encoded, recording

BUCKET = "heard-recordings"
SENTENCE = "I would like a cup of coffee please."
HELLO = {
    "transcripts": [{"transcript": "Hello, there."}],
    "items": [
        {"type": "pronunciation", "alternatives": [{"confidence": "0.9", "content": "Hello"}]},
        {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": ","}]},
        {"type": "pronunciation", "alternatives": [{"confidence": "0.5", "content": "there"}]},
    ],
}

Answer = tuple[int, dict[str, Any]]
Answering = Callable[[dict[str, Any]], Answer]


class FakeTranscribe(BaseHTTPRequestHandler):
    """Answers each action from a list, its last entry again and again."""

    answers: ClassVar[dict[str, list[Answering]]] = {}
    asked: ClassVar[list[tuple[str, dict[str, Any]]]] = []
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        action = self.headers["x-amz-target"].removeprefix("Transcribe.").removesuffix("TranscriptionJob").lower()
        self.asked.append((action, asked))
        answers = self.answers[action]
        status, told = (answers.pop(0) if len(answers) > 1 else answers[0])(asked)
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Slots:
    def __init__(self) -> None:
        self.taken, self.now = 0, 0

    def taking(self) -> AbstractContextManager[None]:
        @contextmanager
        def take() -> Iterator[None]:
            self.now += 1
            self.taken += 1
            try:
                yield
            finally:
                self.now -= 1

        return take()


def refusal(code: str, status: int = 400) -> Answering:
    return lambda _: (status, {"__type": code, "Message": "no"})


def job(status: str, **more: str) -> Answering:
    return lambda asked: (
        200,
        {
            "TranscriptionJob": {
                "TranscriptionJobName": asked["TranscriptionJobName"],
                "TranscriptionJobStatus": status,
                **more,
            }
        },
    )


def done(_: dict[str, Any]) -> Answer:
    return 200, {}


def actions() -> list[str]:
    return [action for action, _ in FakeTranscribe.asked]


@pytest.fixture(scope="module")
def fake_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeTranscribe)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def fake_client(fake_url: str) -> Iterator[Any]:
    client = AwsClients(read_settings(aws_endpoint_url=fake_url)).client("transcribe")
    yield client
    client.close()


@pytest.fixture(scope="module")
def s3(adapter_aws: AwsClients) -> Any:
    region = {"LocationConstraint": "ap-northeast-2"}
    adapter_aws.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=region)  # type: ignore[arg-type]
    return adapter_aws.s3


@pytest.fixture
def put(s3: Any) -> Callable[[bytes], str]:
    def store(content: bytes) -> str:
        key = f"user-audio/{uuid.uuid4().hex}"
        s3.put_object(Bucket=BUCKET, Key=key, Body=content)
        return key

    return store


@pytest.fixture
def slots() -> Slots:
    return Slots()


@pytest.fixture
def hearing(adapter_aws: AwsClients, s3: Any, slots: Slots) -> AmazonTranscriber:
    """The embedded endpoint's recogniser."""
    return AmazonTranscriber(adapter_aws.client("transcribe"), s3, BUCKET, slots, AudioGuard(), SystemClock())


@pytest.fixture
def troubled(fake_client: Any, s3: Any, slots: Slots) -> AmazonTranscriber:
    """The Transcribe that answers as a test says; its clock does not wait."""
    FakeTranscribe.asked.clear()
    FakeTranscribe.answers.clear()
    FakeTranscribe.answers.update(start=[job("IN_PROGRESS")], delete=[done])
    return AmazonTranscriber(fake_client, s3, BUCKET, slots, AudioGuard(), SetClock())


@pytest.fixture
def completed(s3: Any) -> Callable[[Any], Answering]:
    def answering(results: Any) -> Answering:
        def answer(asked: dict[str, Any]) -> Answer:
            place = next(one["OutputKey"] for action, one in FakeTranscribe.asked if action == "start")
            body = results if isinstance(results, bytes) else json.dumps({"results": results}).encode()
            s3.put_object(Bucket=BUCKET, Key=place, Body=body)
            return job("COMPLETED")(asked)

        return answer

    return answering


def left_over(s3: Any) -> list[str]:
    return [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET, Prefix=PREFIX).get("Contents", [])]


def heard_words(heard: Heard) -> set[str]:
    return set(heard.text.lower().split())


def spoken(adapter_aws: AwsClients) -> bytes:
    asked = {"VoiceId": "Matthew", "Text": SENTENCE, "OutputFormat": "mp3"}
    content: bytes = adapter_aws.client("polly").synthesize_speech(**asked)["AudioStream"].read()
    return content


def test_a_spoken_sentence_is_heard_and_nothing_is_left(
    hearing: AmazonTranscriber, adapter_aws: AwsClients, s3: Any, put: Callable[[bytes], str], slots: Slots
) -> None:
    heard = hearing.hear(put(spoken(adapter_aws)))

    assert len({"like", "cup", "coffee", "please"} & heard_words(heard)) >= 2
    assert heard.confidence is not None
    assert 0 < heard.confidence < 1
    assert 1.5 < heard.seconds < 4
    assert (slots.taken, slots.now) == (1, 0)
    assert left_over(s3) == []
    jobs = adapter_aws.client("transcribe").list_transcription_jobs(JobNameContains="hear-")
    assert jobs["TranscriptionJobSummaries"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_recording_is_taken_and_silence_is_no_words(
    hearing: AmazonTranscriber, put: Callable[[bytes], str], kind: str
) -> None:
    form, codec, rate = KINDS[kind]
    heard = hearing.hear(put(encoded(form, codec, rate, bytes(2 * rate))))

    assert (heard.text, heard.confidence) == ("", None)
    assert heard.seconds == pytest.approx(1.0, abs=0.1)


def test_several_who_hear_the_same_at_once_hear_the_same(
    hearing: AmazonTranscriber, adapter_aws: AwsClients, put: Callable[[bytes], str]
) -> None:
    key = put(spoken(adapter_aws))

    def hear(_: int) -> str | None:
        try:
            return hearing.hear(key).text
        except Unavailable:
            return None  # another run read the transcript first; a job is tried again then

    with ThreadPoolExecutor(3) as pool:
        heard = set(pool.map(hear, range(3))) - {None}
    assert heard == {hearing.hear(key).text}


def test_what_is_no_recording_is_never_sent(
    troubled: AmazonTranscriber, put: Callable[[bytes], str], slots: Slots
) -> None:
    for content, expected in ((b"nothing" * 50, UnreadableAudio), (bytes(MOST_BYTES + 1), AudioTooLarge)):
        with pytest.raises(expected):
            troubled.hear(put(content))
    with pytest.raises(RecordingGone):
        troubled.hear("user-audio/never-there")
    assert (actions(), slots.taken) == ([], 0)


def test_less_than_amazon_takes_is_nothing_said(troubled: AmazonTranscriber, put: Callable[[bytes], str]) -> None:
    assert troubled.hear(put(recording("wav", 0.4))) == Heard("", None, 0.4)
    assert actions() == []


def test_what_is_asked_of_amazon(
    troubled: AmazonTranscriber, s3: Any, put: Callable[[bytes], str], completed: Callable[[Any], Answering]
) -> None:
    FakeTranscribe.answers["get"] = [job("QUEUED"), job("IN_PROGRESS"), completed(HELLO)]
    key = put(recording("m4a", 1.0))
    heard = troubled.hear(key)

    assert heard._replace(seconds=1.0) == Heard("Hello, there.", 0.7, 1.0)
    assert actions() == ["start", "get", "get", "get", "delete"]
    asked = FakeTranscribe.asked[0][1]
    name = asked.pop("TranscriptionJobName")
    assert asked == {
        "LanguageCode": "en-US",
        "MediaFormat": "m4a",
        "Media": {"MediaFileUri": f"s3://{BUCKET}/{key}"},
        "OutputBucketName": BUCKET,
        "OutputKey": f"transcripts/{name}.json",
    }
    assert {one["TranscriptionJobName"] for _, one in FakeTranscribe.asked[1:]} == {name}
    assert left_over(s3) == []


def test_a_repeat_goes_on_with_the_job_that_an_earlier_run_began(
    troubled: AmazonTranscriber, put: Callable[[bytes], str], completed: Callable[[Any], Answering]
) -> None:
    FakeTranscribe.answers |= {"start": [refusal("ConflictException")], "get": [completed(HELLO)]}
    assert troubled.hear(put(recording("ogg", 1.0))).text == "Hello, there."
    assert actions() == ["start", "get", "delete"]


def test_the_name_of_a_job_is_that_of_key_and_content(
    troubled: AmazonTranscriber, s3: Any, completed: Callable[[Any], Answering]
) -> None:
    FakeTranscribe.answers["get"] = [completed(HELLO)]
    recordings = [("a", recording("ogg", 1.0)), ("b", recording("ogg", 1.0)), ("b", recording("ogg", 2.0))]
    names = []
    for key, content in [recordings[0], *recordings]:
        s3.put_object(Bucket=BUCKET, Key=key, Body=content)
        FakeTranscribe.asked.clear()
        troubled.hear(key)
        names.append(FakeTranscribe.asked[0][1]["TranscriptionJobName"])
    assert names[0] == names[1]
    assert len(set(names)) == 3


def test_a_job_that_another_run_deleted_is_begun_again(
    troubled: AmazonTranscriber, put: Callable[[bytes], str], completed: Callable[[Any], Answering]
) -> None:
    gone = [refusal("NotFoundException"), refusal("BadRequestException")]
    FakeTranscribe.answers["get"] = [*gone, completed(HELLO)]
    assert troubled.hear(put(recording("ogg", 1.0))).text == "Hello, there."
    assert actions() == ["start", "get", "start", "get", "start", "get", "delete"]


def test_a_place_is_never_held_for_long_and_patience_ends(
    troubled: AmazonTranscriber, put: Callable[[bytes], str], slots: Slots
) -> None:
    FakeTranscribe.answers |= {
        "start": [job("IN_PROGRESS"), refusal("ConflictException")],
        "get": [job("IN_PROGRESS")],
    }
    with pytest.raises(Unavailable):
        troubled.hear(put(recording("ogg", 1.0)))

    assert (slots.taken, slots.now, actions().count("start")) == (3, 0, 3)
    assert actions().count("get") < 50
    assert "delete" not in actions()


def test_a_job_whose_time_is_up_asks_nothing(troubled: AmazonTranscriber, put: Callable[[bytes], str]) -> None:
    key = put(recording("ogg", 1.0))

    def hear() -> None:
        set_deadline(0)
        troubled.hear(key)

    with pytest.raises(Unavailable):
        copy_context().run(hear)
    assert actions() == []


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Unsupported media format.", UnreadableAudio),
        ("The media format provided does not match the detected media format.", UnreadableAudio),
        ("Invalid sample rate for audio file.", UnreadableAudio),
        ("Invalid number of channels: number of channels too large.", UnreadableAudio),
        ("Internal failure. Try your request again.", Unavailable),
        ("The data access role cannot be assumed.", TranscriberRefused),
        ("Hearing needs av and pocketsphinx.", TranscriberRefused),
    ],
)
def test_a_failed_job_is_told_by_its_reason_and_deleted(
    troubled: AmazonTranscriber,
    put: Callable[[bytes], str],
    reason: str,
    expected: type[Exception],
) -> None:
    FakeTranscribe.answers["get"] = [job("FAILED", FailureReason=reason)]
    with pytest.raises(expected) as problem:
        troubled.hear(put(recording("ogg", 1.0)))

    assert str(problem.value.__cause__) == reason
    assert actions() == ["start", "get", "delete"]


@pytest.mark.parametrize(
    "answer",
    [
        refusal("ThrottlingException"),
        refusal("LimitExceededException"),
        refusal("InternalFailureException", 500),
        refusal("ServiceUnavailable", 503),
    ],
    ids=["throttled", "limited", "fault", "unavailable"],
)
@pytest.mark.parametrize("action", ["start", "get"])
def test_what_passes_is_unavailable_after_three_tries(
    troubled: AmazonTranscriber, put: Callable[[bytes], str], slots: Slots, answer: Answering, action: str
) -> None:
    FakeTranscribe.answers[action] = [answer]
    with pytest.raises(Unavailable):
        troubled.hear(put(recording("ogg", 1.0)))
    assert (actions().count(action), slots.now) == (3, 0)


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        ("start", refusal("AccessDeniedException")),
        ("start", refusal("BadRequestException")),
        ("start", refusal("ValidationException")),
        ("get", refusal("AccessDeniedException", 403)),
    ],
)
def test_what_does_not_pass_is_asked_once(
    troubled: AmazonTranscriber, put: Callable[[bytes], str], action: str, answer: Answering
) -> None:
    FakeTranscribe.answers[action] = [answer]
    with pytest.raises(TranscriberRefused):
        troubled.hear(put(recording("ogg", 1.0)))
    assert actions().count(action) == 1


@pytest.mark.parametrize(
    "broken",
    [
        b"{half",
        b"[]",
        {},
        {"transcripts": []},
        {"transcripts": [{"transcript": "a"}], "items": [{"type": "pronunciation"}]},
    ],
    ids=repr,
)
def test_a_broken_transcript_is_made_anew(
    troubled: AmazonTranscriber,
    s3: Any,
    put: Callable[[bytes], str],
    completed: Callable[[Any], Answering],
    broken: Any,
) -> None:
    FakeTranscribe.answers["get"] = [completed(broken)]
    with pytest.raises(Unavailable):
        troubled.hear(put(recording("ogg", 1.0)))
    assert "delete" in actions()
    assert left_over(s3) == []


def test_a_transcript_that_is_gone_is_made_anew(troubled: AmazonTranscriber, put: Callable[[bytes], str]) -> None:
    FakeTranscribe.answers["get"] = [job("COMPLETED")]
    with pytest.raises(Unavailable):
        troubled.hear(put(recording("ogg", 1.0)))
    assert actions() == ["start", "get", "delete"]


def test_what_cannot_be_deleted_changes_nothing(
    troubled: AmazonTranscriber, put: Callable[[bytes], str], completed: Callable[[Any], Answering]
) -> None:
    FakeTranscribe.answers |= {"get": [completed(HELLO)], "delete": [refusal("AccessDeniedException")]}
    assert troubled.hear(put(recording("ogg", 1.0))).text == "Hello, there."


def test_nobody_there_is_unavailable(fake_client: Any, s3: Any, slots: Slots, put: Callable[[bytes], str]) -> None:
    nowhere = AwsClients(read_settings(aws_endpoint_url="http://127.0.0.1:1"))
    key = put(recording("ogg", 1.0))
    for client, bucket_client in ((nowhere.client("transcribe"), s3), (fake_client, nowhere.s3)):
        with pytest.raises(Unavailable):
            AmazonTranscriber(client, bucket_client, BUCKET, slots, AudioGuard(), SetClock()).hear(key)
    nowhere.client("transcribe").close()
    nowhere.s3.close()


def test_a_bucket_that_is_not_ours_is_refused(fake_client: Any, s3: Any, slots: Slots) -> None:
    with pytest.raises(TranscriberRefused):
        AmazonTranscriber(fake_client, s3, "nobodys-bucket", slots, AudioGuard(), SetClock()).hear("key")
