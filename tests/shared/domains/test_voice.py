import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs, SetClock
from shared.adapters.memory.voice import MemoryAudio, MemorySpeaker, MemoryVoices
from shared.domains.jobs.errors import JobNotFound
from shared.domains.jobs.service import RecordTracker, cancel_job, record_job
from shared.domains.messages.contract import KeepVoiceKey
from shared.domains.voice.contract import (
    RequestSpeech,
    SpeechReady,
    SpeechStatus,
    SynthesizeLongSpeech,
    SynthesizeSpeech,
)
from shared.domains.voice.errors import Unspeakable
from shared.domains.voice.models import Asker, Manner, MessageVoice, VoiceRole, Wish, audio_key, part_key, words_key
from shared.domains.voice.rules import asking, speaking
from shared.domains.voice.rules.shelf import Shelf
from shared.domains.voice.rules.studio import Studio
from shared.kernel.errors import Unavailable
from shared.kernel.queues import Queue
from shared.kernel.topics import user_topic

MATTHEW = Manner("Matthew")
LONG = "This is the first sentence of it. " + "And this one follows, as long as the others are. " * 20


class Counted:
    def __init__(self) -> None:
        self.counts: dict[str, float] = {}

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + amount

    def observe(self, name: str, value: float, **labels: str) -> None:
        raise AssertionError


@dataclass
class World:
    clock: SetClock = field(default_factory=SetClock)
    audio: MemoryAudio = field(default_factory=MemoryAudio)
    speaker: MemorySpeaker = field(default_factory=MemorySpeaker)
    records: MemoryJobRecords = field(default_factory=MemoryJobRecords)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    queue: MemoryJobs = field(default_factory=MemoryJobs)
    metrics: Counted = field(default_factory=Counted)

    def __post_init__(self) -> None:
        self.voices = MemoryVoices(self.clock)
        self.shelf = Shelf(self.voices, self.audio, self.clock)
        tracker = RecordTracker(self.records, self.events, self.clock)
        self.studio = Studio(self.shelf, self.speaker, tracker, self.queue, self.metrics, self.events)
        self.asked = 0

    def ask(
        self,
        text: str = "Good morning!",
        user: str = "u1",
        manner: Manner = MATTHEW,
        message: MessageVoice | None = None,
    ) -> SpeechReady | None:
        self.asked += 1

        return asking.request_speech(
            Wish(text, manner, user, message),
            job_id=f"j{self.asked}",
            admit=lambda _wish, _job_id: None,
            tracker=self.studio.tracker,
            shelf=self.shelf,
            jobs=self.queue,
            metrics=self.metrics,
        )

    def take(self) -> SynthesizeSpeech:
        job = self.queue.jobs.pop(0)
        assert isinstance(job, SynthesizeSpeech)
        return job

    def work(self) -> None:
        while any(isinstance(job, SynthesizeSpeech) for job in self.queue.jobs):
            speaking.synthesize_speech(self.take(), studio=self.studio)

    def status(self, job_id: str = "j1") -> SpeechStatus:
        return asking.show_speech(self.records.records[job_id], audio=self.audio)

    def pushed(self, user: str = "u1") -> list[dict[str, Any]]:
        return [event.wire() for topic, event, _ in self.events.published if topic == user_topic(user)]


@pytest.fixture
def world() -> World:
    return World()


def test_a_text_is_spoken_and_the_asker_is_told(world: World) -> None:
    assert world.ask() is None
    assert world.status() == SpeechStatus(job_id="j1", status="PENDING")
    job = world.queue.jobs[0]
    assert (job.fair_share_group(), job.awaited_as()) == ("u1", "j1")

    world.work()

    status = world.status()
    assert (status.status, status.duration_ms, status.voice_id) == ("COMPLETED", 780, "Matthew")
    [voice] = world.voices.voices
    assert world.audio.objects[audio_key(voice)] == (b"<Matthew:Good morning!>", "audio/mpeg")
    words = json.loads(world.audio.objects[words_key(voice)][0])
    assert words["words"][1] == {"text": "morning!", "start": 5, "end": 13, "startMs": 300, "endMs": 780}
    assert [push["status"] for push in world.pushed()] == ["PROCESSING", "COMPLETED"]
    assert world.pushed()[-1]["audioUrl"].startswith(f"https://bucket.example/{audio_key(voice)}")
    assert world.voices.waiting[voice] == {}


def test_the_address_is_made_anew_at_each_reading(world: World) -> None:
    world.ask()
    world.work()

    first, second = world.status(), world.status()
    assert first.audio_url != second.audio_url
    again = world.ask("  Good morning!\n", user="u2")
    assert again is not None
    assert again.audio_url not in (first.audio_url, second.audio_url)
    assert (again.duration_ms, again.voice_id) == (780, "Matthew")
    assert world.queue.jobs == []
    assert world.metrics.counts == {"voice_characters_spoken": 13, "voice_characters_saved": 13}


