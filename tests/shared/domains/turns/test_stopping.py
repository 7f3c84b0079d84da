"""Stopping, asking how far a turn is, and recordings."""

import base64

import pytest
from pydantic import ValidationError

from shared.domains.turns.contract import SendTurn
from shared.domains.turns.errors import NothingToSay, RecordingTooLarge, TurnNotFound
from shared.domains.turns.models import Answer, Going, Recording, Stopping
from shared.domains.turns.rules import asking, reading, stopping
from shared.kernel.errors import Unavailable
from shared.kernel.recordings import MOST_BYTES, UnreadableAudio
from tests.shared.domains.turns.asked import MIN, TURN, Platform, completed

OGG = b"OggS" + bytes(100)
KINDS = {
    b"\x1aE\xdf\xa3\x87\x42\x82\x84webm": ("webm", "audio/webm"),
    b"OggS": ("ogg", "audio/ogg"),
    b"RIFF\0\0\0\0WAVE": ("wav", "audio/wav"),
    b"\0\0\0\x20ftypM4A ": ("m4a", "audio/mp4"),
    b"fLaC": ("flac", "audio/flac"),
    b"ID3": ("mp3", "audio/mpeg"),
    b"\xff\xfb\x90\x00": ("mp3", "audio/mpeg"),
}


@pytest.fixture
def platform() -> Platform:
    made = Platform()
    made.begin_conversation()
    made.ask(conversation_id="c1")
    return made


def stop(platform: Platform, request_id: str = "r1") -> Stopping:
    return stopping.stop(request_id, MIN, asking=platform.asking)


def test_a_run_learns_that_it_is_stopped_and_what_was_said_is_kept(platform: Platform) -> None:
    run = platform.log.begin(TURN).run
    platform.log.say(TURN, run, "Hello ")
    assert stop(platform) == Stopping(TURN, is_going=True)
    assert platform.log.say(TURN, run, "there.") is Going.STOPPED

    stopping.end_stopped(TURN, asking=platform.asking)

    live = platform.log.read(TURN)
    assert live is not None
    assert live.answer == Answer.halted("c1", "Hello")
    assert platform.ask(conversation_id="c1").answer == Answer.halted("c1", "Hello")


def test_where_the_worker_ended_it_first_that_counts(platform: Platform) -> None:
    stop(platform)
    platform.log.end(TURN, completed("All of it."))
    stopping.end_stopped(TURN, asking=platform.asking)

    assert platform.ask(conversation_id="c1").answer == completed("All of it.")


@pytest.mark.parametrize("is_logged", [True, False])
def test_what_has_ended_is_not_stopped(platform: Platform, is_logged: bool) -> None:
    if is_logged:
        platform.log.end(TURN, completed("Hi!"))
    else:
        platform.tracker.complete(TURN, {"aiMessage": "Hi!"})
        platform.forget_log()

    assert not stop(platform).is_going


def test_a_turn_whose_log_was_lost_can_be_stopped(platform: Platform) -> None:
    platform.tracker.progress(TURN, "thinking")
    platform.forget_log()

    assert stop(platform).is_going
    live = platform.log.read(TURN)
    assert live is not None
    assert live.is_stopped


def test_what_was_never_asked_cannot_be_stopped(platform: Platform) -> None:
    with pytest.raises(TurnNotFound):
        stop(platform, "r2")
    platform.log.is_away = True
    with pytest.raises(Unavailable):
        stop(platform)


def test_how_far_a_turn_is(platform: Platform) -> None:
    status = reading.turn_status("r1", "min", asking=platform.asking)
    assert (status.status, status.job_id, status.ai_message) == ("PENDING", TURN, None)
    platform.tracker.progress(TURN, "thinking")
    assert reading.turn_status("r1", "min", asking=platform.asking).stage == "thinking"
    platform.store_turn("Hi!")
    platform.tracker.complete(TURN)
    status = reading.turn_status("r1", "min", asking=platform.asking)
    assert (status.status, status.ai_message, status.audio_job_id, status.turn_count) == ("COMPLETED", "Hi!", "a1", 1)
    with pytest.raises(TurnNotFound):
        reading.turn_status("r1", "ann", asking=platform.asking)


def test_a_failed_turn_says_why(platform: Platform) -> None:
    platform.fail("PARTNER_REFUSED")
    status = reading.turn_status("r1", "min", asking=platform.asking)
    assert (status.status, status.error) == ("FAILED", "PARTNER_REFUSED")


def sent(platform: Platform, **fields: object) -> object:
    command = SendTurn.model_validate({"conversationId": "c1"} | fields)
    return asking.send_turn(command, "r9", MIN, asking=platform.asking)


def test_a_recording_is_stored_before_the_turn_is_queued(platform: Platform) -> None:
    accepted = sent(platform, audioData=base64.b64encode(OGG).decode(), userMessage="fallback")

    job = platform.queued[-1]
    assert job.audio_key == f"user-audio/min/{job.turn_id}.ogg"
    assert platform.recordings.objects == {job.audio_key: (OGG, "audio/ogg")}
    assert job.user_message == "fallback"
    assert accepted.wire() == {  # type: ignore[attr-defined]
        "requestId": "r9",
        "jobId": job.turn_id,
        "status": "PROCESSING",
        "estimatedTime": 3000,
    }


def test_a_bucket_that_is_away_queues_nothing(platform: Platform) -> None:
    queued = len(platform.queued)
    platform.recordings.is_away = True
    with pytest.raises(Unavailable):
        sent(platform, audioData=base64.b64encode(OGG).decode())
    assert len(platform.queued) == queued


@pytest.mark.parametrize("head", KINDS, ids=lambda head: KINDS[head][0])
def test_a_recording_is_known_by_its_first_bytes(head: bytes) -> None:
    content = head + bytes(100)
    assert Recording.read(base64.b64encode(content).decode()) == Recording(content, *KINDS[head])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64!",
        "한국어",
        "OggS",
        base64.b64encode(b"no sound" * 20).decode(),
        base64.b64encode(b"OggS").decode(),
    ],
)
def test_what_is_no_recording_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAudio):
        Recording.read(text)


def test_a_recording_takes_ten_mebibytes_and_no_more() -> None:
    largest = b"OggS" + bytes(MOST_BYTES - 4)
    assert len(Recording.read(base64.b64encode(largest).decode()).content) == MOST_BYTES
    for more in (1, 2, 3, 10_000):
        with pytest.raises(RecordingTooLarge):
            Recording.read(base64.b64encode(largest + bytes(more)).decode())


def test_there_must_be_something_to_say(platform: Platform) -> None:
    with pytest.raises(NothingToSay):
        sent(platform)
    with pytest.raises(ValidationError):
        sent(platform, userMessage=" ")
    with pytest.raises(UnreadableAudio):
        sent(platform, audioData="")
