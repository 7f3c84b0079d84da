"""A recording is heard while it is made, whatever happens to it, to Redis or to whoever follows it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.adapters.memory.takes import MemoryListener, MemoryTakes
from shared.adapters.memory.turns import MemoryRecordings
from shared.domains.jobs.models import JobStatus
from shared.domains.turns.contract import AnswerTurn, FollowSpeech
from shared.domains.turns.models import HeardWords, Opened
from shared.domains.turns.rules.following import Following, follow_speech
from shared.kernel.budgets import Kind
from shared.kernel.errors import PayloadTooLarge, Unavailable
from shared.kernel.recordings import MOST_BYTES, AudioTooLong, UnreadableAudio
from tests.shared.domains.turns.world import USER, Killed, World

OGG = b"OggS" + bytes(100)
END = "2026-01-02T03:04:09.000000Z"


class Stage:
    """A student who speaks: a step of the script is done each time that whoever follows would rest."""

    def __init__(self, *script: Callable[[], object]) -> None:
        self.world = World()
        self.takes, self.listener, self.recordings = MemoryTakes(self.world.clock), MemoryListener(), MemoryRecordings()
        self.script = list(script)
        asked = self.world.ask(None)
        shared = asked.model_dump(include={"turn_id", "request_id", "user_id", "conversation_id"})
        self.job = FollowSpeech(**shared)
        self.world.clock.meanwhile = self._step
        assert self.takes.open(USER, self.job.turn_id, is_streamed=False) == Opened(True, 0)

    def _step(self) -> None:
        if self.script:
            self.script.pop(0)()

    def say(self, *words: str) -> None:
        take = self.takes.read(USER, self.job.turn_id, 0)
        assert take is not None
        for at, word in enumerate(words, len(take.chunks)):
            self.takes.add(USER, self.job.turn_id, at, word.encode())

    def end(self) -> None:
        self.takes.end(USER, self.job.turn_id, END)

    @property
    def following(self) -> Following:
        around, world = self.world.faults.around, self.world
        return Following(
            takes=around(self.takes),
            listener=self.listener,
            recordings=around(self.recordings),
            log=around(world.log),
            store=around(world.store),
            purse=around(world.purse),
            endings=world.endings,
            tracker=around(world.tracker),
            jobs=around(world.queue),
            clock=world.clock,
        )

    def follow(self, job: FollowSpeech | None = None) -> None:
        follow_speech(job or self.job, on=self.following)

    @property
    def queued(self) -> list[AnswerTurn]:
        return [job for job in self.world.queue.jobs if isinstance(job, AnswerTurn)]

    @property
    def transcripts(self) -> list[str]:
        return [one["transcript"] for one in self.world.pushed("job") if "transcript" in one]

    @property
    def error(self) -> str | None:
        record = self.world.records.records[self.job.turn_id]
        assert record.status is JobStatus.FAILED
        [answer] = self.world.told(self.job)  # type: ignore[arg-type]
        assert answer.error == record.error
        return record.error


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    made.script = [lambda: made.say("I", "like"), lambda: None, lambda: made.say("it"), made.end]
    return made


def test_words_are_told_while_they_are_said_and_then_the_turn_is_queued(stage: Stage) -> None:
    told_before_the_end: list[str] = []
    stage.script[-1:] = [lambda: told_before_the_end.extend(stage.transcripts), stage.end]
    stage.follow()

    assert told_before_the_end == ["I", "I like", "I like it"] == stage.transcripts
    [job] = stage.queued
    assert job.heard == HeardWords(text="I like it", confidence=0.9, seconds=1.5)
    assert (job.sent_at, job.audio_key, job.user_message, job.identity()) == (END, None, None, stage.job.turn_id)
    take = stage.takes.read(USER, stage.job.turn_id, 0)
    assert take is not None
    assert (take.is_closed, take.chunks) == (True, [])
    assert stage.recordings.objects == {}


def test_the_turn_is_answered_with_what_was_heard_and_pays_for_its_seconds(stage: Stage) -> None:
    stage.follow()
    assert len(stage.world.held()) == 1
    stage.world.run(stage.queued[0])

    [turn] = stage.world.turns()
    assert (turn.user_message, turn.heard, turn.confidence) == ("I like it", True, 0.9)
    assert stage.world.result(stage.queued[0])["heard"] == "I like it"
    assert stage.world.used(Kind.TRANSCRIBED_SECONDS) == 2
    assert stage.world.held() == []


def test_a_second_run_after_the_hand_over_changes_nothing(stage: Stage) -> None:
    stage.follow()
    stage.follow()
    assert len(stage.queued) == 1
    stage.world.run(stage.queued[0])
    stage.follow()

    assert len(stage.queued) == 1
    assert stage.world.held() == []


def test_silence_is_told_as_a_recording_that_could_not_be_understood(stage: Stage) -> None:
    stage.script = [stage.end]
    stage.follow()
    stage.world.run(stage.queued[0])
    assert stage.error == "INVALID_REQUEST"


@pytest.mark.parametrize("problem", [Unavailable("away"), UnreadableAudio()])
@pytest.mark.parametrize("hears", [0, 2])
def test_what_cannot_be_heard_as_it_comes_is_heard_whole(stage: Stage, problem: Exception, hears: int) -> None:
    stage.listener.problem, stage.listener.hears = problem, hears
    stage.script = [lambda: stage.say(OGG.decode()), lambda: stage.say("a", "b"), stage.end]
    stage.follow()

    [job] = stage.queued
    assert job.heard is None
    assert job.audio_key is not None
    assert stage.recordings.objects[job.audio_key] == (OGG + b"ab", "audio/ogg")


def test_what_is_no_recording_at_all_is_refused(stage: Stage) -> None:
    stage.listener.problem = UnreadableAudio()
    stage.follow()
    assert stage.error == "INVALID_REQUEST"
    assert stage.takes.kept == {}
    assert stage.world.held() == []


def test_more_than_a_minute_is_refused_while_it_is_said(stage: Stage) -> None:
    stage.listener.problem, stage.listener.hears = AudioTooLong(), 2
    stage.follow()
    assert stage.error == "SPEECH_TOO_LONG"
    assert len(stage.script) > 0
    assert stage.queued == []


def test_more_than_ten_mebibytes_are_refused(stage: Stage) -> None:
    stage.script[2:] = [lambda: stage.takes.add(USER, stage.job.turn_id, 2, bytes(MOST_BYTES))]
    stage.follow()
    assert stage.error == PayloadTooLarge.code


def test_what_is_not_ended_for_a_minute_is_dropped(stage: Stage) -> None:
    stage.script.pop()
    began = stage.world.clock.at
    while not stage.queued and stage.world.records.records[stage.job.turn_id].status is not JobStatus.FAILED:
        stage.follow(_last(stage))

    assert stage.error == "SPEECH_DROPPED"
    assert 60 < (stage.world.clock.at - began).total_seconds() < 62
    assert stage.takes.kept == {}


def _last(stage: Stage) -> FollowSpeech:
    return next((job for job in reversed(stage.world.queue.jobs) if isinstance(job, FollowSpeech)), stage.job)


def test_a_trickle_does_not_go_on_for_ever(stage: Stage) -> None:
    stage.script = []
    stage.world.clock.meanwhile = lambda: stage.say("x")
    while stage.world.records.records[stage.job.turn_id].status is not JobStatus.FAILED:
        stage.follow(_last(stage))
    assert stage.error == "SPEECH_DROPPED"


def test_a_run_hands_on_before_its_time_is_up_and_the_next_hears_all(stage: Stage) -> None:
    def pause() -> None:
        stage.world.clock.at += timedelta(seconds=50)

    stage.script = [lambda: stage.say("I"), pause, lambda: stage.say("like"), pause, lambda: None]
    stage.follow()
    [job] = [job for job in stage.world.queue.jobs if isinstance(job, FollowSpeech)]
    assert (job.part, stage.queued) == (1, [])
    assert job.identity() != stage.job.identity()

    stage.script = [lambda: stage.say("it"), stage.end]
    stage.follow(job)
    assert [one.heard.text for one in stage.queued if one.heard] == ["I like it"]


def test_a_stop_ends_it_with_what_was_said(stage: Stage) -> None:
    def stop() -> None:
        stage.world.log.ask_to_stop(stage.job.turn_id)
        stage.world.clock.at += timedelta(seconds=1)

    stage.script[2:] = [stop]
    stage.follow()
    stage.world.run(stage.queued[0])

    [turn] = stage.world.turns()
    assert (turn.user_message, turn.stopped, turn.ai_message) == ("I like", True, "")


def test_a_memory_that_redis_lost_is_told_as_a_failure_that_may_pass(stage: Stage) -> None:
    stage.script[2:] = [stage.takes.kept.clear]
    stage.follow()
    assert stage.error == "UNAVAILABLE"
    assert stage.world.held() == []


def test_redis_may_be_away_for_a_while(stage: Stage) -> None:
    def leave() -> None:
        stage.takes.is_away = True

    def come_back() -> None:
        stage.takes.is_away = False

    stage.script[2:2] = [leave, lambda: None, come_back]
    stage.follow()
    assert [one.heard.text for one in stage.queued if one.heard] == ["I like it"]


def test_redis_away_for_long_ends_the_run_and_another_begins_anew(stage: Stage) -> None:
    def leave() -> None:
        stage.takes.is_away = True

    rest, stage.script[2:] = stage.script[2:], [leave]
    began = stage.world.clock.at
    with pytest.raises(Unavailable):
        stage.follow()
    assert stage.world.clock.at - began > timedelta(seconds=10)
    stage.takes.is_away, stage.script = False, rest
    stage.follow()
    assert [one.heard.text for one in stage.queued if one.heard] == ["I like it"]


def test_a_spent_budget_is_told_before_anything_is_heard(stage: Stage) -> None:
    stage.world.limits[Kind.TRANSCRIBED_SECONDS] = 10
    stage.world.use(10, Kind.TRANSCRIBED_SECONDS)
    stage.follow()
    assert stage.error == "BUDGET_SPENT"
    assert stage.transcripts == []


def test_a_push_that_is_lost_costs_no_word(stage: Stage) -> None:
    stage.world.events.is_away = True
    stage.follow()
    assert [one.heard.text for one in stage.queued if one.heard] == ["I like it"]


def test_killed_at_any_step_another_run_has_it_answered_once() -> None:
    steps = 0
    while True:
        stage = Stage()
        stage.script = [lambda stage=stage: stage.say("I", "like", "it"), stage.end]  # type: ignore[misc]
        stage.world.faults.at = steps
        try:
            stage.follow()
        except Killed:
            stage.world.faults.at = -1
            stage.follow()
        else:
            break
        assert {job.identity() for job in stage.queued} == {stage.job.turn_id}
        assert {job.heard.text for job in stage.queued if job.heard} == {"I like it"}
        steps += 1
    assert steps > 8