def test_whoever_asks_while_it_is_made_is_told_by_whoever_makes_it(world: World) -> None:
    for number in range(5):
        world.ask(user=f"u{number}")
    first = world.take()
    world.speaker.meanwhile = world.work  # four other workers, while the first one speaks

    speaking.synthesize_speech(first, studio=world.studio)

    assert len(world.speaker.said) == 1
    assert {world.status(f"j{number}").status for number in range(1, 6)} == {"COMPLETED"}
    assert all(world.pushed(f"u{number}")[-1]["status"] == "COMPLETED" for number in range(5))


def test_a_voice_that_is_finished_while_another_worker_looks_is_not_made_again(world: World) -> None:
    world.ask()
    world.ask(user="u2")
    first, second = world.take(), world.take()

    def look() -> None:
        """The second worker reads that it is being made, and goes on when it is ready."""
        read = world.voices.voices[first.voice]
        world.speaker.meanwhile = lambda: None
        world.voices.get = lambda _: read  # type: ignore[method-assign,assignment]

    world.speaker.meanwhile = look
    speaking.synthesize_speech(first, studio=world.studio)
    speaking.synthesize_speech(second, studio=world.studio)

    assert len(world.speaker.said) == 1


def test_voice_engine_and_speed_are_other_voices(world: World) -> None:
    for manner in (MATTHEW, Manner("Joanna"), Manner("Matthew", "standard"), Manner("Matthew", "neural", 80)):
        world.ask(manner=manner)
    world.work()

    assert len({manner for _, manner in world.speaker.said}) == len(world.voices.voices) == 4


def test_a_long_text_is_heard_part_by_part_and_joined_in_the_end(world: World) -> None:
    world.ask(LONG)
    world.work()

    progress = [push["parts"] for push in world.pushed() if "parts" in push]
    assert [len(parts) for parts in progress] == [1, 2, 3, 4, 5]
    [voice] = world.voices.voices
    said = [text for text, _ in world.speaker.said]
    assert said[0].startswith("This is the first sentence of it. And this one")
    assert len(said[0]) <= speaking.FIRST_BREATH
    assert all(len(text) <= speaking.LONG_BREATH for text in said)
    whole = world.audio.objects[audio_key(voice)][0]
    assert whole == b"".join(world.audio.objects[part_key(voice, index)][0] for index in range(5))
    words = json.loads(world.audio.objects[words_key(voice)][0])["words"]
    assert [word["text"] for word in words] == LONG.split()
    assert [word["startMs"] for word in words] == sorted(word["startMs"] for word in words)
    assert all(LONG[word["start"] : word["end"]] == word["text"] for word in words)
    assert world.status().parts is None


def test_a_voice_whose_audio_is_gone_is_made_again(world: World) -> None:
    world.ask()
    world.work()
    [voice] = world.voices.voices
    del world.audio.objects[audio_key(voice)]

    status = world.status()
    assert (status.status, status.audio_url) == ("COMPLETED", None)
    assert world.ask() is None
    assert world.ask(user="u2") is None
    world.work()

    assert len(world.speaker.said) == 2
    assert world.ask() is not None


def test_a_voice_that_its_lifecycle_is_about_to_remove_is_made_again(world: World) -> None:
    world.ask()
    world.work()
    world.clock.at += timedelta(days=6, hours=23)

    assert world.ask() is None
    world.work()
    assert len(world.speaker.said) == 2
    assert world.ask() is not None


def test_a_delivery_that_comes_again_only_tells(world: World) -> None:
    world.ask()
    job = world.take()
    speaking.synthesize_speech(job, studio=world.studio)
    speaking.synthesize_speech(job, studio=world.studio)

    assert len(world.speaker.said) == 1
    assert [push["status"] for push in world.pushed()] == ["PROCESSING", "COMPLETED"]


def test_what_passes_is_tried_again_and_told_after_three_times(world: World) -> None:
    world.ask()
    world.ask(user="u2")
    job, _ = world.take(), world.take()
    world.studio.shelf.voices.ask(job.voice, Asker(job_id="j2"))
    world.speaker.refusals = [Unavailable("Throttled.")] * 3
    for expected in ("PROCESSING", "PROCESSING", "FAILED"):
        with pytest.raises(Unavailable):
            speaking.synthesize_speech(job, studio=world.studio)
        assert world.status("j1").status == expected

    assert (world.status("j2").status, world.status("j2").error) == ("FAILED", "UNAVAILABLE")
    speaking.synthesize_speech(job, studio=world.studio)
    assert world.ask() is not None


def test_what_is_refused_is_told_at_once(world: World) -> None:
    world.ask()
    world.speaker.refusals = [Unspeakable()]

    with pytest.raises(Unspeakable):
        world.work()

    assert (world.status().status, world.status().error) == ("FAILED", "UNSPEAKABLE")
    assert world.ask() is None


def test_a_fault_frees_the_voice_for_the_next_run(world: World) -> None:
    world.ask()
    job = world.take()
    world.speaker.refusals = [KeyError("ours")]
    with pytest.raises(KeyError):
        speaking.synthesize_speech(job, studio=world.studio)

    speaking.synthesize_speech(job.model_copy(update={"job_id": "j9"}), studio=world.studio)
    assert world.status().status == "COMPLETED"


