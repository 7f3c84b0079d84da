"""A recording that is heard before it counts: once, paid, and never lost to a bad file."""

import base64

import pytest

from shared.adapters.memory.turns import MemoryRecordings
from shared.domains.jobs.models import JobStatus
from shared.domains.turns.contract import HearRecording, TranscribeRecording
from shared.domains.turns.errors import RecordingTooLarge
from shared.domains.turns.rules import hearing
from shared.kernel.budgets import Kind
from shared.kernel.errors import Invalid, Unavailable
from shared.kernel.recordings import UnreadableAudio
from shared.kernel.times import timestamp
from tests.shared.domains.turns.world import USER, World

OGG = b"OggS" + bytes(2000)


@pytest.fixture
def world() -> World:
    return World()


def spent(world: World) -> int:
    today = timestamp(world.clock.now())[:10]
    return world.budgets.used(USER, today).get(Kind.TRANSCRIBED_SECONDS, 0)


def asked(world: World, audio: bytes = OGG, job_id: str = "j1") -> TranscribeRecording:
    command = HearRecording(audio_data=base64.b64encode(audio).decode())
    recordings = MemoryRecordings()

    hearing.hear_recording(
        command, user_id=USER, job_id=job_id, tracker=world.tracker, recordings=recordings, jobs=world.queue
    )
    (job,) = [one for one in world.queue.jobs if isinstance(one, TranscribeRecording)]
    assert recordings.objects[job.audio_key][0] == audio
    return job


def test_what_was_heard_is_told_with_its_confidence_and_paid(world: World) -> None:
    job = asked(world)

    hearing.transcribe_recording(job, on=world.answering())
    hearing.transcribe_recording(job, on=world.answering())

    record = world.records.records["j1"]
    assert record.status is JobStatus.COMPLETED
    assert record.result == {"transcript": "I goes to school.", "confidence": 0.9, "seconds": 2.5}
    assert spent(world) == 3


def test_a_file_that_cannot_be_heard_ends_with_no_words(world: World) -> None:
    job = asked(world)
    world.ear.problem = Invalid("no sound")

    hearing.transcribe_recording(job, on=world.answering())

    assert world.records.records["j1"].result == {"transcript": "", "seconds": 0.0}


def test_where_nobody_hears_now_nothing_is_spent_and_another_run_goes_on(world: World) -> None:
    job = asked(world)
    world.ear.problem = Unavailable("away")
    with pytest.raises(Unavailable):
        hearing.transcribe_recording(job, on=world.answering())
    assert spent(world) == 0
    world.ear.problem = None

    hearing.transcribe_recording(job, on=world.answering())

    assert world.records.records["j1"].status is JobStatus.COMPLETED


def test_whose_seconds_are_spent_is_told_so_without_hearing(world: World) -> None:
    world.limits[Kind.TRANSCRIBED_SECONDS] = 1
    world.purse.settle(USER, "earlier", {Kind.TRANSCRIBED_SECONDS: 1})

    hearing.transcribe_recording(asked(world), on=world.answering())

    assert world.records.records["j1"].result == {"transcript": "", "seconds": 0.0}
    assert world.ear.keys == []


@pytest.mark.parametrize(
    ("audio", "problem"),
    [("not base64!", UnreadableAudio), ("A" * 15_000_000, RecordingTooLarge), ("AAAA", UnreadableAudio)],
)
def test_what_is_no_recording_is_refused_before_anything_is_kept(audio: str, problem: type[Exception]) -> None:
    recordings = MemoryRecordings()
    with pytest.raises(problem):
        hearing.hear_recording(
            HearRecording(audio_data=audio),
            user_id=USER,
            job_id="j1",
            tracker=World().tracker,
            recordings=recordings,
            jobs=World().queue,
        )
    assert recordings.objects == {}
