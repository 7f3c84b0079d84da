"""Answers that are heard sentence by sentence, and whole."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs, SetClock
from shared.adapters.memory.voice import MemoryAudio, MemorySpeaker, MemoryVoices
from shared.domains.jobs.service import RecordTracker
from shared.domains.turns.rules.narrating import SentenceNarrator
from shared.domains.voice.contract import SynthesizeSpeech
from shared.domains.voice.errors import Unspeakable
from shared.domains.voice.models import Manner, audio_key, part_key, voice_hash, words_key
from shared.domains.voice.rules import speaking
from shared.domains.voice.rules.shelf import Shelf
from shared.domains.voice.rules.studio import Studio
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Metrics
from shared.kernel.topics import user_topic

JOANNA = Manner("Joanna")
SENTENCES = ["Hello, Ann!", "How was your day?", "Mine was fine."]


class Counts:
    def __init__(self) -> None:
        self.counts: dict[str, float] = {}

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + amount

    def observe(self, name: str, value: float, **labels: str) -> None:
        raise AssertionError


class FickleEvents(MemoryEvents):
    """An EventBus that fails as often as it is told to."""

    failures = 0

    def publish(self, topic: Any, event: Any, *, except_user: str | None = None, must_arrive: bool = False) -> None:
        self.is_away = self.failures > 0
        self.failures = max(0, self.failures - 1)
        super().publish(topic, event, except_user=except_user, must_arrive=must_arrive)


@dataclass
class World:
    clock: SetClock = field(default_factory=SetClock)
    audio: MemoryAudio = field(default_factory=MemoryAudio)
    speaker: MemorySpeaker = field(default_factory=MemorySpeaker)
    records: MemoryJobRecords = field(default_factory=MemoryJobRecords)
    events: FickleEvents = field(default_factory=FickleEvents)
    queue: MemoryJobs = field(default_factory=MemoryJobs)
    metrics: Counts = field(default_factory=Counts)

    def __post_init__(self) -> None:
        self.voices = MemoryVoices(self.clock)
        self.shelf = Shelf(self.voices, self.audio, self.clock)
        tracker = RecordTracker(self.records, self.events, self.clock)
        metrics: Metrics = self.metrics
        self.studio = Studio(self.shelf, self.speaker, tracker, self.queue, metrics, self.events)
        self.narrator = SentenceNarrator(self.shelf, self.queue, metrics, self.events, tracker, JOANNA)

    def say(self, text: str = SENTENCES[0], index: int = 0, user_id: str = "u1", request_id: str = "r1") -> None:
        self.narrator.say_sentence(text, user_id=user_id, request_id=request_id, index=index)

    def say_all(self) -> None:
        for index, sentence in enumerate(SENTENCES):
            self.say(sentence, index)

    def say_whole(self, sentences: list[str] = SENTENCES) -> None:
        self.narrator.say_whole(sentences, user_id="u1", job_id="whole")

    def take(self) -> SynthesizeSpeech:
        job = self.queue.jobs.pop(0)
        assert isinstance(job, SynthesizeSpeech)
        return job

    def make(self, job: SynthesizeSpeech) -> None:
        speaking.synthesize_speech(SynthesizeSpeech.read(job.wire()), studio=self.studio)

    def work(self) -> None:
        while self.queue.jobs:
            self.make(self.take())

    def heard(self, user_id: str = "u1") -> list[tuple[str, int, str]]:
        """The sentences that a user was told of, with the keys of their audio."""
        pushes = [event.wire() for topic, event, _ in self.events.published if topic == user_topic(user_id)]
        ready = [push for push in pushes if push["type"] == "audioReady"]
        for push in ready:
            assert key_of(push["wordsUrl"]) == key_of(push["audioUrl"]).replace(".mp3", ".json")
        return [(push["requestId"], push["index"], key_of(push["audioUrl"])) for push in ready]


def key_of(address: str) -> str:
    return address.removeprefix("https://bucket.example/").partition("?")[0]


def voice_of(text: str) -> str:
    return voice_hash(text, JOANNA)


@pytest.fixture
def world() -> World:
    return World()


def test_a_sentence_is_spoken_and_its_student_is_told_once(world: World) -> None:
    world.say("Hello, Ann!", index=3)
    [job] = world.queue.jobs
    assert isinstance(job, SynthesizeSpeech)
    assert (job.fair_share_group(), job.awaited_as()) == ("u1", None)
    world.work()

    key = audio_key(voice_of("Hello, Ann!"))
    assert world.heard() == [("r1", 3, key)]
    assert world.audio.objects[key] == (b"<Joanna:Hello, Ann!>", "audio/mpeg")
    assert world.records.records == {}
    assert len(world.events.published) == 1
    assert not world.voices.waiting[voice_of("Hello, Ann!")]


def test_it_is_heard_before_its_words_are_known(world: World) -> None:
    world.say()
    then: list[tuple[int, bool]] = []
    publish = world.events.publish

    def note(*given: Any, **named: Any) -> None:
        then.append((len(world.audio.objects), words_key(voice_of(SENTENCES[0])) in world.audio.objects))
        publish(*given, **named)

    world.events.publish = note  # type: ignore[method-assign]
    world.work()
    assert then == [(1, False)]


def test_a_sentence_that_was_spoken_before_is_heard_at_once(world: World) -> None:
    world.say()
    world.work()
    world.say(" Hello, Ann!\n", user_id="u2", request_id="r9", index=7)

    assert world.queue.jobs == []
    assert world.heard("u2") == [("r9", 7, audio_key(voice_of("Hello, Ann!")))]
    assert world.metrics.counts == {"voice_characters_spoken": 11, "voice_characters_saved": 11}


def test_one_whose_push_is_lost_is_told_by_a_worker(world: World) -> None:
    world.say()
    world.work()
    world.events.failures = 1
    world.say("Hello, Ann!", user_id="u2", request_id="r9", index=7)
    assert world.heard("u2") == []
    world.work()

    assert world.heard("u2") == [("r9", 7, audio_key(voice_of("Hello, Ann!")))]
    assert len(world.speaker.said) == 1


def test_what_cannot_be_heard_is_passed_over(world: World) -> None:
    world.say(" \n\x07")
    assert (world.queue.jobs, world.events.published) == ([], [])


def test_a_queue_that_is_away_is_told(world: World) -> None:
    world.queue.is_away = True
    with pytest.raises(Unavailable):
        world.say()


def test_two_students_wait_for_one_sentence(world: World) -> None:
    world.say()
    world.say(user_id="u2", request_id="r2", index=4)
    first = world.take()
    world.speaker.meanwhile = world.work
    world.make(first)

    assert len(world.speaker.said) == 1
    key = audio_key(voice_of("Hello, Ann!"))
    assert (world.heard("u1"), world.heard("u2")) == ([("r1", 0, key)], [("r2", 4, key)])


def test_a_sentence_and_a_job_wait_for_one_voice(world: World) -> None:
    world.say()
    world.say_whole(SENTENCES[:1])
    first = world.take()
    world.speaker.meanwhile = world.work
    world.make(first)

    assert len(world.speaker.said) == 1
    assert len(world.heard()) == 1
    assert world.records.records["whole"].status.value == "COMPLETED"


def test_a_push_that_fails_is_made_good(world: World) -> None:
    world.say()
    world.events.failures = 1
    world.work()
    assert len(world.heard()) == 1
    assert len(world.speaker.said) == 1

    world.say("Again?")
    world.events.failures = 2
    job = world.take()
    with pytest.raises(Unavailable):
        world.make(job)
    world.make(job)
    assert [key for _, _, key in world.heard()][1:] == [audio_key(voice_of("Again?"))]
    assert len(world.speaker.said) == 2


def test_a_sentence_that_cannot_be_spoken_tells_nobody(world: World) -> None:
    world.say()
    world.speaker.refusals = [Unspeakable()]
    with pytest.raises(Unspeakable):
        world.work()
    assert world.events.published == []


def test_a_sentence_whose_engine_was_away_is_spoken_by_the_next_run(world: World) -> None:
    world.say()
    job = world.take()
    world.speaker.refusals = [Unavailable("Throttled.")]
    with pytest.raises(Unavailable):
        world.make(job)
    world.make(job)
    assert len(world.heard()) == 1


def test_a_very_long_sentence_is_one_audio(world: World) -> None:
    text = ", and on" * 100
    world.say(text)
    world.work()

    assert len(world.speaker.said) > 1
    [(_, _, key)] = world.heard()
    assert world.audio.objects[key][0] == b"".join(f"<Joanna:{said}>".encode() for said, _ in world.speaker.said)
    assert not any("/0.mp3" in one for one in world.audio.objects)


def whole_of(world: World) -> tuple[bytes, list[dict[str, Any]]]:
    voice = voice_of(" ".join(SENTENCES))
    words = json.loads(world.audio.objects[words_key(voice)][0])["words"]
    return world.audio.objects[audio_key(voice)][0], words


def assert_whole(world: World) -> None:
    audio, words = whole_of(world)
    text = " ".join(SENTENCES)
    assert audio == b"".join(f"<Joanna:{sentence}>".encode() for sentence in SENTENCES)
    assert [word["text"] for word in words] == text.split()
    assert all(text[word["start"] : word["end"]] == word["text"] for word in words)
    assert [word["startMs"] for word in words] == sorted(word["startMs"] for word in words)
    assert words[-1]["endMs"] == sum(map(len, SENTENCES)) * 60
    record = world.records.records["whole"]
    assert (record.status.value, record.kind, record.user_id) == ("COMPLETED", "tts", "u1")


def test_a_whole_is_made_of_the_sentences_that_were_spoken(world: World) -> None:
    world.say_all()
    world.work()
    world.say_whole()
    world.work()

    assert [text for text, _ in world.speaker.said] == SENTENCES
    assert_whole(world)
    assert len(world.heard()) == 3
    assert world.metrics.counts["voice_characters_saved"] == sum(map(len, SENTENCES))


def test_a_whole_that_is_spoken_first_leaves_its_sentences_behind(world: World) -> None:
    world.say_whole()
    world.work()
    assert_whole(world)
    world.say_all()

    assert world.queue.jobs == []
    assert [text for text, _ in world.speaker.said] == SENTENCES
    assert [index for _, index, _ in world.heard()] == [0, 1, 2]


def test_a_whole_that_overtakes_its_last_sentence_pays_once(world: World) -> None:
    world.say_all()
    last = world.queue.jobs.pop()
    world.work()
    world.say_whole()
    whole = world.take()
    assert isinstance(last, SynthesizeSpeech)
    world.speaker.meanwhile = lambda: world.make(last)
    world.make(whole)

    assert [text for text, _ in world.speaker.said] == SENTENCES
    assert_whole(world)
    assert [index for _, index, _ in world.heard()] == [0, 1, 2]


def held(world: World, text: str) -> int:
    fence = world.voices.begin(voice_of(text), "another", seen=0, lease_seconds=60)
    assert fence is not None
    return fence


def test_a_sentence_that_another_speaks_is_waited_for(world: World) -> None:
    world.say_all()
    first, *others = world.queue.jobs
    world.queue.jobs[:] = others
    world.work()
    looks: list[int] = []
    fence = held(world, SENTENCES[0])

    def finish_at_the_third_look() -> None:
        looks.append(1)
        if len(looks) == 3:
            spoken = world.speaker.speak(SENTENCES[0], JOANNA)
            world.voices.finish(world.shelf.keep(SENTENCES[0], JOANNA, spoken, fence=fence, has_audio=False))

    world.clock.meanwhile = finish_at_the_third_look
    world.say_whole()
    world.work()

    assert len(looks) == 3
    assert len(world.speaker.said) == 3
    assert_whole(world)
    assert isinstance(first, SynthesizeSpeech)


def test_but_not_for_long(world: World) -> None:
    held(world, SENTENCES[0])
    held(world, SENTENCES[1])
    began = world.clock.now()
    world.say_whole()
    world.work()

    assert timedelta(seconds=2) <= world.clock.now() - began < timedelta(seconds=2.3)
    assert [text for text, _ in world.speaker.said] == SENTENCES
    assert_whole(world)
    assert world.voices.voices[voice_of(SENTENCES[0])].holder == "another"


@pytest.mark.parametrize("key", [audio_key, words_key])
def test_a_sentence_that_is_gone_from_the_bucket_is_spoken_again(key: Callable[[str], str], world: World) -> None:
    world.say_all()
    world.work()
    del world.audio.objects[key(voice_of(SENTENCES[1]))]
    world.say_whole()
    world.work()

    assert [text for text, _ in world.speaker.said] == [*SENTENCES, SENTENCES[1]]
    assert_whole(world)


def test_one_that_the_bucket_is_about_to_remove_is_spoken_again(world: World) -> None:
    world.say_all()
    world.work()
    world.clock.at += timedelta(days=6, hours=23)
    world.say_whole()
    world.work()
    assert [text for text, _ in world.speaker.said] == SENTENCES * 2


def test_the_same_sentence_twice_is_spoken_once(world: World) -> None:
    world.say_whole(["Yes.", " ", "Yes."])
    world.work()
    assert [text for text, _ in world.speaker.said] == ["Yes."]
    assert world.audio.objects[audio_key(voice_of("Yes. Yes."))][0] == b"<Joanna:Yes.>" * 2


def test_a_whole_asked_for_again_changes_nothing(world: World) -> None:
    world.say_whole()
    world.work()
    told = len(world.events.published)
    world.say_whole()
    world.work()
    assert (len(world.speaker.said), len(world.events.published)) == (3, told)


def test_a_whole_of_one_sentence_is_heard_part_by_part_where_it_is_long(world: World) -> None:
    text = "Here we are. " + "You are in a cafe, and I am the waiter, as you can see by my hat. " * 3
    world.say_whole([text])
    world.work()
    assert part_key(voice_of(text.strip()), 1) in world.audio.objects
    assert world.records.records["whole"].status.value == "COMPLETED"


def test_a_whole_without_a_word_fails(world: World) -> None:
    world.say_whole([" ", "\x07"])
    with pytest.raises(Unspeakable):
        world.work()
    record = world.records.records["whole"]
    assert (record.status.value, record.error) == ("FAILED", "UNSPEAKABLE")


def test_a_sentence_that_fails_in_a_whole_is_free_for_the_next_run(world: World) -> None:
    world.say_whole()
    job = world.take()
    world.speaker.refusals = [Unavailable("Throttled.")]
    with pytest.raises(Unavailable):
        world.make(job)
    world.make(job)
    assert_whole(world)