def test_a_fault_three_times_is_told(world: World) -> None:
    world.ask()
    job = world.take()
    world.speaker.refusals = [KeyError("ours")] * 3
    for _ in range(3):
        with pytest.raises(KeyError):
            speaking.synthesize_speech(job, studio=world.studio)

    assert world.status().error == "INTERNAL_SERVER_ERROR"


def test_a_maker_that_was_overtaken_changes_nothing(world: World) -> None:
    world.ask()
    job = world.take()

    def overtake() -> None:
        world.speaker.meanwhile = lambda: None
        world.clock.at += timedelta(seconds=61)
        speaking.synthesize_speech(job.model_copy(update={"job_id": "j2"}), studio=world.studio)

    world.speaker.meanwhile = overtake
    speaking.synthesize_speech(job, studio=world.studio)

    [voice] = world.voices.voices.values()
    assert voice.fence == 2
    assert world.status().status == "COMPLETED"
    assert world.voices.give_up(voice.id, 1) == 0


def test_a_push_that_fails_costs_nothing_that_was_spoken(world: World) -> None:
    world.ask(LONG)
    job = world.take()
    world.speaker.meanwhile = lambda: setattr(world.events, "is_away", True)
    speaking.synthesize_speech(job, studio=world.studio)

    assert world.ask(LONG) is not None
    assert (len(world.speaker.said), world.status().status) == (5, "COMPLETED")


def test_a_message_learns_where_it_is_heard(world: World) -> None:
    message = MessageVoice(room_id="r1", message_id="m1", role=VoiceRole.MALE)
    world.ask(message=message)
    world.work()
    [kept] = world.queue.jobs
    [voice] = world.voices.voices

    assert kept == KeepVoiceKey(room_id="r1", message_id="m1", voice="male", key=audio_key(voice))
    assert world.ask(message=message) is not None
    assert world.queue.jobs == [kept, kept]


def test_a_cancelled_job_reads_as_failed(world: World) -> None:
    world.ask()
    cancel_job("j1", "u1", jobs=world.records, events=world.events, clock=world.clock)
    world.work()

    assert (world.status().status, world.status().error) == ("FAILED", "CANCELLED")


def test_jobs_of_other_kinds_are_not_voices(world: World) -> None:
    record_job("j7", "graph", "u1", jobs=world.records, clock=world.clock)

    with pytest.raises(JobNotFound):
        world.status("j7")
    assert asking.current_result({"nodes": 3}, audio=world.audio) == {"nodes": 3}


def test_nothing_but_control_characters_is_not_spoken(world: World) -> None:
    with pytest.raises(Unspeakable):
        world.ask("\x01 \x02")
    with pytest.raises(ValueError, match="blank"):
        RequestSpeech(text=" \n")


@pytest.mark.parametrize(
    ("asked", "voice"), [("male", "Matthew"), ("female", "Joanna"), ("Joanna", "Joanna"), (None, "Amy")]
)
def test_voices_go_by_role_by_name_or_by_the_platforms_own(asked: str | None, voice: str) -> None:
    assert asking.manner_of(asked, default="Amy", engine="neural") == Manner(voice, "neural")


def test_a_long_text_waits_where_it_delays_no_short_one(world: World) -> None:
    world.ask(LONG)
    world.ask("Short")
    long, short = world.queue.jobs
    assert (type(long), long.queue) == (SynthesizeLongSpeech, Queue.TTS_LONG)
    assert (type(short), short.queue) == (SynthesizeSpeech, Queue.TTS)
    whole = SynthesizeSpeech.of(Wish(LONG, MATTHEW, "u1"), "j3", parts=["This is the first.", "And this one."])
    assert whole.queue is Queue.TTS

    world.work()
    assert [world.status(job).status for job in ("j1", "j2")] == ["COMPLETED", "COMPLETED"]


def test_a_run_that_begins_again_speaks_only_what_is_missing_of_a_long_text(world: World) -> None:
    text = " ".join(f"Sentence number {number} is another one." for number in range(30))
    world.ask(text)
    job = world.take()

    def breaks_off() -> None:
        if len(world.speaker.said) == 3:
            world.speaker.refusals.append(Unavailable("away"))

    world.speaker.meanwhile = breaks_off
    with pytest.raises(Unavailable):
        speaking.synthesize_speech(job, studio=world.studio)
    before = [text for text, _ in world.speaker.said]

    speaking.synthesize_speech(job, studio=world.studio)

    again = [text for text, _ in world.speaker.said[len(before) :]]
    assert again[0] == before[-1]
    assert not set(again) & set(before[:-1])
    assert world.status().status == "COMPLETED"
    [voice] = world.voices.voices
    words = json.loads(world.audio.objects[words_key(voice)][0])["words"]
    assert [word["text"] for word in words] == text.split()
