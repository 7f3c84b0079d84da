"""The port VoiceStore, on memory and on DynamoDB, and audio in the bucket."""

import uuid

import httpx
import pytest

from shared.adapters.aws.audio import S3Audio
from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.messages import DynamoMessages
from shared.adapters.dynamodb.table import Table
from shared.adapters.dynamodb.voice import DynamoVoices
from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.messages import MemoryRoomLog
from shared.adapters.memory.voice import MemoryVoices
from shared.domains.voice.models import Asker, MessageVoice, SentenceOf, Voice, VoiceRole, VoiceState
from shared.domains.voice.ports import VoiceStore
from shared.kernel.errors import Unavailable
from shared.kernel.settings import read_settings
from tests.shared.adapters.concurrency import together
from tests.shared.adapters.saying import posted


@pytest.fixture(params=["memory", "dynamodb"])
def voices(request: pytest.FixtureRequest) -> VoiceStore:
    if request.param == "memory":
        return MemoryVoices(SetClock())
    return DynamoVoices(request.getfixturevalue("adapter_table"))


def made(fence: int) -> Voice:
    return Voice(
        id="v",
        state=VoiceState.READY,
        fence=fence,
        voice_id="Matthew",
        characters=5,
        duration_ms=1200,
        made_at="2026-01-02T03:04:05.000000Z",
    )


def begun(voices: VoiceStore, holder: str = "j1", seen: int = 0, lease: float = 60) -> int | None:
    return voices.begin("v", holder, seen=seen, lease_seconds=lease)


def test_a_voice_is_made_by_one_and_kept(voices: VoiceStore) -> None:
    assert voices.get("v") is None
    assert begun(voices) == 1
    assert begun(voices, "j2") is None
    found = voices.get("v")
    assert found is not None
    assert found.state is VoiceState.MAKING
    assert voices.finish(made(1))
    assert voices.get("v") == made(1)
    assert not voices.finish(made(1))


def test_the_same_job_may_go_on_and_its_earlier_run_may_not_finish(voices: VoiceStore) -> None:
    begun(voices)
    assert begun(voices) == 2
    assert not voices.finish(made(1))
    assert voices.give_up("v", 1) == 0
    assert voices.finish(made(2))


def test_a_lease_that_ended_frees_the_voice(voices: VoiceStore) -> None:
    begun(voices, lease=-5)
    assert begun(voices, "j2") == 2


def test_failures_in_a_row_are_counted_and_forgotten(voices: VoiceStore) -> None:
    for number in (1, 2):
        assert begun(voices, f"j{number}") == number
        assert voices.give_up("v", number) == number
    begun(voices)
    voices.finish(made(3))
    begun(voices, seen=3)
    assert voices.give_up("v", 4) == 1


def test_a_voice_that_is_gone_is_begun_by_whoever_saw_it(voices: VoiceStore) -> None:
    begun(voices)
    voices.finish(made(1))
    assert begun(voices, "j2") is None
    assert begun(voices, "j2", seen=1) == 2
    assert begun(voices, "j3", seen=1) is None


def test_askers_are_noted_once_and_forgotten(voices: VoiceStore) -> None:
    first = Asker(job_id="j1", message=MessageVoice(room_id="r", message_id="m", role=VoiceRole.MALE))
    second = Asker(job_id="j2", sentence=SentenceOf(request_id="q1", index=0), user_id="u1")
    for asker in (first, second, first):
        voices.ask("v", asker)

    assert voices.askers("v") == [first, second]
    assert voices.askers("other") == []
    voices.forget("v", [first])
    voices.forget("v", [])
    assert voices.askers("v") == [second]


def test_of_many_at_once_one_begins(adapter_table: Table) -> None:
    voices = DynamoVoices(adapter_table)
    fences = together(20, lambda number: begun(voices, f"j{number}"))
    assert sorted(fence for fence in fences if fence) == [1]


def test_a_stored_message_learns_where_it_is_heard(adapter_table: Table) -> None:
    messages, log = DynamoMessages(adapter_table), MemoryRoomLog(SetClock())
    log.begin("r1")
    said = posted(log, "m1")
    assert not messages.keep_voice_key("m1", "r1", "male", "tts/x.mp3")

    messages.add_all([said])
    assert messages.keep_voice_key("m1", "r1", "male", "tts/x.mp3")

    item = adapter_table.get("ROOM#r1", f"MSG#{said.created_at}#m1")
    assert item is not None
    assert item["maleVoiceKey"] == "tts/x.mp3"
    assert messages.find("m1", "r1") == said


@pytest.fixture
def audio(adapter_aws: AwsClients) -> S3Audio:
    bucket = f"bucket-{uuid.uuid4().hex}"
    adapter_aws.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    return S3Audio(adapter_aws.s3, bucket)


def test_audio_is_heard_by_whoever_has_the_address(audio: S3Audio) -> None:
    assert not audio.has("tts/x.mp3")
    assert audio.get("tts/x.mp3") is None
    audio.put("tts/x.mp3", b"sound", "audio/mpeg")

    assert audio.has("tts/x.mp3")
    assert audio.get("tts/x.mp3") == b"sound"
    heard = httpx.get(audio.signed_url("tts/x.mp3"), trust_env=False)
    assert (heard.status_code, heard.content, heard.headers["content-type"]) == (200, b"sound", "audio/mpeg")
    assert "X-Amz-Expires=3600" in audio.signed_url("tts/x.mp3")


def test_a_bucket_that_is_away_is_not_an_empty_one() -> None:
    client = AwsClients(read_settings(aws_endpoint_url="http://127.0.0.1:1")).s3
    with pytest.raises(Unavailable):
        S3Audio(client, "bucket").has("tts/x.mp3")
    with pytest.raises(Unavailable):
        S3Audio(client, "bucket").get("tts/x.mp3")
    client.close()
